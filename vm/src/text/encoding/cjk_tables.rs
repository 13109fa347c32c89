//! How the East Asian encodings differ from those of `encoding_rs`.
//!
//! The web's encodings have more characters than the reference's: rows name
//! the windows that are taken, the holes within them and the cells that are
//! different. The facts were read from the reference, cell by cell.

/// The source of an encoding's cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Big5,
    EucJp,
    /// The three-byte part of EUC-JP, as two bytes.
    EucJpThreeByte,
    EucKr,
    Gbk,
    ShiftJis,
}

/// One encoding in terms of another.
#[derive(Debug)]
pub(super) struct Wide {
    pub(super) name: &'static str,
    pub(super) source: Source,
    /// Whether all characters have two bytes, of seven bits each, instead of
    /// the source's with the eighth bit.
    pub(super) seven_bit: bool,
    /// What stands for characters that the encoding lacks.
    pub(super) fallback: u16,
    /// First and last lead byte, first and last trail byte of what is taken.
    pub(super) windows: &'static [(u8, u8, u8, u8)],
    /// First and last cell without a character.
    pub(super) holes: &'static [(u16, u16)],
    /// Runs of cells with other characters than the source's: first cell, characters.
    pub(super) overrides: &'static [(u16, &'static str)],
    /// Characters, and the cells they are encoded as, beyond the inverse of decoding.
    pub(super) reverse: &'static [(u16, u16)],
}

/// All of them, by name.
#[rustfmt::skip]
pub(super) static WIDES: [Wide; 14] = [
    Wide {
        name: "big5", source: Source::Big5, seven_bit: false, fallback: 0x3F,
        windows: &[(0xA1, 0xC7, 0x40, 0x7E), (0xA1, 0xC7, 0xA1, 0xFE), (0xC9, 0xF9, 0x40, 0x7E), (0xC9, 0xF9, 0xA1, 0xFE)],
        holes: &[(0xA3C0, 0xA3E1), (0xC7FD, 0xC7FE), (0xF9D6, 0xF9FE)],
        overrides: &[
            (0xA145, "•"),
            (0xA14E, "､"),
            (0xA15A, "�"),
            (0xA1C2, "‾�"),
            (0xA1C5, "�"),
            (0xA1E3, "∼"),
            (0xA1F2, "♁☉"),
            (0xA1FE, "�"),
            (0xA240, "�／＼"),
            (0xA244, "¥"),
            (0xA246, "¢£"),
            (0xA2CC, "�"),
            (0xA2CE, "�"),
            (0xC6A1, "ヾゝゞ々ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんァアィイゥウェ"),
            (0xC740, "エォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユ"),
            (0xC7A1, "ョヨラリルレロヮワヰヱヲンヴヵヶДЕЁЖЗИЙКЛМУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя①②③④⑤⑥⑦⑧⑨⑩⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽"),
        ],
        reverse: &[],
    },
    Wide {
        name: "cp932", source: Source::ShiftJis, seven_bit: false, fallback: 0x3F,
        windows: &[(0x81, 0x84, 0x40, 0xFC), (0x87, 0x9F, 0x40, 0xFC), (0xE0, 0xEA, 0x40, 0xFC), (0xED, 0xEE, 0x40, 0xFC), (0xFA, 0xFC, 0x40, 0xFC)],
        holes: &[],
        overrides: &[
            (0xA1, "｡｢｣､･ｦｧｨｩｪｫｬｭｮｯｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝﾞﾟ"),
        ],
        reverse: &[(0x301C, 0x8160), (0xFF5E, 0x8160), (0x2016, 0x8161), (0x2225, 0x8161), (0x2212, 0x817C), (0xFF0D, 0x817C), (0xA2, 0x8191), (0xFFE0, 0x8191), (0xA3, 0x8192), (0xFFE1, 0x8192), (0xAC, 0x81CA), (0xFFE2, 0x81CA), (0x222A, 0x81BE), (0x2229, 0x81BF), (0x2220, 0x81DA), (0x22A5, 0x81DB), (0x2261, 0x81DF), (0x2252, 0x81E0), (0x221A, 0x81E3), (0x2235, 0x81E6), (0x222B, 0x81E7)],
    },
    Wide {
        name: "cp936", source: Source::Gbk, seven_bit: false, fallback: 0x3F,
        windows: &[(0x81, 0xFE, 0x40, 0xFE)],
        holes: &[
            (0xA140, 0xA1A0), (0xA240, 0xA2A0), (0xA2AB, 0xA2B0), (0xA2E3, 0xA2E4), (0xA2EF, 0xA2F0), (0xA2FD, 0xA3A0),
            (0xA440, 0xA4A0), (0xA4F4, 0xA5A0), (0xA5F7, 0xA6A0), (0xA6B9, 0xA6C0), (0xA6D9, 0xA6DF), (0xA6EC, 0xA6ED), (0xA6F3, 0xA6F3),
            (0xA6F6, 0xA7A0), (0xA7C2, 0xA7D0), (0xA7F2, 0xA7FE), (0xA896, 0xA8A0), (0xA8BC, 0xA8BC), (0xA8BF, 0xA8BF), (0xA8C1, 0xA8C4),
            (0xA8EA, 0xA8FE), (0xA958, 0xA958), (0xA95B, 0xA95B), (0xA95D, 0xA95F), (0xA989, 0xA995), (0xA997, 0xA9A3), (0xA9F0, 0xA9FE),
            (0xAAA1, 0xAAFE), (0xABA1, 0xABFE), (0xACA1, 0xACFE), (0xADA1, 0xADFE), (0xAEA1, 0xAEFE), (0xAFA1, 0xAFFE), (0xD7FA, 0xD7FE),
            (0xF8A1, 0xF8FE), (0xF9A1, 0xF9FE), (0xFAA1, 0xFAFE), (0xFBA1, 0xFBFE), (0xFCA1, 0xFCFE), (0xFDA1, 0xFDFE), (0xFE50, 0xFEFE),
        ],
        overrides: &[
            (0x80, "€"),
        ],
        reverse: &[],
    },
    Wide {
        name: "cp949", source: Source::EucKr, seven_bit: false, fallback: 0x3F,
        windows: &[(0x81, 0xFD, 0x41, 0xFE)],
        holes: &[],
        overrides: &[],
        reverse: &[],
    },
    Wide {
        name: "cp950", source: Source::Big5, seven_bit: false, fallback: 0x3F,
        windows: &[(0xA1, 0xC6, 0x40, 0xFE), (0xC9, 0xF9, 0x40, 0xFE)],
        holes: &[(0xA3C0, 0xA3E0), (0xC6A1, 0xC6FE)],
        overrides: &[
            (0xF9FE, "▓"),
        ],
        reverse: &[],
    },
    Wide {
        name: "euc-cn", source: Source::Gbk, seven_bit: false, fallback: 0x3F,
        windows: &[(0xA1, 0xF7, 0xA1, 0xFE)],
        holes: &[
            (0xA2A1, 0xA2B0), (0xA2E3, 0xA2E4), (0xA2EF, 0xA2F0), (0xA2FD, 0xA2FE), (0xA4F4, 0xA4FE), (0xA5F7, 0xA5FE),
            (0xA6B9, 0xA6C0), (0xA6D9, 0xA6FE), (0xA7C2, 0xA7D0), (0xA7F2, 0xA7FE), (0xA8BB, 0xA8C4), (0xA8EA, 0xA9A3), (0xA9F0, 0xAFFE),
            (0xD7FA, 0xD7FE),
        ],
        overrides: &[
            (0xA1A4, "・"),
            (0xA1AA, "―"),
            (0xA1AC, "∥"),
        ],
        reverse: &[],
    },
    Wide {
        name: "euc-jp", source: Source::EucJp, seven_bit: false, fallback: 0x3F,
        windows: &[(0x8E, 0x8E, 0xA1, 0xDF), (0xA1, 0xA8, 0xA1, 0xFE), (0xB0, 0xF4, 0xA1, 0xFE)],
        holes: &[],
        overrides: &[
            (0xA1C1, "〜‖"),
            (0xA1DD, "−"),
            (0xA1F1, "¢£"),
            (0xA2CC, "¬"),
        ],
        reverse: &[(0x301C, 0xA1C1), (0xFF5E, 0xA1C1), (0x2016, 0xA1C2), (0x2225, 0xA1C2), (0x2212, 0xA1DD), (0xFF0D, 0xA1DD), (0xA2, 0xA1F1), (0xFFE0, 0xA1F1), (0xA3, 0xA1F2), (0xFFE1, 0xA1F2), (0xAC, 0xA2CC), (0xFFE2, 0xA2CC)],
    },
    Wide {
        name: "euc-kr", source: Source::EucKr, seven_bit: false, fallback: 0x3F,
        windows: &[(0xA1, 0xFD, 0xA1, 0xFE)],
        holes: &[(0xA2E6, 0xA2E7)],
        overrides: &[],
        reverse: &[],
    },
    Wide {
        name: "gb2312", source: Source::Gbk, seven_bit: false, fallback: 0x3F,
        windows: &[(0xA1, 0xF7, 0xA1, 0xFE)],
        holes: &[
            (0xA2A1, 0xA2B0), (0xA2E3, 0xA2E4), (0xA2EF, 0xA2F0), (0xA2FD, 0xA2FE), (0xA4F4, 0xA4FE), (0xA5F7, 0xA5FE),
            (0xA6B9, 0xA6C0), (0xA6D9, 0xA6FE), (0xA7C2, 0xA7D0), (0xA7F2, 0xA7FE), (0xA8BB, 0xA8C4), (0xA8EA, 0xA9A3), (0xA9F0, 0xAFFE),
            (0xD7FA, 0xD7FE),
        ],
        overrides: &[
            (0x80, "\u{80}\u{81}\u{82}\u{83}\u{84}\u{85}\u{86}\u{87}\u{88}\u{89}\u{8A}\u{8B}\u{8C}\u{8D}\u{8E}\u{8F}\u{90}\u{91}\u{92}\u{93}\u{94}\u{95}\u{96}\u{97}\u{98}\u{99}\u{9A}\u{9B}\u{9C}\u{9D}\u{9E}\u{9F}"),
            (0xA1A4, "・"),
            (0xA1AA, "―"),
            (0xA1AC, "∥"),
        ],
        reverse: &[],
    },
    Wide {
        name: "gb2312-raw", source: Source::Gbk, seven_bit: true, fallback: 0x233F,
        windows: &[(0x21, 0x77, 0x21, 0x7E)],
        holes: &[
            (0x2221, 0x2230), (0x2263, 0x2264), (0x226F, 0x2270), (0x227D, 0x227E), (0x2474, 0x247E), (0x2577, 0x257E), (0x2639, 0x2640),
            (0x2659, 0x267E), (0x2742, 0x2750), (0x2772, 0x277E), (0x283B, 0x2844), (0x286A, 0x2923), (0x2970, 0x2F7E), (0x577A, 0x577E),
        ],
        overrides: &[
            (0x2124, "・"),
            (0x212A, "―"),
            (0x212C, "∥"),
        ],
        reverse: &[],
    },
    Wide {
        name: "jis0208", source: Source::EucJp, seven_bit: true, fallback: 0x2129,
        windows: &[(0x21, 0x28, 0x21, 0x7E), (0x30, 0x74, 0x21, 0x7E)],
        holes: &[],
        overrides: &[
            (0x2141, "〜‖"),
            (0x215D, "−"),
            (0x2171, "¢£"),
            (0x224C, "¬"),
        ],
        reverse: &[(0x301C, 0x2141), (0xFF5E, 0x2141), (0x2016, 0x2142), (0x2225, 0x2142), (0x2212, 0x215D), (0xFF0D, 0x215D), (0xA2, 0x2171), (0xFFE0, 0x2171), (0xA3, 0x2172), (0xFFE1, 0x2172), (0xAC, 0x224C), (0xFFE2, 0x224C)],
    },
    Wide {
        name: "jis0212", source: Source::EucJpThreeByte, seven_bit: true, fallback: 0x2244,
        windows: &[(0x22, 0x6D, 0x21, 0x7E)],
        holes: &[],
        overrides: &[
            (0x2237, "\u{7E}"),
        ],
        reverse: &[],
    },
    Wide {
        name: "ksc5601", source: Source::EucKr, seven_bit: true, fallback: 0x233F,
        windows: &[(0x21, 0x7D, 0x21, 0x7E)],
        holes: &[(0x2266, 0x2267)],
        overrides: &[],
        reverse: &[],
    },
    Wide {
        name: "shiftjis", source: Source::ShiftJis, seven_bit: false, fallback: 0x3F,
        windows: &[(0x81, 0x84, 0x40, 0xFC), (0x88, 0x9F, 0x40, 0xFC), (0xE0, 0xEA, 0x40, 0xFC)],
        holes: &[],
        overrides: &[
            (0xA1, "｡｢｣､･ｦｧｨｩｪｫｬｭｮｯｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝﾞﾟ"),
            (0x8160, "〜‖"),
            (0x817C, "−"),
            (0x8191, "¢£"),
            (0x81CA, "¬"),
            (0x96FF, "～"),
        ],
        reverse: &[(0x301C, 0x8160), (0xFF5E, 0x8160), (0x2016, 0x8161), (0x2225, 0x8161), (0x2212, 0x817C), (0xFF0D, 0x817C), (0xA2, 0x8191), (0xFFE0, 0x8191), (0xA3, 0x8192), (0xFFE1, 0x8192), (0xAC, 0x81CA), (0xFFE2, 0x81CA)],
    },
];
