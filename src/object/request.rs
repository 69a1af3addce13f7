//! What a consumer asks for, and whether a description can satisfy it: PEP 3118's rules, in CPython's order of checks.

use core::{
    ffi::{CStr, c_char},
    ptr,
};

use super::{
    count::Lease,
    described::Described,
    flags::{
        MV_ANY_CONTIGUOUS, MV_C_CONTIGUOUS, MV_EXCLUSIVE, MV_F_CONTIGUOUS, MV_FORMAT, MV_FULL_RO,
        MV_IMMUTABLE, MV_INDIRECT, MV_ND, MV_STRIDES, MV_WRITABLE,
    },
    protocol::{mv_buffer, mv_request},
};
use crate::{
    error::{Error, Result},
    format,
};

/// A request, read from flags or from an `mv_request`.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// Request flags.
    pub flags: i32,
    /// The wanted number of dimensions.
    pub ndim: Option<i32>,
    /// The wanted format.
    pub format: Option<&'a CStr>,
    /// A text that outlives the acquisition, or NULL.
    label: *const c_char,
}

const KNOWN: i32 = MV_FULL_RO | MV_WRITABLE | MV_C_CONTIGUOUS | MV_F_CONTIGUOUS | MV_ANY_CONTIGUOUS | LEASES;
const LEASES: i32 = MV_EXCLUSIVE | MV_IMMUTABLE;

impl<'a> Request<'a> {
    /// A request by flags alone.
    #[must_use]
    pub const fn flags(flags: i32) -> Self {
        Request { flags, ndim: None, format: None, label: ptr::null() }
    }

    /// The same request with more flags.
    #[must_use]
    pub const fn also(&self, flags: i32) -> Self {
        Request { flags: self.flags | flags, ndim: self.ndim, format: self.format, label: self.label }
    }

    /// The same request with a label, which is never forgotten.
    #[must_use]
    pub const fn labelled(self, label: &'static CStr) -> Self {
        Request { label: label.as_ptr(), ..self }
    }

    /// Reads a C request, already brought to this version's size.
    ///
    /// # Safety
    /// Its format is a terminated text for 'a, and its label one that outlives the acquisition; or they are NULL.
    pub unsafe fn read(request: &mv_request) -> Result<Request<'a>> {
        let ndim = match request.ndim {
            -1 => None,
            ndim if ndim < 0 => {
                return Err(Error::Value {
                    what: "request->ndim",
                    value: ndim.into(),
                    expected: "-1 or a number of dimensions is expected",
                });
            }
            ndim => Some(ndim),
        };
        let format = if request.format.is_null() {
            None
        } else {
            // SAFETY: the caller promises a terminated text.
            Some(unsafe { CStr::from_ptr(request.format) })
        };
        Ok(Request { flags: request.flags, ndim, format, label: request.label })
    }

    /// The request as C sees it.
    #[must_use]
    pub fn as_c(&self) -> mv_request {
        mv_request {
            size: size_of::<mv_request>(),
            flags: self.flags,
            ndim: self.ndim.unwrap_or(-1),
            format: self.format.map_or(ptr::null(), CStr::as_ptr),
            label: self.label,
        }
    }

    /// The label, or NULL.
    #[must_use]
    pub fn label(&self) -> *const c_char {
        self.label
    }

    /// All bits of the flag are asked for.
    #[inline]
    #[must_use]
    pub const fn wants(&self, flag: i32) -> bool {
        self.flags & flag == flag
    }

    /// The lease asked for.
    #[must_use]
    pub const fn lease(&self) -> Option<Lease> {
        if self.wants(MV_EXCLUSIVE) {
            Some(Lease::Exclusive)
        } else if self.wants(MV_IMMUTABLE) {
            Some(Lease::Immutable)
        } else {
            None
        }
    }

    /// Whether the flags make sense together.
    #[inline]
    pub fn check(&self) -> Result<()> {
        let flags = i64::from(self.flags);
        if self.flags & !KNOWN != 0 {
            return Err(Error::Flags { flags, reason: "not all known" });
        }
        if self.flags == 0x100 {
            return Err(Error::Flags { flags, reason: "no request: the value is that of a mode of reading" });
        }
        if self.flags & LEASES == LEASES {
            return Err(Error::Flags { flags, reason: "contradictory: one lease or the other" });
        }
        if self.wants(MV_IMMUTABLE) && self.wants(MV_WRITABLE) {
            return Err(Error::Flags { flags, reason: "contradictory: immutable memory is not writable" });
        }
        Ok(())
    }

    /// Whether the request says nothing but flags that make sense, and asks for no lease.
    #[inline]
    #[must_use]
    pub fn is_plain(&self) -> bool {
        let bare = self.ndim.is_none() && self.format.is_none() && self.label.is_null();
        bare && self.flags & LEASES == 0 && self.check().is_ok()
    }

    /// Narrows a full description to what was asked for, or refuses. `obj` and `internal` are the caller's to fill.
    ///
    /// # Safety
    /// The description's arrays and format are alive.
    pub unsafe fn narrow(&self, described: &Described) -> Result<mv_buffer> {
        // SAFETY: as the caller promises.
        unsafe { self.permits(described)? };
        Ok(self.cut(described))
    }

    /// Whether memory of a full description can be given as it is asked for.
    ///
    /// # Safety
    /// The description's arrays and format are alive.
    #[inline]
    pub unsafe fn permits(&self, described: &Described) -> Result<()> {
        let answer = &described.buffer;
        let refuse = |reason| Err(Error::Request { reason });
        if self.wants(MV_WRITABLE) && answer.readonly != 0 {
            return refuse("the memory is read-only");
        }
        if self.wants(MV_C_CONTIGUOUS) && !described.c_contiguous {
            return refuse("the memory is not contiguous in C order");
        }
        if self.wants(MV_F_CONTIGUOUS) && !described.f_contiguous {
            return refuse("the memory is not contiguous in Fortran order");
        }
        if self.wants(MV_ANY_CONTIGUOUS) && !described.c_contiguous && !described.f_contiguous {
            return refuse("the memory is not contiguous");
        }
        if !self.wants(MV_INDIRECT) && !answer.suboffsets.is_null() {
            return refuse("the memory needs suboffsets");
        }
        if !self.wants(MV_STRIDES) && !described.c_contiguous {
            return refuse("the memory needs strides");
        }
        if self.ndim.is_some() || self.format.is_some() {
            // SAFETY: the format is alive, as the caller promises.
            unsafe { self.matches(answer)? };
        }
        // SAFETY: the format is alive, as the caller promises.
        if self.flags & MV_FORMAT != 0 && !self.wants(MV_ND) && !unsafe { is_byte(answer.format) } {
            return refuse("items that are not bytes need a shape beside the format");
        }
        Ok(())
    }

    /// The answer to a request that is permitted: a full description without what was not asked for.
    #[inline]
    #[must_use]
    pub fn cut(&self, described: &Described) -> mv_buffer {
        let full = &described.buffer;
        let (has_shape, has_strides) = (self.wants(MV_ND), self.wants(MV_STRIDES));
        mv_buffer {
            ndim: if has_shape { full.ndim } else { 1 },
            format: if self.flags & MV_FORMAT == 0 { ptr::null() } else { full.format },
            shape: if has_shape { full.shape } else { ptr::null() },
            strides: if has_strides { full.strides } else { ptr::null() },
            ..*full
        }
    }

    #[cold]
    unsafe fn matches(&self, answer: &mv_buffer) -> Result<()> {
        if let Some(wanted) = self.ndim
            && wanted != answer.ndim
        {
            return Err(Error::RequestNdim { wanted: wanted.into(), ndim: answer.ndim.into() });
        }
        if let Some(wanted) = self.format {
            // SAFETY: the format is alive, as the caller promises.
            let format = unsafe { text_or_byte(answer.format) };
            if !super::format::same_layout(wanted.to_bytes(), format.to_bytes())? {
                return Err(Error::RequestFormat {
                    itemsize: crate::error::number(answer.itemsize.unsigned_abs()),
                });
            }
        }
        Ok(())
    }
}

/// A format text, or "B" for NULL.
///
/// # Safety
/// NULL or a terminated text that is alive for 'a.
#[must_use]
pub unsafe fn text_or_byte<'a>(format: *const c_char) -> &'a CStr {
    // SAFETY: a terminated text, as the caller promises.
    if format.is_null() { c"B" } else { unsafe { CStr::from_ptr(format) } }
}

#[cold]
unsafe fn is_byte(format: *const c_char) -> bool {
    // SAFETY: NULL or a terminated text, as the caller promises.
    format::is_byte_text(unsafe { text_or_byte(format) }.to_bytes())
}
