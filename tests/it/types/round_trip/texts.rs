//! Texts, bytes and `Uuid`.

use super::{Sample, round_trips};
use crate::random::Random;
use orm::prelude::*;

round_trips! {
    text: String;
    bytea: Vec<u8>;
    uuid: Uuid;
}

impl Sample for String {
    fn edges() -> Vec<Self> {
        let edges = [
            "",
            " ",
            "a",
            "a ",
            "\\",
            "'\"",
            "%_",
            "NULL",
            "{}",
            "{\"a\",NULL}",
            "\u{1}",
            "\n\r\t",
            "日本語🦀é",
            "\u{10ffff}",
            "\0",
            "a\0b",
        ];
        edges.into_iter().map(String::from).chain(["é".repeat(100_000)]).collect()
    }
    fn random(random: &mut Random) -> Self {
        let length = random.below(30);
        (0..length)
            .map(|_| char::from_u32((random.bits() >> 32 >> random.below(32)) as u32).unwrap_or('\\'))
            .collect()
    }
    fn stored(&self) -> Option<Self> {
        (!self.contains('\0')).then(|| self.clone())
    }
    fn text(&self) -> Option<String> {
        Some(self.clone())
    }
    const ENDS: bool = false;
}

impl Sample for Vec<u8> {
    fn edges() -> Vec<Self> {
        vec![vec![], vec![0], vec![0xff; 3], b"\\x00".to_vec(), (0..=255).collect(), vec![7; 100_000]]
    }
    fn random(random: &mut Random) -> Self {
        let length = random.below(30);
        random.bytes(length)
    }
    fn text(&self) -> Option<String> {
        Some(self.iter().fold(String::from("\\x"), |text, byte| format!("{text}{byte:02x}")))
            .filter(|text| text.len() < 1_000)
    }
    const ENDS: bool = false;
}

impl Sample for Uuid {
    fn edges() -> Vec<Self> {
        vec![Uuid::nil(), Uuid::max(), Uuid::from_u128(1)]
    }
    fn random(random: &mut Random) -> Self {
        Uuid::from_u64_pair(random.bits(), random.bits())
    }
    fn text(&self) -> Option<String> {
        Some(self.to_string())
    }
}
