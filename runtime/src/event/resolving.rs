//! Answers of the resolver, which works on threads of its own.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use super::reactor::Reactor;
use crate::chan::channel::ChannelId;
use crate::driver::Waker;
use crate::host::resolve::{HostName, ResolveError, request};

/// An answer, and for which channel.
type Answer = (ChannelId, Result<Vec<SocketAddr>, ResolveError>);

/// An answer as a thread leaves it, and which one it is.
type Arrived = (u64, Result<Vec<SocketAddr>, ResolveError>);

/// Where the resolver's threads leave their answers.
#[derive(Default)]
pub struct Answers {
    arrived: Arc<Mutex<Vec<Arrived>>>,
    waker: Option<Waker>,
    expected: usize,
}

impl Reactor {
    /// Looks a host up for a channel, on another thread; the answer comes with a later turn.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn look_up(&mut self, id: ChannelId, name: HostName) -> Result<(), crate::host::errno::Errno> {
        if self.answers.waker.is_none() {
            self.answers.waker = Some(self.driver.waker().map_err(crate::host::errno::Errno::from)?);
        }
        let waker = self.answers.waker.clone();
        let arrived = Arc::clone(&self.answers.arrived);
        let number = id.number();
        request(
            name,
            Box::new(move |answer| {
                arrived.lock().unwrap_or_else(PoisonError::into_inner).push((number, answer));
                if let Some(waker) = waker {
                    waker.wake();
                }
            }),
        )?;
        self.answers.expected += 1;
        Ok(())
    }

    /// Takes the answers in that have arrived.
    pub fn take_answers(&mut self) {
        if self.answers.expected == 0 {
            return;
        }
        let arrived: Vec<Answer> = {
            let mut arrived = self.answers.arrived.lock().unwrap_or_else(PoisonError::into_inner);
            arrived.drain(..).map(|(number, answer)| (ChannelId::from_number(number), answer)).collect()
        };
        self.answers.expected -= arrived.len();
        for (id, answer) in arrived {
            self.resolved(id, answer);
        }
    }
}
