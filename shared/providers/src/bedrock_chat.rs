//! Amazon Bedrock's Converse: the wire, and what each way of stopping means.

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::error::BuildError;
use aws_sdk_bedrockruntime::operation::converse::ConverseOutput;
use aws_sdk_bedrockruntime::operation::converse::builders::ConverseFluentBuilder;
use aws_sdk_bedrockruntime::types::{
    ContentBlock, ConversationRole, InferenceConfiguration, JsonSchemaDefinition, Message,
    OutputConfig, OutputFormat, OutputFormatStructure, OutputFormatType, SpecificToolChoice,
    SystemContentBlock, Tool, ToolChoice, ToolConfiguration, ToolInputSchema, ToolSpecification,
};

use crate::ProviderError;
use crate::aws::{self, Service};
use crate::chat::{Chat, Question, Reply, Speaker};
use crate::config::{BedrockChoice, SchemaBy};
use crate::documents::{document, value};
use crate::purse::{Bill, pay};

/// A model behind Converse.
pub(crate) struct BedrockChat {
    client: Client,
    choice: BedrockChoice,
    name: String,
}

impl BedrockChat {
    /// Reads the configuration; nothing is sent yet.
    pub(crate) fn new(aws: &SdkConfig, choice: &BedrockChoice) -> Self {
        Self {
            client: Client::new(&aws::patient(aws, choice.timeout_seconds)),
            choice: choice.clone(),
            name: format!("{} at Amazon Bedrock", choice.model),
        }
    }

    async fn ask(&self, question: Question<'_>, most_usd: f64) -> Bill<String> {
        let request = match self.request(question) {
            Ok(request) => request,
            Err(error) => {
                return Bill {
                    outcome: Err(ProviderError::permanent(&self.name, error)),
                    spent_usd: 0.0,
                };
            }
        };
        match request.send().await {
            Ok(answer) => Bill {
                spent_usd: answer.usage().map_or(most_usd, |usage| {
                    let tokens = |count: i32| u64::try_from(count).unwrap_or(0);
                    self.choice
                        .price
                        .of(tokens(usage.input_tokens()), tokens(usage.output_tokens()))
                }),
                outcome: self.text_of(&answer),
            },
            Err(error) => self.explained(self.service().failed(error, most_usd)),
        }
    }

    fn service(&self) -> Service<'_> {
        Service {
            name: &self.name,
            chosen_by: "REELWRIGHT_BEDROCK_MODEL",
            patience: "REELWRIGHT_TEXT_TIMEOUT_SECONDS",
            permission: "bedrock:InvokeModel",
        }
    }

    /// Adds what often lies behind a request that is turned down for good: not every model can be held to a schema both ways.
    fn explained(&self, bill: Bill<String>) -> Bill<String> {
        let other = match self.choice.output {
            SchemaBy::Output => "tool",
            SchemaBy::Tool => "schema",
        };
        let outcome = bill.outcome.map_err(|error| match error {
            ProviderError::Permanent { provider, message } if message.starts_with("ValidationException") => {
                ProviderError::Permanent {
                    provider,
                    message: format!("{message}; if the model can't be held to a schema this way, set REELWRIGHT_BEDROCK_OUTPUT={other}"),
                }
            }
            error => error,
        });
        Bill { outcome, ..bill }
    }

    fn request(&self, question: Question<'_>) -> Result<ConverseFluentBuilder, BuildError> {
        let limit = i32::try_from(self.choice.max_tokens).unwrap_or(i32::MAX);
        let mut request = self
            .client
            .converse()
            .model_id(&self.choice.model)
            .inference_config(
                InferenceConfiguration::builder()
                    .max_tokens(limit)
                    .set_temperature(question.temperature)
                    .build(),
            );
        for message in question.messages {
            let role = match message.role {
                Speaker::System => {
                    request = request.system(SystemContentBlock::Text(message.content.clone()));
                    continue;
                }
                Speaker::User => ConversationRole::User,
                Speaker::Assistant => ConversationRole::Assistant,
            };
            let message = Message::builder()
                .role(role)
                .content(ContentBlock::Text(message.content.clone()))
                .build()?;
            request = request.messages(message);
        }
        Ok(match self.choice.output {
            SchemaBy::Output => request.output_config(output(question)?),
            SchemaBy::Tool => request.tool_config(tool(question)?),
        })
    }

    fn text_of(&self, answer: &ConverseOutput) -> Result<String, ProviderError> {
        match answer.stop_reason().as_str() {
            "max_tokens" => {
                return Err(ProviderError::permanent(
                    &self.name,
                    format!(
                        "its answer was cut off after {} tokens: raise REELWRIGHT_TEXT_MAX_TOKENS, or choose a model that thinks less",
                        self.choice.max_tokens
                    ),
                ));
            }
            reason @ ("content_filtered" | "guardrail_intervened" | "refusal") => {
                return Err(ProviderError::refused(
                    &self.name,
                    format!("it stopped with {reason}: reword the brief, or choose another model"),
                ));
            }
            "model_context_window_exceeded" => {
                return Err(ProviderError::invalid_input(
                    &self.name,
                    "the brief is too long for it: shorten the source text, or choose a model with a longer context",
                ));
            }
            // What else is said is judged by what was answered: nonsense is sent back once.
            _ => {}
        }
        let message = answer.output().and_then(|output| output.as_message().ok());
        let blocks = message.map(Message::content).unwrap_or_default();
        // Whoever calls the tool may say something beside it, which is no part of the answer.
        let called = blocks.iter().find_map(|block| block.as_tool_use().ok());
        let said = blocks.iter().filter_map(|block| block.as_text().ok());
        Ok(called.map_or_else(
            || said.map(String::as_str).collect(),
            |call| value(call.input()).to_string(),
        ))
    }
}

/// The schema as the form of the answer.
fn output(question: Question<'_>) -> Result<OutputConfig, BuildError> {
    let schema = JsonSchemaDefinition::builder()
        .name(question.name)
        .schema(question.schema.to_string())
        .build()?;
    let format = OutputFormat::builder()
        .r#type(OutputFormatType::JsonSchema)
        .structure(OutputFormatStructure::JsonSchema(schema))
        .build()?;
    Ok(OutputConfig::builder().text_format(format).build())
}

/// The schema as the input of the only tool, which must be called.
fn tool(question: Question<'_>) -> Result<ToolConfiguration, BuildError> {
    let tool = ToolSpecification::builder()
        .name(question.name)
        .description("Takes your whole answer.")
        .input_schema(ToolInputSchema::Json(document(question.schema)))
        .build()?;
    let choice = SpecificToolChoice::builder().name(question.name).build()?;
    ToolConfiguration::builder()
        .tools(Tool::ToolSpec(tool))
        .tool_choice(ToolChoice::Tool(choice))
        .build()
}

#[async_trait]
impl Chat for BedrockChat {
    fn name(&self) -> &str {
        &self.name
    }

    fn fingerprint(&self) -> String {
        let form = match self.choice.output {
            SchemaBy::Output => "schema",
            SchemaBy::Tool => "tool",
        };
        format!("bedrock/{}/{form}", self.choice.model)
    }

    async fn complete(&self, question: Question<'_>) -> Result<Reply, ProviderError> {
        let most_usd = self
            .choice
            .price
            .most(question.bytes(), self.choice.max_tokens);
        let (text, cost_usd) = pay(&self.name, most_usd, self.ask(question, most_usd)).await?;
        Ok(Reply { text, cost_usd })
    }
}
