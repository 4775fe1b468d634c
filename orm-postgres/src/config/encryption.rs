//! What is said about encryption.

use super::{
    settings::{Env, Settings},
    unknown,
};
use crate::tls::{Files, Mode, Named};
use orm_core::{Error, Result};

impl Settings {
    /// How to encrypt: the mode, whether without asking, and the files.
    pub(super) fn tls(&mut self, env: Env<'_>) -> Result<(Mode, bool, Files)> {
        let home = env("HOME");
        // Said to be nothing, the usual one is not looked for either.
        let mut file = |key: &str, usual: &str| match (self.take_said(key), &home) {
            (Some(path), _) => Some(Named { path, must_exist: true }).filter(|named| !named.path.is_empty()),
            (None, Some(home)) => {
                Some(Named { path: format!("{home}/.postgresql/{usual}"), must_exist: false })
            }
            (None, None) => None,
        };
        let files = Files {
            root: file("sslrootcert", "root.crt"),
            revoked: file("sslcrl", "root.crl"),
            certificate: file("sslcert", "postgresql.crt"),
            key: file("sslkey", "postgresql.key"),
        };
        let system = files.root.as_ref().is_some_and(|root| root.must_exist && root.path == "system");
        let mode = match self.take("sslmode").as_deref() {
            None if system => Mode::VerifyFull,
            None | Some("prefer") => Mode::Prefer,
            Some("disable") => Mode::Disable,
            Some("allow") => Mode::Allow,
            Some("require") => Mode::Require,
            Some("verify-ca") => Mode::VerifyCa,
            Some("verify-full") => Mode::VerifyFull,
            Some(_) => {
                return Err(unknown("sslmode", "disable, allow, prefer, require, verify-ca or verify-full"));
            }
        };
        if system && mode < Mode::VerifyFull && mode != Mode::Disable {
            return Err(Error::usage(
                "`sslrootcert=system` trusts certificates that anybody can have: use it with `sslmode=verify-full`",
            ));
        }
        let direct = match self.take("sslnegotiation").as_deref() {
            None | Some("postgres") => false,
            Some("direct") => true,
            Some(_) => return Err(unknown("sslnegotiation", "postgres or direct")),
        };
        Ok((mode, direct, files))
    }
}
