//! How the system's allocator treats what is freed.

/// Buffers from this size on are mapped on their own, and so go back to the system when they are freed.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const MAPPED_BYTES: libc::c_int = 2048 * 1024;

/// Has freed memory go back to the system. Pictures and sounds are large and short-lived, on many threads, and by itself glibc raises
/// the size from which it maps buffers on their own to that of the largest one freed, 32 MB at most; a run then holds almost twice what
/// it needs (mallopt(3), M_MMAP_THRESHOLD). To be called before there are threads.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(
    unsafe_code,
    reason = "there is no safe way to say this to the C library"
)]
pub(crate) fn give_back_freed() {
    // SAFETY: mallopt only sets a number, and no other thread is there yet. If it refuses, memory is used as before.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, MAPPED_BYTES);
    }
}

/// Other allocators are left as they are.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn give_back_freed() {}
