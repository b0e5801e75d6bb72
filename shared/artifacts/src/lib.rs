//! Task outputs and media, in S3 or a folder, by content.
//!
//! - **Blobs** are named by the digest of their bytes, so they never change, and writing one twice is writing it once. Reading checks
//!   the digest: damage is an error, never wrong bytes.
//! - **Keyed values** are found by the content key of what they were made from. They carry a checksum: a torn or damaged one is not
//!   there.
//! - **Uploads** are what others put in for their briefs, and **raw** objects what other services write and read: neither is trusted.
//!
//! In a folder, every write is to the side and then put in place in one step: a full disk or a killed process leaves nothing half-written. The
//! folder is not synced to the disk after each write: after a power cut the last ones may be gone or damaged, which reading finds.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! use artifacts::Artifacts;
//! use domain::MediaType;
//!
//! let artifacts = Artifacts::memory();
//! let note = artifacts.put("{}".into(), MediaType::Json).await?;
//! assert_eq!(artifacts.get(&note).await?, "{}");
//! # Ok(()) })
//! # }
//! ```

mod blobs;
mod bucket;
mod copy;
mod error;
mod keyed;
mod links;
mod place;
mod raw;

pub use error::ArtifactError;
/// What a presigned link is.
pub use object_store::signer::Url;
pub use place::Artifacts;
pub use raw::RawObject;
