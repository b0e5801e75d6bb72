//! Text laid out and drawn: fonts, measuring, wrapping, outlines.
