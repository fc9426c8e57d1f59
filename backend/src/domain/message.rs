//! What every message has, whatever it says.

use super::provider::word;

word! {
    pub enum Direction {
        Outbound = "outbound",
        Inbound = "inbound",
    }
}
