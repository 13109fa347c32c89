//! The event loop: the reactor holds the sources, the pump serves waits and runs handlers.
//!
//! | file | what |
//! |---|---|
//! | `reactor` | what the runtime hangs on a machine |
//! | `pump` | the loop over waits and events |
//! | `wait` | what blocked commands wait for |
//! | `handler` | which scripts an event runs |
//! | `timers` | `after` |
//! | `background` | errors of handlers |
//! | `resolving` | names of hosts, looked up on other threads |

pub mod background;
pub mod handler;
pub mod interps;
pub mod pump;
pub mod reactor;
pub mod resolving;
pub mod timers;
pub mod wait;
