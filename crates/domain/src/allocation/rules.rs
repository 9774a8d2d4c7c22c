//! The five rules on a set of seats, without minimums.
