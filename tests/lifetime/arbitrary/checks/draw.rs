//! Cases out of bytes: any bytes are one, and a few bytes changed make one much like it.

use guanxi::value::lifetime::{AgeAtLastPurchase, RepeatBuyers, RepeatBuying, Span, Weeks};

/// Bytes, and zeros after their end.
#[derive(Debug)]
pub(crate) struct Draw<'a> {
    bytes: &'a [u8],
}

impl<'a> Draw<'a> {
    /// From the first byte on.
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// Whether nothing but zeros is to come.
    pub(crate) const fn is_over(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The next byte.
    pub(crate) fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        *first
    }

    /// The next two bytes.
    pub(crate) fn two(&mut self) -> u16 {
        u16::from_le_bytes([self.byte(), self.byte()])
    }

    /// The next four bytes.
    pub(crate) fn four(&mut self) -> u32 {
        u32::from(self.two()) | u32::from(self.two()) << 16
    }

    /// The next eight bytes.
    pub(crate) fn eight(&mut self) -> u64 {
        u64::from(self.four()) | u64::from(self.four()) << 32
    }

    /// From 0 to 1, both included.
    pub(crate) fn share(&mut self) -> f64 {
        f64::from(self.two()) / f64::from(u16::MAX)
    }

    /// A power of ten between those of two exponents, all magnitudes alike.
    pub(crate) fn magnitude(&mut self, least: f64, most: f64) -> f64 {
        10_f64.powf(least + (most - least) * self.share())
    }

    /// A positive number as parameters are: usual, at or beside 1, or of any magnitude there is.
    pub(crate) fn parameter(&mut self) -> f64 {
        let beside = |draw: &mut Self| draw.magnitude(-17.0, 0.0);
        match self.byte() % 8 {
            0 => 1.0,
            1 => 1.0 + beside(self),
            2 => 1.0 - 0.5 * beside(self),
            3 => self.magnitude(-6.0, 6.0),
            4 => self.magnitude(-12.0, 12.0),
            _ => self.magnitude(-2.0, 2.0),
        }
    }

    /// A count of purchases: seldom many, and very seldom as many as can be counted.
    pub(crate) fn repeats(&mut self) -> u32 {
        match self.byte() {
            tag @ 0..64 => u32::from(tag % 4),
            64..160 => u32::from(self.byte() % 16),
            160..208 => u32::from(self.byte()),
            208..248 => u32::from(self.two()) % 10_001,
            248..254 => self.four(),
            254.. => u32::MAX,
        }
    }

    /// A length of time: whole days of two years, mostly.
    pub(crate) fn time(&mut self) -> f64 {
        match self.byte() {
            0..128 => f64::from(self.two() % 731) / 7.0,
            128..160 => f64::from(self.byte() % 8),
            160..216 => self.magnitude(-3.0, 4.0),
            216..248 => self.magnitude(-9.0, 9.0),
            248.. => 0.0,
        }
    }

    /// A customer.
    pub(crate) fn customer(&mut self) -> RepeatBuying<Weeks> {
        let (repeats, age, share) = (self.repeats(), self.time(), self.byte());
        let last = match share {
            0..8 => age.next_down(),
            8..16 => 1e-6 * age,
            16..32 => age,
            share => age * (f64::from(share) / 255.0),
        };
        let span = |length: f64| Span::new(length).unwrap_or(Span::ZERO);
        RepeatBuying::new(repeats, AgeAtLastPurchase(span(last)), span(age))
            .unwrap_or(RepeatBuying::once(span(age)))
    }

    /// A base of at most so many rows, of one customer each or of up to `u64::MAX`.
    pub(crate) fn base(&mut self, rows_max: usize) -> RepeatBuyers<Weeks> {
        let mut base = RepeatBuyers::default();
        let mut rows = 0;
        while !self.is_over() && rows < rows_max {
            let mut row: RepeatBuyers<Weeks> = [self.customer()].into_iter().collect();
            let doublings = match self.byte() {
                0..128 => 0,
                doublings @ 128..240 => doublings % 8,
                doublings @ 240.. => doublings % 65,
            };
            for _ in 0..doublings {
                row.merge(&row.clone());
            }
            base.merge(&row);
            rows += 1;
        }
        base
    }
}
