//! Makes the tables of East Asian encodings from those of `encoding_rs`.

use super::cjk_tables::{Source, Wide};
use super::table::{Builder, Shape, Table};
use encoding_rs::{BIG5, EUC_JP, EUC_KR, GBK, SHIFT_JIS};

/// The table of a built-in row.
pub(super) fn table_of(wide: &Wide) -> Table {
    let mut builder = Builder::new(if wide.seven_bit { Shape::Double } else { Shape::Multi });
    builder.set(0, 0);
    if !wide.seven_bit {
        for byte in 0..0x80 {
            builder.set(byte, byte);
        }
    }
    for (lead_first, lead_last, trail_first, trail_last) in wide.windows {
        for lead in *lead_first..=*lead_last {
            for trail in *trail_first..=*trail_last {
                let cell = u16::from_be_bytes([lead, trail]);
                let hole = wide.holes.iter().any(|(first, last)| (*first..=*last).contains(&cell));
                if let Some(character) = source_character(wide, lead, trail).filter(|_| !hole) {
                    builder.set(cell, character);
                }
            }
        }
    }
    for (first, characters) in wide.overrides {
        for (cell, character) in (*first..).zip(characters.chars()) {
            builder.set(cell, u16::try_from(u32::from(character)).expect("the tables have 16 bits"));
        }
    }
    builder.finish(wide.fallback, false, wide.reverse)
}

/// The source's character of the cell, if it is exactly one of 16 bits.
fn source_character(wide: &Wide, lead: u8, trail: u8) -> Option<u16> {
    let high = if wide.seven_bit { 0x80 } else { 0 };
    let (encoding, bytes): (_, &[u8]) = match wide.source {
        Source::Big5 => (BIG5, &[lead | high, trail | high]),
        Source::EucJp => (EUC_JP, &[lead | high, trail | high]),
        Source::EucJpThreeByte => (EUC_JP, &[0x8F, lead | high, trail | high]),
        Source::EucKr => (EUC_KR, &[lead | high, trail | high]),
        Source::Gbk => (GBK, &[lead | high, trail | high]),
        Source::ShiftJis => (SHIFT_JIS, &[lead | high, trail | high]),
    };
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    let mut characters = text.chars();
    let single = characters.next().filter(|_| characters.next().is_none())?;
    u16::try_from(u32::from(single)).ok()
}
