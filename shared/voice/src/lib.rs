//! The embedded voice: text to speech with word timings, by Piper through rten.
