//! The OpenAPI document: gathered from the routes.

use serde_json::{Map, Value, json};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crate::api;

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
        (name = "reviews", description = "Rounds that wait for a person"),
        (name = "quality", description = "Scores of texts and rounds"),
        (name = "insights", description = "What the system recorded of itself"),
        (name = "experiments", description = "Experiments: who gets what, what they do, and what follows"),
        (name = "webhooks", description = "Subscribers' endpoints, and the deliveries to them"),
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
        components
            .responses
            .extend(runtime::http::responses::components());
    }
}

/// The OpenAPI 3.1 document of the whole API, of which `others` are the parts that other functions answer.
pub fn document(others: impl IntoIterator<Item = utoipa::openapi::OpenApi>) -> Value {
    let (_, mut document) = api::locked().merge(api::open()).split_for_parts();
    document.info = Head::openapi().info;
    let mut head = Head::openapi();
    head.merge(document);
    for other in others {
        head.merge(other);
    }
    let mut document = json!(head);
    if let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    {
        schemas.extend(brief_schemas());
    }
    for operation in document["paths"]
        .as_object_mut()
        .into_iter()
        .flat_map(|paths| paths.values_mut())
        .flat_map(|path| {
            path.as_object_mut()
                .into_iter()
                .flat_map(|path| path.values_mut())
        })
    {
        if let Some(body) = operation.get_mut("requestBody") {
            body["required"] = json!(true);
        }
    }
    document
}

/// A schema without its parts, which go to the others.
fn in_parts(mut schema: Value, schemas: &mut Map<String, Value>) -> Value {
    if let Some(root) = schema.as_object_mut() {
        for name in ["$schema", "$id"] {
            root.remove(name);
        }
        if let Some(Value::Object(parts)) = root.remove("$defs") {
            schemas.extend(parts);
        }
    }
    schema
}

/// The schemas of a brief, and of a script, that come by API: they name uploads, and no file.
fn brief_schemas() -> Map<String, Value> {
    let mut schemas = Map::new();
    let sheet = in_parts(domain::sheet_schema(), &mut schemas);
    let mut brief = in_parts(domain::brief_schema(), &mut schemas);
    if let Some(fields) = brief
        .pointer_mut("/properties")
        .and_then(Value::as_object_mut)
    {
        fields.remove("source_file");
        fields.remove("$schema");
    }
    schemas.insert("Brief".to_owned(), brief);
    schemas.insert("ScriptSheet".to_owned(), sheet);
    for table in ["Brief", "Brand", "Variants"] {
        let Some(table) = schemas.get_mut(table) else {
            continue;
        };
        let needed = table["required"].as_array().cloned().unwrap_or_default();
        let fields = table.get_mut("properties").and_then(Value::as_object_mut);
        fields
            .into_iter()
            .flatten()
            .filter(|(name, _)| !needed.iter().any(|needed| needed == name.as_str()))
            .for_each(|(_, field)| allow_null(field));
    }
    if let Some(asset) = schemas.get_mut("Asset") {
        asset["description"] = json!("A file that was uploaded before.");
        if let Some(forms) = asset.get_mut("anyOf").and_then(Value::as_array_mut) {
            forms.retain(|form| form["type"] != "string");
        }
    }
    schemas.values_mut().for_each(point_at_components);
    schemas
}

/// A field of a brief without a value is one that was left out.
fn allow_null(field: &mut Value) {
    if let Some(reference) = field.as_object_mut().and_then(|field| field.remove("$ref")) {
        field["anyOf"] = json!([{ "$ref": reference }, { "type": "null" }]);
    } else if let Some(Value::String(kind)) = field.get("type") {
        field["type"] = json!([kind, "null"]);
    }
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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_brief_that_comes_by_api_names_no_file() {
        let document = document([]);
        let schemas = &document["components"]["schemas"];
        assert!(schemas["Brief"]["properties"]["topic"].is_object());
        assert!(schemas["Brief"]["properties"]["source_file"].is_null());
        let forms = schemas["Asset"]["anyOf"].as_array().unwrap();
        assert_eq!(forms.len(), 1);
        assert!(forms[0]["properties"]["asset"].is_object());
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = document([]);
        let mut open = vec![&document];
        let mut references = 0;
        while let Some(value) = open.pop() {
            match value {
                Value::Object(fields) => {
                    if let Some(Value::String(reference)) = fields.get("$ref") {
                        let target = document.pointer(reference.trim_start_matches('#'));
                        assert!(target.is_some(), "{reference}");
                        references += 1;
                    }
                    open.extend(fields.values());
                }
                Value::Array(items) => open.extend(items),
                _ => {}
            }
        }
        assert!(references > 50, "{references}");
    }

    #[test]
    fn every_operation_says_which_scope_it_needs_and_two_need_none() {
        let document = document([]);
        let mut open = Vec::new();
        for (path, operations) in document["paths"].as_object().unwrap() {
            for operation in operations.as_object().unwrap().values() {
                let security = &operation["security"];
                let scope = security[0]["key"][0].as_str();
                if security == &json!([{}]) {
                    open.push(path.as_str());
                } else {
                    assert!(
                        matches!(scope, Some("read" | "submit")),
                        "{path}: {security}"
                    );
                    assert!(operation["responses"]["401"].is_object());
                }
            }
        }
        assert_eq!(open, ["/healthz", "/v1/openapi.json"]);
    }
}
