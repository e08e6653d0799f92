//! placeholder
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SensitiveKind {
    UserPath,
    Email,
    IpAddress,
    HostName,
    Token,
}
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SensitiveKinds(u8);
impl SensitiveKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::UserPath => "path with a user name",
            Self::Email => "e-mail address",
            Self::IpAddress => "IP address",
            Self::HostName => "host name",
            Self::Token => "token or identifier",
        }
    }
}
impl SensitiveKinds {
    pub(crate) fn insert(&mut self, kind: SensitiveKind) {
        self.0 |= 1 << kind as u8
    }
    pub(crate) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }
    pub(crate) fn contains(self, kind: SensitiveKind) -> bool {
        self.0 & 1 << kind as u8 != 0
    }
    pub(crate) fn iter(self) -> impl Iterator<Item = SensitiveKind> {
        [
            SensitiveKind::UserPath,
            SensitiveKind::Email,
            SensitiveKind::IpAddress,
            SensitiveKind::HostName,
            SensitiveKind::Token,
        ]
        .into_iter()
        .filter(move |kind| self.contains(*kind))
    }
}
pub(crate) fn sensitive_kinds(text: &str) -> SensitiveKinds {
    let mut k = SensitiveKinds::default();
    if text.contains('@') {
        k.insert(SensitiveKind::Email)
    }
    k
}
