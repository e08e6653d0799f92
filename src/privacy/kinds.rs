//! The kinds of text that may identify a person or a company, and the rules that find them.

/// A kind of text that may identify a person or a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum SensitiveKind {
    /// The name of a user, or of a company, in a path.
    Path,
    /// An e-mail address.
    Email,
    /// An IP address of one machine.
    IpAddress,
    /// The name of a machine or of a site.
    HostName,
    /// A secret that a program made: a token, a key, a cookie.
    Token,
    /// A secret that a person chose.
    Password,
    /// A person, an account, a company, a team, or something that is named after one: a workspace, a branch.
    Name,
    /// A city or another place that says where somebody is.
    Place,
    /// A telephone number.
    Phone,
    /// An identifier of one user, machine, device or installation.
    Identifier,
}

impl SensitiveKind {
    /// All kinds, in the order in which they are shown.
    pub(crate) const ALL: [Self; 10] = [
        Self::Path,
        Self::Email,
        Self::IpAddress,
        Self::HostName,
        Self::Token,
        Self::Password,
        Self::Name,
        Self::Place,
        Self::Phone,
        Self::Identifier,
    ];

    /// The name that the report shows.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Path => "name in a path",
            Self::Email => "e-mail address",
            Self::IpAddress => "IP address",
            Self::HostName => "host name",
            Self::Token => "token",
            Self::Password => "password",
            Self::Name => "name",
            Self::Place => "place",
            Self::Phone => "telephone number",
            Self::Identifier => "identifier",
        }
    }

    /// Whether the text gives access to something and must not be shown.
    pub(crate) fn is_secret(self) -> bool {
        matches!(self, Self::Token | Self::Password)
    }
}

/// A set of kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct SensitiveKinds(u16);

impl SensitiveKinds {
    pub(crate) fn insert(&mut self, kind: SensitiveKind) {
        self.0 |= 1 << kind as u16;
    }

    pub(crate) fn contains(self, kind: SensitiveKind) -> bool {
        self.0 & (1 << kind as u16) != 0
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<SensitiveKind> for SensitiveKinds {
    fn from_iter<I: IntoIterator<Item = SensitiveKind>>(kinds: I) -> Self {
        let mut set = Self::default();
        kinds.into_iter().for_each(|kind| set.insert(kind));
        set
    }
}

macro_rules! rules {
    ($($name:ident: $kind:ident, $reason:literal;)*) => {
        /// Why a text is marked.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum Rule {
            $(#[doc = $reason] $name,)*
        }

        impl Rule {
            /// All rules, by kind.
            #[cfg(test)]
            pub(crate) const ALL: &[Self] = &[$(Self::$name,)*];

            /// The kind of the text that the rule marks.
            pub(crate) fn kind(self) -> SensitiveKind {
                match self {
                    $(Self::$name => SensitiveKind::$kind,)*
                }
            }

            /// The reason that the report shows.
            pub(crate) fn reason(self) -> &'static str {
                match self {
                    $(Self::$name => $reason,)*
                }
            }
        }
    };
}

rules! {
    UserFolder: Path, "a user's folder, as in `/home/NAME` or `C:\\Users\\NAME`";
    WorkFolder: Path, "a folder that usually has a person's name, as in `/scratch/NAME` or `D:\\work\\NAME`";
    HomeShortcut: Path, "a user's home, as in `~NAME`";
    CompanyFolder: Path, "a folder that a company syncs, as in `OneDrive - COMPANY`";
    EmailAddress: Email, "an e-mail address";
    Ipv4: IpAddress, "an IPv4 address";
    Ipv6: IpAddress, "an IPv6 address";
    UrlHost: HostName, "the host of a URL";
    DottedName: HostName, "a name that ends with a top-level domain";
    UncServer: HostName, "the server of a network path, as in `\\\\SERVER\\share`";
    WorkspaceAlias: HostName, "the SSH name of a workspace";
    MachineName: HostName, "a machine name from Windows or a cloud, or with its owner's name";
    HostInSentence: HostName, "a host, because of the words around it or its port, as in `connect to host NAME`";
    HostUnderKey: HostName, "the key says that this is a host";
    TokenPrefix: Token, "a token with a known beginning, as in `ghp_TOKEN`";
    JsonWebToken: Token, "a JSON Web Token";
    CoderToken: Token, "a Coder token";
    RandomText: Token, "text that looks random, like a token";
    LongHexadecimal: Token, "32 or more hexadecimal digits";
    AuthenticationScheme: Token, "the credentials after `Bearer`, `Basic` and the like";
    PrivateKey: Token, "a block in PEM form, such as a private key";
    PublicKey: Token, "the public key of a person or machine";
    TokenUnderKey: Token, "the key says that this is a token or another secret";
    CommandToken: Token, "a token of a command, as in `vault login TOKEN`";
    UrlPassword: Password, "the password of a URL, or a token in its place";
    CommandPassword: Password, "the password of a command, as in `curl -u USER:PASSWORD`";
    PasswordInSentence: Password, "a password, because of the words around it";
    PasswordUnderKey: Password, "the key says that this is a password";
    DomainUser: Name, "a user of a Windows domain, as in `DOMAIN\\USER`";
    UserAtHost: Name, "a user on a machine, as in `USER@HOST`";
    NameInSentence: Name, "a name, because of the words around it, as in `user \"NAME\" not found`";
    CommandName: Name, "a name in a command or a line of configuration, as in `sudo -u NAME`";
    NameInRoute: Name, "a name in a route or resource, as in `/organizations/NAME` or `projects/NAME`";
    CompanyName: Name, "a name with the legal form of a company, as in `NAME Inc.`";
    BranchName: Name, "a branch, as in `feature/NAME`";
    NameUnderKey: Name, "the key says that this is a name";
    PlaceInSentence: Place, "a place, because of the words around it";
    PlaceUnderKey: Place, "the key says that this is a place";
    PhoneNumber: Phone, "a telephone number";
    PhoneUnderKey: Phone, "the key says that this is a telephone number";
    Uuid: Identifier, "a UUID";
    MacAddress: Identifier, "a MAC address";
    Fingerprint: Identifier, "the fingerprint of a key";
    SerialNumber: Identifier, "a serial number, because of the word before it";
    AccountNumber: Identifier, "an account or a machine at a service, as in `arn:aws:iam::ACCOUNT:`";
    IdentifierUnderKey: Identifier, "the key says that this is an identifier";
}
