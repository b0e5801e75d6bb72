//! Expressions with their names and values.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

/// The values an expression speaks of, by name without the colon.
pub(crate) type Values<'a> = Vec<(&'a str, AttributeValue)>;

/// Every attribute is written `#name` in expressions, because DynamoDB reserves many plain words; this finds them.
pub(crate) fn names(expressions: &[&str]) -> Option<HashMap<String, String>> {
    let mut names = HashMap::new();
    for expression in expressions {
        for part in expression.split('#').skip(1) {
            let name: String = part
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect();
            names.insert(format!("#{name}"), name);
        }
    }
    (!names.is_empty()).then_some(names)
}

/// The values as the SDK wants them. DynamoDB refuses values that no expression mentions, so those are left out.
pub(crate) fn values(
    expressions: &[&str],
    values: Values<'_>,
) -> Option<HashMap<String, AttributeValue>> {
    let mentioned = |name: &str| {
        expressions.iter().any(|expression| {
            expression.split(':').skip(1).any(|part| {
                part.strip_prefix(name).is_some_and(|rest| {
                    !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
                })
            })
        })
    };
    let values: HashMap<_, _> = values
        .into_iter()
        .filter(|(name, _)| mentioned(name))
        .map(|(name, value)| (format!(":{name}"), value))
        .collect();
    (!values.is_empty()).then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attributes::number;

    #[test]
    fn names_and_values_are_found_in_the_expressions() {
        let names = names(&[
            "SET #status = :s, #lease_until=:until",
            "#status IN (:p, :q)",
        ])
        .unwrap_or_default();
        assert_eq!(names.len(), 2);
        assert_eq!(
            names.get("#lease_until").map(String::as_str),
            Some("lease_until")
        );

        let given = vec![
            ("s", number(1_u32)),
            ("until", number(2_u32)),
            ("unti", number(3_u32)),
            ("q", number(4_u32)),
        ];
        let values = values(
            &[
                "SET #status = :s, #lease_until=:until",
                "#status IN (:p, :q)",
            ],
            given,
        )
        .unwrap_or_default();
        let mut found: Vec<_> = values.keys().map(String::as_str).collect();
        found.sort_unstable();
        assert_eq!(found, [":q", ":s", ":until"]);
    }
}
