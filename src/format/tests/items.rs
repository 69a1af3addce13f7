//! The codec and the comparison of formats against tables taken from CPython, and their properties.

use crate::error::{Error, Number, Result, mv_status};
use crate::format::{
    Code, Leaf, Value, as_f64, as_i64, as_u64,
    code::{ALL, Kind},
    float, is_byte_text, read, same_texts, write,
};

const LITTLE: bool = cfg!(target_endian = "little");

/// The codes that CPython's memoryview knows.
fn natives() -> impl Iterator<Item = Code> {
    ALL.iter().copied().filter(|code| Code::parse(code.name().as_bytes()).is_some())
}

fn code(character: char) -> Code {
    Code::parse(&[u8::try_from(character).unwrap()]).unwrap()
}

fn written(character: char, value: &Value<'_>) -> Result<Vec<u8>> {
    let leaf = Leaf::native(code(character));
    let mut item = vec![0xAA; leaf.size().unsigned_abs()];
    let result = write(leaf, value, &mut item);
    if result.is_err() {
        assert!(item.iter().all(|&byte| byte == 0xAA), "a failed write changed the item");
    }
    result.map(|()| item)
}

/// Two to the power of the exponent, exactly.
fn power(exponent: i32) -> f64 {
    f64::from_bits(u64::try_from(1023 + exponent).unwrap() << 52)
}

/// The status of a write that fails.
fn refused(character: char, value: &Value<'_>) -> mv_status {
    let error = written(character, value).unwrap_err();
    [mv_status::MV_E_TYPE, mv_status::MV_E_RANGE, mv_status::MV_E_VALUE]
        .into_iter()
        .find(|&status| error.is(status))
        .unwrap()
}

#[test]
fn every_code_parses_with_and_without_its_prefix() {
    for code in natives() {
        assert_eq!(Code::parse(code.text(false).to_bytes()), Some(code));
        assert_eq!(Code::parse(code.text(true).to_bytes()), Some(code));
        assert_eq!(code.text(true).to_bytes(), [b"@", code.name().as_bytes()].concat());
        assert!(code.size() >= code.alignment() && code.alignment() > 0);
    }
    let all: String = natives().map(Code::name).collect();
    assert_eq!(all, "cbB?hHiIlLqQnNefdP");
    let others: [&[u8]; 12] =
        [b"", b"@", b"@@", b"BB", b"=I", b"<i", b"s", b"x", b"1i", b" i", b"i\0", b"@ii"];
    for other in others {
        assert_eq!(Code::parse(other), None);
    }
}

#[test]
fn same_layout_compares_what_texts_mean() {
    let own = if LITTLE { "<" } else { ">" };
    let foreign = if LITTLE { ">" } else { "<" };
    let same = |a: &str, b: &str| {
        assert_eq!(
            same_texts(a.as_bytes(), b.as_bytes()).unwrap_or(false),
            same_texts(b.as_bytes(), a.as_bytes()).unwrap_or(false)
        );
        same_texts(a.as_bytes(), b.as_bytes()).unwrap_or(false)
    };
    assert!(same("B", "@B") && same("T{i:a:}", "@T{i:a:}") && same("", "@") && same("<n", "<n"));
    assert!(same("i", &format!("{own}i")) && same("i", "=i") && same("=l", "i") && same("^d", "d"));
    assert!(same(">h", "!h") && same("<B", ">B") && same("<?", "?") && same("<c", "c"));
    assert!(!same("i", &format!("{foreign}i")) && !same("@@B", "B") && !same("ii", "i"));
    assert!(!same("i", "I") && !same("B", "b") && !same("B", "c") && !same("b", "c") && !same("?", "B"));
    assert!(!same("f", "i") && !same("e", "h") && !same("P", "N") && !same("<P", "P") && !same("=n", "n"));
    assert_eq!(same("l", "q"), size_of::<core::ffi::c_long>() == 8);
    assert_eq!(same("l", "i"), size_of::<core::ffi::c_long>() == 4);
    assert_eq!(same("n", "=q"), size_of::<usize>() == 8);
    assert_eq!(same("N", "=I"), size_of::<usize>() == 4);
}

#[test]
fn byte_texts_have_any_single_order_prefix() {
    for character in ["B", "b", "c"] {
        for prefix in ["", "@", "=", "<", ">", "!", "^"] {
            assert!(is_byte_text(format!("{prefix}{character}").as_bytes()));
        }
    }
    for other in ["", "@", "?", "BB", "@@B", "x", "s", "1B", "B ", "<<B"] {
        assert!(!is_byte_text(other.as_bytes()));
    }
}

#[test]
fn integers_keep_their_ranges() {
    for code in natives().filter(|code| matches!(code.kind(), Kind::Signed | Kind::Unsigned)) {
        let character = char::from(code.name().as_bytes()[0]);
        let (character, bits) = (character, u32::try_from(code.size()).unwrap() * 8);
        let (least, most) = match code.kind() {
            Kind::Signed => (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1),
            _ => (0, (1i128 << bits) - 1),
        };
        for whole in [least - 1i128, least, -1, 0, 1, most, most + 1] {
            let value = match (i64::try_from(whole), u64::try_from(whole)) {
                (Ok(value), _) => Value::Int(value),
                (_, Ok(value)) => Value::UInt(value),
                _ => continue,
            };
            if whole < least || whole > most {
                assert_eq!(refused(character, &value), mv_status::MV_E_RANGE, "{whole} in {character}");
                continue;
            }
            let mut item = written(character, &value).unwrap();
            assert_eq!(item, if LITTLE { whole.to_le_bytes()[..item.len()].to_vec() } else { item.clone() });
            let back = read(Leaf::native(code), &mut item).unwrap();
            assert_eq!(back.whole(), Some(whole), "{character}");
            assert_eq!(matches!(back, Value::Int(_)), code.kind() == Kind::Signed);
        }
        assert_eq!(
            written(character, &Value::Bool(true)).unwrap(),
            written(character, &Value::UInt(1)).unwrap()
        );
        assert_eq!(refused(character, &Value::Float(1.0)), mv_status::MV_E_TYPE);
        assert_eq!(refused(character, &Value::Bytes(b"a")), mv_status::MV_E_TYPE);
    }
}

#[test]
fn bytes_truth_and_pointers_follow_the_examples() {
    assert_eq!(written('c', &Value::Bytes(b"a")).unwrap(), b"a");
    assert_eq!(refused('c', &Value::Bytes(b"ab")), mv_status::MV_E_VALUE);
    assert_eq!(refused('c', &Value::Bytes(b"")), mv_status::MV_E_VALUE);
    assert_eq!(refused('c', &Value::Int(97)), mv_status::MV_E_TYPE);

    let truthy =
        [Value::Bool(true), Value::Int(-1), Value::UInt(256), Value::Float(f64::NAN), Value::Bytes(b"a")];
    let falsy = [Value::Bool(false), Value::Int(0), Value::UInt(0), Value::Float(-0.0), Value::Bytes(b"")];
    for (truth, falsehood) in truthy.iter().zip(&falsy) {
        assert_eq!(written('?', truth).unwrap(), [1]);
        assert_eq!(written('?', falsehood).unwrap(), [0]);
    }
    assert_eq!(read(Leaf::native(code('?')), &mut [2]).unwrap(), Value::Bool(true));
    assert_eq!(read(Leaf::native(code('?')), &mut [0]).unwrap(), Value::Bool(false));

    assert_eq!(written('P', &Value::Int(-1)).unwrap(), usize::MAX.to_ne_bytes());
    assert_eq!(written('P', &Value::UInt(usize::MAX as u64)).unwrap(), usize::MAX.to_ne_bytes());
    assert_eq!(written('P', &Value::Pointer(16)).unwrap(), 16usize.to_ne_bytes());
    assert_eq!(refused('P', &Value::Float(0.0)), mv_status::MV_E_TYPE);
    assert_eq!(read(Leaf::native(code('P')), &mut 5usize.to_ne_bytes()).unwrap(), Value::Pointer(5));
    if size_of::<usize>() == 4 {
        assert_eq!(refused('P', &Value::UInt(1 << 32)), mv_status::MV_E_RANGE);
    }
}

#[test]
fn floats_follow_cpython() {
    let single =
        |value: f64| f32::from_ne_bytes(written('f', &Value::Float(value)).unwrap().try_into().unwrap());
    assert!(single(1e39) == f32::INFINITY && single(-1e300) == f32::NEG_INFINITY);
    // The greatest double that does not round to infinity, and the least that does.
    assert!(
        single(3.402_823_567_797_336_2e38) == f32::MAX && single(3.402_823_567_797_336_6e38).is_infinite()
    );
    assert_eq!(written('d', &Value::Int((1 << 53) + 1)).unwrap(), power(53).to_ne_bytes());
    assert_eq!(written('d', &Value::UInt(u64::MAX)).unwrap(), power(64).to_ne_bytes());
    assert_eq!(written('f', &Value::Bool(true)).unwrap(), 1f32.to_ne_bytes());
    for character in ['e', 'f', 'd'] {
        assert_eq!(refused(character, &Value::Bytes(b"1")), mv_status::MV_E_TYPE);
    }
    assert!(matches!(
        written('e', &Value::Int(70000)),
        Err(Error::ItemRange { value: Number::Int(70000), code: "e" })
    ));
}

/// Doubles and the halves that CPython's struct makes of them.
#[test]
fn halves_are_rounded_once_to_even() {
    let table: [(f64, u16); 25] = [
        (65504.0, 0x7BFF),
        (65519.0, 0x7BFF),
        (65_519.999_999_99, 0x7BFF),
        (-65519.0, 0xFBFF),
        (f64::INFINITY, 0x7C00),
        (f64::NEG_INFINITY, 0xFC00),
        (power(-24), 0x0001),
        (power(-25), 0x0000),
        (power(-25) + power(-77), 0x0001),
        (3.0 * power(-25), 0x0002),
        (5.0 * power(-25), 0x0002),
        (1.0 + power(-11), 0x3C00),
        (1.0 + power(-11) + power(-50), 0x3C01),
        (1.0 + power(-11) + power(-40), 0x3C01),
        (1.0 + 3.0 * power(-11), 0x3C02),
        (power(-14), 0x0400),
        (power(-14) - power(-25), 0x0400),
        (power(-14) - power(-24), 0x03FF),
        (5e-324, 0x0000),
        (-5e-324, 0x8000),
        (0.1, 0x2E66),
        (0.0, 0x0000),
        (-0.0, 0x8000),
        (2049.0, 0x6800),
        (2051.0, 0x6802),
    ];
    for (value, half) in table {
        assert_eq!(float::to_half(value), Some(half), "{value:e}");
    }
    for value in [65520.0, -65520.0, 65536.0, 1e300, f64::MIN] {
        assert_eq!(float::to_half(value), None);
        assert_eq!(refused('e', &Value::Float(value)), mv_status::MV_E_RANGE);
    }
}

#[test]
fn every_half_survives_and_every_tie_goes_to_even() {
    let step = if cfg!(miri) { 97 } else { 1 };
    for half in (0..=u16::MAX).step_by(step) {
        let value = float::from_half(half);
        assert_eq!(float::to_half(value), Some(half));
        let (sign, magnitude) = (if half >= 0x8000 { -1.0 } else { 1.0 }, half & 0x7FFF);
        if magnitude >= 0x7C00 {
            assert!(if magnitude == 0x7C00 { value == sign * f64::INFINITY } else { value.is_nan() });
            continue;
        }
        let (exponent, mantissa) = (i32::from(magnitude >> 10), f64::from(magnitude & 0x3FF));
        let leading = if exponent == 0 { 0.0 } else { 1024.0 };
        assert_eq!(value.to_bits(), (sign * (leading + mantissa) * power(exponent.max(1) - 25)).to_bits());
        if magnitude < 0x7BFF {
            let tie = f64::midpoint(value, float::from_half(half + 1));
            let (below, above) = (tie.to_bits() - 1, tie.to_bits() + 1);
            assert_eq!(float::to_half(tie), Some(half + (half & 1)));
            assert_eq!(float::to_half(f64::from_bits(below)), Some(half));
            assert_eq!(float::to_half(f64::from_bits(above)), Some(half + 1));
        }
    }
}

#[test]
fn nans_keep_sign_and_leading_payload() {
    let double = |bits: u64| Value::Float(f64::from_bits(bits));
    assert_eq!(written('e', &double(0x7FF8_0000_0000_0000)).unwrap(), 0x7E00u16.to_ne_bytes());
    assert_eq!(written('e', &double(0xFFF8_0000_0000_0000)).unwrap(), 0xFE00u16.to_ne_bytes());
    assert_eq!(written('e', &double(0x7FF0_0000_0000_0001)).unwrap(), 0x7E00u16.to_ne_bytes());
    assert_eq!(written('f', &double(0x7FF8_0000_0000_0000)).unwrap(), 0x7FC0_0000u32.to_ne_bytes());
    assert_eq!(written('f', &double(0xFFF8_0000_2000_0001)).unwrap(), 0xFFC0_0001u32.to_ne_bytes());
    assert_eq!(written('f', &double(0x7FF0_0000_0000_0001)).unwrap(), 0x7FC0_0000u32.to_ne_bytes());
    assert_eq!(written('d', &double(0x7FF0_0000_0000_0001)).unwrap(), 0x7FF0_0000_0000_0001u64.to_ne_bytes());
    assert_eq!(float::from_f32(f32::from_bits(0xFF80_0001)).to_bits(), 0xFFF8_0000_2000_0000);
    assert_eq!(float::from_f32(f32::from_bits(0x7FC0_0000)).to_bits(), 0x7FF8_0000_0000_0000);
}

#[test]
fn values_are_read_as_what_was_asked_for() {
    let (int, float) = (code('q'), code('d'));
    assert_eq!(as_i64(int, &Value::Int(i64::MIN)).unwrap(), i64::MIN);
    assert_eq!(as_i64(int, &Value::Bool(true)).unwrap(), 1);
    assert_eq!(as_u64(int, &Value::Pointer(u64::MAX)).unwrap(), u64::MAX);
    assert!(matches!(as_i64(code('Q'), &Value::UInt(1 << 63)), Err(Error::ItemRange { .. })));
    assert!(matches!(as_u64(int, &Value::Int(-1)), Err(Error::ItemRange { value: Number::Int(-1), .. })));
    assert!(matches!(as_i64(float, &Value::Float(1.0)), Err(Error::ItemAs { code: "d", .. })));
    assert!(matches!(as_u64(code('c'), &Value::Bytes(b"a")), Err(Error::ItemAs { code: "c", .. })));

    let exact = |value: Value<'_>| as_f64(int, &value).map(f64::to_bits);
    assert_eq!(exact(Value::Float(f64::NAN)).unwrap(), f64::NAN.to_bits());
    assert_eq!(exact(Value::Bool(true)).unwrap(), 1f64.to_bits());
    assert_eq!(exact(Value::Int(0)).unwrap(), 0f64.to_bits());
    assert_eq!(exact(Value::Int(i64::MIN)).unwrap(), (-(power(63))).to_bits());
    assert_eq!(exact(Value::Int(-(1 << 53))).unwrap(), (-(power(53))).to_bits());
    assert_eq!(exact(Value::UInt(0xFFFF_FFFF_FFFF_F800)).unwrap(), (power(64) - power(11)).to_bits());
    for inexact in [Value::Int((1 << 53) + 1), Value::Int(i64::MAX), Value::UInt(u64::MAX)] {
        assert!(matches!(exact(inexact), Err(Error::ItemRange { code: "d", .. })));
    }
    assert!(matches!(as_f64(code('P'), &Value::Pointer(1)), Err(Error::ItemAs { code: "P", .. })));
    assert!(matches!(as_f64(code('c'), &Value::Bytes(b"a")), Err(Error::ItemAs { .. })));
}

#[test]
fn an_item_has_the_size_of_its_format() {
    for &code in ALL {
        let (leaf, size) = (Leaf::native(code), code.size().unsigned_abs());
        for length in [0, size - 1, size + 1].into_iter().filter(|&length| length != size) {
            let mut item = vec![0; length];
            assert!(matches!(read(leaf, &mut item), Err(Error::ItemLength { .. })));
            let result = write(leaf, &Value::Int(0), &mut item);
            assert!(matches!(result, Err(Error::ItemLength { .. })));
        }
    }
}
