//! Any text as an index: what the library reads is what a plain parser reads, errors stand where they are, what
//! is printed anew reads the same, and a view takes the text as it takes the items.

use std::{
    ffi::{CStr, CString},
    fmt::Write as _,
    ptr,
};

use memview::{
    error::mv_status::{MV_E_LIMIT, MV_E_VALUE},
    ffi,
    layout::{MV_INDEX_AT, MV_INDEX_ELLIPSIS, MV_INDEX_SLICE, mv_index},
    object::flags::MV_FULL_RO,
};

use crate::{
    call::{Answer, Object, View, call, int},
    check::{check_geometry, judge},
    memory::Block,
    model::{Causes, Model},
};

/// The most items that the library reads of one text.
const MOST: usize = 129;

#[derive(Clone, Copy, PartialEq, Debug)]
enum Token {
    Digits(i128),
    Sign(bool),
    Colon,
    Comma,
    Dots,
    NewAxis,
    None,
    Other,
    End,
}

/// The tokens of a text, each with its place. Blanks only part them.
fn tokens(text: &[u8]) -> Vec<(Token, usize)> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(&first) = text.get(at) {
        let rest = &text[at..];
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let value = |digits: &[u8]| {
            let tens =
                |value: i128, digit: &u8| value.saturating_mul(10).saturating_add((digit - b'0').into());
            digits.iter().fold(0, tens)
        };
        let (token, length) = match first {
            b' ' | b'\t'..=b'\r' => {
                at += 1;
                continue;
            }
            b'0'..=b'9' => (Token::Digits(value(&rest[..digits])), digits),
            b'+' | b'-' => (Token::Sign(first == b'-'), 1),
            b':' => (Token::Colon, 1),
            b',' => (Token::Comma, 1),
            _ if rest.starts_with(b"...") => (Token::Dots, 3),
            _ if rest.starts_with(b"newaxis") => (Token::NewAxis, 7),
            _ if rest.starts_with(b"None") => (Token::None, 4),
            _ => (Token::Other, 1),
        };
        found.push((token, at));
        at += length;
    }
    found.push((Token::End, text.len()));
    found
}

/// The items of a text, or where it is no index.
fn parse(text: &[u8]) -> Result<Vec<mv_index>, usize> {
    let tokens = tokens(text);
    let (mut items, mut left) = (Vec::new(), tokens.as_slice());
    while left[0].0 != Token::End {
        let (item, rest) = item(left)?;
        items.push(item);
        left = match rest[0] {
            (Token::End, _) => rest,
            (Token::Comma, _) => &rest[1..],
            (_, place) => return Err(place),
        };
    }
    Ok(items)
}

type Tokens<'t> = &'t [(Token, usize)];

fn item(tokens: Tokens) -> Result<(mv_index, Tokens), usize> {
    match tokens[0].0 {
        Token::Dots => return Ok((mv_index::ellipsis(), &tokens[1..])),
        Token::NewAxis => return Ok((mv_index::newaxis(), &tokens[1..])),
        _ => {}
    }
    let (start, after) = bound(tokens)?;
    if after[0].0 != Token::Colon {
        return match start {
            Some(position) => Ok((mv_index::at(position), after)),
            None if after.len() < tokens.len() => Ok((mv_index::newaxis(), after)),
            None => Err(tokens[0].1),
        };
    }
    let (stop, after) = bound(&after[1..])?;
    let (step, after) = if after[0].0 == Token::Colon { bound(&after[1..])? } else { (None, after) };
    Ok((mv_index::slice(start, stop, step), after))
}

/// A number, the word `None`, or nothing.
fn bound(tokens: Tokens) -> Result<(Option<isize>, Tokens), usize> {
    let clamp = |value: i128| value.clamp(isize::MIN as i128, isize::MAX as i128) as isize;
    match tokens {
        [(Token::None, _), rest @ ..] => Ok((None, rest)),
        [(Token::Digits(value), _), rest @ ..] => Ok((Some(clamp(*value)), rest)),
        [(Token::Sign(minus), _), (Token::Digits(value), _), rest @ ..] => {
            Ok((Some(clamp(if *minus { -value } else { *value })), rest))
        }
        [(Token::Sign(_), _), (_, place), ..] => Err(*place),
        _ => Ok((None, tokens)),
    }
}

/// The items as a text.
pub fn write(items: &[mv_index]) -> String {
    let mut text = String::new();
    for item in items {
        let number =
            |bit: u32, value: isize| if item.given & bit == 0 { String::new() } else { value.to_string() };
        let _ = match item.kind {
            MV_INDEX_AT => write!(text, "{},", item.start),
            MV_INDEX_SLICE => {
                write!(text, "{}:{}:{}, ", number(1, item.start), number(2, item.stop), number(4, item.step))
            }
            MV_INDEX_ELLIPSIS => write!(text, "... ,"),
            _ => write!(text, "newaxis,"),
        };
    }
    text
}

/// `mv_index_parse` with room for so many items.
fn read(text: &CStr, capacity: usize) -> Answer<Vec<mv_index>> {
    let untouched = mv_index { kind: 9, given: 9, start: 9, stop: 9, step: 9 };
    let mut items = vec![untouched; capacity];
    let (first, mut count) = if capacity == 0 { (ptr::null_mut(), -9) } else { (items.as_mut_ptr(), -9) };
    // SAFETY: there is room for so many.
    let answer = call(|error| unsafe {
        ffi::mv_index_parse(text.as_ptr(), first, int(capacity), &raw mut count, error)
    });
    if let Err(failure) = answer {
        assert!(count == -9 && items.iter().all(|item| *item == untouched), "a failure has written");
        return Err(failure);
    }
    let beyond = items.split_off(usize::try_from(count).expect("a count"));
    assert!(beyond.iter().all(|item| *item == untouched), "items beyond the count were written");
    Ok(items)
}

/// Reads one text.
pub fn run(data: &[u8]) {
    let text = data.split(|byte| *byte == 0).next().unwrap_or_default();
    let c_text = CString::new(text).expect("no NUL before the first");
    let expected = parse(text);
    match (read(&c_text, 1000), &expected) {
        (Ok(items), Ok(expected)) => {
            assert_eq!(items, *expected);
            let printed = write(&items);
            let again = CString::new(printed).expect("no NUL in a text");
            assert_eq!(read(&again, items.len()).as_ref(), Ok(&items), "{again:?}");
            if let Some(less) = items.len().checked_sub(1) {
                assert_eq!(read(&c_text, less).expect_err("too little room").status, MV_E_LIMIT as i32);
            }
        }
        (Err(failure), Ok(expected)) => {
            assert!(failure.status == MV_E_LIMIT as i32 && expected.len() > MOST, "{failure:?}");
        }
        (answer, Err(place)) => {
            let failure = answer.expect_err("no index");
            assert_eq!((failure.status, failure.position), (MV_E_VALUE as i32, *place as i64));
            assert_eq!(read(&c_text, 0).expect_err("no index"), failure);
        }
    }
    for shape in [&[][..], &[5], &[2, 3, 4]] {
        slice(&c_text, &expected, shape);
    }
}

/// A view takes the text as the model takes the items.
fn slice(text: &CStr, expected: &Result<Vec<mv_index>, usize>, shape: &[isize]) {
    let object = Object::array(c"h", shape, b'C').expect("an array");
    let view = View::new(&object, MV_FULL_RO).expect("a view");
    let buffer = view.buffer();
    // SAFETY: the array's memory, held by the view.
    let (block, model) = unsafe {
        let block = Block::lent(buffer.buf.cast(), buffer.len as usize);
        let model = Model::of(buffer, &block, c"h");
        (block, model)
    };
    let model = expected.as_ref().map_or(Err(Causes::of(MV_E_VALUE)), |items| model.index(items));
    if let Some((part, model)) = judge(view.slice(text), model, Causes::NONE) {
        check_geometry(&part, &model, &block);
    }
}
