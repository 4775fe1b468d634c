//! The stream under tokio-postgres: passes bytes through and knows what tokio-postgres does not tell,
//! the transaction's status, how many answers are outstanding, and how the last transaction ended.

#[cfg(test)]
mod tests;

use crate::auth::{Guard, Methods};
use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering::*},
    },
    task::{Context, Poll, ready},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What is known of a connection from its bytes.
#[derive(Debug)]
pub(crate) struct Line {
    status: AtomicU8,
    outstanding: AtomicUsize,
    ended: AtomicU8,
    dirty: AtomicBool,
    copying: AtomicBool,
}

/// The transaction's status, as the server says it with each answer's end (`ReadyForQuery`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Idle,
    InTransaction,
    Failed,
}

/// How a transaction ended, by the tag of the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    Committed,
    RolledBack,
}

impl Line {
    pub(crate) fn new() -> Self {
        Line {
            status: AtomicU8::new(0),
            outstanding: AtomicUsize::new(1), // the log-in ends like an answer
            ended: AtomicU8::new(0),
            dirty: AtomicBool::new(false),
            copying: AtomicBool::new(false),
        }
    }

    /// The status after the last answer; exact when nothing is [outstanding](Line::is_quiet).
    pub(crate) fn status(&self) -> Status {
        match self.status.load(Acquire) {
            b'I' => Status::Idle,
            b'T' => Status::InTransaction,
            _ => Status::Failed,
        }
    }

    /// Whether every request sent was answered, and none was given up before it was sent.
    pub(crate) fn is_quiet(&self) -> bool {
        !self.dirty.load(Acquire) && self.outstanding.load(Acquire) == 0
    }

    /// To be called before a request whose answer nobody may wait for: until it is written it is not counted.
    pub(crate) fn mark(&self) {
        self.dirty.store(true, Release);
    }

    /// To be called when a request made after all others was answered.
    pub(crate) fn unmark(&self) {
        self.dirty.store(false, Release);
    }

    /// How the last transaction ended since this was last asked.
    pub(crate) fn take_ended(&self) -> Option<Ended> {
        match self.ended.swap(0, AcqRel) {
            b'C' => Some(Ended::Committed),
            b'R' => Some(Ended::RolledBack),
            _ => None,
        }
    }

    fn received(&self, kind: u8, body: &[u8]) {
        match kind {
            b'Z' => {
                self.status.store(body.first().copied().unwrap_or(0), Release);
                let _ = self.outstanding.fetch_update(AcqRel, Acquire, |n| n.checked_sub(1));
            }
            b'C' => match body {
                b"COMMIT\0" => self.ended.store(b'C', Release),
                b"ROLLBACK\0" => self.ended.store(b'R', Release),
                _ => {}
            },
            b'G' => self.copying.store(true, Release),
            _ => {}
        }
    }

    /// A request is outstanding from its first message on, for the server may answer before its last one is written.
    fn sent(&self, kind: u8, open: &mut bool) {
        match kind {
            b'P' | b'B' | b'C' | b'D' | b'E' | b'F' => self.request(open),
            // The server ignores the Sync sent with a COPY; the one after its data belongs to the same request.
            b'S' if self.copying.swap(false, AcqRel) => {}
            b'S' | b'Q' => {
                self.request(open);
                *open = false;
            }
            _ => {}
        }
    }

    fn request(&self, open: &mut bool) {
        if !std::mem::replace(open, true) {
            self.outstanding.fetch_add(1, AcqRel);
        }
    }
}

/// The stream.
pub(crate) struct Wire<S> {
    stream: S,
    line: Arc<Line>,
    /// Until we are logged in.
    guard: Option<Guard>,
    reads: Frames,
    writes: Frames,
    open: bool,
}

impl<S> Wire<S> {
    /// `accepted`: the ways to log in that may be asked for.
    pub(crate) fn new(stream: S, line: Arc<Line>, accepted: Methods) -> Self {
        let (reads, writes) = (Frames::typed(), Frames::untyped_first());
        Wire { stream, line, guard: Some(Guard::new(accepted)), reads, writes, open: false }
    }

    /// What it lies above.
    pub(crate) fn get_ref(&self) -> &S {
        &self.stream
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Wire<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Wire { stream, line, guard, reads, .. } = &mut *self;
        let before = out.filled().len();
        ready!(Pin::new(stream).poll_read(cx, out))?;
        let bytes = &out.filled()[before..];
        // An error keeps the question from tokio-postgres, which would answer it.
        if let Some(asked) = guard
            && asked.read(bytes)?
        {
            *guard = None;
        }
        reads.feed(bytes, |kind, body| line.received(kind, body));
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let Wire { stream, line, writes, open, .. } = &mut *self;
        let written = ready!(Pin::new(stream).poll_write(cx, bytes))?;
        writes.feed(&bytes[..written], |kind, _| line.sent(kind, open));
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// Cuts a stream of bytes into messages, keeping the first bytes of each body and none of the rest.
struct Frames {
    header: [u8; 5],
    read: usize,
    skip: usize,
    body: [u8; Frames::KEPT],
    kept: usize,
}

impl Frames {
    /// Enough for the tags `COMMIT` and `ROLLBACK`.
    const KEPT: usize = 16;

    fn typed() -> Self {
        Frames { header: [0; 5], read: 0, skip: 0, body: [0; Frames::KEPT], kept: 0 }
    }

    /// The client's first message has no type.
    fn untyped_first() -> Self {
        Frames { read: 1, ..Frames::typed() }
    }

    fn feed(&mut self, mut bytes: &[u8], mut on: impl FnMut(u8, &[u8])) {
        while !bytes.is_empty() {
            if self.read < 5 {
                let part = bytes.len().min(5 - self.read);
                self.header[self.read..self.read + part].copy_from_slice(&bytes[..part]);
                self.read += part;
                bytes = &bytes[part..];
                if self.read < 5 {
                    return;
                }
                let [_, length @ ..] = self.header;
                self.skip = (u32::from_be_bytes(length) as usize).saturating_sub(4);
                self.kept = 0;
            }
            let part = bytes.len().min(self.skip);
            let keep = part.min(Frames::KEPT - self.kept);
            self.body[self.kept..self.kept + keep].copy_from_slice(&bytes[..keep]);
            self.kept += keep;
            self.skip -= part;
            bytes = &bytes[part..];
            if self.skip == 0 {
                on(self.header[0], &self.body[..self.kept]);
                self.read = 0;
            }
        }
    }
}
