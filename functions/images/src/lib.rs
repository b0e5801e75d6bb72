//! The images task: draws the picture of one scene.

use async_trait::async_trait;
use domain::{ArtifactRef, MediaType, Palette, Picture, Role, Script, Visual};
use providers::{Answer, PictureRequest};
use runtime::{Inputs, Services, Task, TaskContext, TaskError};
use serde::Serialize;

/// The images task; item `i` is scene `i`.
pub struct ImagesTask;

/// What a picture depends on.
#[derive(Serialize)]
pub struct ImagesInput {
    visual: Visual,
    role: Role,
    palette: Palette,
    font: Option<ArtifactRef>,
    logo: Option<ArtifactRef>,
    size: (u32, u32),
    seed: u64,
    scene: u32,
    moving: bool,
}

#[async_trait]
impl Task for ImagesTask {
    const NAME: &'static str = "images";
    const VERSION: u32 = 1;
    type Input = ImagesInput;
    type Output = Picture;

    fn fingerprint(services: &Services) -> String {
        services.providers.pictures.fingerprint()
    }

    async fn project(inputs: &Inputs<'_>, item: Option<u32>) -> Result<ImagesInput, TaskError> {
        let brief = inputs.brief().await?;
        let script: Script = inputs.one("script").await?;
        let scene = item.unwrap_or(0);
        let found = script.scenes.get(scene as usize).ok_or_else(|| {
            TaskError::InvalidInput(format!(
                "there is no scene {scene}: the script has {}",
                script.scenes.len()
            ))
        })?;
        Ok(ImagesInput {
            visual: found.visual.clone(),
            role: found.role,
            size: brief.frame_size(),
            palette: brief.brand.palette,
            font: Inputs::asset(brief.brand.font.as_ref())?,
            logo: Inputs::asset(brief.brand.logo.as_ref())?,
            seed: brief.seed,
            scene: script.backdrop(scene as usize),
            moving: found.moving,
        })
    }

    async fn run(
        context: &TaskContext<'_>,
        input: ImagesInput,
    ) -> Result<Answer<Picture>, TaskError> {
        let (width, height) = input.size;
        let request = PictureRequest {
            font: context.load_optional(input.font.as_ref()).await?,
            logo: context.load_optional(input.logo.as_ref()).await?,
            visual: input.visual,
            role: input.role,
            palette: input.palette,
            size: input.size,
            seed: input.seed,
            scene: input.scene,
            moving: input.moving,
        };
        let Answer {
            value: drawn,
            cost_usd,
            degraded,
        } = context.services().providers.pictures.draw(request).await?;
        let background = context.store(drawn.background_png, MediaType::Png).await?;
        let foreground = match drawn.foreground_png {
            Some(png) => Some(context.store(png, MediaType::Png).await?),
            None => None,
        };
        let picture = Picture {
            background,
            foreground,
            width,
            height,
            boxes: drawn.boxes,
        };
        Ok(Answer {
            value: picture,
            cost_usd,
            degraded,
        })
    }
}
