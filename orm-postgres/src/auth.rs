//! Which ways to log in a server may ask for: `require_auth`, and what holds without it.

#[cfg(test)]
mod tests;

use orm_core::{Error, Result};
use std::{fmt, io};

/// The ways to log in that a server may ask for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Accepted {
    /// Where nobody else can read: over TLS and unix sockets.
    pub(crate) private: Methods,
    /// Over TCP without TLS.
    pub(crate) public: Methods,
}

/// A set of ways to log in, by their place in [`NAMES`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Methods(u8);

/// libpq's names, and the number in the server's message that asks. A way without one is never asked for here.
const NAMES: [(&str, Option<u8>); 7] = [
    ("none", Some(0)),
    ("password", Some(3)),
    ("md5", Some(5)),
    ("scram-sha-256", Some(10)),
    ("gss", Some(7)),
    ("sspi", Some(9)),
    ("oauth", None),
];

impl Methods {
    const ALL: Methods = Methods(!0);
    pub(crate) const NONE: Methods = Methods(0);
    /// Neither shows the password nor what can stand for it.
    const SECRET: Methods = Methods(!0b110);

    fn only(self, other: Methods) -> Methods {
        Methods(self.0 & other.0)
    }
}

impl Accepted {
    /// Without `require_auth`: a password goes in clear, or as MD5, only where nobody else can read it.
    pub(crate) const DEFAULT: Accepted = Accepted { private: Methods::ALL, public: Methods::SECRET };

    /// Reads `require_auth`: `password,md5`, or what is not accepted, `!password,!md5`. Only a way that is named is
    /// accepted where others can read.
    pub(crate) fn read(list: &str) -> Result<Accepted> {
        let (mut named, mut refused) = (0, 0);
        for word in list.split(',').map(str::trim) {
            let (set, name) = match word.strip_prefix('!') {
                Some(name) => (&mut refused, name),
                None => (&mut named, word),
            };
            match NAMES.iter().position(|(known, _)| *known == name) {
                Some(at) => *set |= 1 << at,
                None => return Err(wrong("knows none of that name")),
            }
        }
        match (named, refused) {
            (0, refused) => {
                let left = Methods(!refused);
                Ok(Accepted { private: left, public: left.only(Methods::SECRET) })
            }
            (named, 0) => Ok(Accepted { private: Methods(named), public: Methods(named) }),
            _ => Err(wrong("takes names with a `!` or without one, not both")),
        }
    }
}

fn wrong(why: &str) -> Error {
    let names = NAMES.map(|(name, _)| name).join(", ");
    Error::usage(format!(
        "`require_auth` {why}: it is a list of {names}, or of what is not accepted as `!password`"
    ))
}

/// Reads along while a server asks for a log-in.
#[derive(Debug)]
pub(crate) struct Guard {
    accepted: Methods,
    asked: bool,
    /// The begin of a message that is not whole yet.
    unread: Vec<u8>,
}

/// More than any log-in says.
const LONGEST: usize = 1 << 16;
/// PostgreSQL hashes a password 4,096 times unless told otherwise. Each time is our time, and nobody else's turn.
const MOST_ROUNDS: u32 = 1_000_000;

impl Guard {
    pub(crate) fn new(accepted: Methods) -> Self {
        Guard { accepted, asked: false, unread: Vec::new() }
    }

    /// Bytes of the server; an error if they ask for what is not accepted. `true` once we are logged in.
    pub(crate) fn read(&mut self, bytes: &[u8]) -> io::Result<bool> {
        self.unread.extend_from_slice(bytes);
        let mut rest = &*self.unread;
        let mut done = false;
        while let Some(([kind, length @ ..], body)) = rest.split_first_chunk::<5>() {
            let length = (u32::from_be_bytes(*length) as usize).saturating_sub(4);
            let Some((body, after)) = body.split_at_checked(length) else { break };
            rest = after;
            if let (b'R', Some([0, 0, 0, code])) = (kind, body.first_chunk()) {
                check(self.accepted, self.asked, *code, body)?;
                self.asked = true;
                done |= *code == 0;
            }
        }
        let left = rest.len();
        if left > LONGEST {
            return Err(io::Error::other("a message of the log-in is too long"));
        }
        self.unread.drain(..self.unread.len() - left);
        Ok(done)
    }
}

fn check(accepted: Methods, asked: bool, code: u8, body: &[u8]) -> io::Result<()> {
    let refused = |why| Err(io::Error::other(why));
    if code == 11 {
        let rounds = std::str::from_utf8(body).ok().and_then(|text| text.rsplit_once(",i="));
        return match rounds.and_then(|(_, rounds)| rounds.parse().ok()) {
            Some(rounds) if rounds > MOST_ROUNDS => refused(Unacceptable::Rounds(rounds)),
            _ => Ok(()),
        };
    }
    let Some(at) = NAMES.iter().position(|(_, asks)| *asks == Some(code)) else { return Ok(()) };
    // "Logged in" means that nothing was asked for only when it is the first message.
    match (code != 0 || !asked) && accepted.0 & 1 << at == 0 {
        true => refused(Unacceptable::Way(at)),
        false => Ok(()),
    }
}

/// What the server asked for, and did not get.
#[derive(Debug)]
pub(crate) enum Unacceptable {
    /// By its place in [`NAMES`].
    Way(usize),
    Rounds(u32),
}

impl fmt::Display for Unacceptable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = match self {
            Unacceptable::Way(at) => *at,
            Unacceptable::Rounds(rounds) => {
                return write!(f, "wants the password hashed {rounds} times; {MOST_ROUNDS} are the most");
            }
        };
        let name = NAMES[at].0;
        match at {
            0 => {
                f.write_str("lets in without asking for anything, and `require_auth` does not accept `none`")
            }
            1 | 2 => write!(
                f,
                "asks for the password as `{name}`, which `require_auth` does not accept here, or others on the way \
                 may read: it was not sent; use `sslmode=require`, have the server use scram-sha-256, or accept it \
                 with `require_auth={name}`"
            ),
            _ => write!(f, "asks for a log-in by `{name}`, which `require_auth` does not accept"),
        }
    }
}

impl std::error::Error for Unacceptable {}
