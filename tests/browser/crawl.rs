//! Every page that links lead to.
