//! Timers: what is due when. Decides nothing about what a due timer means, and is only a cache of
//! the stored timers table.

mod bitmap;
mod nodes;
pub mod task;
pub mod wheel;
