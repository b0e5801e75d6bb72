//! Which functions an expression may call: those that JSONata 2.0.6 (Step Functions) and jsonata-core both have, that depend on
//! nothing but their arguments, and that can't run on without end.

/// Sorted, for the binary search.
const ALLOWED: &[&str] = &[
    "abs",
    "append",
    "average",
    "base64decode",
    "base64encode",
    "boolean",
    "ceil",
    "contains",
    "count",
    "distinct",
    "each",
    "encodeUrlComponent",
    "exists",
    "filter",
    "floor",
    "formatBase",
    "formatInteger",
    "formatNumber",
    "join",
    "keys",
    "length",
    "lookup",
    "lowercase",
    "map",
    "match",
    "max",
    "merge",
    "min",
    "not",
    "number",
    "parseInteger",
    "power",
    "reduce",
    "replace",
    "reverse",
    "round",
    "sift",
    "single",
    "sort",
    "split",
    "spread",
    "sqrt",
    "string",
    "substring",
    "substringAfter",
    "substringBefore",
    "sum",
    "trim",
    "type",
    "uppercase",
    "zip",
];

/// Those of `ALLOWED` that take a function.
const HIGHER_ORDER: &[&str] = &[
    "each", "filter", "map", "reduce", "replace", "sift", "single", "sort",
];

/// Whether expressions may call `$name`.
pub(super) fn is_allowed(name: &str) -> bool {
    ALLOWED.binary_search(&name).is_ok()
}

/// Whether `$name` takes a function as an argument.
pub(super) fn takes_function(name: &str) -> bool {
    HIGHER_ORDER.binary_search(&name).is_ok()
}

/// Why a function that exists somewhere is left out; `None` for a name that nobody knows.
pub(super) fn why_not(name: &str) -> Option<&'static str> {
    match name {
        "eval" => Some("Step Functions has no $eval"),
        "now" | "millis" | "random" | "shuffle" | "uuid" => {
            Some("it gives something else on every call")
        }
        "parse" | "hash" | "partition" | "range" => {
            Some("only Step Functions has it, the laptop does not")
        }
        "error" | "assert" => Some("an expression decides, it does not fail on purpose"),
        "pad" => Some("its result can be of any length"),
        "fromMillis" | "toMillis" => Some("the two sides differ in dates and time zones"),
        "decodeUrl" | "decodeUrlComponent" | "encodeUrl" => {
            Some("the two sides differ on malformed text")
        }
        _ => None,
    }
}

/// Whether Step Functions has `$name`: the functions of JSONata 2.0.6 but `$eval`, and those that it adds.
pub(crate) fn step_functions_has(name: &str) -> bool {
    name != "eval" && (is_allowed(name) || why_not(name).is_some())
}

/// Every allowed name, for suggestions.
pub(super) fn allowed() -> impl Iterator<Item = &'static str> {
    ALLOWED.iter().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_and_disjoint() {
        assert!(ALLOWED.is_sorted() && HIGHER_ORDER.is_sorted());
        for name in ALLOWED {
            assert!(why_not(name).is_none(), "{name}");
        }
        let others = [
            "assert",
            "decodeUrl",
            "decodeUrlComponent",
            "encodeUrl",
            "error",
            "fromMillis",
            "hash",
            "millis",
            "now",
            "pad",
            "parse",
            "partition",
            "random",
            "range",
            "shuffle",
            "toMillis",
            "uuid",
        ];
        for name in others {
            assert!(step_functions_has(name), "{name}");
        }
        assert!(!step_functions_has("eval") && !step_functions_has("nonsense"));
        for name in HIGHER_ORDER {
            assert!(is_allowed(name), "{name}");
        }
    }
}
