//! Benchmarks of `guanxi` beside published peers.
