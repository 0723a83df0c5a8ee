//! Demonstration and training: the modelled LINE behind real HTTP, phones in the browser, and a
//! story that plays itself. The server under it is the same that `serve` runs.

pub mod standin;
