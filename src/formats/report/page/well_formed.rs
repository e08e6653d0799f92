//! A strict parser for the page, so that tests find markup that a browser would silently repair.

use std::collections::HashSet;

/// Elements without content.
const VOID: [&str; 4] = ["meta", "link", "col", "wbr"];
/// Elements whose content is not markup.
const RAW: [&str; 2] = ["script", "style"];
/// References to characters that the page uses.
const REFERENCES: [&str; 5] = ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"];

/// Panics unless `html` is a whole page that is well formed.
pub(crate) fn check_page(html: &str) {
    let rest = html.strip_prefix("<!DOCTYPE html>\n").expect("a document type");
    check_fragment(rest);
}

/// Panics unless `html` is well formed, loads nothing and has no invisible characters.
pub(crate) fn check_fragment(html: &str) {
    check_characters(html);
    let mut parser = Parser { rest: html, open: Vec::new(), ids: HashSet::new(), references: Vec::new() };
    while !parser.rest.is_empty() {
        parser.step();
    }
    assert!(parser.open.is_empty(), "not closed: {:?}", parser.open);
    for id in &parser.references {
        assert!(parser.ids.contains(id), "no element {id}");
    }
}

fn check_characters(html: &str) {
    for character in html.chars() {
        let is_hidden = character.is_control() && character != '\n'
            || matches!(character, '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}')
            || matches!(character, '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{AD}' | '\u{FDD0}'..='\u{FDEF}')
            || u32::from(character) & 0xFFFE == 0xFFFE;
        assert!(!is_hidden, "U+{:04X}", u32::from(character));
    }
}

struct Parser<'a> {
    rest: &'a str,
    open: Vec<&'a str>,
    ids: HashSet<&'a str>,
    /// Ids that other elements refer to.
    references: Vec<&'a str>,
}

impl<'a> Parser<'a> {
    fn step(&mut self) {
        if let Some(rest) = self.rest.strip_prefix("</") {
            let (name, rest) = rest.split_once('>').expect("the end of an end tag");
            assert_eq!(self.open.pop(), Some(name), "near {:.80}", self.rest);
            self.rest = rest;
        } else if self.rest.starts_with('<') {
            self.start_tag();
        } else {
            let text = self.take(self.rest.find('<').unwrap_or(self.rest.len()));
            check_text(text);
        }
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    fn name(&mut self) -> &'a str {
        let is_part = |character: char| character.is_ascii_alphanumeric() || character == '-';
        let name = self.take(self.rest.find(|character| !is_part(character)).expect("what follows a name"));
        assert!(
            name.starts_with(|first: char| first.is_ascii_alphabetic()),
            "a name before {:.80}",
            self.rest
        );
        name
    }

    fn start_tag(&mut self) {
        self.take(1);
        let element = self.name();
        let mut attributes = HashSet::new();
        while self.rest.starts_with(' ') {
            self.take(1);
            let name = self.name();
            assert!(attributes.insert(name), "{name} twice in {element}");
            let value = self.value(name);
            self.check_attribute(name, value);
        }
        if let Some(rest) = self.rest.strip_prefix("/>") {
            // Only foreign elements may close themselves.
            assert!(self.open.contains(&"svg"), "{element} closes itself");
            self.rest = rest;
            return;
        }
        assert!(self.rest.starts_with('>'), "{element} before {:.80}", self.rest);
        self.take(1);
        if RAW.contains(&element) {
            let end = format!("</{element}>");
            self.take(self.rest.find(&end).expect("the end of raw text") + end.len());
        } else if !VOID.contains(&element) {
            self.open.push(element);
        }
    }

    fn value(&mut self, name: &str) -> &'a str {
        // An attribute without a value is true.
        let Some(rest) = self.rest.strip_prefix("=\"") else { return "" };
        let (value, rest) = rest.split_once('"').unwrap_or_else(|| panic!("no end of {name}"));
        assert!(!value.contains('<'), "< in {name}");
        self.rest = rest;
        value
    }

    fn check_attribute(&mut self, name: &'a str, value: &'a str) {
        check_text(value);
        assert!(!name.starts_with("on") && !["style", "src", "srcset", "action"].contains(&name), "{name}");
        match name {
            "id" => {
                assert!(!value.is_empty() && !value.contains(' '), "id {value:?}");
                assert!(self.ids.insert(value), "id {value} twice");
            }
            "href" => self.references.push(value.strip_prefix('#').expect("a place in the page")),
            "aria-labelledby" | "aria-describedby" => self.references.extend(value.split(' ')),
            _ => {}
        }
    }
}

fn check_text(text: &str) {
    assert!(!text.contains('>'), "> in {text:.80}");
    for (at, _) in text.match_indices('&') {
        let is_known = REFERENCES.iter().any(|reference| text[at..].starts_with(reference));
        assert!(is_known, "& in {:.80}", &text[at..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_well_formed_passes() {
        check_page(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><style>a > b {}</style></head>\
             <body><p id=\"a\">1 &lt; 2</p><a href=\"#a\">x</a><svg><rect x=\"1\"/></svg></body></html>\n",
        );
    }

    #[test]
    fn what_a_browser_would_mend_does_not() {
        for html in [
            "<p>",
            "</p>",
            "<b><i></b></i>",
            "<p class=a></p>",
            "<p>a & b</p>",
            "<p>a > b</p>",
            "<br/>",
            "<p id=\"a\"></p><p id=\"a\"></p>",
            "<p id=\"a\" id=\"b\"></p>",
            "<p style=\"color: red\"></p>",
            "<p onclick=\"x\"></p>",
            "<a href=\"https://example.com\"></a>",
            "<a href=\"#a\"></a>",
            "<p>\u{202E}</p>",
            "<!-- -->",
        ] {
            assert!(std::panic::catch_unwind(|| check_fragment(html)).is_err(), "{html}");
        }
    }
}
