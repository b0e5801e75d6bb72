//! The OpenAPI document: gathered from the routes.

use serde_json::{Map, Value, json};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crate::{api, problems};

/// What the document says before it comes to the routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Reelwright",
        description = "Turns briefs into finished, captioned, spoken short videos. Errors are problem details (RFC 9457); behind API Gateway, what doesn't reach \
                       this API is answered by the gateway as `{\"message\": ...}`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    servers((url = "/", description = "Where this document came from")),
    tags(
        (name = "runs", description = "Runs of briefs"),
        (name = "assets", description = "Files that briefs name"),
        (name = "about", description = "The API itself")
    ),
    components(schemas(runtime::http::Problem)),
    modifiers(&Shared)
)]
struct Head;

/// What all routes share: how callers say who they are, and what can go wrong.
struct Shared;

impl Modify for Shared {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let mut key = Http::new(HttpAuthScheme::Bearer);
        key.bearer_format = Some("rw_...".to_owned());
        key.description =
            Some("An API key, as `reelwright keys add` prints it. Each operation names the scope that it needs.".to_owned());
        components.add_security_scheme("key", SecurityScheme::Http(key));
        components.responses.extend(problems::components());
    }
}

/// The OpenAPI 3.1 document of the whole API.
pub fn document() -> Value {
    let (_, mut document) = api::locked().merge(api::open()).split_for_parts();
    document.info = Head::openapi().info;
    let mut head = Head::openapi();
    head.merge(document);
    let mut document = json!(head);
    if let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    {
        schemas.extend(brief_schemas());
    }
    document
}

/// The schemas of a brief that comes by API: it names uploads, and no file.
fn brief_schemas() -> Map<String, Value> {
    let mut brief = domain::brief_schema();
    let mut schemas = Map::new();
    if let Some(root) = brief.as_object_mut() {
        for name in ["$schema", "$id"] {
            root.remove(name);
        }
        if let Some(Value::Object(parts)) = root.remove("$defs") {
            schemas.extend(parts);
        }
    }
    if let Some(fields) = brief
        .pointer_mut("/properties")
        .and_then(Value::as_object_mut)
    {
        fields.remove("source_file");
        fields.remove("$schema");
    }
    schemas.insert("Brief".to_owned(), brief);
    if let Some(forms) = schemas
        .get_mut("Asset")
        .and_then(|asset| asset.get_mut("anyOf"))
        .and_then(Value::as_array_mut)
    {
        forms.retain(|form| form["type"] != "string");
    }
    schemas.values_mut().for_each(point_at_components);
    schemas
}

/// References to a schema's own parts become references to the document's.
fn point_at_components(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get_mut("$ref") {
                *reference = reference.replace("#/$defs/", "#/components/schemas/");
            }
            fields.values_mut().for_each(point_at_components);
        }
        Value::Array(items) => items.iter_mut().for_each(point_at_components),
        _ => {}
    }
}
