//! What a clock operation reports when it fails.

/// A failure with its message and its errorCode, both as a script sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockError {
    /// The message.
    pub message: Vec<u8>,
    /// The words of the errorCode.
    pub error_code: Vec<Vec<u8>>,
}

impl ClockError {
    /// Makes an error from a message and the words of its errorCode.
    pub fn new(message: impl Into<Vec<u8>>, error_code: &[&[u8]]) -> ClockError {
        ClockError {
            message: message.into(),
            error_code: error_code.iter().map(|word| word.to_vec()).collect(),
        }
    }

    /// The input does not follow the format.
    pub(crate) fn mismatch() -> ClockError {
        ClockError::new("input string does not match supplied format", &[b"CLOCK", b"badInputString"])
    }

    /// A date is beyond what the reference computes.
    pub(crate) fn date_too_large() -> ClockError {
        ClockError::new("requested date too large to represent", &[b"CLOCK", b"dateTooLarge"])
    }

    /// A number of seconds does not fit.
    pub(crate) fn integer_too_large() -> ClockError {
        ClockError::new("integer value too large to represent", &[b"CLOCK", b"dateTooLarge"])
    }
}
