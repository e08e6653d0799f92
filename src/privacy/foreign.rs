//! Names after words of other languages: `Benutzer "NAME" existiert nicht`, `Пользователь NAME заблокирован`.

use std::ops::Range;

use super::characters::in_word;
use super::kinds::Rule;
use super::marks::Search;
use super::quotes::quoted_at;
use super::shapes::is_name;
use super::triggers::Trigger;
use super::words::{is_one_of, names_nobody};

/// The longest name.
const LONGEST: usize = 80;

/// Words for users, accounts, groups and companies in ASCII letters.
pub(super) const TRIGGERS: &[Trigger] = &[
    Trigger {
        words: &[
            "anmeldename",
            "anwender",
            "benutzer",
            "benutzerkonto",
            "benutzername",
            "benutzernamen",
            "benutzers",
            "bruger",
            "brugernavn",
            "bruker",
            "brukernavn",
            "gebruiker",
            "gebruikersnaam",
            "korisnik",
            "nutzer",
            "nutzername",
            "pengguna",
            "usuario",
            "utente",
            "utilisateur",
            "utilizador",
            "utilizator",
        ],
        check: check_user,
    },
    Trigger {
        words: &[
            "azienda",
            "bedrijf",
            "compte",
            "cuenta",
            "empresa",
            "firma",
            "groep",
            "groupe",
            "grupa",
            "grupo",
            "gruppe",
            "gruppo",
            "konto",
            "kunde",
            "organisatie",
            "projekt",
            "projet",
            "proyecto",
        ],
        check: check_other,
    },
];

/// Words for users with other Latin letters.
const LATIN: [&str; 14] = [
    "användare",
    "användaren",
    "användarnamn",
    "felhasználó",
    "käyttäjä",
    "kullanıcı",
    "propriétaire",
    "société",
    "usuário",
    "uživatel",
    "uživatele",
    "używacz",
    "użytkownik",
    "użytkownika",
];

/// Words for users, accounts, groups and companies in other scripts that separate words.
const SCRIPTS: [&str; 14] = [
    "аккаунт",
    "группа",
    "группы",
    "користувач",
    "користувача",
    "логин",
    "потребител",
    "пользователь",
    "пользователя",
    "пользователю",
    "компания",
    "χρήστης",
    "המשתמש",
    "المستخدم",
];

/// Words for users and the like in scripts that do not separate words. Longer words come first.
const IDEOGRAPHS: [&str; 17] = [
    "用户名",
    "用户",
    "用戶",
    "使用者",
    "账户",
    "账号",
    "帐户",
    "帐号",
    "ユーザー名",
    "ユーザー",
    "ユーザ",
    "アカウント",
    "グループ",
    "사용자",
    "계정",
    "그룹",
    "公司",
];

/// A word before a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Noun {
    /// A word for a user, in Latin letters.
    LatinUser,
    /// Another word in Latin letters, which may also mean something else.
    LatinOther,
    OtherScript,
}

/// Legal forms of companies in Cyrillic letters.
const FORMS: [&str; 4] = ["ао", "зао", "ооо", "пао"];

/// Legal forms of companies in scripts that do not separate words.
const COMPANIES: [&str; 5] = ["株式会社", "有限公司", "有限会社", "合同会社", "주식회사"];

/// Words after a noun that are not names.
const NO_NAMES: [&str; 68] = [
    "actual",
    "actuel",
    "aktuell",
    "autenticado",
    "authentifié",
    "avec",
    "bei",
    "connecté",
    "corrente",
    "courant",
    "dans",
    "darf",
    "dass",
    "del",
    "desconectado",
    "desconocido",
    "desde",
    "dieser",
    "doit",
    "eingegeben",
    "especificado",
    "está",
    "gelöscht",
    "hat",
    "heeft",
    "inconnu",
    "indicado",
    "inexistant",
    "informado",
    "invalide",
    "inválido",
    "kann",
    "konnte",
    "mag",
    "mit",
    "muss",
    "n'a",
    "n'est",
    "nebyl",
    "nella",
    "nicht",
    "niet",
    "non",
    "não",
    "oder",
    "ohne",
    "para",
    "peut",
    "pode",
    "por",
    "pour",
    "puede",
    "selbst",
    "sind",
    "specificato",
    "spécifié",
    "sur",
    "ungültig",
    "werden",
    "wird",
    "wurde",
    "不存在",
    "不明",
    "未找到",
    "未登录",
    "未知",
    "错误",
    "없음",
];

/// Text that shows that the plain word before it is a name.
const VERBS: [&str; 30] = [
    " bestaat",
    " bulunamadı",
    " does",
    " esiste",
    " est ",
    " existe",
    " existiert",
    " finns",
    " gibt",
    " hat ",
    " heeft ",
    " ist ",
    " is ",
    " konnte",
    " mevcut",
    " n'",
    " n’",
    " neexistuje",
    " nem ",
    " nie ",
    " no existe",
    " non esiste",
    " não ",
    " nicht",
    " niet",
    " ei ",
    " wird ",
    " wurde",
    " ne ",
    " hittades",
];

/// Words between a noun and a name: `utilisateur inconnu NAME`, `usuario con nombre NAME`.
const ADJECTIVES: [&str; 11] = [
    "inconnu ",
    "inconnu : ",
    "inconnu: ",
    "desconocido: ",
    "desconocido ",
    "unbekannt: ",
    "con nombre ",
    "sconosciuto: ",
    "sconosciuto ",
    "namens ",
    "nommé ",
];

/// Looks for words with letters beyond ASCII.
pub(super) fn check_words(search: &mut Search<'_, '_>) {
    /// The longest word.
    const LONGEST: usize = 32;
    let text = search.text;
    let mut at = 0;
    while let Some(start) =
        text.as_bytes()[at..].iter().position(|byte| !byte.is_ascii()).map(|next| at + next)
    {
        if let Some(form) = COMPANIES.iter().find(|form| text[start..].starts_with(**form)) {
            check_company(search, start..start + form.len());
            at = start + form.len();
            continue;
        }
        if let Some(noun) = IDEOGRAPHS.iter().find(|noun| text[start..].starts_with(**noun)) {
            check_name(search, start + noun.len(), Noun::OtherScript);
            at = start + noun.len();
            continue;
        }
        let Some(first) = text[start..].chars().next() else { return };
        at = start + first.len_utf8();
        if first >= '\u{2e80}' {
            continue;
        }
        // The ASCII letters before the first other letter belong to the word.
        let from = search.run_start(start, LONGEST, |byte| byte.is_ascii_alphabetic());
        let end = text[start..]
            .char_indices()
            .find(|(_, character)| !character.is_alphabetic())
            .map_or(text.len(), |(length, _)| start + length);
        if end - from <= LONGEST {
            let word = text[from..end].to_lowercase();
            if SCRIPTS.contains(&word.as_str()) || FORMS.contains(&word.as_str()) {
                check_name(search, end, Noun::OtherScript);
            } else if LATIN.contains(&word.as_str()) {
                check_name(search, end, Noun::LatinUser);
            }
        }
        at = at.max(end);
    }
}

/// Marks the name after or before the legal form of a company.
fn check_company(search: &mut Search<'_, '_>, form: Range<usize>) {
    const LONGEST: usize = 60;
    let start = search.run_end(form.end, 1, |byte| byte == b' ');
    let end = search.run_end(start, LONGEST, in_word);
    if end > start {
        search.mark(Rule::CompanyName, start..end);
    } else {
        let end = search.run_start(form.start, 1, |byte| byte == b' ');
        let start = search.run_start(end, LONGEST, in_word);
        search.mark(Rule::CompanyName, start..end);
    }
}

fn check_user(search: &mut Search<'_, '_>, word: Range<usize>) {
    check_name(search, word.end, Noun::LatinUser);
}

fn check_other(search: &mut Search<'_, '_>, word: Range<usize>) {
    check_name(search, word.end, Noun::LatinOther);
}

/// Marks the name after a noun that ends at `noun_end`.
fn check_name(search: &mut Search<'_, '_>, noun_end: usize, noun: Noun) {
    let is_latin = noun != Noun::OtherScript;
    let mut at = search.run_end(noun_end, 1, |byte| byte == b' ');
    // A key and its value are an assignment.
    let is_key = [":", "=", "："].iter().any(|separator| search.continues_with(at, separator));
    if is_key || at == noun_end && is_latin {
        return;
    }
    let adjective = ADJECTIVES.iter().find(|adjective| search.continues_with(at, adjective));
    at += adjective.map_or(0, |adjective| adjective.len());
    if let Some(span) = quoted_at(search, at) {
        let name = &search.text[span.clone()];
        if !names_nobody(name) && is_name(name) {
            search.mark(Rule::NameInSentence, span);
        }
        return;
    }
    let end = search.run_end(at, LONGEST, |byte| in_word(byte) && (is_latin || byte.is_ascii()));
    let end = at + search.text[at..end].trim_end_matches(['.', '-', '_', '。', '，']).len();
    let span = at..end;
    let name = &search.text[span.clone()];
    if name.len() < 3 || names_nobody(name) || is_one_of(name, &NO_NAMES) || !is_name(name) {
        return;
    }
    let rest = &search.text[end..];
    let is_alone = rest.is_empty() || rest.starts_with(['\n', ',', ';', ')', '"', '\'', '(', '.']);
    let has_form = name.bytes().any(|byte| byte.is_ascii_digit()) || name.contains(['_', '.']);
    let is_verb = VERBS.iter().any(|verb| verb.trim().eq_ignore_ascii_case(name));
    let is_followed = noun == Noun::LatinUser
        && name.len() > 3
        && !is_verb
        && VERBS.iter().any(|verb| rest.starts_with(verb));
    let is_foreign = !is_latin && name.is_ascii();
    if adjective.is_some() && is_alone || has_form || is_followed || is_foreign {
        search.mark(Rule::NameInSentence, span);
    }
}
