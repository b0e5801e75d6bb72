//! Timelines, frames, captions, H.264, AAC, MP4.
