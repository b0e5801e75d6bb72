//! The gate's task: judges what a round made by the ten criteria, and asks a judge where one is set up.

mod judging;

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::quality::{Criterion, JudgeWeight, ScoreSheet};
use domain::{Brief, Hook, MediaType, Narration, Script, Video};
use providers::Answer;
use quality::report::Timeline;
use quality::{Assessment, Content, Policy, Signature, assess};
use runtime::{Inputs, Services, Task, TaskContext, TaskError, in_turn};
use serde::Serialize;
use serde_json::json;

pub use judging::judged;

/// The gate's task.
pub struct ScoreTask;

/// What a round is judged by.
#[derive(Debug, Clone, Serialize)]
pub struct Made {
    /// What was asked for, without the source text.
    pub brief: Brief,
    /// What is said and shown.
    pub script: Script,
    /// How it opens.
    pub hook: Hook,
    /// How it is spoken, a narration a scene.
    pub narrations: Vec<Narration>,
    /// The finished video.
    pub video: Option<Video>,
    /// The signatures of the brand's earlier scripts, as JSON text.
    pub earlier: Vec<String>,
    /// Why it is less than was asked for.
    pub degraded: Vec<String>,
}

impl Made {
    /// The content to be judged.
    pub fn content(&self) -> Content {
        // What an older version kept in another form can't be compared with.
        let earlier: Vec<Signature> = self
            .earlier
            .iter()
            .filter_map(|signature| serde_json::from_str(signature).ok())
            .collect();
        let mut content = Content::of_script(&self.script, &self.hook)
            .with_brief(self.brief.clone())
            .with_earlier(earlier)
            .with_degraded(self.degraded.clone());
        // Times are those of the whole only if every scene is spoken.
        if self.narrations.len() == self.script.scenes.len() {
            content = content.with_narrations(&self.narrations);
        }
        match &self.video {
            Some(video) => content.with_video(video),
            None => content,
        }
    }

    /// How the brand wants it judged.
    pub fn policy(&self) -> Result<Policy, TaskError> {
        Policy::of(&self.brief.brand.quality).map_err(|error| {
            TaskError::InvalidInput(format!("brand.quality can't be used: {error}"))
        })
    }

    /// What a judge's scores count for, if the brand says it.
    pub fn judge_weight(&self) -> Result<Option<JudgeWeight>, TaskError> {
        self.brief.brand.quality.judge_weight().map_err(|error| {
            TaskError::InvalidInput(format!("brand.quality can't be used: {error}"))
        })
    }
}

#[async_trait]
impl Task for ScoreTask {
    const NAME: &'static str = "score";
    const VERSION: u32 = 1;
    type Input = Made;
    type Output = ScoreSheet;

    fn fingerprint(services: &Services) -> String {
        let built_in = format!("quality/{}", quality::VERSION);
        match &services.providers.judge {
            None => built_in,
            Some(judge) => format!(
                "{built_in}/{}/{}",
                judge.provider.fingerprint(),
                judge.weight.share()
            ),
        }
    }

    async fn project(inputs: &Inputs<'_>, _item: Option<u32>) -> Result<Made, TaskError> {
        let script: Script = inputs.one("script").await?;
        Ok(Made {
            brief: inputs.brief().await?.without_source(),
            hook: inputs.one("hook").await?,
            narrations: inputs.each("audio", script.scenes.len()).await?,
            video: inputs.optional("compose").await?,
            earlier: inputs.earlier_signatures().await?,
            degraded: inputs.degraded(),
            script,
        })
    }

    async fn run(context: &TaskContext<'_>, made: Made) -> Result<Answer<ScoreSheet>, TaskError> {
        let policy = made.policy()?;
        let weight = made.judge_weight()?;
        let content = made.content();
        let (content, policy, assessment) = in_turn(move || {
            let assessment = assess(&content, &policy);
            (content, policy, assessment)
        })
        .await
        .map_err(|error| TaskError::Permanent(format!("scoring broke off: {error}")))?;
        let judge = context.services().providers.judge.as_ref();
        let (assessment, cost_usd) = judged(judge, weight, &content, &policy, assessment).await?;
        Ok(Answer {
            value: sheet(context, &content, &assessment).await?,
            cost_usd,
            degraded: Vec::new(),
        })
    }

    /// A judge that couldn't be asked may answer the next time; then what it says is worth asking for.
    fn keeps(sheet: &ScoreSheet) -> bool {
        sheet
            .judging
            .as_ref()
            .is_none_or(|judging| judging.lacks().is_none())
    }
}

async fn sheet(
    context: &TaskContext<'_>,
    content: &Content,
    assessment: &Assessment,
) -> Result<ScoreSheet, TaskError> {
    let timeline = Timeline::of(content);
    let document =
        json!({ "text": content.text(), "assessment": assessment, "timeline": timeline });
    let bytes = serde_json::to_vec(&document)
        .map_err(|error| TaskError::Permanent(format!("the assessment is no JSON: {error}")))?;
    let scores: BTreeMap<Criterion, u8> = assessment
        .scores
        .iter()
        .map(|score| (score.criterion, score.value))
        .collect();
    Ok(ScoreSheet {
        total: assessment.total,
        tier: assessment.tier,
        holds: assessment.holds.clone(),
        scores,
        judging: assessment.judging.clone(),
        suggestions: assessment.advice.suggestions.clone(),
        signature: content
            .signature()
            .and_then(|signature| serde_json::to_string(&signature).ok()),
        assessment: context.store(bytes, MediaType::Json).await?,
    })
}
