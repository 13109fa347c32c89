//! Encoding files, as `encoding dirs` finds them.
//!
//! The first line that is no comment has a letter: `S`, `D` and `M` are tables
//! of one, two, and one or two bytes per character, `E` is an escape encoding.
//! A table goes on with the fallback cell, a flag for symbol fonts and the
//! number of pages, then the pages: the lead byte and 256 characters of four
//! hexadecimal digits. After a line `R`, lines of a cell and the characters
//! that are encoded as it may follow.

use super::escape::Escape;
use super::table::{Builder, Shape};
use super::{Codec, Encoding};
use tclring_compiler::syntax::list;

/// The file has not the form of an encoding file, or names an unknown encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileError;

/// The encoding that the file's `content` describes. `find` yields the
/// encodings that an escape encoding consists of.
///
/// # Errors
/// [`FileError`] if the content is malformed.
pub fn parse_file(
    name: &str,
    content: &[u8],
    find: &mut dyn FnMut(&str) -> Option<Encoding>,
) -> Result<Encoding, FileError> {
    let mut lines = content.split(|b| *b == b'\n').map(<[u8]>::trim_ascii);
    let mut letter = lines.by_ref().find(|line| !line.is_empty() && line[0] != b'#').ok_or(FileError)?;
    letter = &letter[..1];
    let codec = match letter {
        b"S" => table(Shape::Single, &mut lines)?,
        b"D" => table(Shape::Double, &mut lines)?,
        b"M" => table(Shape::Multi, &mut lines)?,
        b"E" => escape(&mut lines, find)?,
        _ => return Err(FileError),
    };
    Ok(Encoding::new(name, codec))
}

fn hexadecimal(digits: &[u8]) -> Result<u16, FileError> {
    let digits = std::str::from_utf8(digits).map_err(|_| FileError)?;
    u16::from_str_radix(digits, 16).map_err(|_| FileError)
}

fn table(shape: Shape, lines: &mut dyn Iterator<Item = &[u8]>) -> Result<Codec, FileError> {
    let header = lines.next().ok_or(FileError)?;
    let mut words = header.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let fallback = hexadecimal(words.next().ok_or(FileError)?)?;
    let symbol = words.next().ok_or(FileError)? != b"0";
    let pages =
        std::str::from_utf8(words.next().ok_or(FileError)?).ok().and_then(|word| word.parse::<u16>().ok());
    let mut builder = Builder::new(shape);
    for _ in 0..pages.filter(|count| *count <= 256).ok_or(FileError)? {
        let lead = hexadecimal(lines.next().ok_or(FileError)?)?;
        let page = builder.page(u8::try_from(lead).map_err(|_| FileError)?);
        let mut at = 0;
        while at < page.len() {
            let line = lines.next().ok_or(FileError)?;
            if line.is_empty() || line.len() > 4 * (page.len() - at) {
                return Err(FileError);
            }
            for digits in line.chunks(4) {
                page[at] = hexadecimal(digits)?;
                at += 1;
            }
        }
    }
    let mut reverse = Vec::new();
    for line in lines.skip_while(|line| *line != b"R").skip(1) {
        let mut numbers =
            line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).map(hexadecimal);
        let Some(cell) = numbers.next() else { continue };
        for character in numbers {
            reverse.push((character?, cell?));
        }
    }
    reverse.retain(|(character, cell)| *character != 0 && *cell != 0);
    Ok(Codec::table(builder.finish(fallback, symbol, &reverse)))
}

fn escape(
    lines: &mut dyn Iterator<Item = &[u8]>,
    find: &mut dyn FnMut(&str) -> Option<Encoding>,
) -> Result<Codec, FileError> {
    let (mut initial, mut last, mut tables) = (Vec::new(), Vec::new(), Vec::new());
    for line in lines {
        let Ok(words) = list::split(line) else { continue };
        let [word, sequence] = words.as_slice() else { continue };
        match word.as_ref() {
            b"name" => {}
            b"init" => initial = sequence.to_vec(),
            b"final" => last = sequence.to_vec(),
            other => {
                let name = std::str::from_utf8(other).map_err(|_| FileError)?;
                tables.push((sequence.to_vec(), find(name).ok_or(FileError)?));
            }
        }
    }
    Escape::new(initial, last, tables).map(Codec::Escape).ok_or(FileError)
}
