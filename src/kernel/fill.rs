//! One item everywhere: a piece that holds it many times is made once, and copied over and over.

use core::mem::MaybeUninit;

use super::{
    isa::Isa,
    lanes::LINE,
    nest::{Blocks, Leaf},
    plan::{Dim, Dims, Plan},
    stream,
};

/// The most bytes of a piece: what the first cache holds beside everything else.
const PIECE: usize = 4 << 10;

/// The shortest run that is worth a piece, in bytes.
const LEAST: usize = 256;

/// Copies the one item of the source to every place of the plan, if these are side by side along a dimension; whether they are.
///
/// # Safety
/// As for [`walk::copy_all`](super::walk::copy_all).
pub(super) unsafe fn copy(plan: &Plan, dims: &Dims, isa: Isa) -> bool {
    let [outer @ .., inner] = dims.as_slice() else { return false };
    let run = plan.item.saturating_mul(inner.extent.unsigned_abs());
    let one_item = dims.as_slice().iter().all(|dim| dim.from.stride == 0);
    if !one_item || inner.to.stride != plan.item.cast_signed() || run < LEAST || plan.item > LINE {
        return false;
    }
    let streamed = stream::pays(plan.item.saturating_mul(dims.positions()), isa);
    let mut blocks = Blocks::new(1);
    blocks.push(*inner, inner.extent);
    // SAFETY: as the caller promises.
    unsafe {
        let piece = Piece::new(plan.from, plan.item, run, if streamed { isa } else { Isa::Portable });
        blocks.walk(outer, &piece, plan.to, plan.from);
    }
    if streamed {
        stream::finish();
    }
    true
}

/// An item many times, side by side.
#[repr(align(64))]
struct Piece {
    /// Longer by a line than what is copied at once, which may begin anywhere in the first line.
    bytes: MaybeUninit<[u8; PIECE + LINE]>,
    /// What is copied at once: whole items and whole lines.
    length: usize,
    item: usize,
    /// Whose streaming stores are used; the portable one has none.
    isa: Isa,
}

impl Piece {
    /// A piece for runs of `run` bytes.
    ///
    /// # Safety
    /// An item of at most a line is readable.
    unsafe fn new(from: *const u8, item: usize, run: usize, isa: Isa) -> Piece {
        let least = item.wrapping_mul(LINE >> item.trailing_zeros().min(LINE.trailing_zeros()));
        let times = PIECE.min(run).checked_div(least).unwrap_or(1).max(1);
        let mut piece = Piece { bytes: MaybeUninit::uninit(), length: least.wrapping_mul(times), item, isa };
        let start = piece.bytes.as_mut_ptr().cast::<u8>();
        let wanted = piece.length.wrapping_add(LINE).min(PIECE + LINE);
        // SAFETY: as the caller promises; what is written stays inside the piece, and doubles what is there.
        unsafe {
            start.copy_from_nonoverlapping(from, item);
            let mut there = item;
            while there < wanted {
                let more = there.min(wanted.wrapping_sub(there));
                start.wrapping_add(there).copy_from_nonoverlapping(start, more);
                there = there.wrapping_add(more);
            }
        }
        piece
    }
}

impl Leaf for Piece {
    unsafe fn run(&self, dims: &[Dim], to: *mut u8, _from: *mut u8) {
        let Some(dim) = dims.first() else { return };
        let size = self.item.wrapping_mul(dim.extent.unsigned_abs());
        let piece = self.bytes.as_ptr().cast::<u8>();
        let head = if matches!(self.isa, Isa::Portable) { 0 } else { to.align_offset(LINE).min(size) };
        if self.item == 1 {
            // SAFETY: as the caller promises; the piece has a first byte.
            return unsafe { to.write_bytes(piece.read(), size) };
        }
        // SAFETY: as the caller promises. A piece can be read for its length from any place in its first line; each ends where a
        // piece begins again.
        unsafe {
            to.copy_from_nonoverlapping(piece, head);
            let mut at = head;
            while at < size {
                let length = self.length.min(size.wrapping_sub(at));
                stream::copy_part(to.wrapping_add(at), piece.wrapping_add(head), length, self.isa);
                at = at.wrapping_add(length);
            }
        }
    }
}
