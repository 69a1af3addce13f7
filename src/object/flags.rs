//! Request flags: CPython's names, values and meaning, and our leases. Nothing but declarations lives here.

/// Contiguous bytes: no format, no shape, no strides. (`PyBUF_SIMPLE`)
pub const MV_SIMPLE: i32 = 0;
/// The memory must be writable; may be combined with every other flag. Without it the answer may still be
/// writable: `readonly` tells. (`PyBUF_WRITABLE`)
pub const MV_WRITABLE: i32 = 0x1;
/// The format must be given; without a shape, of memory whose items are bytes (B, b, c) alone. (`PyBUF_FORMAT`)
pub const MV_FORMAT: i32 = 0x4;
/// The shape must be given; the memory is C-contiguous. (`PyBUF_ND`)
pub const MV_ND: i32 = 0x8;
/// Shape and strides must be given. (`PyBUF_STRIDES`)
pub const MV_STRIDES: i32 = 0x10 | MV_ND;
/// With strides, and the memory must be contiguous in C order. (`PyBUF_C_CONTIGUOUS`)
pub const MV_C_CONTIGUOUS: i32 = 0x20 | MV_STRIDES;
/// With strides, and the memory must be contiguous in Fortran order. (`PyBUF_F_CONTIGUOUS`)
pub const MV_F_CONTIGUOUS: i32 = 0x40 | MV_STRIDES;
/// With strides, and the memory must be contiguous in either order. (`PyBUF_ANY_CONTIGUOUS`)
pub const MV_ANY_CONTIGUOUS: i32 = 0x80 | MV_STRIDES;
/// With strides, and with suboffsets where the memory has them. (`PyBUF_INDIRECT`)
pub const MV_INDIRECT: i32 = 0x100 | MV_STRIDES;
/// `PyBUF_CONTIG`
pub const MV_CONTIG: i32 = MV_ND | MV_WRITABLE;
/// `PyBUF_CONTIG_RO`
pub const MV_CONTIG_RO: i32 = MV_ND;
/// `PyBUF_STRIDED`
pub const MV_STRIDED: i32 = MV_STRIDES | MV_WRITABLE;
/// `PyBUF_STRIDED_RO`
pub const MV_STRIDED_RO: i32 = MV_STRIDES;
/// `PyBUF_RECORDS`
pub const MV_RECORDS: i32 = MV_STRIDES | MV_WRITABLE | MV_FORMAT;
/// `PyBUF_RECORDS_RO`
pub const MV_RECORDS_RO: i32 = MV_STRIDES | MV_FORMAT;
/// `PyBUF_FULL`
pub const MV_FULL: i32 = MV_INDIRECT | MV_WRITABLE | MV_FORMAT;
/// `PyBUF_FULL_RO`: the one request that every exporter can answer.
pub const MV_FULL_RO: i32 = MV_INDIRECT | MV_FORMAT;
/// A lease, memview's own: nobody else holds the memory while this acquisition lives. Refused with
/// `MV_E_EXPORTED` while others do; whoever asks later is refused with `MV_E_BUSY`.
pub const MV_EXCLUSIVE: i32 = 0x10000;
/// A lease, memview's own: nobody writes the memory while this acquisition lives; it is answered read-only.
/// Refused with `MV_E_EXPORTED` while somebody holds the memory writable; whoever later asks for writable memory is
/// refused with `MV_E_BUSY`, and whoever asks without `MV_WRITABLE` is answered read-only and counts as immutable too: the memory
/// is writable again when all of them are released.
pub const MV_IMMUTABLE: i32 = 0x20000;
