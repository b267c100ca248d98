use proptest::prelude::*;

use super::*;

/// A row that may or may not be good, with the end of line inside its fields that quotes allow.
fn any_row() -> impl Strategy<Value = String> {
    let customer = prop_oneof![Just("a"), Just("b"), Just(""), Just("\"c\n\nd\""), Just("客户")];
    let date = prop_oneof![Just("1997-01-02"), Just("19970103"), Just("soon"), Just("2024-02-30")];
    let amount = prop_oneof![Just("5"), Just("-2.5"), Just("1e9"), Just("92233720368547758.07")];
    let currency = prop_oneof![4 => Just("USD"), 1 => Just("EUR"), 1 => Just("?")];
    let order = prop_oneof![Just(""), Just("1"), Just("2"), Just("2,extra")];
    (customer, date, amount, currency, order).prop_map(|(a, b, c, d, e)| [a, b, c, d, e].join(","))
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(log) = read_bytes(&bytes, &[]) {
            check(&log);
        }
    }

    #[test]
    fn any_bytes_below_a_header_are_accounted_for(
        bytes in proptest::collection::vec(
            prop_oneof![any::<u8>(), proptest::sample::select(&b",\"\n\r 0123456789-abUSD"[..])],
            0..400,
        ),
        returns in any::<bool>(),
    ) {
        let negative = if returns { "--negative=return" } else { "--negative=reject" };
        match read_bytes(&[HEADER.as_bytes(), &bytes].concat(), &[negative]) {
            Ok(log) => check(&log),
            Err(error) => prop_assert!(matches!(error, LogError::NoRows { .. }), "{}", error),
        }
    }

    #[test]
    fn every_row_is_accounted_for_on_its_line(
        rows in proptest::collection::vec((any_row(), 0_usize..3), 1..30),
        ends in prop_oneof![Just("\n"), Just("\r\n")],
        last_ends in any::<bool>(),
        returns in any::<bool>(),
    ) {
        let mut text = HEADER.trim_end().to_owned() + ends;
        let mut lines = Vec::new();
        for (row, blank_lines) in &rows {
            text += &ends.repeat(*blank_lines);
            for (below, line) in (1..).zip(row.lines()) {
                if !line.is_empty() {
                    lines.push(text.matches('\n').count() as u64 + below);
                }
            }
            text += row;
            text += ends;
        }
        if !last_ends {
            text.truncate(text.trim_end_matches(['\r', '\n']).len());
        }
        let negative = if returns { "--negative=return" } else { "--negative=reject" };
        let log = read_bytes(text.as_bytes(), &[negative]).unwrap();
        check(&log);
        // A good row may span lines; of any other, every line is a row.
        let spans = log.customers.iter().position(|key| key.contains('\n'));
        let of_it = log.purchases.iter().filter(|it| Some(it.customer as usize) == spans);
        let spanning: u32 = of_it.map(|purchase| purchase.lines).sum();
        // A refund is judged with the others, when its lines have been taken together.
        let refused = log.rejects.iter().filter(|reject| reject.row.contains('\n')).count();
        let spanning = spanning as usize + refused;
        let accounted = log.rows + spanning as u64;
        let filled = text.lines().skip(1).filter(|line| !line.is_empty()).count();
        prop_assert_eq!(accounted, filled as u64);
        let rejected = log.rejects.iter().map(|reject| reject.line);
        let accepted = log.purchases.iter().map(|purchase| purchase.line);
        prop_assert!(rejected.clone().all(|line| lines.contains(&line)));
        prop_assert!(accepted.clone().all(|line| lines.contains(&line)));
        // A line that is in neither list was summed into an order.
        let summed: u32 = log.purchases.iter().map(|purchase| purchase.lines - 1).sum();
        let told = rejected.count() + accepted.count() + summed as usize + spanning;
        prop_assert_eq!(told, lines.len());
    }
}
