//! The images task: draws the picture of one scene.

use async_trait::async_trait;
use domain::{
    ArtifactRef, Brief, MediaType, Palette, Picture, Platform, Role, Script, ShownPicture, Style,
    UserPicture, Visual,
};
use providers::{Answer, PhotoRequest, PictureRequest};
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
    style: Style,
    platform: Platform,
    spoken: Vec<String>,
    planned_wpm: u32,
    /// The picture of the user's own that the scene shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<ShownPicture>,
    /// What is to be said of pictures that no scene shows: with the first scene.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    nowhere: Vec<String>,
}

/// The picture that a scene shows, and what to say of those that none does.
fn pictured(brief: &Brief, script: &Script, scene: usize) -> (Option<ShownPicture>, Vec<String>) {
    let placing = brief.placing(script);
    let shown = placing.shown.get(scene).copied().flatten();
    let shown = shown.and_then(|picture| brief.pictures.get(picture)?.shown());
    let nowhere = placing.nowhere.into_iter().filter(|_| scene == 0);
    let told = nowhere.filter_map(|at| Some(unshown(at + 1, brief.pictures.get(at)?)));
    (shown, told.collect())
}

/// What to say of a picture that no scene shows.
fn unshown(number: usize, picture: &UserPicture) -> String {
    let why = match (picture.scene, &picture.words) {
        (Some(scene), _) => format!("there is no scene {scene}, or it has another"),
        (None, Some(words)) => {
            format!("no scene that is free says or shows enough of {words:?}")
        }
        (None, None) => "there are fewer scenes than pictures".to_owned(),
    };
    format!(
        "picture {number} is shown nowhere: {why}; give it the number of another scene, or take it out"
    )
}

#[async_trait]
impl Task for ImagesTask {
    const NAME: &'static str = "images";
    const VERSION: u32 = 2;
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
        // What a moving scene says moves its clip, not its picture.
        let lines = if found.moving { &[][..] } else { &found.lines };
        let (picture, nowhere) = pictured(&brief, &script, scene as usize);
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
            style: brief.brand.style,
            platform: brief.platform,
            spoken: lines.iter().map(|line| line.text.clone()).collect(),
            planned_wpm: script.planned_wpm,
            picture,
            nowhere,
        })
    }

    async fn run(
        context: &TaskContext<'_>,
        input: ImagesInput,
    ) -> Result<Answer<Picture>, TaskError> {
        let (width, height) = input.size;
        let photo = match &input.picture {
            Some(shown) => Some(PhotoRequest {
                png: context.load(&shown.picture).await?,
                focus: shown.focus,
                motion: shown.motion,
            }),
            None => None,
        };
        let request = PictureRequest {
            font: context.load_optional(input.font.as_ref()).await?,
            logo: context.load_optional(input.logo.as_ref()).await?,
            visual: input.visual,
            role: input.role,
            palette: input.palette,
            photo,
            size: input.size,
            seed: input.seed,
            scene: input.scene,
            moving: input.moving,
            style: input.style,
            platform: input.platform,
            spoken: input.spoken,
            planned_wpm: input.planned_wpm,
        };
        let Answer {
            value: drawn,
            cost_usd,
            mut degraded,
        } = context.services().providers.pictures.draw(request).await?;
        degraded.extend(input.nowhere);
        let background = context.store(drawn.background_png, MediaType::Png).await?;
        let foreground = match drawn.foreground_png {
            Some(png) => Some(context.store(png, MediaType::Png).await?),
            None => None,
        };
        let sprites = context.store_sprites(drawn.pieces).await?;
        let picture = Picture {
            background,
            foreground,
            sprites,
            planned_ms: drawn.planned_ms,
            width,
            height,
            boxes: drawn.boxes,
            movement: drawn.movement,
        };
        Ok(Answer {
            value: picture,
            cost_usd,
            degraded,
        })
    }
}
