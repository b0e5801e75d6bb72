//! Task outputs and media, in S3 or a folder, by content.
