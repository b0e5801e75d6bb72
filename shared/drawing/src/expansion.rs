//! How large an SVG becomes once its references are followed: a few elements that use each other can stand for billions.

use std::collections::BTreeMap;

use resvg::usvg::roxmltree::{Document, Node};

/// Elements within elements, references followed, beyond which an SVG is no logo.
const MAX_DEPTH: usize = 200;

/// Whether the document has fewer than `limit` elements, counting what is referred to at every place that does so.
pub(crate) fn is_below(document: &Document<'_>, limit: u64) -> bool {
    let elements = document.descendants().filter(Node::is_element);
    let by_id = elements
        .filter_map(|node| Some((node.attribute("id")?, node)))
        .collect();
    let mut counter = Counter {
        by_id,
        known: BTreeMap::new(),
        limit,
    };
    counter.count(document.root_element(), 0).is_some()
}

struct Counter<'a, 'input> {
    by_id: BTreeMap<&'a str, Node<'a, 'input>>,
    /// Counts by node; `None` while a node is being counted, so that a circle adds nothing (the SVG reader breaks it).
    known: BTreeMap<usize, Option<u64>>,
    limit: u64,
}

impl<'a, 'input> Counter<'a, 'input> {
    /// The size of an element; `None` if it reaches the limit.
    fn count(&mut self, node: Node<'a, 'input>, depth: usize) -> Option<u64> {
        let key = node.id().get_usize();
        if let Some(known) = self.known.get(&key) {
            return Some(known.unwrap_or(0));
        }
        if depth > MAX_DEPTH {
            return None;
        }
        self.known.insert(key, None);
        let mut total = 1;
        for child in node.children().filter(Node::is_element) {
            total += self.count(child, depth + 1)?;
        }
        for target in node
            .attributes()
            .flat_map(|attribute| references(attribute.value()))
        {
            if let Some(&node) = self.by_id.get(target) {
                total += self.count(node, depth + 1)?;
            }
        }
        self.known.insert(key, Some(total));
        (total < self.limit).then_some(total)
    }
}

/// What follows each `#`: `#a`, `url(#a)`, `fill:url('#a')`. A colour's digits come along, and name nothing.
fn references(value: &str) -> impl Iterator<Item = &str> {
    value
        .split('#')
        .skip(1)
        .filter_map(|rest| rest.split([')', '"', '\'', ';', ' ']).next())
}
