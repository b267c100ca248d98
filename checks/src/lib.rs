//! Nothing to use: the tests of this package show what does not compile against `guanxi`, and hold its JSON
//! Schema to an independent validator.
