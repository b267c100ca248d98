#![expect(clippy::arithmetic_side_effects, reason = "an overflow fails the test, as it should")]

use guanxi::churn::RiskBand;
use guanxi::explain::{BasisPoints, Points};
use guanxi::tier::Tier;
use guanxi::{Currency, Day, Stage};

use super::*;

mod laws;
mod models;
mod pieces;
mod promises;
mod reading;

const LANGUAGES: [Language; 2] = [Language::English, Language::Chinese];
