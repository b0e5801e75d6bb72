//! Boxes of an MP4 file: each has its length, then four letters, then what is in it (ISO/IEC 14496-12, 4.2).

/// Boxes being written; all numbers big-endian.
#[derive(Default)]
pub(crate) struct Boxes(Vec<u8>);

impl Boxes {
    pub(crate) fn finish(self) -> Vec<u8> {
        self.0
    }

    pub(crate) fn u8(&mut self, value: u8) {
        self.0.push(value);
    }

    pub(crate) fn u16(&mut self, value: u16) {
        self.0.extend(value.to_be_bytes());
    }

    pub(crate) fn u32(&mut self, value: u32) {
        self.0.extend(value.to_be_bytes());
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub(crate) fn numbers(&mut self, numbers: &[u32]) {
        self.0
            .extend(numbers.iter().flat_map(|number| number.to_be_bytes()));
    }

    pub(crate) fn zeros(&mut self, count: usize) {
        self.0.resize(self.0.len() + count, 0);
    }

    /// A box with what `inside` writes.
    pub(crate) fn boxed(&mut self, kind: [u8; 4], inside: impl FnOnce(&mut Self)) {
        let start = self.0.len();
        self.u32(0);
        self.bytes(&kind);
        inside(self);
        let length = (self.0.len() - start) as u32;
        self.0[start..start + 4].copy_from_slice(&length.to_be_bytes());
    }

    /// A box with version and flags.
    pub(crate) fn full(
        &mut self,
        kind: [u8; 4],
        version: u8,
        flags: u32,
        inside: impl FnOnce(&mut Self),
    ) {
        self.boxed(kind, |out| {
            out.u32(u32::from(version) << 24 | flags);
            inside(out);
        });
    }

    /// Times of making and change (none), units a second, length.
    pub(crate) fn times(&mut self, scale: u32, length: u32) {
        self.numbers(&[0, 0, scale, length]);
    }

    /// The matrix that changes nothing.
    pub(crate) fn unity(&mut self) {
        self.numbers(&[0x0001_0000, 0, 0, 0, 0x0001_0000, 0, 0, 0, 0x4000_0000]);
    }

    /// `tkhd`: a track that is enabled and in the film.
    pub(crate) fn track_header(&mut self, id: u32, length: u32, volume: u16, size: (u32, u32)) {
        self.full(*b"tkhd", 0, 3, |out| {
            out.numbers(&[0, 0, id, 0, length, 0, 0]);
            out.numbers(&[0]);
            out.u16(volume);
            out.u16(0);
            out.unity();
            out.numbers(&[size.0 << 16, size.1 << 16]);
        });
    }

    /// `mdhd`: no language named.
    pub(crate) fn media_header(&mut self, scale: u32, length: u32) {
        self.full(*b"mdhd", 0, 0, |out| {
            out.times(scale, length);
            out.u16(0x55c4);
            out.u16(0);
        });
    }

    /// `hdlr`.
    pub(crate) fn handler(&mut self, kind: [u8; 4], name: &str) {
        self.full(*b"hdlr", 0, 0, |out| {
            out.u32(0);
            out.bytes(&kind);
            out.zeros(12);
            out.bytes(name.as_bytes());
            out.u8(0);
        });
    }

    /// `dinf`: the data is in this file.
    pub(crate) fn data_here(&mut self) {
        self.boxed(*b"dinf", |out| {
            out.full(*b"dref", 0, 0, |out| {
                out.u32(1);
                out.full(*b"url ", 0, 1, |_| {});
            });
        });
    }
}
