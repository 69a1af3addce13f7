//! `c-tests/test_inline.c`, as far as it calls the library.
//!
//! Left out: `fail_fills_all_members`, `fail_without_error_or_message`, `fail_cuts_at_a_character`, `item_follows_strides`,
//! `item_without_strides_is_in_c_order`, `item_follows_pointers`, `pointer_inline_is_where_the_library_says`,
//! `pointer_inline_leaves_the_rest_to_the_library`, `try_returns_what_failed`: C of the header, in which the library has no part.

use std::{
    ffi::{CStr, c_int, c_long, c_longlong, c_short},
    ptr,
};

use memview::{error::mv_status::*, ffi::mv_view};

use crate::{calls::*, fixtures::*, harness::*, table::table_view};

/// Each item of a view is where `mv_buffer_pointer` says.
#[track_caller]
fn check_addresses(view: *mut mv_view) {
    let buffer = buffer_of(view);
    for index in indices(&shape(view)) {
        let mut item = ptr::null_mut();
        ok!(mv_buffer_pointer(&raw const buffer, index.as_ptr(), buffer.ndim, &raw mut item));
        assert_eq!(item.cast(), item_address(&buffer, &index));
    }
    drop_views([view]);
}

#[test]
fn item_is_where_the_library_says() {
    let view = numbered(c"h", &[3, 4, 5], F);
    check_addresses(sliced(view, c"::-2, 1:, ::3"));
    check_addresses(view);
    let table = table_view(2, 3, 4);
    check_addresses(sliced(table, c"::-1, 1::2"));
    check_addresses(table);
}

#[test]
fn formats_of_c_types_have_their_size() {
    let formats = [
        (c"?", size_of::<bool>()),
        (c"c", 1),
        (c"b", 1),
        (c"B", 1),
        (c"h", size_of::<c_short>()),
        (c"H", size_of::<c_short>()),
        (c"i", size_of::<c_int>()),
        (c"I", size_of::<c_int>()),
        (c"l", size_of::<c_long>()),
        (c"L", size_of::<c_long>()),
        (c"q", size_of::<c_longlong>()),
        (c"Q", size_of::<c_longlong>()),
        (c"f", size_of::<f32>()),
        (c"d", size_of::<f64>()),
        (c"P", size_of::<*const u8>()),
    ];
    for (format, size) in formats {
        let view = view_taking(array_of(format, &[1], C));
        let buffer = buffer_of(view);
        assert_eq!(buffer.itemsize.cast_unsigned(), size);
        assert_eq!(text(buffer.format).as_deref(), CStr::to_str(format).ok());
        drop_views([view]);
    }
}

/// By the functions behind the macros, which then only check that a smaller type holds the value.
#[test]
fn typed_items_convert_and_refuse() {
    let view = view_taking(array_of(c">q", &[2, 3], C));
    let [at, last, first] = [[1, 2], [-1, -1], [0, 0]];
    set_i64(view, &at, -128);
    assert_eq!(get_i64(view, &at), -128);
    let single: f64 = made!(mv_view_get_f64(view, last.as_ptr(), 2));
    assert_eq!(single.to_bits(), (-128_f64).to_bits());
    let mut wide = 7;
    fails!(mv_view_get_u64(view, at.as_ptr(), 2, &raw mut wide), MV_E_RANGE);
    assert_eq!(wide, 7);
    ok!(mv_view_set_u64(view, at.as_ptr(), 2, 128));
    assert_eq!(get_i64(view, &at), 128);
    fails!(mv_view_set_u64(view, first.as_ptr(), 2, u64::MAX), MV_E_RANGE);
    fails!(mv_view_set_f64(view, first.as_ptr(), 2, 1.5), MV_E_TYPE);
    assert_eq!(get_i64(view, &first), 0);
    let (mut truth, outside) = (77, [0, 3]);
    fails!(mv_view_get_i64(view, outside.as_ptr(), 2, &raw mut truth), MV_E_INDEX);
    fails!(mv_view_get_i64(view, outside.as_ptr(), 1, &raw mut truth), MV_E_TYPE);
    assert_eq!(truth, 77);
    drop_views([view]);
}
