//! Findings for tests.

use proptest::prelude::*;

use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::findings::{
    Findings, Operation, Origin, RequestCounts, Route, STATUS_CLASSES_AT_MOST, Session, WeightedMean,
};
use crate::formats::report::series::Series;
use crate::row::count::Count;
use crate::summary::SignalCounts;

const FIRST_DAY: i64 = 20_605;
const HOUR: u64 = 3_600_000_000_000;

/// A pseudo-random number from 0 to 1.
fn lot(number: u64) -> f64 {
    let mixed = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 40) as f64 / (1u64 << 24) as f64
}

/// Counts an operation that succeeded.
pub(super) fn add_operation(findings: &mut Findings, identity: u64, name: &str, nanoseconds: u64) {
    let begin = |_| Operation { name: Excerpt::of(name), ..Operation::default() };
    let (_, operation) = findings.operations.entry(identity, begin);
    operation.count += 1;
    operation.success += 1;
    operation.durations.add(nanoseconds);
}

/// Three weeks of ordinary use.
pub(super) fn findings() -> Findings {
    let mut findings = Findings::new();
    let begin = FIRST_DAY as u64 * 24 * HOUR;
    for (number, name) in ["2xx", "4xx", "5xx", "network_error", "3xx"].into_iter().enumerate() {
        findings.status_classes.entry(number as u64, |_| Excerpt::of(name));
    }
    for day in (0..21u64).filter(|day| day % 7 < 5) {
        let many = |most: f64, number: u64| (most * (0.4 + lot(day * 10 + number))) as u64;
        let counts = SignalCounts { logs: many(900.0, 1), traces: many(400.0, 2), metrics: many(250.0, 3) };
        findings.days.insert(FIRST_DAY + day as i64, counts);
        let mut requests = RequestCounts::default();
        let most = [4_000.0, 120.0, 20.0, 40.0, 300.0];
        for (number, (slot, most)) in requests.0.iter_mut().zip(most).enumerate() {
            *slot = Count::Integer(many(most, number as u64 + 4) as i64);
        }
        findings.request_days.insert(FIRST_DAY + day as i64, requests.into());
        for session in 0..2 {
            let first =
                begin + day * 24 * HOUR + 7 * HOUR + (lot(day * 3 + session) * 5.0 * HOUR as f64) as u64;
            let length = (lot(day * 5 + session).powi(2) * 9.0 * HOUR as f64) as u64 * u64::from(day != 3);
            let name = Excerpt::of(&format!("2026-06-01-{:08x}", (lot(first) * 4e9) as u64));
            findings.sessions.longest.push(Session {
                name,
                first,
                last: first + length,
                events: many(700.0, session),
                number: 1,
            });
            findings.sessions.count += 1;
        }
        for hour in 8..18 {
            for value in 0..30 {
                let seed = (day * 24 + hour) * 100 + value;
                let time = begin + (day * 24 + hour) * HOUR + value * HOUR / 30;
                for (number, (name, unit, usual)) in
                    [("latency", "ms", 24.0), ("download", "Mbit/s", 80.0), ("upload", "Mbit/s", 12.0)]
                        .into_iter()
                        .enumerate()
                {
                    let (_, series) =
                        findings.series.entry(number as u64, |_| Series::new(Excerpt::of(name), unit));
                    series.add(time, usual * (0.5 + lot(seed) * lot(seed + 7) * 2.5 + lot(day) / 2.0));
                }
            }
        }
    }
    for (number, (name, typical)) in [
        ("remote.connect", 4e9),
        ("workspace.start", 45e9),
        ("auth.login", 9e8),
        ("cli.download", 1.2e10),
        ("deployment.switch", 3e5),
    ]
    .into_iter()
    .enumerate()
    {
        for value in 0..80 {
            let exponent = lot(value * 3 + number as u64) + lot(value * 7) + lot(value * 11) - 1.5;
            add_operation(&mut findings, number as u64, name, (typical * 10f64.powf(exponent)) as u64);
        }
    }
    for (number, (editor, version)) in
        [("Visual Studio Code", "1.106.0"), ("Cursor", "2.1.3")].into_iter().enumerate()
    {
        let origin = |first, second| Origin {
            names: [Excerpt::of(first), Excerpt::of(second)],
            events: 21_000 >> number,
            sessions: 20 >> number,
            last_session: 1,
        };
        findings.editors.entry(number as u64, |_| origin(editor, version));
        findings
            .systems
            .entry(number as u64, |_| origin(["linux", "darwin"][number], ["x64", "arm64"][number]));
        findings.extension_versions.entry(number as u64, |_| origin(["1.11.2", "1.12.0"][number], ""));
    }
    for (number, (method, route)) in [
        ("GET", "/api/v2/workspaces/{id}"),
        ("GET", "/api/v2/users/me"),
        ("POST", "/api/v2/workspacebuilds/{id}/logs"),
    ]
    .into_iter()
    .enumerate()
    {
        let mut requests = RequestCounts::default();
        requests.0[0] = Count::Integer(12_000 >> (2 * number));
        requests.0[1] = Count::Integer(7);
        let duration = |milliseconds: f64| WeightedMean { weighted_sum: milliseconds * 100.0, weight: 100.0 };
        findings.routes.entry(number as u64, |_| Route {
            method: Excerpt::of(method),
            route: Excerpt::of(route),
            requests,
            durations: [31.4, 22.0, 140.0, 512.5].map(duration),
        });
    }
    findings
}

fn count() -> impl Strategy<Value = Count> {
    prop_oneof![any::<i64>().prop_map(Count::Integer), any::<f64>().prop_map(Count::Double)]
}

fn excerpt() -> impl Strategy<Value = Excerpt> {
    any::<String>().prop_map(|text| Excerpt::of(&text))
}

/// Findings that real input does not have.
pub(super) fn arbitrary() -> impl Strategy<Value = Findings> {
    use proptest::collection::{btree_map, vec};
    let day = || prop_oneof![any::<i64>(), 0..106_752i64, FIRST_DAY..FIRST_DAY + 200];
    let counts = (any::<u64>(), any::<u64>(), any::<u64>());
    let sessions = vec((excerpt(), any::<u64>(), any::<u64>(), any::<u64>()), 0..40);
    let names = vec(excerpt(), 0..16);
    let request_days = btree_map(day(), vec(count(), STATUS_CLASSES_AT_MOST + 1), 0..30);
    let operations = vec((excerpt(), any::<u64>(), 0..64u32), 0..30);
    let series = vec((0..6u64, excerpt(), 0..i64::MAX as u64, any::<f64>()), 0..60);
    (btree_map(day(), counts, 0..30), sessions, names, request_days, operations, series).prop_map(
        |(days, sessions, names, request_days, operations, series)| {
            let mut findings = Findings::new();
            let signal_counts = |(logs, traces, metrics)| SignalCounts { logs, traces, metrics };
            findings.days = days.into_iter().map(|(day, counts)| (day, signal_counts(counts))).collect();
            let session = |(name, one, two, events): (Excerpt, u64, u64, u64)| Session {
                name,
                first: one.min(two),
                last: one.max(two),
                events,
                number: 1,
            };
            findings.sessions.longest = sessions.into_iter().map(session).collect();
            findings.sessions.count = findings.sessions.longest.len() as u64;
            for (number, name) in names.iter().enumerate() {
                findings.status_classes.entry(number as u64, |_| name.clone());
                let origin =
                    |_| Origin { names: [name.clone(), name.clone()], events: u64::MAX, ..Origin::default() };
                findings.editors.entry(number as u64, origin);
            }
            for (day, counts) in request_days {
                let mut requests = RequestCounts::default();
                requests.0.copy_from_slice(&counts);
                let route = |_| Route { requests: requests.clone(), ..Route::default() };
                findings.routes.entry(day.unsigned_abs(), route);
                findings.request_days.insert(day, requests.into());
            }
            for (number, (name, nanoseconds, shift)) in operations.into_iter().enumerate() {
                add_operation(&mut findings, number as u64, name.text(), nanoseconds >> shift);
            }
            for (identity, name, time, value) in series {
                findings.series.entry(identity, |_| Series::new(name, "ms")).1.add(time, value);
            }
            findings
        },
    )
}

mod tests {
    use super::*;
    use crate::formats::report::page::activity::activity;
    use crate::formats::report::page::budget::{Budget, PAGE_AT_MOST};
    use crate::formats::report::page::chart::check;
    use crate::formats::report::page::network::network;
    use crate::formats::report::page::operations::operations;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn sections_are_well_formed_and_bounded_whatever_the_findings(findings in arbitrary()) {
            let mut budget = Budget::default();
            let html = maud::html! {
                (activity(&mut budget, &findings))
                (operations(&mut budget, &findings))
                (network(&mut budget, &findings))
            }.0;
            check(&html);
            prop_assert!(html.len() < PAGE_AT_MOST);
            prop_assert!(html.matches("<rect").count() + html.matches("<path").count() < 1_000);
        }
    }
}
