//! Who gets what.

use std::collections::BTreeMap;

use experiments::allocation::{Origin, assignment_key};
use experiments::condition::{Attributes, SavedGroups};
use experiments::definition::{State, Variation};
use experiments::{Definition, Excluded, StickyBuckets, StickyDocument, Unit};
use serde::Serialize;
use serde_json::Value;
use store::{ExperimentRecord, UnitId};
use utoipa::ToSchema;

use crate::retry::Patience;
use crate::{AssignError, Experiments};

/// The longest name of a unit, in bytes.
pub(crate) const LONGEST_UNIT: usize = 1_024;

/// What a unit gets.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Assigned {
    /// The experiment's key.
    pub experiment: String,
    /// The variation's key; the control's where the unit takes no part.
    pub variation: String,
    /// What the application is to use.
    #[schema(value_type = Object)]
    pub value: Value,
    /// Whether the unit takes part: only then is anything counted for it.
    pub in_experiment: bool,
    /// Why it gets this: its bucket, sticky (it was given it before), forced, concluded; or why it takes no part.
    pub because: String,
}

impl Assigned {
    fn new(definition: &Definition, variation: &Variation, because: &str) -> Self {
        Self {
            experiment: definition.key.clone(),
            variation: variation.key.clone(),
            value: variation.value(),
            in_experiment: matches!(because, "bucket" | "sticky"),
            because: because.to_owned(),
        }
    }
}

impl Experiments {
    /// What a unit with these attributes gets. It keeps it from now on, whatever happens to the weights.
    pub async fn assign(
        &self,
        key: &str,
        attributes: &Attributes,
    ) -> Result<Assigned, AssignError> {
        let record = self.get(key).await?;
        let definition = &record.definition;
        if definition.state == State::Draft {
            return Err(AssignError::Draft(definition.key.clone()));
        }
        check_names(definition, attributes)?;
        let experiment = record.experiment()?;
        let Some(rule) = experiment.rule() else {
            let winner = variation(definition, definition.winner.as_deref())?;
            return Ok(Assigned::new(definition, winner, "concluded"));
        };
        let groups = SavedGroups::default();
        let mut unit = Unit {
            attributes,
            groups: &groups,
            sticky: None,
        };
        let known = self.known(&record, &rule.names_of(unit)).await?;
        unit.sticky = Some(&known);
        let assignment = match rule.assign(unit) {
            Ok(assignment) => assignment,
            Err(excluded) => {
                let control = variation(definition, None)?;
                return Ok(Assigned::new(definition, control, reason(excluded)));
            }
        };
        let given = definition
            .variations
            .get(assignment.variation)
            .ok_or_else(|| AssignError::Unread("a variation is missing".to_owned()))?;
        let because = match assignment.origin {
            Origin::Forced => return Ok(Assigned::new(definition, given, "forced")),
            Origin::Sticky => "sticky",
            Origin::Bucket(_) => "bucket",
        };
        let id = UnitId::of(assignment.attribute, &assignment.unit);
        let now = (self.clock)();
        let mut patience = Patience::default();
        // Somebody may have been quicker, and a unit that was given something under its fallback is known by its own name from now on.
        let kept = loop {
            match self.store.assign_unit(&record, &id, &given.key, now).await {
                Err(error) if patience.lasts(&error).await => {}
                kept => break kept?,
            }
        };
        let given = variation(definition, Some(&kept))?;
        Ok(Assigned::new(definition, given, because))
    }

    /// What a unit was given under its names, as SDKs keep it.
    async fn known(
        &self,
        record: &ExperimentRecord,
        names: &[(&str, std::borrow::Cow<'_, str>)],
    ) -> Result<StickyBuckets, AssignError> {
        let key = &record.definition.key;
        let mut documents = Vec::new();
        for (attribute, value) in names {
            let rows = self
                .store
                .unit_rows(key, &UnitId::of(attribute, value))
                .await?;
            let given = rows.into_iter().filter_map(|(version, row)| {
                let variation = row.record.variation()?;
                Some((assignment_key(key, version), variation.to_owned()))
            });
            documents.push(StickyDocument {
                attribute_name: (*attribute).to_owned(),
                attribute_value: value.clone().into_owned(),
                assignments: given.collect::<BTreeMap<_, _>>(),
            });
        }
        Ok(documents.into_iter().collect())
    }
}

/// The variation of this key; the control where none is named.
fn variation<'a>(
    definition: &'a Definition,
    key: Option<&str>,
) -> Result<&'a Variation, AssignError> {
    let named = |variation: &&Variation| key.is_none_or(|key| variation.key == key);
    let found = definition.variations.iter().find(named);
    found.ok_or_else(|| {
        AssignError::Unread(format!(
            "it has no variation {:?}, which a unit was given",
            key.unwrap_or_default()
        ))
    })
}

/// Refuses what names no one unit: an object and a list look the same as text, whatever is in them.
fn check_names(definition: &Definition, attributes: &Attributes) -> Result<(), AssignError> {
    let names = [
        Some(definition.hash_attribute.as_str()),
        definition.fallback_attribute.as_deref(),
    ];
    for name in names.into_iter().flatten() {
        let refuse = |reason: String| {
            Err(AssignError::Unit {
                attribute: name.to_owned(),
                reason,
            })
        };
        match attributes.get(name) {
            Some(Value::Array(_) | Value::Object(_)) => {
                return refuse("it names the unit, so it must be a text or a number".to_owned());
            }
            Some(Value::String(text)) if text.len() > LONGEST_UNIT => {
                return refuse(too_long(text));
            }
            _ => {}
        }
    }
    Ok(())
}

/// What is said of a unit's name that is too long.
pub(crate) fn too_long(name: &str) -> String {
    format!(
        "it has {} bytes; a unit's name has at most {LONGEST_UNIT}",
        name.len()
    )
}

fn reason(excluded: Excluded) -> &'static str {
    match excluded {
        Excluded::Unknown => "unknown",
        Excluded::Filtered => "filtered",
        Excluded::OtherNamespace => "other_namespace",
        Excluded::NotTargeted => "not_targeted",
        Excluded::NotCovered => "not_covered",
        Excluded::BlockedVersion => "blocked_version",
    }
}
