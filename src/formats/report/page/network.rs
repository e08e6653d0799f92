//! HTTP requests, and SSH connections over time.

use std::cmp::Ordering;

use super::budget::Part;
use super::chart::{Band, Layer, Stacks, Step};
use super::html::Html;
use super::table::{Column, Table};
use super::text;
use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::findings::{
    Findings, ROUTES_AT_MOST, RequestCounts, Route, STATUS_CLASSES_AT_MOST,
};
use crate::formats::report::percentiles::Percentiles;
use crate::formats::report::series::Series;
use crate::row::count::Count;
use crate::row::timestamp::{Day, NANOSECONDS_PER_DAY};

/// Titles of the columns of a route's durations.
const DURATIONS: [&str; 4] = ["Average", "Median", "95th percentile", "99th percentile"];

pub(super) fn network(page: &mut Html, findings: &Findings) {
    page.markup("<section id=\"network\" aria-labelledby=\"network-title\">\n<h2 id=\"network-title\">Network</h2>\n<h3>HTTP requests a day</h3>\n");
    let classes = StatusClasses::of(findings);
    request_days(page, findings, &classes);
    page.markup("<h3>HTTP routes</h3>\n");
    routes(page, findings, &classes);
    page.markup("<h3>SSH connections</h3>\n");
    connections(page, findings);
    page.markup("</section>\n");
}

/// The classes of answers in the order in which people know them: of each its place in [`RequestCounts`] and its title, which
/// is its name unless another column has that.
struct StatusClasses(Vec<(usize, Excerpt)>);

impl StatusClasses {
    /// Known ones, which have colours of their own.
    const KNOWN: [&str; 6] = ["1xx", "2xx", "3xx", "4xx", "5xx", "network_error"];
    /// Titles of the columns beside those of classes.
    const TITLES: [&str; 5] = ["Day", "Total", "Method", "Route", "Requests"];

    fn of(findings: &Findings) -> Self {
        let mut classes: Vec<_> = findings.status_classes.rows().iter().cloned().enumerate().collect();
        let place = |name: &Excerpt| Self::KNOWN.iter().position(|known| *known == name.text());
        classes.sort_by_key(|(_, name)| place(name).unwrap_or(Self::KNOWN.len()));
        for number in 0..classes.len() {
            let title = distinct(&classes[number].1, "class", |title| {
                let mut others = classes[..number].iter().chain(&classes[number + 1..]);
                others.any(|(_, other)| other.text() == title) || Self::is_other_column(title)
            });
            classes[number].1 = title;
        }
        if findings.status_classes.other().is_some() {
            let is_taken = |title: &str| classes.iter().any(|(_, class)| class.text() == title);
            let other = distinct(&Excerpt::of("other"), "other", is_taken);
            classes.push((STATUS_CLASSES_AT_MOST, other));
        }
        Self(classes)
    }

    fn is_other_column(title: &str) -> bool {
        Self::TITLES.iter().chain(&DURATIONS).any(|other| *other == title)
    }

    fn layers(&self) -> Vec<Layer> {
        let layer = |(place, name): &(usize, Excerpt)| {
            let is_known = Self::KNOWN.contains(&name.text());
            let class = if is_known { format!("k-{}", name.text()) } else { format!("c-{}", place + 1) };
            Layer { class, name: name.clone() }
        };
        self.0.iter().map(layer).collect()
    }

    fn columns(&self) -> impl Iterator<Item = Column<'_>> {
        self.0.iter().map(|(_, name)| Column::NumberOf(name))
    }

    /// The counts of the classes, in their order.
    fn counts(&self, requests: &RequestCounts) -> impl Iterator<Item = Count> {
        self.0.iter().filter_map(|(place, _)| requests.0.get(*place).copied())
    }
}

/// The title, or behind the word and, if need be, a number, so that it is not taken.
fn distinct(title: &Excerpt, word: &str, is_taken: impl Fn(&str) -> bool) -> Excerpt {
    let text = title.text();
    // Numbers stand before the text, so that they are not cut off.
    // The text is an excerpt, so its secrets are already masked.
    let titled = |title: String| Excerpt::of_searched(&title, &[]);
    let numbered = (2..).map(|number| titled(format!("{word} {number} {text}")));
    let mut titles = [title.clone(), titled(format!("{word} {text}"))].into_iter().chain(numbered);
    titles.find(|title| !is_taken(title.text())).unwrap_or_default()
}

fn request_days(page: &mut Html, findings: &Findings, classes: &StatusClasses) {
    let amounts = |day: Day, requests: &RequestCounts| -> (Day, Box<[f64]>) {
        (day, classes.counts(requests).map(Count::as_f64).collect())
    };
    let Some(stacks) = Stacks::new(
        classes.layers(),
        findings.request_days.iter().map(|(&day, requests)| amounts(day, requests)),
    ) else {
        page.nothing("No HTTP request was counted.");
        return;
    };
    page.markup("<figure>\n");
    stacks.caption(page, "Requests", &findings.request_days);
    stacks.write(page, "title-request-days", "HTTP requests a day as bars, by class of answer");
    page.markup("<details><summary>Table: HTTP requests a day</summary>\n");
    let mut columns = vec![Column::Text("Day")];
    columns.extend(classes.columns());
    columns.push(Column::Number("Total"));
    let table = Table { id: "request-days", part: Part::RequestDays, columns: &columns, is_sortable: true };
    page.table(
        &table,
        |page| page.markup("HTTP requests of each day that has any, by class of answer"),
        |rows| {
            for (&day, requests) in &findings.request_days {
                rows.row(|page| {
                    page.row_header(|page| page.day(day));
                    for count in classes.counts(requests) {
                        page.cell(|page| page.amount(count));
                    }
                    page.cell(|page| page.amount(requests.total()))
                });
            }
        },
    );
    page.markup("</details>\n</figure>\n");
}

fn routes(page: &mut Html, findings: &Findings, classes: &StatusClasses) {
    if findings.routes.all().next().is_none() {
        page.nothing("There are no routes of HTTP requests.");
        return;
    }
    page.markup("<p>Telemetry has durations of windows of time only, not of single requests: each number is the mean of ");
    page.markup("that of all windows, weighted by their requests.</p>\n");
    let mut columns = vec![Column::Text("Method"), Column::Text("Route"), Column::Number("Requests")];
    columns.extend(classes.columns());
    columns.extend(DURATIONS.map(Column::Number));
    let table = Table { id: "routes", part: Part::Routes, columns: &columns, is_sortable: true };
    let mut routes: Vec<_> =
        findings.routes.rows().iter().map(|route| (route.requests.total(), route)).collect();
    routes.sort_by(|(one, _), (other, _)| descending(*one, *other));
    page.table(
        &table,
        |page| page.markup("HTTP requests by method and route, the most frequent first"),
        |rows| {
            for (_, route) in routes {
                rows.row(|page| {
                    page.row_header(|page| page.excerpt_or(&route.method, "(none)"));
                    page.cell(|page| page.excerpt_or(&route.route, "(none)"));
                    route_cells(page, route, classes)
                });
            }
            if let Some(other) = findings.routes.other() {
                rows.other_row(|page| {
                    page.row_header(|page| {
                        page.markup("other than the first ").text(&text::grouped(ROUTES_AT_MOST as u128))
                    });
                    page.markup("<td></td>");
                    route_cells(page, other, classes)
                });
            }
        },
    );
}

/// The larger first. Integers are compared exactly.
fn descending(one: Count, other: Count) -> Ordering {
    match (one, other) {
        (Count::Integer(one), Count::Integer(other)) => other.cmp(&one),
        _ => other.as_f64().total_cmp(&one.as_f64()),
    }
}

fn route_cells<'a>(page: &'a mut Html, route: &Route, classes: &StatusClasses) -> &'a mut Html {
    page.cell(|page| page.amount(route.requests.total()));
    for count in classes.counts(&route.requests) {
        page.cell(|page| page.amount(count));
    }
    for duration in route.durations {
        page.cell(|page| match duration.mean() {
            Some(mean) => page.milliseconds(mean),
            None => page.none("(none)"),
        });
    }
    page
}

/// Identifiers of a series' table and of its chart's title.
type SeriesIds = (&'static str, &'static str);

/// Those of a series of any name, by its number from 0.
const SERIES_IDS: [SeriesIds; 4] = [
    ("series-1", "title-series-1"),
    ("series-2", "title-series-2"),
    ("series-3", "title-series-3"),
    ("series-4", "title-series-4"),
];

/// Identifiers of the series of a known name.
fn ids_of(name: &str) -> Option<SeriesIds> {
    Some(match name {
        "latency" => ("series-latency", "title-series-latency"),
        "download" => ("series-download", "title-series-download"),
        "upload" => ("series-upload", "title-series-upload"),
        _ => return None,
    })
}

fn connections(page: &mut Html, findings: &Findings) {
    if findings.series.all().next().is_none() {
        page.nothing("There are no measurements of SSH connections.");
        return;
    }
    page.markup("<p>");
    super::percentiles::accuracy(page).markup("</p>\n");
    let all = findings.series.rows();
    for (number, (series, by_number)) in all.iter().zip(SERIES_IDS).enumerate() {
        let part = Part::SERIES.get(number).copied().unwrap_or(Part::Series4);
        // Series of one name may differ in their unit.
        let is_first = !all[..number].iter().any(|before| before.name.text() == series.name.text());
        let ids = ids_of(series.name.text()).filter(|_| is_first).unwrap_or(by_number);
        one_series(page, series, ids, part);
    }
    if let Some(other) = findings.series.other() {
        let values = other.steps().map(|(_, values)| values.count()).fold(0, u64::saturating_add);
        page.markup("<p class=\"note\">").count(values);
        page.markup(if values == 1 { " value" } else { " values" });
        page.markup(" of further measurements not shown.</p>\n");
    }
}

fn one_series(page: &mut Html, series: &Series, (table_id, title_id): SeriesIds, part: Part) {
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
    page.markup("<figure>\n<figcaption>");
    name_and_unit(page, series);
    page.markup(": the median as a line, in a band from the 5th to the 95th percentile, in steps of ");
    page.text(&step_width(series.width())).markup(". Times are UTC.</figcaption>\n");
    let title = "Median over time as a line in a band from the 5th to the 95th percentile";
    Band { steps: &steps, width: series.width(), unit: series.unit }.write(page, title_id, title);
    page.markup("<details><summary>Table: ")
        .excerpt_or(&series.name, "(empty)")
        .markup(" over time</summary>\n");
    let [values, low, median, high] =
        ["Values", "5th percentile", "Median", "95th percentile"].map(Column::Number);
    let columns = [Column::Text("From"), values, low, median, high];
    let table = Table { id: table_id, part, columns: &columns, is_sortable: true };
    page.table(
        &table,
        |page| name_and_unit(page, series),
        |rows| {
            for ((begin, sketch), step) in series.steps().zip(&steps) {
                rows.row(|page| {
                    page.row_header(|page| page.time(begin)).count_cell(sketch.count());
                    for value in [step.low, step.median, step.high] {
                        page.cell(|page| page.quantity(value));
                    }
                    page
                });
            }
        },
    );
    page.markup("</details>\n</figure>\n");
}

fn name_and_unit<'a>(page: &'a mut Html, series: &Series) -> &'a mut Html {
    page.excerpt_or(&series.name, "(empty)").markup(" in ").text(series.unit)
}

/// A step's width in words. Those of more than a few days are in days: `364 days`.
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
    use crate::formats::report::findings::WeightedMean;
    use crate::formats::report::page::chart::check;
    use crate::formats::report::page::sample;

    fn section(findings: &Findings) -> String {
        let mut page = Html::new();
        network(&mut page, findings);
        let html = page.into_string();
        check(&html);
        html
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
            let begin = |_| Route { requests: requests(&[Count::Integer(i64::MAX)]), ..Route::default() };
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
