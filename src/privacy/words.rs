//! Values that say nothing about anybody: placeholders, flags, masked text and ordinary words.

use super::characters::in_word;

/// Whether a value is empty, a placeholder, masked, a flag, or the absence of a value.
pub(super) fn is_blank(value: &str) -> bool {
    let bare = value.trim_matches(|character: char| character.is_whitespace() || "\"'`".contains(character));
    let bytes = bare.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return true };
    let is_bracketed = matches!((first, last), (b'{', b'}') | (b'<', b'>') | (b'[', b']') | (b'(', b')') | (b'%', b'%'));
    is_bracketed && bare.len() > 1 && is_label(&bare[1..bare.len() - 1])
        || bare.starts_with("${")
        || bare.starts_with("$(")
        || bare.starts_with("{{")
        || *first == b'$' && bare.len() > 1 && bytes[1..].iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'_')
        || !bare.chars().any(char::is_alphanumeric)
        || is_masked(bare)
        || is_one_of(bare, &FLAGS)
        || is_pseudonym(bare)
}

/// Whether the inside of a pair of brackets is a placeholder's name, and not an object or a list.
fn is_label(inside: &str) -> bool {
    inside.len() <= 40 && !inside.contains([':', '=', '@', '"', '/', '\\', ','])
}

/// Whether at least three characters of the value are hidden, as in `ghp_****`, or it ends with an ellipsis.
fn is_masked(value: &str) -> bool {
    ["***", "•••", "...", "…", "xxxx", "XXXX"].iter().any(|mask| value.ends_with(mask) || value.starts_with(mask))
        || value.bytes().all(|byte| matches!(byte, b'x' | b'X' | b'-' | b'.' | b'*'))
}

/// Whether `value` is, but for case, one of `words`, which are in lower case.
pub(super) fn is_one_of(value: &str, words: &[&str]) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(value))
}

/// The kinds of pseudonyms in a redacted export.
const PSEUDONYMS: [&str; 14] = [
    "machine", "session", "workspace", "agent", "name", "host", "ip", "user", "email", "token", "text", "key", "id",
    "file",
];

/// Whether `value` is a pseudonym of a redacted export: a kind, a hyphen and 16 hexadecimal digits in lower case.
pub(super) fn is_pseudonym(value: &str) -> bool {
    value.rsplit_once('-').is_some_and(|(kind, digits)| {
        digits.len() == 16
            && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'))
            && PSEUDONYMS.contains(&kind)
    })
}

const FLAGS: [&str; 18] = [
    "true", "false", "yes", "no", "on", "off", "null", "nil", "none", "undefined", "unset", "empty", "n/a", "na", "nan",
    "redacted", "masked", "hidden",
];

/// Whether the value is a number.
pub(super) fn is_number(value: &str) -> bool {
    value.bytes().any(|byte| byte.is_ascii_digit())
        && value.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b','))
}

/// Words that say what became of a secret, as in `password: required`.
pub(super) const STATES: [&str; 34] = [
    "required", "invalid", "missing", "expired", "wrong", "incorrect", "valid", "rejected", "denied", "failed", "failure",
    "error", "not", "is", "was", "has", "must", "cannot", "unknown", "unauthorized", "unavailable", "provided", "stored",
    "keyring", "default", "ok", "set", "changed", "prompt", "authentication", "string", "refreshed", "removed", "the",
];

/// Whether `value` is an ordinary word of a message, of a setting, or of the event reference, or several of them joined
/// with `_`, `-` or `.`.
pub(super) fn is_ordinary(value: &str) -> bool {
    let mut has_word = false;
    let is_ordinary = value.split(['_', '-', '.', ' ', '/', ':', ',']).filter(|part| !part.is_empty()).all(|part| {
        let is_word = is_ordinary_word(part);
        has_word |= is_word;
        is_word || part.len() < 3 && part.is_ascii()
    });
    has_word && is_ordinary
}

fn is_ordinary_word(word: &str) -> bool {
    let mut lower = [0; 16];
    let Some(copy) = lower.get_mut(..word.len()) else { return false };
    copy.copy_from_slice(word.as_bytes());
    copy.make_ascii_lowercase();
    let Ok(lower) = std::str::from_utf8(copy) else { return false };
    if ORDINARY.binary_search(&lower).is_ok() {
        return true;
    }
    // Plurals, and the forms of verbs.
    ["s", "ed", "d", "ing", "es", "ly", "ion", "able", "er"].iter().any(|ending| {
        lower.strip_suffix(ending).is_some_and(|stem| stem.len() > 2 && ORDINARY.binary_search(&stem).is_ok())
    })
}

/// Names of accounts, branches and the like that are the same everywhere.
pub(super) fn is_usual_name(value: &str) -> bool {
    is_one_of(value, &USUAL_NAMES) || value.split_once('/').is_some_and(|(remote, branch)| {
        is_one_of(remote, &USUAL_NAMES) && is_one_of(branch, &USUAL_NAMES)
    })
}

pub(super) const USUAL_NAMES: [&str; 50] = [
    "me", "head", "master", "main", "trunk", "develop", "development", "dev", "origin", "upstream", "root", "coder", "admin",
    "administrator", "administrators", "system", "nobody", "default", "everyone", "anonymous", "guest", "localhost",
    "local", "public", "shared", "all", "users", "user", "username", "host", "hostname", "git", "node", "vscode", "runner",
    "ubuntu", "ec2-user", "owner", "member", "auditor", "template-admin", "user-admin", "sudo", "wheel", "staff", "daemon",
    "www-data", "postgres", "linuxbrew", "service",
];

/// Letters, digits and what joins them in names of accounts, workspaces and machines.
pub(super) fn in_name(byte: u8) -> bool {
    in_word(byte) || byte == b'\''
}

/// Words of messages, settings and the event reference, sorted.
const ORDINARY: [&str; 1137] = [
    "abandoned", "able", "abort", "about", "above", "absent", "accept", "accepted", "access", "accessed",
    "account", "acquire", "across", "action", "activate", "active", "activity", "actual", "add", "address",
    "admin", "after", "again", "agent", "agents", "aggregate", "align", "alive", "all", "alloc", "allow",
    "alpha", "alphabet", "alpine", "already", "also", "alternate", "always", "amount", "analytic", "and",
    "another", "answer", "any", "api", "app", "append", "application", "apply", "approve", "archive", "are",
    "area", "argument", "around", "array", "arrive", "artifact", "ask", "assert", "assign", "async", "attach",
    "attempt", "attribute", "audit", "auth", "authenticate", "authentication", "author", "authorization",
    "authorize", "auto", "autostart", "autostop", "available", "average", "avoid", "await", "aware", "back",
    "backend", "background", "backup", "bad", "bar", "base", "basic", "batch", "because", "become", "been",
    "before", "begin", "behind", "being", "below", "best", "beta", "between", "binary", "bind", "bit", "blank",
    "block", "body", "bool", "boolean", "both", "bound", "branch", "break", "bridge", "broken", "browser",
    "buffer", "bug", "build", "bundle", "busy", "but", "button", "byte", "bytes", "cache", "call", "callback",
    "can", "cancel", "canceled", "cancelled", "candidate", "cannot", "capture", "card", "case", "catch",
    "category", "cause", "centos", "certificate", "chain", "change", "channel", "char", "character", "check",
    "checksum", "child", "choice", "choose", "chunk", "clean", "clear", "cli", "click", "client", "clock",
    "clone", "close", "closed", "code", "coder", "codium", "collect", "color", "column", "command", "comment",
    "commit", "common", "compare", "compile", "complete", "component", "compose", "compress", "compute",
    "condition", "config", "configuration", "configure", "confirm", "conflict", "connect", "connection",
    "console", "constant", "consumer", "contain", "container", "content", "context", "continue", "control",
    "convert", "cookie", "copy", "core", "correct", "corrupt", "could", "count", "counter", "country",
    "create", "creation", "credential", "critical", "cross", "current", "cursor", "custom", "cycle", "daemon",
    "damage", "dark", "darwin", "data", "database", "date", "day", "dead", "deadline", "debian", "debug",
    "decline", "decode", "default", "delay", "delete", "deliver", "demo", "denied", "deny", "depend", "deploy",
    "deployment", "descriptor", "destination", "detach", "detail", "detect", "dev", "devcontainer", "develop",
    "device", "devops", "diagnostic", "diagnostics", "dial", "dialog", "did", "different", "digest", "dir",
    "direct", "directory", "disable", "disconnect", "discover", "disk", "dismiss", "dispatch", "display",
    "dispose", "disposed", "docker", "document", "does", "domain", "done", "dormancy", "double", "down",
    "download", "drain", "drop", "due", "dump", "duplicate", "duration", "during", "each", "early", "edit",
    "editor", "effect", "either", "electron", "element", "else", "email", "embed", "empty", "enable", "encode",
    "encrypt", "end", "endpoint", "engine", "enough", "enter", "entity", "entry", "environment", "epoch",
    "equal", "err", "error", "escape", "establish", "eval", "even", "event", "ever", "every", "exact",
    "example", "exceed", "except", "exception", "exchange", "exclude", "executable", "execute", "exist",
    "exit", "expect", "experiment", "expire", "explicit", "export", "expose", "expression", "extend",
    "extension", "external", "extra", "fail", "failed", "failure", "fallback", "false", "fast", "fatal",
    "feature", "fedora", "fetch", "field", "file", "fill", "filter", "final", "find", "fine", "finish",
    "first", "fix", "flag", "flash", "flow", "flush", "focus", "folder", "follow", "font", "for", "forbid",
    "forbidden", "force", "foreground", "fork", "form", "format", "forward", "found", "frame", "free",
    "frequent", "fresh", "from", "frontend", "full", "function", "further", "future", "gateway", "general",
    "generate", "generic", "get", "git", "give", "global", "goes", "golang", "gone", "good", "got", "graceful",
    "grant", "graph", "group", "guard", "guest", "had", "handle", "handler", "handoff", "handshake", "hard",
    "has", "hash", "have", "head", "header", "health", "heartbeat", "hello", "help", "here", "hidden", "high",
    "history", "hit", "hold", "home", "hook", "host", "hour", "how", "http", "hub", "icon", "identify",
    "identity", "idle", "ignore", "image", "immediate", "import", "inactive", "inbox", "include",
    "incompatible", "incomplete", "incorrect", "increase", "index", "info", "init", "initial", "initialize",
    "initiator", "inline", "inner", "input", "insert", "insiders", "inspect", "install", "instance", "instead",
    "integer", "integrity", "interactive", "intercept", "interface", "internal", "interrupt", "interval",
    "into", "introduce", "invalid", "invoke", "issue", "issuer", "item", "iteration", "its", "java",
    "javascript", "job", "join", "journal", "json", "jump", "just", "keep", "kernel", "key", "keyring", "kill",
    "kind", "know", "known", "kubernetes", "label", "language", "large", "last", "late", "latency", "later",
    "latest", "launch", "layer", "layout", "lazy", "leak", "least", "leave", "left", "legacy", "length",
    "less", "level", "library", "license", "lifecycle", "light", "like", "limit", "line", "link", "linux",
    "list", "listen", "listener", "little", "live", "load", "local", "locale", "location", "lock", "locked",
    "log", "logger", "login", "logout", "long", "look", "lookup", "loop", "loopback", "lost", "low", "mac",
    "machine", "made", "main", "maintain", "make", "manage", "manager", "manifest", "manual", "many", "map",
    "mark", "marketplace", "mask", "match", "matrix", "max", "maximum", "may", "mean", "media", "member",
    "memory", "merge", "message", "metadata", "method", "metric", "middle", "might", "migrate", "min",
    "minimum", "minute", "mirror", "mismatch", "miss", "missing", "mode", "model", "modify", "module",
    "moment", "monitor", "more", "most", "mount", "move", "mtls", "much", "multi", "multiple", "must", "mutex",
    "name", "named", "namespace", "native", "navigate", "need", "nested", "network", "never", "new", "next",
    "node", "nodejs", "none", "normal", "not", "note", "nothing", "notice", "notification", "notify", "now",
    "number", "oauth", "object", "observe", "occur", "off", "offer", "office", "offline", "offset", "old",
    "once", "one", "ongoing", "online", "only", "open", "openssh", "operate", "operation", "option",
    "optional", "order", "organization", "origin", "other", "others", "out", "outcome", "outdated", "output",
    "over", "override", "overwrite", "own", "owner", "pack", "package", "page", "pair", "panel", "panic",
    "parallel", "param", "parameter", "parent", "parse", "part", "partial", "pass", "passphrase", "password",
    "past", "patch", "path", "pattern", "pause", "peer", "pending", "per", "percent", "perform", "period",
    "permanent", "permission", "permit", "persist", "phase", "phone", "pick", "picker", "pid", "ping", "pipe",
    "place", "plain", "platform", "please", "plugin", "point", "poll", "pool", "port", "position", "possible",
    "post", "power", "pre", "prefer", "prefix", "prepare", "present", "preset", "press", "prevent", "preview",
    "previous", "primary", "print", "prior", "private", "probe", "problem", "process", "prod", "produce",
    "product", "production", "profile", "program", "progress", "project", "prompt", "proper", "property",
    "protect", "protocol", "provide", "provided", "provider", "proxy", "public", "publish", "pull", "purge",
    "push", "put", "python", "quality", "query", "queue", "quick", "quiet", "quit", "quota", "random", "range",
    "rate", "raw", "reach", "reactive", "read", "reader", "ready", "real", "reason", "rebuild", "receive",
    "recent", "reconnect", "record", "recover", "recovery", "red", "redirect", "reduce", "ref", "refer",
    "reference", "refresh", "refuse", "region", "register", "registry", "regular", "reject", "rejected",
    "related", "relay", "release", "reload", "remain", "remote", "remove", "rename", "render", "repair",
    "repeat", "replace", "reply", "report", "repository", "request", "require", "required", "rerun", "reset",
    "resize", "resolve", "resource", "respond", "response", "rest", "restart", "restore", "restrict", "result",
    "resume", "retry", "return", "reuse", "reverse", "review", "revision", "revoke", "role", "roll", "root",
    "rotate", "round", "route", "router", "row", "rule", "run", "running", "runtime", "rust", "safe", "same",
    "sample", "sandbox", "save", "scan", "schedule", "schema", "scope", "screen", "script", "scroll", "search",
    "second", "secondary", "secret", "section", "secure", "security", "see", "segment", "select", "self",
    "send", "sent", "separate", "sequence", "serial", "server", "service", "session", "set", "setting",
    "settings", "setup", "shadow", "share", "shell", "short", "should", "show", "shut", "shutdown", "side",
    "sidebar", "sign", "signal", "signature", "silent", "similar", "simple", "since", "single", "site", "size",
    "skip", "sleep", "slow", "small", "socket", "soft", "some", "sort", "source", "space", "span", "spawn",
    "speed", "speedtest", "split", "stable", "stack", "stage", "staging", "stale", "standard", "start",
    "started", "startup", "state", "static", "station", "status", "stay", "step", "still", "stop", "stopped",
    "storage", "store", "stored", "stream", "strict", "string", "strip", "structure", "sub", "subject",
    "submit", "subscribe", "success", "such", "suggest", "suite", "summary", "support", "suspend", "suspended",
    "switch", "symbol", "sync", "syntax", "system", "tab", "table", "tag", "take", "target", "task", "tasks",
    "team", "telemetry", "template", "temporary", "tenant", "terminal", "terminate", "test", "testing", "text",
    "than", "that", "the", "their", "them", "theme", "then", "there", "these", "they", "thing", "this",
    "thread", "three", "through", "throw", "tick", "ticket", "time", "timeout", "timer", "title", "today",
    "toggle", "token", "tool", "top", "total", "touch", "trace", "track", "traffic", "trail", "transfer",
    "transform", "transient", "transition", "transport", "trap", "tree", "trigger", "trim", "true", "trust",
    "try", "tunnel", "turn", "two", "type", "typescript", "uat", "ubuntu", "unable", "unauthorized",
    "unavailable", "unchanged", "undefined", "under", "undo", "unexpected", "unhandled", "unique", "unit",
    "unix", "unknown", "unless", "unlock", "unmount", "unreachable", "unreadable", "unrecoverable",
    "unsupported", "until", "unused", "update", "upgrade", "upload", "upon", "upper", "uptime", "url",
    "usable", "usage", "use", "used", "user", "using", "utc", "valid", "validate", "value", "variable",
    "variant", "vendor", "verified", "verify", "version", "very", "view", "viewer", "virtual", "visible",
    "visit", "volume", "vscodium", "wait", "waited", "wake", "want", "warn", "warning", "was", "watch", "way",
    "web", "websocket", "webview", "week", "welcome", "well", "were", "what", "when", "where", "whether",
    "which", "while", "white", "whitelist", "who", "whole", "why", "wide", "width", "will", "window",
    "windows", "windsurf", "with", "within", "without", "word", "work", "workbench", "worker", "workspace",
    "world", "worth", "would", "wrap", "write", "writer", "wrong", "yaml", "year", "yes", "yesterday", "yet",
    "you", "your", "zero", "zip", "zone",
];
