//! Terminals and serial ports: what `chan configure` shows and sets of them.

use std::os::fd::BorrowedFd;

use rustix::termios::{
    ControlModes, InputModes, LocalModes, OptionalActions, OutputModes, QueueSelector, SpecialCodeIndex,
    Termios, tcgetattr, tcsetattr,
};

use super::errno::{Errno, HostError};
use super::sys;

/// Whether `fd` is a terminal or serial port.
pub fn is_terminal(fd: BorrowedFd<'_>) -> bool {
    rustix::termios::isatty(fd)
}

/// `-winsize`: columns and rows.
///
/// # Errors
/// What the system says.
pub fn window_size(fd: BorrowedFd<'_>) -> Result<(u16, u16), Errno> {
    let size = rustix::termios::tcgetwinsize(fd)?;
    Ok((size.ws_col, size.ws_row))
}

/// All settings of a terminal, to be restored later.
#[derive(Clone, Debug)]
pub struct Settings(Termios);

/// The settings of a terminal.
///
/// # Errors
/// What the system says.
pub fn settings(fd: BorrowedFd<'_>) -> Result<Settings, Errno> {
    Ok(Settings(tcgetattr(fd)?))
}

/// Restores the settings of a terminal: `-inputmode reset`, and at the end.
///
/// # Errors
/// What the system says.
pub fn restore(fd: BorrowedFd<'_>, settings: &Settings) -> Result<(), Errno> {
    Ok(tcsetattr(fd, OptionalActions::Drain, &settings.0)?)
}

fn change(fd: BorrowedFd<'_>, change: impl FnOnce(&mut Termios)) -> Result<(), Errno> {
    let mut termios = tcgetattr(fd)?;
    change(&mut termios);
    Ok(tcsetattr(fd, OptionalActions::Drain, &termios)?)
}

/// `-inputmode`: who edits a line, and whether it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputMode {
    /// The terminal, and it is.
    Normal,
    /// The terminal, and it is not.
    Password,
    /// The program, and it is not.
    Raw,
}

impl InputMode {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            InputMode::Normal => "normal",
            InputMode::Password => "password",
            InputMode::Raw => "raw",
        }
    }
}

/// The input mode of a terminal; None for a mixture that has no name.
///
/// # Errors
/// What the system says.
pub fn input_mode(fd: BorrowedFd<'_>) -> Result<Option<InputMode>, Errno> {
    let modes = tcgetattr(fd)?.local_modes;
    Ok(match (modes.contains(LocalModes::ICANON), modes.contains(LocalModes::ECHO)) {
        (true, true) => Some(InputMode::Normal),
        (true, false) => Some(InputMode::Password),
        (false, false) => Some(InputMode::Raw),
        (false, true) => None,
    })
}

/// Sets the input mode of a terminal.
///
/// # Errors
/// What the system says.
pub fn set_input_mode(fd: BorrowedFd<'_>, mode: InputMode) -> Result<(), Errno> {
    change(fd, |termios| {
        if mode == InputMode::Raw {
            termios.make_raw();
            return;
        }
        termios.input_modes |= InputModes::BRKINT
            | InputModes::IGNPAR
            | InputModes::ISTRIP
            | InputModes::ICRNL
            | InputModes::IXON;
        termios.output_modes |= OutputModes::OPOST;
        termios.local_modes |= LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG;
        if mode == InputMode::Password {
            termios.local_modes -= LocalModes::ECHO;
        }
    })
}

/// The speeds that serial ports have; another one becomes the nearest.
const SPEEDS: [u32; 30] = [
    50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19200, 38400, 57600, 115_200,
    230_400, 460_800, 500_000, 576_000, 921_600, 1_000_000, 1_152_000, 1_500_000, 2_000_000, 2_500_000,
    3_000_000, 3_500_000, 4_000_000,
];

/// `-mode`: how a serial port sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SerialMode {
    /// Bits per second.
    pub baud: u32,
    /// `n`, `o`, `e`, `m` or `s`.
    pub parity: u8,
    /// 5 to 8 bits of data.
    pub data: u32,
    /// 1 or 2 stop bits.
    pub stop: u32,
}

impl std::fmt::Display for SerialMode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{},{},{},{}", self.baud, char::from(self.parity), self.data, self.stop)
    }
}

impl SerialMode {
    /// Reads `baud,parity,data,stop`.
    ///
    /// # Errors
    /// The reference's, `bad value for -mode…`.
    pub fn parse(text: &[u8]) -> Result<SerialMode, HostError> {
        let bad = |words: &[u8]| {
            HostError::other(&[b"bad value for -mode", words], &[b"TCL", b"VALUE", b"SERIALMODE"])
        };
        let form = || bad(b": should be baud,parity,data,stop");
        let parts: Vec<&[u8]> = text.split(|byte| *byte == b',').collect();
        let [baud, [parity], data, stop] = parts[..] else { return Err(form()) };
        let number = |text: &[u8]| {
            std::str::from_utf8(text).ok().and_then(|text| text.trim_start().parse::<u32>().ok())
        };
        let (Some(baud), Some(data), Some(stop)) = (number(baud), number(data), number(stop)) else {
            return Err(form());
        };
        if !b"noems".contains(parity) {
            return Err(bad(b" parity: should be n, o, e, m, or s"));
        }
        if !(5..=8).contains(&data) {
            return Err(bad(b" data: should be 5, 6, 7, or 8"));
        }
        if !(1..=2).contains(&stop) {
            return Err(bad(b" stop: should be 1 or 2"));
        }
        Ok(SerialMode { baud, parity: *parity, data, stop })
    }
}

/// The serial mode of a port.
///
/// # Errors
/// What the system says.
pub fn serial_mode(fd: BorrowedFd<'_>) -> Result<SerialMode, Errno> {
    let termios = tcgetattr(fd)?;
    let modes = termios.control_modes;
    let parity = match (
        modes.contains(ControlModes::PARENB),
        modes.contains(ControlModes::CMSPAR),
        modes.contains(ControlModes::PARODD),
    ) {
        (false, _, _) => b'n',
        (true, false, true) => b'o',
        (true, false, false) => b'e',
        (true, true, true) => b'm',
        (true, true, false) => b's',
    };
    let size = modes & ControlModes::CSIZE;
    let data = [(ControlModes::CS5, 5), (ControlModes::CS6, 6), (ControlModes::CS7, 7)]
        .into_iter()
        .find_map(|(bits, data)| (size == bits).then_some(data))
        .unwrap_or(8);
    let stop = if modes.contains(ControlModes::CSTOPB) { 2 } else { 1 };
    Ok(SerialMode { baud: termios.output_speed(), parity, data, stop })
}

/// Sets the serial mode of a port, with the nearest speed that there is.
///
/// # Errors
/// What the system says.
pub fn set_serial_mode(fd: BorrowedFd<'_>, mode: SerialMode) -> Result<(), Errno> {
    let nearest = SPEEDS.into_iter().min_by_key(|speed| speed.abs_diff(mode.baud)).unwrap_or(mode.baud);
    let mut termios = tcgetattr(fd)?;
    termios.set_speed(nearest)?;
    let modes = &mut termios.control_modes;
    *modes -= ControlModes::PARENB | ControlModes::PARODD | ControlModes::CMSPAR;
    *modes -= ControlModes::CSIZE | ControlModes::CSTOPB;
    *modes |= match mode.parity {
        b'o' => ControlModes::PARENB | ControlModes::PARODD,
        b'e' => ControlModes::PARENB,
        b'm' => ControlModes::PARENB | ControlModes::CMSPAR | ControlModes::PARODD,
        b's' => ControlModes::PARENB | ControlModes::CMSPAR,
        _ => ControlModes::empty(),
    };
    *modes |= match mode.data {
        5 => ControlModes::CS5,
        6 => ControlModes::CS6,
        7 => ControlModes::CS7,
        _ => ControlModes::CS8,
    };
    if mode.stop == 2 {
        *modes |= ControlModes::CSTOPB;
    }
    Ok(tcsetattr(fd, OptionalActions::Drain, &termios)?)
}

/// Makes a serial port that has just been opened pass bytes as they are.
///
/// # Errors
/// What the system says.
pub fn initialise_serial(fd: BorrowedFd<'_>) -> Result<(), Errno> {
    change(fd, |termios| {
        termios.input_modes = InputModes::IGNBRK;
        termios.output_modes = OutputModes::empty();
        termios.local_modes = LocalModes::empty();
        termios.control_modes |= ControlModes::CREAD;
        termios.special_codes[SpecialCodeIndex::VMIN] = 1;
        termios.special_codes[SpecialCodeIndex::VTIME] = 0;
    })
}

/// `-handshake`: how a serial port holds its peer back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handshake {
    /// Not at all.
    None,
    /// By lines.
    RtsCts,
    /// By characters.
    XonXoff,
}

/// Sets the handshake of a serial port.
///
/// # Errors
/// What the system says.
pub fn set_handshake(fd: BorrowedFd<'_>, handshake: Handshake) -> Result<(), Errno> {
    change(fd, |termios| {
        let characters = InputModes::IXON | InputModes::IXOFF | InputModes::IXANY;
        termios.input_modes -= characters;
        termios.control_modes -= ControlModes::CRTSCTS;
        match handshake {
            Handshake::None => {}
            Handshake::RtsCts => termios.control_modes |= ControlModes::CRTSCTS,
            Handshake::XonXoff => termios.input_modes |= characters,
        }
    })
}

/// `-xchar`: the characters that start and stop the output.
///
/// # Errors
/// What the system says.
pub fn flow_characters(fd: BorrowedFd<'_>) -> Result<(u8, u8), Errno> {
    let codes = tcgetattr(fd)?.special_codes;
    Ok((codes[SpecialCodeIndex::VSTART], codes[SpecialCodeIndex::VSTOP]))
}

/// Sets the characters that start and stop the output.
///
/// # Errors
/// What the system says.
pub fn set_flow_characters(fd: BorrowedFd<'_>, start: u8, stop: u8) -> Result<(), Errno> {
    change(fd, |termios| {
        termios.special_codes[SpecialCodeIndex::VSTART] = start;
        termios.special_codes[SpecialCodeIndex::VSTOP] = stop;
    })
}

/// `-timeout`: how long a blocking read waits for the first byte, in
/// milliseconds, of which the system takes tenths of seconds; 0 for ever.
///
/// # Errors
/// What the system says.
pub fn set_timeout(fd: BorrowedFd<'_>, timeout_ms: u32) -> Result<(), Errno> {
    let tenths = u8::try_from(timeout_ms.div_ceil(100)).unwrap_or(u8::MAX);
    change(fd, |termios| {
        termios.special_codes[SpecialCodeIndex::VMIN] = u8::from(tenths == 0);
        termios.special_codes[SpecialCodeIndex::VTIME] = tenths;
    })
}

/// `-queue`: how many bytes wait to be read and to be sent.
pub fn queues(fd: BorrowedFd<'_>) -> (i32, i32) {
    (sys::input_queue_bytes(fd).unwrap_or(0), sys::output_queue_bytes(fd).unwrap_or(0))
}

/// `-ttystatus`: the lines of a serial port with their names; all are off
/// where there are none.
pub fn lines(fd: BorrowedFd<'_>) -> [(&'static str, bool); 4] {
    let bits = sys::modem_lines(fd).unwrap_or(0);
    [
        ("CTS", bits & libc::TIOCM_CTS != 0),
        ("DSR", bits & libc::TIOCM_DSR != 0),
        ("RING", bits & libc::TIOCM_RNG != 0),
        ("DCD", bits & libc::TIOCM_CD != 0),
    ]
}

/// A line of a serial port that can be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// Data terminal ready.
    Dtr,
    /// Request to send.
    Rts,
    /// A break.
    Break,
}

/// `-ttycontrol`: sets a line. What has no lines ignores it, as in the
/// reference.
pub fn set_line(fd: BorrowedFd<'_>, line: Line, on: bool) {
    let _ = match line {
        Line::Dtr => sys::set_modem_lines(fd, libc::TIOCM_DTR, on),
        Line::Rts => sys::set_modem_lines(fd, libc::TIOCM_RTS, on),
        Line::Break => sys::set_break(fd, on),
    };
}

/// `-closemode discard`: forgets what waits to be sent.
///
/// # Errors
/// What the system says.
pub fn discard_output(fd: BorrowedFd<'_>) -> Result<(), Errno> {
    Ok(rustix::termios::tcflush(fd, QueueSelector::OFlush)?)
}

/// `-closemode drain`: waits until everything has been sent.
///
/// # Errors
/// What the system says.
pub fn drain_output(fd: BorrowedFd<'_>) -> Result<(), Errno> {
    Ok(rustix::termios::tcdrain(fd)?)
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::os::fd::AsFd;

    use super::*;

    #[test]
    fn modes() {
        for (text, expected) in [
            ("9600,n,8,1", "9600,n,8,1"),
            ("9600,n,8", "bad value for -mode: should be baud,parity,data,stop"),
            ("9600,n,8,1x", "bad value for -mode: should be baud,parity,data,stop"),
            ("9600,n,8,3", "bad value for -mode stop: should be 1 or 2"),
            ("9600,n,9,1", "bad value for -mode data: should be 5, 6, 7, or 8"),
            ("9600,N,8,1", "bad value for -mode parity: should be n, o, e, m, or s"),
        ] {
            let shown =
                SerialMode::parse(text.as_bytes()).map_or_else(|e| e.to_string(), |mode| mode.to_string());
            assert_eq!(shown, expected);
        }
    }

    #[test]
    fn a_terminal() {
        let Some((_master, slave)) = sys::new_terminal() else { return };
        let fd = slave.as_fd();
        assert!(is_terminal(fd));
        let before = settings(fd).unwrap();
        for mode in [InputMode::Raw, InputMode::Password, InputMode::Normal, InputMode::Raw] {
            set_input_mode(fd, mode).unwrap();
            assert_eq!(input_mode(fd).unwrap(), Some(mode));
        }
        restore(fd, &before).unwrap();
        assert_eq!(input_mode(fd).unwrap(), Some(InputMode::Normal));
        set_serial_mode(fd, SerialMode { baud: 1201, parity: b'n', data: 8, stop: 2 }).unwrap();
        assert_eq!(serial_mode(fd).unwrap().to_string(), "1200,n,8,2");
        set_flow_characters(fd, b'a', b'b').unwrap();
        assert_eq!(flow_characters(fd).unwrap(), (b'a', b'b'));
        for handshake in [Handshake::RtsCts, Handshake::XonXoff, Handshake::None] {
            set_handshake(fd, handshake).unwrap();
        }
        set_timeout(fd, 100).unwrap();
        set_line(fd, Line::Dtr, true);
        assert_eq!(queues(fd), (0, 0));
        assert_eq!(lines(fd).map(|(_, on)| on), [false; 4]);
        assert_eq!(window_size(fd).unwrap(), (0, 0));
        discard_output(fd).unwrap();
    }

    #[test]
    fn no_terminal() {
        let file = File::open("/dev/null").unwrap();
        assert!(!is_terminal(file.as_fd()));
        assert_eq!(input_mode(file.as_fd()), Err(Errno(libc::ENOTTY)));
    }
}
