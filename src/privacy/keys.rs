//! Keys that tell what their value is. A key is compared by its words, from its end: `db_host` ends with `host`, and
//! `token_present` does not end with `token`.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::kinds::Rule;
use super::words::{STATES, is_blank, is_number, is_one_of, is_ordinary, is_usual_name};

/// What a key says about its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyMeaning {
    /// Nothing that matters.
    Nothing,
    /// The value identifies an event, a trace or an operation, and nothing outside the telemetry.
    TelemetryId,
    /// The value is a version.
    Version,
    /// The value is a password.
    Password,
    /// The value is another secret.
    Secret,
    /// The value is a secret if it looks like one, as in `key`.
    MaybeSecret,
    /// The value names a person, an account, a company, a team or something that is named after one.
    Name,
    /// The value names a machine.
    Host,
    /// The value says where somebody is.
    Place,
    /// The value says where somebody is if it is a city, as in `region`.
    MaybePlace,
    /// The value is a telephone number.
    Phone,
    /// The value identifies a user, a machine, a device or an installation.
    Identifier,
    /// The value identifies something; it depends on the value.
    MaybeIdentifier,
}

/// The longest key that is looked at. Longer ones are no keys.
const LONGEST_KEY: usize = 80;
/// The most words of a key that are compared.
const WORDS_AT_MOST: usize = 4;

impl KeyMeaning {
    /// What `key` says.
    pub(crate) fn of(key: &str) -> Self {
        if key.is_empty() || key.len() > LONGEST_KEY {
            return Self::Nothing;
        }
        // The last words, in lower case, joined with blanks.
        let mut ending = String::with_capacity(key.len() + WORDS_AT_MOST);
        let words: Vec<&str> = words(key).collect();
        for word in &words[words.len().saturating_sub(WORDS_AT_MOST)..] {
            if !ending.is_empty() {
                ending.push(' ');
            }
            ending.extend(word.chars().map(|character| character.to_ascii_lowercase()));
        }
        let mut rest = ending.as_str();
        // The longest ending first, so that `user agent` goes before `agent`.
        while !rest.is_empty() {
            if let Some(meaning) = MEANINGS.get(rest) {
                return *meaning;
            }
            rest = rest.split_once(' ').map_or("", |(_, rest)| rest);
        }
        Self::Nothing
    }

    /// The rule that marks `value`, if the key says something and the value is no placeholder and no ordinary word.
    pub(super) fn rule_for(self, value: &str) -> Option<Rule> {
        let (rule, counts) = match self {
            Self::Nothing | Self::TelemetryId | Self::Version => return None,
            Self::Password => (Rule::PasswordUnderKey, true),
            Self::Secret => (Rule::TokenUnderKey, !is_one_of(value, &STATES) && !is_credential_state(value)),
            Self::MaybeSecret => (Rule::TokenUnderKey, looks_like_a_secret(value)),
            Self::Name => (Rule::NameUnderKey, !is_number(value) && !is_known_name(value)),
            Self::Host => (Rule::HostUnderKey, !is_number(value) && !is_known_host(value)),
            Self::Place => (Rule::PlaceUnderKey, value.contains(char::is_alphanumeric) && !is_known_place(value)),
            Self::MaybePlace => (
                Rule::PlaceUnderKey,
                value.starts_with(char::is_uppercase) && value.chars().any(char::is_lowercase)
                    && !value.contains(|character: char| character.is_ascii_digit()) && !is_known_place(value),
            ),
            Self::Phone => (Rule::PhoneUnderKey, value.bytes().filter(u8::is_ascii_digit).count() >= 5),
            Self::Identifier => (Rule::IdentifierUnderKey, !is_known_name(value) && !is_zero(value)),
            Self::MaybeIdentifier => (Rule::IdentifierUnderKey, looks_like_an_identifier(value)),
        };
        (counts && !is_blank(value)).then_some(rule)
    }

    /// Whether its value is a secret.
    pub(super) fn is_secret(self) -> bool {
        matches!(self, Self::Password | Self::Secret | Self::MaybeSecret)
    }
}

/// The words of a key: what stands between other characters than letters and digits, and at changes from lower to upper
/// case.
fn words(key: &str) -> impl Iterator<Item = &str> {
    key.split(|character: char| !character.is_alphanumeric()).flat_map(camel_case_words)
}

fn camel_case_words(part: &str) -> impl Iterator<Item = &str> {
    let mut rest = part;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let bytes = rest.as_bytes();
        let end = (1..bytes.len()).find(|&at| {
            bytes[at].is_ascii_uppercase()
                && (bytes[at - 1].is_ascii_lowercase() || bytes[at - 1].is_ascii_digit()
                    || bytes[at - 1].is_ascii_uppercase() && bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase))
        });
        let (word, following) = rest.split_at(end.unwrap_or(rest.len()));
        rest = following;
        Some(word)
    })
}

fn is_known_name(value: &str) -> bool {
    is_usual_name(value) || is_ordinary(value)
}

fn is_known_host(value: &str) -> bool {
    is_usual_name(value) || is_ordinary(value) || value.starts_with("127.") || value.starts_with("localhost:")
        || matches!(value, "::1" | "0.0.0.0" | "::" | "[::1]" | "[::]")
}

fn is_known_place(value: &str) -> bool {
    // The relay that every deployment has.
    value.eq_ignore_ascii_case("Coder Embedded Relay")
        || is_ordinary(value)
        || is_one_of(value, &["utc", "etc/utc", "gmt", "earth"])
}

/// Whether a value says what became of a secret, as `session_token` under `credential_source` does.
fn is_credential_state(value: &str) -> bool {
    value.contains(['_', ' ']) && is_ordinary(value)
}

fn is_zero(value: &str) -> bool {
    value.bytes().all(|byte| matches!(byte, b'0' | b'-' | b':'))
}

/// Whether a value has at least eight characters and mixes letters and digits.
fn looks_like_a_secret(value: &str) -> bool {
    value.len() >= 8
        && value.bytes().any(|byte| byte.is_ascii_digit())
        && value.bytes().any(|byte| byte.is_ascii_alphabetic())
        && !value.contains([' ', '.', '/', '\\', ':'])
        && !is_ordinary(value)
}

fn looks_like_an_identifier(value: &str) -> bool {
    value.len() >= 8
        && value.bytes().filter(u8::is_ascii_digit).count() >= 3
        && !value.contains([' ', '.', '/', '\\'])
        && !is_zero(value)
        && !is_ordinary(value)
}

static MEANINGS: LazyLock<HashMap<&str, KeyMeaning>> = LazyLock::new(|| {
    ENDINGS.iter().flat_map(|(endings, meaning)| endings.iter().map(|ending| (*ending, *meaning))).collect()
});

/// What keys that end with these words say. The words are in lower case, with a blank between them.
pub(super) const ENDINGS: &[(&[&str], KeyMeaning)] = &[
    (
        &[
            "event id", "trace id", "span id", "parent event id", "parent id", "parent span id", "command id", "process id",
            "thread id", "window id", "operation id", "extension id", "language id", "view id", "region id",
        ],
        KeyMeaning::TelemetryId,
    ),
    (&["version", "ver", "release", "build number"], KeyMeaning::Version),
    // They end like keys that say something.
    (
        &[
            "user agent", "agent user", "command name", "event name", "session name", "host name type", "process name",
            "platform name", "extension name", "os name", "metric name", "template version", "signature algorithm",
            "signature verification", "remote name", "proxy auth", "http auth", "log group", "instance type", "tab group",
            "editor group", "space key", "sort key", "primary key", "foreign key", "host key", "public key",
        ],
        KeyMeaning::Nothing,
    ),
    (
        &[
            "password", "passwd", "pwd", "pass", "passphrase", "pgpassword", "passcode", "pin", "passwort", "mot de passe",
            "userpassword", "dbpassword", "sshpass", "psk", "kennwort", "contraseña", "contrasena", "motdepasse", "requirepass", "wachtwoord", "senha", "hasło", "rediscli auth", "mysql pwd", "smtppassword", "pin code", "password hash", "pw",
        ],
        KeyMeaning::Password,
    ),
    (
        &[
            "token", "tokens", "secret", "secrets", "api key", "apikey", "api keys", "access key", "accesskey", "private key",
            "privatekey", "secret key", "secretkey", "account key", "accountkey", "shared access key", "access key id",
            "signing key", "encryption key", "master key", "license key", "deploy key", "ssh key", "auth key", "authkey",
            "credential", "credentials", "cookie", "cookies", "set cookie", "authorization", "signature", "sig", "otp", "totp",
            "mfa code", "verification code", "auth code", "authorization code", "device code", "user code", "jwt", "bearer",
            "connection string", "client assertion", "session cookie", "csrf", "xsrf", "auth", "sas", "webhook url",
            "accesstoken", "sessiontoken", "refreshtoken", "idtoken", "authtoken", "clientsecret", "recovery code",
            "backup code", "hmac", "salt", "nonce", "seed phrase", "mnemonic", "id token hint", "personal access token",
            "pat", "credential id",
        ],
        KeyMeaning::Secret,
    ),
    (&["key", "code", "response", "state", "assertion", "ticket", "hash", "sid"], KeyMeaning::MaybeSecret),
    (
        &[
            "host", "hostname", "host name", "hosts", "hostnames", "server", "server name", "servername", "machine name", "machinename", "node name",
            "nodename", "device name", "devicename", "computer name", "computername", "computer", "cluster", "cluster name",
            "clustername", "fqdn", "vm name", "vm", "pod", "pod name", "instance name", "container name", "workstation", "domain", "domain name",
            "netbios name", "gateway", "bastion", "jump host", "peer name", "dns name", "proxy host", "server host", "nas",
            "printer", "data source", "datasource", "server address", "target host", "ssid", "wifi", "wifi name", "network name",
        ],
        KeyMeaning::Host,
    ),
    (
        &[
            "user", "username", "user name", "users", "owner", "owner name", "ownername", "owners", "login", "login name", "account",
            "account name", "accountname", "email", "e mail", "mail", "email address", "upn", "full name", "fullname", "display name",
            "displayname", "real name", "realname", "first name", "firstname", "last name", "lastname", "surname", "given name",
            "givenname", "family name", "nickname", "nick", "maiden name", "author", "author name", "authors", "committer",
            "committer name", "reviewer", "approver", "maintainer", "assignee", "reporter", "manager", "contact", "contact name",
            "contact person", "member", "member name", "creator", "initiator", "initiator name", "actor", "principal", "principal name",
            "created by", "updated by", "requested by", "approved by", "assigned to", "owned by", "managed by", "modified by",
            "deleted by", "invited by", "reviewed by", "started by", "triggered by", "run by", "author email", "sudo user",
            "logname", "user id name", "impersonator", "employee", "employee name", "person", "person name", "customer",
            "customer name", "client name", "company", "company name", "companyname", "employer", "business", "vendor name",
            "department", "division", "team", "team name", "squad", "group", "group name", "groups", "org", "orgs", "org name", "organization",
            "organization name", "organisation", "organizations", "org slug", "tenant", "tenant name", "license holder", "licensee", "licensed to",
            "registered to", "holder", "workspace", "workspace name", "workspacename", "workspace owner", "workspace owner name",
            "workspaces", "agent", "agent name", "agentname", "template", "template name", "templatename", "project", "project name",
            "projectname", "project key", "project slug", "repo", "repos", "repo name", "repository", "repository name", "repo url", "repository url", "git url",
            "remote url", "remote", "remotes", "git remote", "clone url", "branch", "branch name", "git branch", "git ref", "namespace", "namespace name",
            "bucket", "bucket name", "storage account", "subscription", "subscription name", "resource group", "database",
            "database name", "db name", "schema owner", "recipient", "recipients", "sender", "cc", "bcc", "attendee", "attendees", "slack channel",
            "subject name", "common name", "distinguished name", "dn", "cn", "gecos", "signed off by", "co authored by", "reviewed by",
            "acked by", "tested by", "reported by", "handle", "alias", "user alias", "user handle", "realm", "workgroup", "user principal name", "sam account name", "screen name",
            "profile name", "billing contact", "for user", "on behalf of", "as user", "impersonate", "run as", "runas", "student", "patient", "candidate",
            "cost center", "codename", "code name", "site name", "school", "university", "institution", "lab", "studio", "brand", "partner", "reseller",
            "workspace folder", "initial catalog", "catalog", "task name", "editor name", "last editor", "name of user", "sudo user", "user display name", "preferred username", "git user", "folder name", "ws", "from user", "to user", "db user", "dbuser", "pguser", "pgdatabase",
        ],
        KeyMeaning::Name,
    ),
    (
        &[
            "preferred derp", "preferredderp", "derp region", "derp region name", "derp", "city", "town", "country", "location",
            "geo", "geo location", "geolocation", "site", "postal code", "postalcode", "post code", "postcode", "zip code", "zipcode", "zip", "street",
            "street address", "home address", "postal address", "office", "office location", "building", "campus", "latitude", "longitude", "lat", "lon", "lng", "coordinates", "coords",
            "position", "province", "county", "home city", "district", "neighborhood", "timezone city", "room", "floor", "desk", "region name", "home region", "nearest region",
            "geo city", "geo country", "geoip", "venue", "landmark", "airport", "metro", "datacenter", "data center",
        ],
        KeyMeaning::Place,
    ),
    (&["region", "area", "availability zone", "zone"], KeyMeaning::MaybePlace),
    (
        &[
            "phone", "phone number", "phonenumber", "phones", "mobile", "mobile number", "mobile phone", "telephone", "telephone number", "tel",
            "fax", "fax number", "cell", "cell phone", "cell number", "msisdn", "sms", "whatsapp", "contact number", "emergency contact", "work phone", "home phone", "pager",
        ],
        KeyMeaning::Phone,
    ),
    (
        &[
            "user id", "userid", "account id", "accountid", "device id", "deviceid", "machine id", "machineid", "installation id",
            "install id", "tenant id", "tenantid", "client id", "clientid", "distinct id", "agent id", "agentid", "session id", "sessionid", "workspace id",
            "workspaceid", "owner id", "org id", "organization id", "customer id", "subscription id", "project id", "team id", "member id", "employee id",
            "employee number", "badge number", "badge", "person id", "anonymous id", "anon id", "hardware id", "hardware uuid", "host id", "instance id", "node id", "deployment id",
            "license id", "template id", "directory id", "object id", "subject id", "app id", "sqm id", "dev device id", "user sid", "external id", "internal id", "device uuid",
            "serial", "serial number", "serialnumber", "serial no", "serialno", "sn", "s n", "asset tag", "service tag", "imei", "imsi", "iccid", "meid", "udid", "mac", "mac address", "macaddress", "hwaddr",
            "ether", "fingerprint", "thumbprint", "guid", "uuid", "user uuid", "user guid", "public key fingerprint", "passport", "passport number", "ssn", "social security number", "tax id", "vat id", "iban",
            "card number", "account number", "account no", "customer number", "contract number", "license number", "licence plate", "license plate", "birth date", "birthday", "date of birth", "dob",
            "advertising id", "idfa", "gaid", "android id", "product key", "bios serial", "board serial", "platform serial number", "io platform serial number", "io platform uuid", "machine guid", "boot id",
        ],
        KeyMeaning::Identifier,
    ),
    (&["id", "ids", "uid", "identifier"], KeyMeaning::MaybeIdentifier),
];
