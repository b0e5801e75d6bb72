use std::io::{Read, Result, Seek, SeekFrom};

/// A file of any length that is nowhere: what is asked for is made up, and counted.
pub(crate) struct Nowhere<F> {
    /// The byte at a place.
    pub(crate) byte: F,
    /// How many there are.
    pub(crate) length: u64,
    /// Where it is read next.
    pub(crate) at: u64,
    /// How many were read.
    pub(crate) read: u64,
}

impl<F: Fn(u64) -> u8> Nowhere<F> {
    pub(crate) fn new(length: u64, byte: F) -> Self {
        Self {
            byte,
            length,
            at: 0,
            read: 0,
        }
    }
}

impl<F: Fn(u64) -> u8> Read for Nowhere<F> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let count = (buffer.len() as u64).min(self.length.saturating_sub(self.at));
        for (at, byte) in (self.at..).zip(&mut buffer[..count as usize]) {
            *byte = (self.byte)(at);
        }
        self.at += count;
        self.read += count;
        Ok(count as usize)
    }
}

impl<F: Fn(u64) -> u8> Seek for Nowhere<F> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::Current(by) => self.at.saturating_add_signed(by),
            SeekFrom::End(by) => self.length.saturating_add_signed(by),
        };
        Ok(self.at)
    }
}
