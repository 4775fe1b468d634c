//! JSON as it is written: what could not be read back is refused.

use serde_json::ser::{CharEscape, CompactFormatter, Formatter};
use std::io::{Error, Result, Write};

/// How deep serde_json reads.
const DEPTH: usize = 127;
/// From here on serde_json writes floats with an exponent, which `jsonb` gives back as integers.
const LARGE: f64 = 1e16;

/// Refuses what nests deeper than can be read, and the character NUL; writes large floats as floats.
#[derive(Default)]
pub(super) struct Strict {
    depth: usize,
}

impl Strict {
    fn deeper(&mut self) -> Result<()> {
        self.depth += 1;
        match self.depth > DEPTH {
            true => Err(Error::other("it is nested more than 127 deep, and could not be read back")),
            false => Ok(()),
        }
    }
}

impl Formatter for Strict {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.deeper()?;
        CompactFormatter.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.depth -= 1;
        CompactFormatter.end_array(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.deeper()?;
        CompactFormatter.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.depth -= 1;
        CompactFormatter.end_object(writer)
    }

    fn write_f32<W: ?Sized + Write>(&mut self, writer: &mut W, value: f32) -> Result<()> {
        match f64::from(value.abs()) < LARGE {
            true => CompactFormatter.write_f32(writer, value),
            false => write!(writer, "{value:.1}"),
        }
    }

    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> Result<()> {
        match value.abs() < LARGE {
            true => CompactFormatter.write_f64(writer, value),
            false => write!(writer, "{value:.1}"),
        }
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, writer: &mut W, escape: CharEscape) -> Result<()> {
        match escape {
            CharEscape::AsciiControl(0) => {
                Err(Error::other("a text holds the character NUL, which PostgreSQL cannot store"))
            }
            escape => CompactFormatter.write_char_escape(writer, escape),
        }
    }
}
