//! The counting protocol, at its edges and from many threads; and what only it can show: who keeps what alive, and when
//! it ends.

mod answers;
mod callbacks;
mod count;
mod exporter;
mod lifetime;
mod quick;
mod race;
mod reexport;
mod resize;
mod write_back;

use std::ops::Deref;

use super::{Object, Request, array, buffer, flags::MV_FULL, protocol::mv_buffer};
use crate::{error::Result, kernel::Span, layout::Order, view::View};

/// A buffer that is released when it goes.
struct Held(mv_buffer);

// SAFETY: a buffer may be used and released from any thread.
unsafe impl Send for Held {}

impl Deref for Held {
    type Target = mv_buffer;
    fn deref(&self) -> &mv_buffer {
        &self.0
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // SAFETY: `hold` acquired it, and it is released here alone.
        unsafe { buffer::release(&mut self.0) }
    }
}

fn hold(object: &Object, request: &Request<'_>) -> Result<Held> {
    buffer::acquire(object, request).map(Held)
}

/// The view as an object, without a handle of its own.
fn as_object(view: &View) -> impl Deref<Target = Object> {
    // SAFETY: a view's share is an object, alive while the view is borrowed.
    unsafe { Object::borrow(view.share().as_raw()) }
}

/// A view of every second of eight bytes, all 0.
fn strided() -> (Object, View) {
    let object = array::new(c"B", &[8], Order::C).unwrap();
    let part = View::new(&object, &Request::flags(MV_FULL)).unwrap().slice(c"::2").unwrap();
    (object, part)
}

fn labels(object: &Object) -> String {
    let mut text = String::new();
    object.write_holders(&mut text).unwrap();
    text
}

fn span(data: &[u8]) -> Span<'_> {
    // SAFETY: readable for its lifetime.
    unsafe { Span::from_const(data.as_ptr(), data.len()) }
}

/// How often to repeat: a few times where every step is interpreted.
fn rounds(interpreted: usize, native: usize) -> std::ops::Range<usize> {
    0..if cfg!(miri) { interpreted } else { native }
}
