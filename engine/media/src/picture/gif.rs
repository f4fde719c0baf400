//! GIF that moves: its blocks copied one by one, so that it keeps its frames and loses everything else.

use std::io::Cursor;

use image::codecs::gif::GifDecoder;
use image::{AnimationDecoder, ImageDecoder, Limits};

use super::PictureLimits;

/// The animation without comments, texts and other programs' data, and its size; `None` for one that does not move,
/// is damaged or beyond the limits.
pub(super) fn copy(bytes: &[u8], limits: &PictureLimits) -> Option<(Vec<u8>, u32, u32)> {
    let (copied, frames) = blocks(bytes)?;
    if frames < 2 || frames > limits.frames {
        return None;
    }
    let (width, height) = (word(bytes, 6)?, word(bytes, 8)?);
    // Every browser paints the whole canvas for each frame.
    let painted = u64::from(width) * u64::from(height) * u64::try_from(frames).ok()?;
    if painted > limits.pixels.saturating_mul(8) || width.max(height) > limits.kept_side {
        return None;
    }
    // What is passed on unchanged must at least be what it says.
    let mut decoder = GifDecoder::new(Cursor::new(&copied)).ok()?;
    let mut bounds = Limits::default();
    bounds.max_alloc = Some(limits.memory);
    decoder.set_limits(bounds).ok()?;
    let shown = decoder
        .into_frames()
        .try_fold(0, |shown, frame| frame.ok().map(|_| shown + 1))?;
    (shown == frames).then_some((copied, width, height))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let pair = bytes.get(at..at + 2)?;
    Some(u32::from(u16::from_le_bytes([pair[0], pair[1]])))
}

/// What is read so far, and what is kept of it.
struct Copy<'a> {
    bytes: &'a [u8],
    at: usize,
    out: Vec<u8>,
}

/// Screen, colour tables, frames with their controls, the count of loops, the end; and how many frames.
fn blocks(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let mut copy = Copy {
        bytes,
        at: 0,
        out: Vec::with_capacity(bytes.len()),
    };
    copy.keep(13)?;
    copy.table(*bytes.get(10)?)?;
    let mut frames = 0;
    loop {
        match *bytes.get(copy.at)? {
            0x2c => {
                let flags = *bytes.get(copy.at + 9)?;
                copy.keep(10)?;
                copy.table(flags)?;
                copy.keep(1)?;
                copy.chunks()?;
                frames += 1;
            }
            0x21 => {
                let kept = match *bytes.get(copy.at + 1)? {
                    0xf9 => true,
                    // How often it is played, and not a byte more.
                    0xff => {
                        bytes.get(copy.at + 2..copy.at + 16)? == b"\x0bNETSCAPE2.0\x03\x01"
                            && *bytes.get(copy.at + 18)? == 0
                    }
                    _ => false,
                };
                let start = copy.out.len();
                copy.keep(2)?;
                copy.chunks()?;
                if !kept {
                    copy.out.truncate(start);
                }
            }
            0x3b => {
                copy.out.push(0x3b);
                return Some((copy.out, frames));
            }
            _ => return None,
        }
    }
}

impl Copy<'_> {
    fn keep(&mut self, count: usize) -> Option<()> {
        let end = self.at.checked_add(count)?;
        self.out.extend_from_slice(self.bytes.get(self.at..end)?);
        self.at = end;
        Some(())
    }

    /// A colour table, if `flags` announce one.
    fn table(&mut self, flags: u8) -> Option<()> {
        if flags & 0x80 == 0 {
            return Some(());
        }
        self.keep(3 << ((flags & 7) + 1))
    }

    /// Chunks of up to 255 bytes, up to the empty one.
    fn chunks(&mut self) -> Option<()> {
        loop {
            let size = usize::from(*self.bytes.get(self.at)?);
            self.keep(1 + size)?;
            if size == 0 {
                return Some(());
            }
        }
    }
}
