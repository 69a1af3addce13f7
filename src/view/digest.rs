//! What all bytes of a view come to: a hash, or their digits.

use core::{fmt::Write, ops::ControlFlow};

use core::hash::Hasher;
use siphasher::sip::SipHasher13;

use super::View;
use crate::{
    error::{Error, Result},
    format, kernel,
};

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// How hexadecimal digits are grouped.
#[derive(Clone, Copy)]
pub struct Groups {
    /// What stands between two groups.
    pub separator: u8,
    /// The bytes of a group: counted from the end, or where it is negative from the start; 0: no groups.
    pub size: isize,
}

impl Groups {
    /// Whether a separator stands in front of byte number `at` of `length`.
    fn begins(&self, at: usize, length: usize) -> bool {
        let place = if self.size < 0 { at } else { length.saturating_sub(at) };
        at > 0 && place.checked_rem(self.size.unsigned_abs()) == Some(0)
    }
}

impl View {
    /// SipHash-1-3 of the bytes in C order. As in CPython only what is read-only and of a byte format has one, and a released view
    /// still has the one that it was last asked for.
    pub fn hash(&self, seed: u64) -> Result<u64> {
        let access = match self.share().access() {
            Err(Error::Released) => return self.share().kept_hash(seed).ok_or(Error::Released),
            other => other?,
        };
        if !access.is_readonly() {
            return Err(Error::Unhashable { reason: "its memory is writable" });
        }
        if !format::is_byte_text(access.format().to_bytes()) {
            return Err(Error::Unhashable { reason: "its items are not bytes" });
        }
        let mut state = SipHasher13::new_with_keys(seed, 0);
        let _: ControlFlow<()> = kernel::visit_runs(&access.memory(), |run| {
            kernel::read_pieces(&run, |piece| state.write(piece));
            ControlFlow::Continue(())
        });
        let hash = state.finish();
        self.share().keep_hash(seed, hash);
        Ok(hash)
    }

    /// Writes the bytes in C order as hexadecimal digits.
    pub fn hex(&self, groups: Option<Groups>, out: &mut dyn Write) -> Result<()> {
        let access = self.share().access()?;
        let memory = access.memory();
        let length = memory.layout().nbytes().unsigned_abs();
        let mut at = 0usize;
        let _: ControlFlow<()> = kernel::visit_runs(&memory, |run| {
            kernel::read_pieces(&run, |piece| {
                for byte in piece {
                    if let Some(groups) = groups.filter(|groups| groups.begins(at, length)) {
                        let _ = out.write_char(groups.separator.into());
                    }
                    at = at.saturating_add(1);
                    for digit in [byte >> 4, byte & 15] {
                        // Nothing that is written to here can fail.
                        let _ =
                            out.write_char(DIGITS.get(usize::from(digit)).copied().unwrap_or(b'?').into());
                    }
                }
            });
            ControlFlow::Continue(())
        });
        Ok(())
    }
}
