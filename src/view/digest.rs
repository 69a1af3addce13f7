//! What all bytes of a view come to: a hash, or their digits.

use core::{hash::Hasher, ops::ControlFlow};

use siphasher::sip::SipHasher13;

use super::View;
use crate::{
    error::{Error, Result},
    format,
    kernel::{self, Groups, Span},
};

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

    /// Writes the bytes in C order as hexadecimal digits, as far as there is room for them; how many characters they are in all.
    pub fn hex(&self, groups: Option<Groups>, text: &Span<'_>) -> Result<usize> {
        let access = self.share().access()?;
        Ok(kernel::write_hex(&access.memory(), groups, text))
    }
}
