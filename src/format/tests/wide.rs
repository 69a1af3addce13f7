//! `long double` and the exact comparison of floats.

use crate::format::{
    Leaf, Rule, convert,
    wide::{Exact, LONG_DOUBLE_KNOWN, LONG_DOUBLE_SIZE, read, write},
};

fn doubles() -> Vec<f64> {
    let mut all = vec![
        0.0,
        -0.0,
        1.0,
        -1.5,
        0.1,
        f64::MAX,
        f64::MIN_POSITIVE,
        5e-324,
        -5e-324,
        2.5e-310,
        f64::INFINITY,
        f64::NEG_INFINITY,
        1e300,
        1e-300,
    ];
    let mut state = 0x9E37_79B9_7F4A_7C15u64;
    for _ in 0..if cfg!(miri) { 50 } else { 20_000 } {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let value = f64::from_bits(state ^ (state >> 29));
        if !value.is_nan() {
            all.push(value);
        }
    }
    all
}

#[test]
fn doubles_survive_exactly() {
    for value in doubles() {
        let exact = Exact::of_double(value);
        assert_eq!(exact.to_double().to_bits(), value.to_bits(), "{value:e}");
        if LONG_DOUBLE_KNOWN {
            let bytes = write(value);
            let back = read(&bytes[..LONG_DOUBLE_SIZE]);
            assert_eq!(back, exact, "{value:e}");
            assert_eq!(back.to_double().to_bits(), value.to_bits(), "{value:e}");
        }
    }
    assert!(Exact::of_double(f64::NAN).to_double().is_nan());
    assert!(read(&write(f64::NAN)[..LONG_DOUBLE_SIZE]).to_double().is_nan() || !LONG_DOUBLE_KNOWN);
}

#[test]
fn whole_numbers_are_compared_without_rounding() {
    let of = Exact::of_whole;
    assert!(of(1).equals(&Exact::of_double(1.0)) && of(0).equals(&Exact::of_double(-0.0)));
    assert!(!of((1 << 53) + 1).equals(&Exact::of_double(9_007_199_254_740_992.0)));
    assert!(of(-(1 << 60)).equals(&Exact::of_double(-1_152_921_504_606_846_976.0)));
    assert!(!Exact::of_double(f64::NAN).equals(&Exact::of_double(f64::NAN)));
    assert!(Exact::of_double(f64::INFINITY).equals(&Exact::of_double(f64::INFINITY)));
    assert!(!Exact::of_double(f64::from(0.1f32)).equals(&Exact::of_double(0.1)));
}

/// Whole numbers of a `long double` are carried as such, but a zero may be negative.
#[test]
fn converted_doubles_keep_their_bits() {
    let number = |text: &str| Leaf::parse(text.as_bytes()).unwrap();
    if !LONG_DOUBLE_KNOWN {
        return;
    }
    for value in [-0.0, 0.0, 1.0, -1.5, 9_007_199_254_740_992.0, f64::NEG_INFINITY] {
        for rule in [Rule::Strict, Rule::Clamp, Rule::Wrap] {
            let (mut wide, mut back) = (vec![7; LONG_DOUBLE_SIZE], [7; 8]);
            convert(number("d"), &mut f64::to_ne_bytes(value), number("g"), &mut wide, rule).unwrap();
            assert_eq!(wide, write(value)[..LONG_DOUBLE_SIZE], "{value}");
            convert(number("g"), &mut wide, number("d"), &mut back, rule).unwrap();
            assert_eq!(f64::from_ne_bytes(back).to_bits(), value.to_bits(), "{value}");
        }
    }
}

/// Halfway cases, subnormals and overflow, of mantissas that no double has.
#[test]
fn wide_numbers_are_rounded_to_even_once() {
    let round = |mantissa: u128, exponent| Exact::Finite { negative: false, mantissa, exponent }.to_double();
    let one = 1u128 << 100;
    assert_eq!(round(one + (1 << 47), -100), 1.0);
    assert_eq!(round(one + (1 << 47) + 1, -100), 1.0 + f64::EPSILON);
    assert_eq!(round(one + (1 << 48) + (1 << 47), -100), 1.0 + 2.0 * f64::EPSILON);
    assert_eq!(round((1 << 54) - 1, 970), f64::INFINITY);
    assert_eq!(round((1 << 53) - 1, 971), f64::MAX);
    assert_eq!(round(1, -1075), 0.0);
    assert_eq!(round(3, -1076), 5e-324);
    assert_eq!(round(3, -1075), 1e-323);
    assert_eq!(round(u128::MAX, -20_000), 0.0);
    assert_eq!(round(u128::MAX, 20_000), f64::INFINITY);
}

/// The bytes that gcc makes of a few `long double`s.
#[test]
#[cfg(all(target_arch = "x86_64", not(target_env = "msvc")))]
fn bytes_are_those_of_the_compiler() {
    let one = [0, 0, 0, 0, 0, 0, 0, 0x80, 0xFF, 0x3F];
    assert_eq!(write(1.0)[..10], one);
    assert_eq!(write(-2.5)[..10], [0, 0, 0, 0, 0, 0, 0, 0xA0, 0x00, 0xC0]);
    assert_eq!(write(f64::INFINITY)[..10], [0, 0, 0, 0, 0, 0, 0, 0x80, 0xFF, 0x7F]);
    assert_eq!(write(f64::NAN)[..10], [0, 0, 0, 0, 0, 0, 0, 0xC0, 0xFF, 0x7F]);
    assert_eq!(write(0.0)[..10], [0; 10]);
}
