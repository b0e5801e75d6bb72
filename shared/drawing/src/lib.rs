//! Pictures and moving type drawn from layouts in a brand's palette.
