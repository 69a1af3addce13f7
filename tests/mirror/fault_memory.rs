//! `c-tests/test_fault_memory.c`: what the library does where memory runs out.
//!
//! Left out: `fault_053_each_request_fails_alone`, `fault_054_each_request_fails_with_all_after_it`,
//! `fault_055_failed_resize_keeps_the_data`, `fault_055_failed_resize_keeps_the_shape`,
//! `fault_055_shrinking_needs_no_memory`, `fault_057_nothing_is_not_out_of_memory`,
//! `fault_058_ending_requests_nothing`, `fault_058_ending_what_callbacks_granted_requests_nothing`,
//! `fault_054_refusals_without_memory_for_their_words`: they refuse memory to the archive for C, whose requests have other names;
//! the memory of Miri never runs out.
