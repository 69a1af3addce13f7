//! The count by itself: limits, leases, handles.

use crate::object::count::{Count, Fate, Grant, LIMIT, Lease, Refusal, Unit};

#[test]
fn fault_051_counts_refuse_at_half_of_their_range() {
    for unit in [Unit::Buffer, Unit::Share] {
        let count = Count::with_handle();
        count.preset(unit, LIMIT - 1);
        assert_eq!(count.grant(unit, false), Ok(Grant::Plain));
        assert_eq!(count.grant(unit, false), Err(Refusal::Full));
        assert_eq!(count.grant(unit, true), Err(Refusal::Full));
        assert_eq!(count.ungrant(unit), Fate::Keep);
        assert_eq!(count.grant(unit, false), Ok(Grant::Plain));
    }
    let view = Count::with_handle();
    view.preset(Unit::Share, LIMIT);
    assert_eq!(view.pin(), Err(Refusal::Full));
    view.preset(Unit::Share, LIMIT - 1);
    assert_eq!(view.pin(), Ok(false));
}

#[test]
fn the_last_one_frees_whichever_it_is() {
    let count = Count::with_handle();
    assert_eq!(count.grant(Unit::Buffer, false), Ok(Grant::Plain));
    assert_eq!(count.unreference(), Fate::Keep);
    count.reference();
    assert_eq!(count.ungrant(Unit::Buffer), Fate::Keep);
    assert_eq!(count.unreference(), Fate::Free);
}

#[test]
fn what_is_being_freed_is_not_freed_again() {
    let count = Count::with_handle();
    assert_eq!(count.unreference(), Fate::Free);
    count.bury();
    count.reference();
    assert_eq!(count.unreference(), Fate::Keep);
    assert_eq!(count.grant(Unit::Buffer, false), Err(Refusal::Closed));
    assert_eq!(count.lease(Unit::Buffer, Lease::Exclusive), Err(Refusal::Closed));
    assert_eq!(count.pin(), Err(Refusal::Closed));
}

#[test]
fn a_borrowed_pointer_does_not_pass_for_a_handle() {
    let count = Count::with_handle();
    assert_eq!(count.grant(Unit::Buffer, false), Ok(Grant::Plain));
    assert_eq!(count.unreference(), Fate::Keep);
    assert_eq!(count.begin_resize(), Err(Refusal::Held(1)));
    assert_eq!(count.lease(Unit::Buffer, Lease::Exclusive), Err(Refusal::Held(1)));
    assert_eq!(count.close(), Err(Refusal::Held(1)));
    assert_eq!(count.exports(), 1);
    assert_eq!(count.ungrant(Unit::Buffer), Fate::Free);
}

#[test]
fn an_immutable_lease_lasts_until_its_last_holder() {
    let count = Count::with_handle();
    assert_eq!(count.lease(Unit::Buffer, Lease::Immutable), Ok(()));
    assert_eq!(count.grant(Unit::Share, false), Ok(Grant::ReadOnly));
    assert_eq!(count.grant(Unit::Share, true), Err(Refusal::Immutable));
    assert_eq!(count.ungrant(Unit::Buffer), Fate::Keep);
    assert!(count.is_immutable());
    assert_eq!(count.lease(Unit::Buffer, Lease::Exclusive), Err(Refusal::Held(1)));
    assert_eq!(count.ungrant(Unit::Share), Fate::Keep);
    assert!(!count.is_immutable());
    assert_eq!(count.grant(Unit::Buffer, true), Ok(Grant::Plain));
    assert_eq!(count.lease(Unit::Buffer, Lease::Immutable), Err(Refusal::Held(1)));
}

#[test]
fn an_exclusive_lease_ends_with_its_acquisition() {
    for unit in [Unit::Buffer, Unit::Share] {
        let count = Count::with_handle();
        assert_eq!(count.lease(unit, Lease::Exclusive), Ok(()));
        assert!(count.is_exclusive());
        assert_eq!(count.grant(Unit::Buffer, false), Err(Refusal::Exclusive));
        assert_eq!(count.lease(Unit::Share, Lease::Immutable), Err(Refusal::Exclusive));
        assert_eq!(count.ungrant(unit), Fate::Keep);
        assert!(!count.is_exclusive());
        assert_eq!(count.grant(Unit::Buffer, true), Ok(Grant::Plain));
    }
}

#[test]
fn a_lease_whose_handles_are_gone_frees_at_its_end() {
    for lease in [Lease::Immutable, Lease::Exclusive] {
        for unit in [Unit::Buffer, Unit::Share] {
            let count = Count::with_handle();
            assert_eq!(count.lease(unit, lease), Ok(()));
            assert_eq!(count.unreference(), Fate::Keep);
            assert_eq!(count.ungrant(unit), Fate::Free, "{unit:?} {lease:?}");
        }
    }
}

#[test]
fn a_revoke_counts_the_buffers_and_closes() {
    let count = Count::with_handle();
    assert_eq!(count.grant(Unit::Buffer, true), Ok(Grant::Plain));
    assert_eq!(count.grant(Unit::Share, true), Ok(Grant::Plain));
    assert_eq!(count.revoke(), 1);
    assert!(count.is_closed());
    assert_eq!(count.grant(Unit::Share, false), Err(Refusal::Closed));
    assert_eq!(count.begin_resize(), Err(Refusal::Closed));
    assert_eq!(count.ungrant(Unit::Buffer), Fate::Keep);
    assert_eq!(count.revoke(), 0);
    assert_eq!(count.ungrant(Unit::Share), Fate::Keep);
    assert_eq!(count.unreference(), Fate::Free);
}

#[test]
fn a_view_is_released_once_and_by_nobody_while_it_is_in_use() {
    let view = Count::with_handle();
    assert_eq!(view.pin(), Ok(false));
    assert_eq!(view.close(), Err(Refusal::InFlight));
    assert_eq!(view.unpin(), Fate::Keep);
    assert_eq!(view.grant(Unit::Export, false), Ok(Grant::Plain));
    assert_eq!((view.buffers(), view.in_use()), (1, 1), "a buffer of a view counts as in flight");
    assert_eq!(view.close(), Err(Refusal::Held(1)));
    assert_eq!(view.ungrant(Unit::Export), Fate::Keep);
    assert_eq!(view.close(), Ok(true));
    assert_eq!(view.close(), Ok(false));
    assert_eq!(view.pin(), Err(Refusal::Closed));
    assert_eq!(view.unreference(), Fate::Free);
}
