//! Text, speech and pictures behind small traits: embedded and remote.
