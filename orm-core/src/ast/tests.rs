//! The limits of a statement's values.

use super::*;

#[test]
fn values_of_more_than_a_gibibyte_are_refused_before_they_are_copied() {
    // Memory that is zero and never touched is not taken.
    let bytes = vec![0; Params::MAX_BYTES - 8];
    let mut params = Params { bytes, places: Vec::new() };
    let value = Param::new(Some(&7i64));
    assert_eq!(params.push(&value).unwrap(), 0, "what fits is taken");
    let capacity = params.bytes.capacity();
    let error = params.push(&value).unwrap_err();
    assert!(error.is_invalid_value() && error.to_string().contains("1 GiB"), "{error:?}");
    assert_eq!((params.places.len(), params.bytes.capacity()), (1, capacity));
}

#[test]
fn the_65_536th_value_is_refused() {
    let mut params = Params::default();
    let null = Param::new(None::<&i64>);
    (0..Params::MAX).for_each(|place| assert_eq!(usize::from(params.push(&null).unwrap()), place));
    let error = params.push(&null).unwrap_err();
    assert!(error.is_invalid_value() && error.to_string().contains("65,535 parameters"), "{error:?}");
}
