//! HTTP requests, and SSH connections over time.

use std::cmp::Ordering;

use maud::{Markup, html};

use super::budget::{Budget, Part};
use super::chart::{Band, Layer, Stacks, Step};
use super::figures::{amount, beyond, count, day, excerpt_or, milliseconds, none, nothing, quantity, time};
use super::percentiles::accuracy;
use super::table::Column::{LongText, Number, NumberOf, Text};
use super::table::{Column, Table};
use super::text;
use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::findings::{
    Findings, ROUTES_AT_MOST, RequestCounts, Route, STATUS_CLASSES_AT_MOST, WeightedMean,
};
use crate::formats::report::percentiles::Percentiles;
use crate::formats::report::series::Series;
use crate::row::count::Count;
use crate::row::timestamp::{Day, NANOSECONDS_PER_DAY};

/// Titles of the columns of a route's durations.
const DURATIONS: [&str; 4] = ["Average", "Median", "95th percentile", "99th percentile"];

pub(super) fn network(budget: &mut Budget, findings: &Findings) -> Markup {
    let classes = StatusClasses::of(findings);
    html! {
        h3 { "HTTP requests a day" }
        (request_days(budget, findings, &classes))
        h3 { "HTTP routes" }
        (routes(budget, findings, &classes))
        h3 { "SSH connections" }
        (connections(budget, findings))
    }
}

/// The classes of answers in their usual order: the index of each in [`RequestCounts`], and its title. The title is the name
/// unless another column has that title.
struct StatusClasses(Vec<(usize, Excerpt)>);

impl StatusClasses {
    /// Known ones, which have colours of their own.
    const KNOWN: [&str; 6] = ["1xx", "2xx", "3xx", "4xx", "5xx", "network_error"];
    /// Titles of all other columns.
    const TITLES: [&str; 5] = ["Day", "Total", "Method", "Route", "Requests"];

    fn of(findings: &Findings) -> Self {
        let mut classes: Vec<_> = findings.status_classes.rows().iter().cloned().enumerate().collect();
        let place = |name: &Excerpt| Self::KNOWN.iter().position(|known| name.is(known));
        classes.sort_by_key(|(_, name)| place(name).unwrap_or(Self::KNOWN.len()));
        for number in 0..classes.len() {
            let title = distinct(&classes[number].1, "class", |title| {
                let mut others = classes[..number].iter().chain(&classes[number + 1..]);
                others.any(|(_, other)| other.reads_like(title)) || Self::is_other_column(title)
            });
            classes[number].1 = title;
        }
        if findings.status_classes.other().is_some() {
            let is_taken = |title: &Excerpt| classes.iter().any(|(_, class)| class.reads_like(title));
            let other = distinct(&Excerpt::of("other"), "other", is_taken);
            classes.push((STATUS_CLASSES_AT_MOST, other));
        }
        Self(classes)
    }

    fn is_other_column(title: &Excerpt) -> bool {
        Self::TITLES.iter().chain(&DURATIONS).any(|other| title.is(other))
    }

    fn layers(&self) -> Vec<Layer> {
        let layer = |(place, name): &(usize, Excerpt)| {
            let known = Self::KNOWN.iter().find(|known| name.is(known));
            let class = known.map_or_else(|| format!("c-{}", place + 1), |known| format!("k-{known}"));
            Layer { class, name: name.clone() }
        };
        self.0.iter().map(layer).collect()
    }

    fn columns(&self) -> impl Iterator<Item = Column<'_>> {
        self.0.iter().map(|(_, name)| NumberOf(name))
    }

    /// The counts of the classes, in their order.
    fn counts(&self, requests: &RequestCounts) -> impl Iterator<Item = Count> {
        self.0.iter().filter_map(|(place, _)| requests.0.get(*place).copied())
    }
}

/// The title if it is not taken. Otherwise the word comes before it and, if that is taken too, a number.
fn distinct(title: &Excerpt, word: &str, is_taken: impl Fn(&Excerpt) -> bool) -> Excerpt {
    // The number comes before the title, so that it is not cut off.
    let numbered = (2..).map(|number| title.behind(&format!("{word} {number}")));
    let mut titles = [title.clone(), title.behind(word)].into_iter().chain(numbered);
    titles.find(|title| !is_taken(title)).unwrap_or_default()
}

fn request_days(budget: &mut Budget, findings: &Findings, classes: &StatusClasses) -> Markup {
    let amounts = |day: Day, requests: &RequestCounts| -> (Day, Box<[f64]>) {
        (day, classes.counts(requests).map(Count::as_f64).collect())
    };
    let days = findings.request_days.iter().map(|(&day, requests)| amounts(day, requests));
    let Some(stacks) = Stacks::new(classes.layers(), days) else {
        return nothing("No HTTP request was counted.");
    };
    let mut columns = vec![Text("Day")];
    columns.extend(classes.columns());
    columns.push(Number("Total"));
    let table = Table::sortable("request-days", Part::RequestDays, &columns);
    let caption = html! { "HTTP requests of each day that has any, by class of answer" };
    html! {
        figure {
            (budget.count(|_| html! {
                (stacks.caption("Requests", &findings.request_days))
                (stacks.chart("request-days", "HTTP requests a day as bars, by class of answer"))
            }))
            details {
                summary { "Table: HTTP requests a day" }
                (table.render(budget, &caption, |rows| {
                    rows.add(&findings.request_days, |(&of, requests)| {
                        let mut cells = vec![day(of)];
                        cells.extend(classes.counts(requests).map(amount));
                        cells.push(amount(requests.total()));
                        cells
                    });
                }))
            }
        }
    }
}

fn routes(budget: &mut Budget, findings: &Findings, classes: &StatusClasses) -> Markup {
    if findings.routes.all().next().is_none() {
        return nothing("There are no routes of HTTP requests.");
    }
    let mut columns = vec![Text("Method"), LongText("Route"), Number("Requests")];
    columns.extend(classes.columns());
    columns.extend(DURATIONS.map(Number));
    let table = Table::sortable("routes", Part::Routes, &columns);
    let mut routes: Vec<_> =
        findings.routes.rows().iter().map(|route| (route.requests.total(), route)).collect();
    routes.sort_by(|(one, _), (other, _)| descending(*one, *other));
    let caption = html! { "HTTP requests by method and route, the most frequent first" };
    html! {
        p {
            "Telemetry records durations per time window, not per request. "
            "Each number is the mean over all windows, weighted by their requests."
        }
        (table.render(budget, &caption, |rows| {
            rows.add(routes, |(_, route)| {
                let [method, path] = [&route.method, &route.route].map(|text| excerpt_or(text, "(none)"));
                route_row(method, path, route, classes)
            });
            rows.other(findings.routes.other(), |other| {
                route_row(beyond(ROUTES_AT_MOST), Markup::default(), other, classes)
            });
        }))
    }
}

/// The larger first. Integers are compared exactly.
fn descending(one: Count, other: Count) -> Ordering {
    match (one, other) {
        (Count::Integer(one), Count::Integer(other)) => other.cmp(&one),
        _ => other.as_f64().total_cmp(&one.as_f64()),
    }
}

fn route_row(method: Markup, path: Markup, route: &Route, classes: &StatusClasses) -> Vec<Markup> {
    let mut cells = vec![method, path, amount(route.requests.total())];
    cells.extend(classes.counts(&route.requests).map(amount));
    let mean = |duration: WeightedMean| duration.mean().map_or_else(|| none("(none)"), milliseconds);
    cells.extend(route.durations.map(mean));
    cells
}

fn connections(budget: &mut Budget, findings: &Findings) -> Markup {
    if findings.series.all().next().is_none() {
        return nothing("There are no measurements of SSH connections.");
    }
    let all = findings.series.rows();
    html! {
        p { (accuracy()) }
        @for (number, series) in all.iter().enumerate() {
            (one_series(budget, series, &series_id(number, all), Part::SERIES[number]))
        }
        @if let Some(other) = findings.series.other() {
            @let values = other.steps().map(|(_, values)| values.count()).fold(0, u64::saturating_add);
            p.note {
                (count(values)) @if values == 1 { " value" } @else { " values" }
                " of further measurements not shown."
            }
        }
    }
}

/// The identifier of a series: by its name if it is known, otherwise by its number.
fn series_id(number: usize, all: &[Series]) -> String {
    let name = &all[number].name;
    // Series of one name may differ in their unit. Only the first one gets the name.
    let is_first = !all[..number].iter().any(|before| before.name.reads_like(name));
    match ["latency", "download", "upload"].into_iter().find(|known| is_first && name.is(known)) {
        Some(known) => format!("series-{known}"),
        None => format!("series-{}", number + 1),
    }
}

fn one_series(budget: &mut Budget, series: &Series, id: &str, part: Part) -> Markup {
    let percentile = |values: &Percentiles, percent| values.percentile(percent).unwrap_or_default();
    let steps: Vec<_> = series
        .steps()
        .map(|(begin, values)| Step {
            begin,
            low: percentile(values, 5),
            median: percentile(values, 50),
            high: percentile(values, 95),
        })
        .collect();
    let band = Band { steps: &steps, width: series.width(), unit: series.unit };
    let title = "Median over time as a line in a band from the 5th to the 95th percentile";
    let columns = [
        Text("From"),
        Number("Values"),
        Number("5th percentile"),
        Number("Median"),
        Number("95th percentile"),
    ];
    let table = Table::sortable(id, part, &columns);
    let name = excerpt_or(&series.name, "(empty)");
    let name_and_unit = html! { (name) " in " (series.unit) };
    budget.count(|budget| {
        html! {
            figure {
                (budget.count(|_| html! {
                    figcaption {
                        (name_and_unit)
                        ": the median as a line, in a band from the 5th to the 95th percentile, in steps of "
                        (step_width(series.width())) ". Times are UTC."
                    }
                    (band.chart(id, title))
                }))
                details {
                    summary { "Table: " (name) " over time" }
                    (table.render(budget, &name_and_unit, |rows| {
                        rows.add(series.steps().zip(&steps), |((begin, values), step)| {
                            let [low, median, high] = [step.low, step.median, step.high].map(quantity);
                            [time(begin), count(values.count()), low, median, high]
                        });
                    }))
                }
            }
        }
    })
}

/// The width of a step in words. Widths of a day or more are in days: `364 days`.
fn step_width(nanoseconds: u64) -> String {
    match nanoseconds / NANOSECONDS_PER_DAY {
        0 => text::duration(nanoseconds as f64),
        days => text::plural(days, "day", "days"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::formats::report::page::chart::check;
    use crate::formats::report::page::sample;
    use crate::formats::report::page::table::without_labels;

    fn section(findings: &Findings) -> String {
        let html = network(&mut Budget::default(), findings).0;
        check(&html);
        without_labels(&html)
    }

    fn add_classes(findings: &mut Findings, names: &[&str]) {
        for (number, name) in names.iter().enumerate() {
            findings.status_classes.entry(number as u64, |_| Excerpt::of(name));
        }
    }

    fn requests(counts: &[Count]) -> RequestCounts {
        let mut requests = RequestCounts::default();
        requests.0.iter_mut().zip(counts).for_each(|(slot, count)| *slot = *count);
        requests
    }

    #[test]
    fn nothing_is_said_to_be_nothing() {
        let html = section(&Findings::new());
        assert_eq!(html.matches("class=\"nothing\"").count(), 3);
        assert!(!html.contains("<table") && !html.contains("<svg"));
    }

    #[test]
    fn classes_are_in_the_order_that_people_know() {
        let mut findings = Findings::new();
        add_classes(&mut findings, &["5xx", "teapot", "2xx"]);
        findings
            .request_days
            .insert(20_605, requests(&[Count::Integer(1), Count::Integer(2), Count::Double(4.5)]).into());
        let html = section(&findings);
        let expected = "<td><data value=\"4.5\">4.5</data></td><td><data value=\"1\">1</data></td>\
                        <td><data value=\"2\">2</data></td><td><data value=\"7.5\">7.5</data></td>";
        assert!(html.contains(expected), "{html}");
        let at = |class: &str| html.find(&format!("<path class=\"{class}\"")).expect("a layer");
        assert!(at("k-2xx") < at("k-5xx") && at("k-5xx") < at("c-2"));
        assert!(!html.contains("<bdi>other</bdi>"));
    }

    #[test]
    fn hostile_classes_have_a_column_for_all_others_and_stay_small() {
        let mut findings = Findings::new();
        let names: Vec<_> = (0..20).map(|number| format!("{number}{}", "\u{10FFFF}<".repeat(40))).collect();
        add_classes(&mut findings, &names.iter().map(String::as_str).collect::<Vec<_>>());
        for day in 0..5_000 {
            findings.request_days.insert(day * 20, requests(&[Count::Double(0.1 + day as f64); 13]).into());
        }
        let html = section(&findings);
        assert!(html.contains("<bdi>other</bdi>") && html.contains("class=\"c-13\""));
        let (chart, table) = html.split_once("<details>").expect("a table");
        assert!(chart.len() < 36_000, "{}", chart.len());
        let header = table.find("</thead>").expect("a header");
        assert!(chart.len() + header < 50_000, "{} and {header}", chart.len());
        assert!(html.contains("data-table=\"request-days\""));
    }

    #[test]
    fn columns_of_classes_have_titles_of_their_own() {
        let mut findings = Findings::new();
        let long = "x".repeat(80);
        let cut = [format!("{long}1"), format!("{long}2")];
        let mut names = vec!["Total", "class Total", "Average", "other", "", " ", &long, &cut[0], &cut[1]];
        names.extend(["a", "b", "c", "d"]);
        add_classes(&mut findings, &names);
        let classes = StatusClasses::of(&findings);
        let titles: Vec<_> = classes.0.iter().map(|(_, title)| title.text()).collect();
        assert_eq!(titles[..6], ["class 2 Total", "class Total", "class Average", "other", "", " "]);
        assert_eq!(titles[12], "other other");
        assert_eq!(titles.iter().collect::<BTreeSet<_>>().len(), 13);
    }

    #[test]
    fn counts_that_are_no_numbers_do_no_harm() {
        let mut findings = Findings::new();
        add_classes(&mut findings, &["2xx", "4xx", "5xx"]);
        let counts =
            requests(&[Count::Double(f64::NAN), Count::Double(f64::INFINITY), Count::Integer(i64::MIN)]);
        findings.request_days.insert(0, counts.clone().into());
        findings.request_days.insert(106_751, Box::default());
        findings.routes.entry(1, |_| Route { requests: counts, ..Route::default() });
        section(&findings);
    }

    #[test]
    fn routes_are_sorted_by_requests_and_durations_are_weighted() {
        let mut findings = Findings::new();
        add_classes(&mut findings, &["2xx"]);
        for (number, count) in [3, 9, 3].into_iter().enumerate() {
            findings.routes.entry(number as u64, |_| Route {
                method: Excerpt::of("GET"),
                route: Excerpt::of(&format!("/<{number}>")),
                requests: requests(&[Count::Integer(count)]),
                durations: [WeightedMean { weighted_sum: 25.0, weight: 10.0 }; 4],
            });
        }
        let html = section(&findings);
        let at = |number| html.find(&format!("<bdi>/&lt;{number}&gt;</bdi>")).expect("a row");
        assert!(at(1) < at(0) && at(0) < at(2));
        assert!(html.contains("<td><data value=\"2.5\">2.5 ms</data></td>"));
    }

    #[test]
    fn routes_beyond_the_limit_are_in_the_last_row() {
        let mut findings = Findings::new();
        for number in 0..600 {
            let route = Excerpt::of("/api");
            let begin =
                |_| Route { route, requests: requests(&[Count::Integer(i64::MAX)]), ..Route::default() };
            findings.routes.entry(number, begin);
        }
        let html = section(&findings);
        assert!(
            html.contains("<tr class=\"other\"><th scope=\"row\">other than the first 500</th><td></td>")
        );
    }

    #[test]
    fn series_have_a_chart_and_a_table_each() {
        let mut findings = Findings::new();
        for (number, name) in ["latency", "</svg>", "latency", "upload", "x", "y"].into_iter().enumerate() {
            let (_, series) = findings.series.entry(number as u64, |_| Series::new(Excerpt::of(name), "ms"));
            series.add(1_780_302_078_749_000_000, 12.5);
        }
        let html = section(&findings);
        for id in ["series-latency", "series-2", "series-3", "series-upload"] {
            assert!(html.contains(&format!("<table id=\"{id}\"")), "{id}");
        }
        assert!(html.contains("in steps of 1 min.") && html.contains("then accurate to 0.75 %."));
        assert!(html.contains("<time datetime=\"2026-06-01T08:21:00.000Z\">"));
        assert!(html.contains("<data value=\"12.5\">12.5</data>"));
        assert!(html.contains("<data value=\"2\">2</data> values of further measurements"), "{html}");
    }

    #[test]
    fn widths_of_steps_are_in_words() {
        let minute = 60_000_000_000;
        for (width, words) in [
            (minute, "1 min"),
            (60 * minute, "1 h"),
            (1_440 * minute, "1 day"),
            (524_160 * minute, "364 days"),
        ] {
            assert_eq!(step_width(width), words);
        }
    }

    #[test]
    fn a_sample_is_shown_in_full() {
        let html = section(&sample::findings());
        assert!(!html.contains("class=\"nothing\"") && !html.contains("class=\"more\""));
    }
}
