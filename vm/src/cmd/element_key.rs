//! What `lsort` and `lsearch` compare: the part of an element that `-index`
//! chooses, read as `-integer` or `-real` if they say so.

use std::borrow::Cow;

use tclring_compiler::Mode;
use tclring_compiler::syntax::index::{BAD_INDEX_CODE, Index, bad_index, parse_index};

use super::options::integer;
use crate::arith;
use crate::error;
use crate::exec::listops::list_of;
use crate::interp::exception::{Exception, Raised};
use crate::value::{Value, View};

/// An index of a `-index` path as messages show it.
fn shown(index: Index) -> String {
    match index {
        Index::FromStart(position) => position.to_string(),
        Index::FromEnd(0) => "end".to_owned(),
        Index::FromEnd(offset) => format!("end{offset}"),
    }
}

/// The largest distance from either end that a `-index` may say.
const DISTANCE_MAX: i64 = i32::MAX as i64;

/// Reads the value of the option `-index`.
pub(super) fn read_path(words: &Value, mode: Mode) -> Result<Vec<Index>, Exception> {
    let list = list_of(words)?;
    let mut path = Vec::with_capacity(list.items().len());
    for (number, word) in list.items().iter().enumerate() {
        let index = read_step(word, mode).map_err(|mut e| {
            e.add_info(format!("\n    (-index option item number {number})").as_bytes());
            e
        })?;
        path.push(index);
    }
    Ok(path)
}

/// Reads one index; one that can never be inside a list is refused.
fn read_step(word: &Value, mode: Mode) -> Result<Index, Exception> {
    let text = word.text();
    let Some(index) = parse_index(&text, mode) else {
        return Err(Raised::error(bad_index(&text)).with_code(BAD_INDEX_CODE));
    };
    let possible = match index {
        Index::FromStart(position) => (0..=DISTANCE_MAX).contains(&position),
        Index::FromEnd(offset) => (-DISTANCE_MAX..=0).contains(&offset),
    };
    if possible {
        return Ok(index);
    }
    Err(error!("index \"", text, "\" out of range"; "TCL", "VALUE", "INDEX", "OUTOFRANGE"))
}

/// The part of `element` at the end of the path.
pub(super) fn select<'a>(element: &'a Value, path: &[Index]) -> Result<Cow<'a, Value>, Exception> {
    // An element of a list that is held as one is looked at where it is.
    if let ([step], View::List(list)) = (path, element.view())
        && let Ok(at) = usize::try_from(step.resolve(list.items().len()))
        && let Some(part) = list.items().get(at)
    {
        return Ok(Cow::Borrowed(part));
    }
    let mut current = Cow::Borrowed(element);
    for step in path {
        let list = list_of(&current)?;
        let position = step.resolve(list.items().len());
        let Some(next) = usize::try_from(position).ok().and_then(|at| list.items().get(at)) else {
            return Err(error!("element ", shown(*step), " missing from sublist \"", &*current, "\"";
                "TCL", "OPERATION", "LSORT", "INDEXFAILED"));
        };
        current = Cow::Owned(next.clone());
    }
    Ok(current)
}

/// Where the compared part is in a group of `stride` elements: an offset, taken off the path's beginning.
pub(super) fn group_offset(path: &mut Vec<Index>, stride: usize, command: &str) -> Result<usize, Exception> {
    if stride == 1 || path.is_empty() {
        return Ok(0);
    }
    let position = path.remove(0).resolve(stride);
    usize::try_from(position).ok().filter(|at| *at < stride).ok_or_else(|| {
        error!("when used with \"-stride\", the leading \"-index\" value must be within the group";
            "TCL", "OPERATION", command, "BADINDEX")
    })
}

/// Reads the value of the option `-stride`, at least `min`.
pub(super) fn read_stride(word: &Value, min: usize, command: &str, mode: Mode) -> Result<usize, Exception> {
    let stride = integer(word, mode)?;
    usize::try_from(stride).ok().filter(|stride| *stride >= min).ok_or_else(
        || error!("stride length must be at least ", min; "TCL", "OPERATION", command, "BADSTRIDE"),
    )
}

/// The error about a list that does not consist of whole groups.
pub(super) fn uneven(command: &str) -> Exception {
    error!("list size must be a multiple of the stride length"; "TCL", "OPERATION", command, "BADSTRIDE")
}

/// The floating-point number in `value`.
pub(super) fn real(value: &Value, mode: Mode) -> Result<f64, Exception> {
    match value.to_f64(mode) {
        Some(d) if d.is_nan() => {
            Err(error!("floating point value is Not a Number"; "TCL", "VALUE", "DOUBLE", "NAN"))
        }
        Some(d) => Ok(d),
        None => Err(arith::error::expected("floating-point number", value)),
    }
}
