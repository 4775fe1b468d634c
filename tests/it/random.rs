//! The numbers that random tests are made of. `ORM_SEED` and `ORM_CASES` set the seed and the number of cases.

mod models;
mod oracles;
mod queries;
mod rows;
mod said;
mod sets;
mod speak;

use std::env;

/// A number in the environment.
pub fn set(name: &str) -> Option<u64> {
    env::var(name).ok().map(|text| text.parse().expect("a number"))
}

pub fn seed() -> u64 {
    set("ORM_SEED").unwrap_or(20_240_229)
}

pub fn cases(default: u64) -> u64 {
    set("ORM_CASES").unwrap_or(default)
}

/// xorshift64*
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed.max(1))
    }

    /// The numbers of one case, whatever the others take.
    pub fn of(batch: u64, case: u64) -> Self {
        let mut random = Random::new(seed().wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (batch << 40) ^ (case + 1));
        for _ in 0..8 {
            random.bits();
        }
        random
    }

    pub fn bits(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        (self.bits() >> 33) % end
    }

    /// One of `from..=to`.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        let wide = i128::from(self.bits()) % (i128::from(to) - i128::from(from) + 1);
        (i128::from(from) + wide) as i64
    }

    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }

    pub fn bytes(&mut self, length: u64) -> Vec<u8> {
        (0..length).map(|_| (self.bits() >> 56) as u8).collect()
    }
}
