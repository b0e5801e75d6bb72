//! The video task: sets the moving type of one scene.

use async_trait::async_trait;
use domain::{ArtifactRef, Clip, Hook, Palette, Platform, Role, Script, Style, Visual};
use providers::{Answer, ClipRequest};
use runtime::{Inputs, Services, Task, TaskContext, TaskError};
use serde::Serialize;

/// The video task; item `i` is the `i`-th scene whose words move.
pub struct VideoTask;

/// What a moving clip depends on.
#[derive(Serialize)]
pub struct VideoInput {
    scene: u32,
    role: Role,
    on_screen: String,
    brand: Option<String>,
    spoken: Vec<String>,
    planned_wpm: u32,
    palette: Palette,
    font: Option<ArtifactRef>,
    logo: Option<ArtifactRef>,
    size: (u32, u32),
    seed: u64,
    style: Style,
    platform: Platform,
    /// Whether a picture of the user's own lies behind: the words then have other colours.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pictured: bool,
}

#[async_trait]
impl Task for VideoTask {
    const NAME: &'static str = "video";
    const VERSION: u32 = 2;
    type Input = VideoInput;
    type Output = Clip;

    fn fingerprint(services: &Services) -> String {
        services.providers.pictures.fingerprint()
    }

    async fn project(inputs: &Inputs<'_>, item: Option<u32>) -> Result<VideoInput, TaskError> {
        let brief = inputs.brief().await?;
        let script: Script = inputs.one("script").await?;
        let hook: Hook = inputs.one("hook").await?;
        let item = item.unwrap_or(0) as usize;
        let moving = script.moving();
        let scene = *moving.get(item).ok_or_else(|| {
            TaskError::InvalidInput(format!(
                "there is no moving clip {item}: the script has {}",
                moving.len()
            ))
        })?;
        let found = &script.scenes[scene];
        let shown = brief.placing(&script).shown;
        let pictured = shown.get(scene).is_some_and(Option::is_some);
        let on_screen = match &found.visual {
            _ if found.role == Role::Hook => hook.on_screen.clone(),
            Visual::CallToAction { text, .. } | Visual::Quote { text, .. } => text.clone(),
            Visual::Title { title, .. } => title.clone(),
            Visual::List { heading, .. } => heading.clone(),
            other => other.texts().join(" "),
        };
        Ok(VideoInput {
            scene: scene as u32,
            role: found.role,
            on_screen,
            size: brief.frame_size(),
            brand: brief.brand.name,
            spoken: script
                .spoken(&hook, scene)
                .iter()
                .map(|line| line.text.clone())
                .collect(),
            planned_wpm: script.planned_wpm,
            palette: brief.brand.palette,
            font: Inputs::asset(brief.brand.font.as_ref())?,
            logo: Inputs::asset(brief.brand.logo.as_ref())?,
            seed: brief.seed,
            style: brief.brand.style,
            platform: brief.platform,
            pictured,
        })
    }

    async fn run(context: &TaskContext<'_>, input: VideoInput) -> Result<Answer<Clip>, TaskError> {
        let (scene, (width, height)) = (input.scene, input.size);
        let request = ClipRequest {
            font: context.load_optional(input.font.as_ref()).await?,
            logo: context.load_optional(input.logo.as_ref()).await?,
            role: input.role,
            on_screen: input.on_screen,
            brand: input.brand,
            spoken: input.spoken,
            planned_wpm: input.planned_wpm,
            palette: input.palette,
            size: input.size,
            seed: input.seed,
            style: input.style,
            platform: input.platform,
            pictured: input.pictured,
        };
        let Answer {
            value: set,
            cost_usd,
            degraded,
        } = context.services().providers.pictures.set(request).await?;
        let sprites = context.store_sprites(set.sprites).await?;
        let clip = Clip {
            scene,
            planned_ms: set.planned_ms,
            width,
            height,
            sprites,
            boxes: set.boxes,
        };
        Ok(Answer {
            value: clip,
            cost_usd,
            degraded,
        })
    }
}
