//! The page on which a person decides: reached by a link, held open by a cookie, without JavaScript.

mod access;
mod answer;
pub(crate) mod files;
mod html;
pub(crate) mod post;
mod range;
pub(crate) mod show;
