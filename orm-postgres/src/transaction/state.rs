//! Whose turn it is: the frames of a transaction, and what is under way. No I/O.

use crate::pool::Checkout;
use orm_core::{Error, ErrorKind};
use std::sync::Arc;

/// The state of a transaction. Frame 0 is the transaction itself.
pub(super) struct State {
    pub(super) connection: Option<Arc<Checkout>>,
    pub(super) cursors: u32,
    frames: Vec<FrameState>,
    /// The frames that are open on the server, outermost first.
    open: Vec<usize>,
    /// The number of statements under way, all of the innermost frame.
    running: usize,
    /// One of them opens or closes frames; no other may begin.
    alone: bool,
    /// Why there is no transaction any more.
    lost: Option<String>,
}

struct FrameState {
    parent: usize,
    phase: Phase,
    /// The first error the server gave, for the commit to name.
    error: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Fresh,
    Open,
    Closed,
}

/// The right to send, given back to [`State::give_back`].
pub(super) enum Turn {
    /// Beside other statements of the same frame.
    Shared,
    /// Alone, while these frames are opened.
    Opening(Vec<usize>),
    /// Alone, while a frame is closed.
    Closing,
}

impl Turn {
    pub(super) fn opens(&self) -> Option<&[usize]> {
        match self {
            Turn::Opening(frames) => Some(frames),
            _ => None,
        }
    }
}

/// Why there is no turn.
pub(super) enum Held {
    /// Not yet.
    By(&'static str),
    /// Never.
    Over(Error),
}

/// What ending a frame takes.
pub(super) enum End {
    /// It sent nothing.
    Nothing,
    /// The transaction, whose connection is free afterwards.
    All { connection: Arc<Checkout>, earlier: Option<String> },
    /// A savepoint.
    Inner { turn: Turn, connection: Arc<Checkout>, earlier: Option<String> },
}

const INNER: Held = Held::By("an inner `atomic` of this transaction is still open");
const STATEMENT: Held = Held::By("another statement of this transaction is still running");

impl Default for State {
    fn default() -> Self {
        let outermost = FrameState { parent: 0, phase: Phase::Fresh, error: None };
        State {
            connection: None,
            cursors: 0,
            frames: vec![outermost],
            open: Vec::new(),
            running: 0,
            alone: false,
            lost: None,
        }
    }
}

impl State {
    /// A new frame in another one.
    pub(super) fn nest(&mut self, parent: usize) -> usize {
        self.frames.push(FrameState { parent, phase: Phase::Fresh, error: None });
        self.frames.len() - 1
    }

    /// The right to send a statement of a frame.
    pub(super) fn turn(&mut self, frame: usize) -> Result<Turn, Held> {
        let (fresh, around) = self.path(frame)?;
        if self.open.last().copied() != around {
            return Err(INNER);
        }
        if self.alone || !fresh.is_empty() && self.running > 0 {
            return Err(STATEMENT);
        }
        self.running += 1;
        self.alone = !fresh.is_empty();
        Ok(if self.alone { Turn::Opening(fresh) } else { Turn::Shared })
    }

    /// The frames to open before one can send, outermost first, and the open one around them.
    fn path(&self, frame: usize) -> Result<(Vec<usize>, Option<usize>), Held> {
        self.check_lost()?;
        let (mut fresh, mut at) = (Vec::new(), frame);
        let around = loop {
            match self.frames[at].phase {
                Phase::Closed => return Err(over()),
                Phase::Open => break Some(at),
                Phase::Fresh => fresh.push(at),
            }
            if at == 0 {
                break None;
            }
            at = self.frames[at].parent;
        };
        fresh.reverse();
        Ok((fresh, around))
    }

    fn check_lost(&self) -> Result<(), Held> {
        match &self.lost {
            None => Ok(()),
            Some(why) => Err(Held::Over(Error::new(
                ErrorKind::TransactionAborted,
                format!("the transaction was rolled back, because one of its statements had failed: {why}"),
            ))),
        }
    }

    /// The commands that open the frames were sent; other statements may follow.
    pub(super) fn opened(&mut self, turn: &Turn) {
        let Some(frames) = turn.opens() else { return };
        // Polled again, or the transaction was ended meanwhile.
        if !self.alone || self.connection.is_none() {
            return;
        }
        for frame in frames {
            if self.frames[*frame].phase == Phase::Fresh {
                self.frames[*frame].phase = Phase::Open;
                self.open.push(*frame);
            }
        }
        self.alone = false;
    }

    pub(super) fn give_back(&mut self, turn: &Turn) {
        self.running -= 1;
        let unopened =
            turn.opens().is_some_and(|frames| frames.iter().any(|frame| self.is(*frame, Phase::Fresh)));
        if matches!(turn, Turn::Closing) || unopened {
            self.alone = false;
        }
    }

    fn is(&self, frame: usize, phase: Phase) -> bool {
        self.frames[frame].phase == phase
    }

    /// Keeps the first error of a frame.
    pub(super) fn note(&mut self, frame: usize, error: String) {
        self.frames[frame].error.get_or_insert(error);
    }

    /// The transaction is over, by no will of its own.
    pub(super) fn lose(&mut self, why: String) -> Option<Arc<Checkout>> {
        self.lost.get_or_insert(why);
        self.open.clear();
        self.connection.take()
    }

    /// Takes a frame that may end now off the stack.
    pub(super) fn end(&mut self, frame: usize) -> Result<End, Held> {
        self.check_lost()?;
        match self.frames[frame].phase {
            Phase::Closed => return Err(over()),
            Phase::Fresh if self.alone => return Err(STATEMENT), // it may be about to open
            Phase::Fresh => {
                self.frames[frame].phase = Phase::Closed;
                if frame == 0 {
                    self.connection = None; // taken for a statement that was never sent
                }
                return Ok(End::Nothing);
            }
            Phase::Open if self.open.last() != Some(&frame) => return Err(INNER),
            Phase::Open if self.running > 0 => return Err(STATEMENT),
            Phase::Open => {}
        }
        let earlier = self.frames[frame].error.take();
        let connection = match frame {
            0 => self.connection.take(),
            _ => self.connection.clone(),
        };
        self.close_from(frame);
        let Some(connection) = connection else { return Ok(End::Nothing) };
        if frame == 0 {
            return Ok(End::All { connection, earlier });
        }
        self.running += 1;
        self.alone = true;
        Ok(End::Inner { turn: Turn::Closing, connection, earlier })
    }

    /// Closes a frame and all that are open in it; gives the connection if the server must hear of it.
    pub(super) fn undo(&mut self, frame: usize) -> Option<Arc<Checkout>> {
        let was_open = self.lost.is_none() && self.is(frame, Phase::Open);
        if was_open {
            self.close_from(frame);
        } else {
            self.frames[frame].phase = Phase::Closed;
        }
        match (frame, was_open) {
            (0, _) => self.connection.take().filter(|_| was_open),
            (_, true) => self.connection.clone(),
            (_, false) => None,
        }
    }

    fn close_from(&mut self, frame: usize) {
        let from = self.open.iter().position(|open| *open == frame).unwrap_or(self.open.len());
        for closed in self.open.drain(from..) {
            self.frames[closed].phase = Phase::Closed;
        }
    }

    /// The connection, if a frame is open on it.
    pub(super) fn connection_of(&self, frame: usize) -> Option<Arc<Checkout>> {
        self.connection.clone().filter(|_| self.is(frame, Phase::Open))
    }
}

fn over() -> Held {
    Held::Over(Error::usage("this `atomic` has ended; nothing more can be asked in it"))
}
