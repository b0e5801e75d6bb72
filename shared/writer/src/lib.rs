//! The embedded writer: from sources to story, script and hook without a model.
