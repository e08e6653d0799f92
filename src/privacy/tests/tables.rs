//! Values that are marked, with the parts that are, and values that are not.

use super::super::Rule::{self, *};
use super::found;
use super::unmarked::UNMARKED;

/// A key, a value under it, and the parts that are marked.
type Marked = (&'static str, &'static str, &'static [(Rule, &'static str)]);

pub(super) const MARKED: &[Marked] = &[
    // Paths.
    ("", "/home/anna", &[(UserFolder, "anna")]),
    ("", "/home/anna/.ssh/config", &[(UserFolder, "anna")]),
    ("", "open /home/anna/.ssh/config: permission denied", &[(UserFolder, "anna")]),
    ("", "/Users/anna/Library/Logs", &[(UserFolder, "anna")]),
    ("", "/var/home/jörg/x", &[(UserFolder, "jörg")]),
    ("", "/home/österreicher", &[(UserFolder, "österreicher")]),
    ("", r"C:\Users\anna", &[(UserFolder, "anna")]),
    ("", r"d:\users\anna\AppData", &[(UserFolder, "anna")]),
    ("", r"C:\\Users\\anna\\AppData", &[(UserFolder, "anna")]),
    ("", "C:/Users/anna", &[(UserFolder, "anna")]),
    ("", "/mnt/c/Users/anna/x", &[(UserFolder, "anna")]),
    ("", "file:///c%3A/Users/anna/x", &[(UserFolder, "anna")]),
    ("", "%2Fhome%2Fanna", &[(UserFolder, "anna")]),
    ("", "%252Fhome%252Fanna%252Fx", &[(UserFolder, "anna")]),
    ("", r"C:\Documents and Settings\anna\x", &[(UserFolder, "anna")]),
    ("", r"C:\Users\Anna Kowal\x", &[(UserFolder, "Anna Kowal")]),
    ("", r"C:\Users\ANNAMA~1\AppData", &[(UserFolder, "ANNAMA~1")]),
    ("", "/Users/%C3%A4nna/x", &[(UserFolder, "%C3%A4nna")]),
    ("", "/api/v2/users/anna/workspace/{name}", &[(UserFolder, "anna")]),
    ("", "~anna/.ssh/config", &[(HomeShortcut, "anna")]),
    ("", "https://localhost/~anna/", &[(HomeShortcut, "anna")]),
    ("", r"D:\work\jkowal\app", &[(WorkFolder, "jkowal")]),
    ("", r"E:\jkowal\app", &[(WorkFolder, "jkowal")]),
    ("", "/scratch/jkowal/run", &[(WorkFolder, "jkowal")]),
    ("", "/var/mail/jkowal", &[(WorkFolder, "jkowal")]),
    ("", r"X\OneDrive - Velmora AG\x", &[(CompanyFolder, "Velmora AG")]),
    ("", "Dropbox (Velmora)/x", &[(CompanyFolder, "Velmora")]),
    ("", "/scratch/anna.kowal/x", &[(WorkFolder, "anna.kowal")]),
    ("", "users/anna", &[(UserFolder, "anna")]),
    ("", "see users/anna", &[(UserFolder, "anna")]),
    // E-mail addresses.
    ("", "anna@corp.example", &[(EmailAddress, "anna@corp.example")]),
    ("", "user bob@corp.example is not allowed", &[(EmailAddress, "bob@corp.example")]),
    ("", "<first.last+tag@mail.corp.museum>", &[(EmailAddress, "first.last+tag@mail.corp.museum")]),
    ("", "mailto:a@b.de.", &[(EmailAddress, "a@b.de")]),
    ("", "x@163.com", &[(EmailAddress, "x@163.com")]),
    ("", "bob%40corp.example", &[(EmailAddress, "bob%40corp.example")]),
    ("", "bob&#64;corp.example", &[(EmailAddress, "bob&#64;corp.example")]),
    ("", "bob\\u0040corp.example", &[(EmailAddress, "bob\\u0040corp.example")]),
    ("", "ö@müller.de", &[(EmailAddress, "ö@müller.de")]),
    ("", "?author=a@b.de&since=c", &[(EmailAddress, "a@b.de")]),
    ("", "\"anna kowal\"@corp.example", &[(EmailAddress, "\"anna kowal\"@corp.example")]),
    // IP addresses.
    ("", "10.0.0.7", &[(Ipv4, "10.0.0.7")]),
    ("", "connect ECONNREFUSED 10.0.0.7:443", &[(Ipv4, "10.0.0.7")]),
    ("", "https://192.168.1.20:7080/api", &[(Ipv4, "192.168.1.20")]),
    ("", "no route to 203.0.113.9.", &[(Ipv4, "203.0.113.9")]),
    ("", "1.107.2.1", &[(Ipv4, "1.107.2.1")]),
    ("", "::ffff:10.0.0.7", &[(Ipv4, "10.0.0.7")]),
    ("", "2001:db8::1", &[(Ipv6, "2001:db8::1")]),
    ("", "dial tcp [2001:db8::1]:443: refused", &[(Ipv6, "2001:db8::1")]),
    ("", "2001:db8::1: no route", &[(Ipv6, "2001:db8::1")]),
    ("", "2001:db8:0:0:0:0:0:1", &[(Ipv6, "2001:db8:0:0:0:0:0:1")]),
    ("", "/10.1.2.3/x", &[(Ipv4, "10.1.2.3")]),
    // Hosts.
    ("", "https://dev.coder.example.com", &[(UrlHost, "dev.coder.example.com")]),
    ("", "https://coder-host:7080/x", &[(UrlHost, "coder-host")]),
    ("", "https%3A%2F%2Fbox%2Fx", &[(UrlHost, "box")]),
    ("", "vscode-remote://ssh-remote+box/work", &[(HostInSentence, "box")]),
    ("", "getaddrinfo ENOTFOUND coder-host", &[(HostInSentence, "coder-host")]),
    ("", "getaddrinfo ENOTFOUND build", &[(HostInSentence, "build")]),
    ("", "dial tcp: lookup coder.acme on 127.0.0.53:53: no such host", &[(HostInSentence, "coder.acme")]),
    ("", "dev.coder.com", &[(DottedName, "dev.coder.com")]),
    ("", "Host DEV.CODER.COM is down.", &[(DottedName, "DEV.CODER.COM")]),
    ("", "db01.corp.internal:5432", &[(DottedName, "db01.corp.internal")]),
    ("", "printer.local", &[(DottedName, "printer.local")]),
    ("", "www.firma.de", &[(DottedName, "www.firma.de")]),
    ("", "a.firma.it", &[(DottedName, "a.firma.it")]),
    ("", "connect to firma.it", &[(DottedName, "firma.it")]),
    ("", "firma.it:8443", &[(DottedName, "firma.it")]),
    ("", "*.corp.example", &[(DottedName, "corp.example")]),
    ("", "“dev.coder.com”", &[(DottedName, "dev.coder.com")]),
    ("", "dev.anna.coder", &[(DottedName, "dev.anna.coder")]),
    (
        "",
        "coder-vscode.dev.coder.com--anna--dev",
        &[(WorkspaceAlias, "coder-vscode.dev.coder.com--anna--dev")],
    ),
    ("", "coder-vscode--anna--dev.main", &[(WorkspaceAlias, "coder-vscode--anna--dev.main")]),
    ("", r"\\fileserver\share\x", &[(UncServer, "fileserver")]),
    ("", r"open \\\\fileserver\\share", &[(UncServer, "fileserver")]),
    ("", "DESKTOP-7KQ2M4V", &[(MachineName, "DESKTOP-7KQ2M4V")]),
    ("", "ip-10-0-0-7", &[(MachineName, "ip-10-0-0-7")]),
    ("", "Annas MacBook Pro", &[(MachineName, "Annas MacBook")]),
    ("", "db-prod-03:5432", &[(HostInSentence, "db-prod-03")]),
    ("", "nas-7:/vol", &[(HostInSentence, "nas-7")]),
    ("", "ssh -p 22 anna@box-7 ls", &[(UserAtHost, "anna"), (HostInSentence, "box-7")]),
    ("", "scp x tarn-7:/tmp", &[(HostInSentence, "tarn-7")]),
    ("", "Host tarnbox\n  User x", &[(HostInSentence, "tarnbox")]),
    ("", "tcp:tarnsql,1433", &[(HostInSentence, "tarnsql")]),
    ("host", "tarnbox", &[(HostUnderKey, "tarnbox")]),
    ("", "DB_HOST=tarn", &[(HostUnderKey, "tarn")]),
    ("", "ip-192-168-100-200", &[(MachineName, "ip-192-168-100-200")]),
    ("", "firma.it:80", &[(DottedName, "firma.it")]),
    ("", "java.net.UnknownHostException: tarnws", &[(HostInSentence, "tarnws")]),
    ("", "ping: tarnws: Name or service not known", &[(HostInSentence, "tarnws")]),
    ("", "connect to tarn port 443 failed", &[(HostInSentence, "tarn")]),
    ("", "coder.velmora.local", &[(DottedName, "coder.velmora.local")]),
    ("", "xn--mnchen-3ya.de", &[(DottedName, "xn--mnchen-3ya.de")]),
    ("", "dev.velmora.com--anna--x", &[(DottedName, "dev.velmora.com")]),
    ("", "app.lan", &[(DottedName, "app.lan")]),
    ("", "_dmarc.velmora.com", &[(DottedName, "_dmarc.velmora.com")]),
    // Tokens.
    (
        "",
        "session 4FA35A6005349DC7EB1D32D2B9C3B82C ended",
        &[(LongHexadecimal, "4FA35A6005349DC7EB1D32D2B9C3B82C")],
    ),
    (
        "",
        "token is ghp_aBcdefghijklmnopqrstuvwxyzabcdefghi1",
        &[(TokenPrefix, "ghp_aBcdefghijklmnopqrstuvwxyzabcdefghi1")],
    ),
    ("", "x=github_pat_11ABCDEFG0abcdefghij", &[(TokenPrefix, "github_pat_11ABCDEFG0abcdefghij")]),
    ("", "AKIAIOSFODNN7EXAMPLE", &[(TokenPrefix, "AKIAIOSFODNN7EXAMPLE")]),
    ("", "eyJhbGciOiJIUzI1NiJ9.e30.x", &[(JsonWebToken, "eyJhbGciOiJIUzI1NiJ9.e30.x")]),
    ("", "Authorization: Bearer abc12345", &[(AuthenticationScheme, "abc12345")]),
    ("", "sent bearer abc12345 again", &[(AuthenticationScheme, "abc12345")]),
    ("", "Basic YW5uYTpwdw==", &[(AuthenticationScheme, "YW5uYTpwdw==")]),
    ("", "aB3dE6gH9j-kL2nO5qR8tU1wX4zA7cD0e", &[(CoderToken, "aB3dE6gH9j-kL2nO5qR8tU1wX4zA7cD0e")]),
    (
        "",
        "-----BEGIN A KEY-----\nabc\n-----END A KEY----- x",
        &[(PrivateKey, "-----BEGIN A KEY-----\nabc\n-----END A KEY-----")],
    ),
    ("", "-----BEGIN OPENSSH PRIVATE KEY-----", &[(PrivateKey, "-----BEGIN OPENSSH PRIVATE KEY-----")]),
    ("", "x7k2m9q4w8z1p5v3n6b0", &[(RandomText, "x7k2m9q4w8z1p5v3n6b0")]),
    ("", "01ARZ3NDEKTSV4RRFFQ69G5FAV", &[(RandomText, "01ARZ3NDEKTSV4RRFFQ69G5FAV")]),
    (
        "",
        "q7Jd/Xk2+Vb9RtLw0Zs5/Hn8QyG3mTc1uPf6AeKo",
        &[(RandomText, "q7Jd/Xk2+Vb9RtLw0Zs5/Hn8QyG3mTc1uPf6AeKo")],
    ),
    ("api_key", "abc", &[(TokenUnderKey, "abc")]),
    ("key", "abc12345", &[(TokenUnderKey, "abc12345")]),
    ("", "?a=b&token=abc&c=d", &[(TokenUnderKey, "abc")]),
    ("", "%3Ftoken%3Dabc%26x", &[(TokenUnderKey, "abc")]),
    ("", "Cookie: sid=abc; theme=xyz", &[(TokenUnderKey, "abc"), (TokenUnderKey, "xyz")]),
    // Passwords.
    ("", "ftp://anna:rosebud@localhost/", &[(UserAtHost, "anna"), (UrlPassword, "rosebud")]),
    ("", "x:rosebud7@localhost", &[(UrlPassword, "rosebud7")]),
    ("", "password=rosebud7;x", &[(PasswordUnderKey, "rosebud7")]),
    ("", "{\"password\": \"rose bud\"}", &[(PasswordUnderKey, "rose bud")]),
    ("", "{\\\"password\\\": \\\"rose bud\\\"}", &[(PasswordUnderKey, "rose bud")]),
    ("", "--password rosebud7 x", &[(PasswordUnderKey, "rosebud7")]),
    ("", "curl -u anna:rosebud7 x", &[(CommandName, "anna"), (CommandPassword, "rosebud7")]),
    ("", "mysql -u x -prosebud7", &[(CommandPassword, "rosebud7")]),
    ("", "sshpass -p rosebud7 ssh x", &[(CommandPassword, "rosebud7")]),
    ("", "echo rosebud7 | sudo -S ls", &[(CommandPassword, "rosebud7")]),
    ("", "IDENTIFIED BY 'rosebud7'", &[(PasswordInSentence, "rosebud7")]),
    ("", "verification code 482913 is wrong", &[(PasswordInSentence, "482913")]),
    ("", "wrong password 'rose bud'", &[(PasswordInSentence, "rose bud")]),
    ("", "<password>rosebud7</password>", &[(PasswordUnderKey, "rosebud7")]),
    ("db_password", "hunter", &[(PasswordUnderKey, "hunter")]),
    ("", "curl -uanna:rosebud7 x", &[(CommandName, "anna"), (CommandPassword, "rosebud7")]),
    ("", "docker login -u anna -p rosebud7", &[(CommandName, "anna"), (CommandPassword, "rosebud7")]),
    ("", "redis-cli -a rosebud7", &[(CommandPassword, "rosebud7")]),
    ("", "unzip -P rosebud7 a.zip", &[(CommandPassword, "rosebud7")]),
    ("", "7z x -prosebud7 a.7z", &[(CommandPassword, "rosebud7")]),
    ("", "ldapsearch -w rosebud7 x", &[(CommandPassword, "rosebud7")]),
    ("", "wrong token 'rosebud71'", &[(PasswordInSentence, "rosebud71")]),
    // Commands.
    ("", "mysql -u anna -p'rose bud' x", &[(CommandName, "anna"), (CommandPassword, "rose bud")]),
    ("", r#""C:\bin\mysql.exe" -prosebud7"#, &[(CommandPassword, "rosebud7")]),
    ("", r#"["sshpass","-p","rosebud7","x"]"#, &[(CommandPassword, "rosebud7")]),
    ("", r#"{"cmd":"sshpass -p \"rose bud\" x"}"#, &[(CommandPassword, "rose bud")]),
    ("", "Command failed: mysqldump -prosebud7: exit", &[(CommandPassword, "rosebud7")]),
    ("", "zip -rP rosebud7 x", &[(CommandPassword, "rosebud7")]),
    ("", "xfreerdp /u:anna /p:rosebud7", &[(CommandName, "anna"), (CommandPassword, "rosebud7")]),
    ("", "smbclient -U anna%rosebud7 x", &[(CommandName, "anna"), (CommandPassword, "rosebud7")]),
    ("", "lftp -u anna,rosebud7 x", &[(CommandName, "anna"), (CommandPassword, "rosebud7")]),
    ("", "net use Z: x rosebud7 /user:anna", &[(CommandPassword, "rosebud7"), (CommandName, "anna")]),
    ("", "net use Z: x /user:anna rosebud7", &[(CommandName, "anna"), (CommandPassword, "rosebud7")]),
    (
        "",
        "net use Z: x rosebud7 /user:anna /persistent:yes",
        &[(CommandPassword, "rosebud7"), (CommandName, "anna")],
    ),
    ("", "htpasswd -b x anna rosebud7", &[(CommandName, "anna"), (CommandPassword, "rosebud7")]),
    ("", "echo anna:rosebud7|chpasswd", &[(CommandName, "anna"), (CommandPassword, "rosebud7")]),
    (
        "",
        "machine localhost\n  login anna\n  password rosebud7",
        &[(CommandName, "anna"), (CommandPassword, "rosebud7")],
    ),
    ("", "ConvertTo-SecureString 'rosebud7' -Force", &[(CommandPassword, "rosebud7")]),
    ("", "vault login tarn1234", &[(CommandToken, "tarn1234")]),
    ("", "kubectl get pods --as=anna", &[(CommandName, "anna")]),
    ("", "AllowUsers anna jkowal", &[(CommandName, "anna"), (CommandName, "jkowal")]),
    ("", "ProxyJump tarnbox", &[(HostInSentence, "tarnbox")]),
    // Keys of other languages.
    ("", "Пароль: rosebud7", &[(PasswordUnderKey, "rosebud7")]),
    ("", "数据库密码：rosebud7，用户名：anna7", &[(PasswordUnderKey, "rosebud7"), (NameUnderKey, "anna7")]),
    ("", "Mot de passe : « rosebud7 »", &[(PasswordUnderKey, "rosebud7")]),
    ("", "Benutzer: jkowal7", &[(NameUnderKey, "jkowal7")]),
    ("", "ホスト名：tarnbox7", &[(HostUnderKey, "tarnbox7")]),
    // Keys behind words, and values in brackets.
    ("", "no such object: uid=jkowal,ou=people", &[(NameUnderKey, "jkowal")]),
    ("", "C=PT, ST=Tarn, L=Velm", &[(PlaceUnderKey, "Tarn"), (PlaceUnderKey, "Velm")]),
    ("", "owner: [jkowal]", &[(NameUnderKey, "jkowal")]),
    // Sentences.
    ("", "the password is rosebud.", &[(PasswordInSentence, "rosebud")]),
    ("", "passphrase for key x is rosebud7", &[(PasswordInSentence, "rosebud7")]),
    ("", "your one-time code is 482913", &[(PasswordInSentence, "482913")]),
    ("", "482913 is your login code", &[(PasswordInSentence, "482913")]),
    ("", "enter the code ABCD-1234", &[(PasswordInSentence, "ABCD-1234")]),
    // Names.
    ("", r"VELMORA\jkowal", &[(DomainUser, "VELMORA"), (DomainUser, "jkowal")]),
    ("", "VELMORA%5Cjkowal", &[(DomainUser, "VELMORA"), (DomainUser, "jkowal")]),
    ("", r".\jkowal", &[(DomainUser, "jkowal")]),
    ("", "Jane@tarnws", &[(UserAtHost, "Jane"), (HostInSentence, "tarnws")]),
    ("", "user \"jkowal\" not found", &[(NameInSentence, "jkowal")]),
    ("", "logged in as jkowal", &[(NameInSentence, "jkowal")]),
    ("", "id: 'jkowal': no such user", &[(NameInSentence, "jkowal")]),
    ("", "Anna Kowal left the organization", &[(NameInSentence, "Anna Kowal")]),
    ("", "cc @jkowal", &[(NameInSentence, "jkowal")]),
    ("", "uid=1000(jkowal)", &[(NameInSentence, "jkowal")]),
    ("", "-rw-r--r-- 1 jkowal staff 4096 x", &[(NameInSentence, "jkowal")]),
    (
        "",
        "jkowal:x:1001:1001:Anna Kowal:/srv:/bin/sh",
        &[(NameInSentence, "jkowal"), (NameInSentence, "Anna Kowal")],
    ),
    ("", "system:serviceaccount:velmora:builder", &[(NameInSentence, "velmora:builder")]),
    ("", "Licensed by Velmora GmbH", &[(CompanyName, "Velmora")]),
    ("", "/api/v2/organizations/velmora/members", &[(NameInRoute, "velmora")]),
    ("", "/@jkowal/dev", &[(NameInRoute, "jkowal")]),
    ("", "refs/heads/jkowal/fix", &[(BranchName, "jkowal/fix")]),
    ("", "feature/velmora-import", &[(BranchName, "velmora-import")]),
    ("", "git@localhost:velmora/ios.git", &[(NameInRoute, "velmora/ios")]),
    ("", "npm.pkg.github.com/@velmora/ui", &[(DottedName, "npm.pkg.github.com"), (NameInRoute, "velmora")]),
    ("", "ghcr.io/velmora/app:1.2", &[(DottedName, "ghcr.io"), (NameInRoute, "velmora")]),
    (
        "",
        "europe-docker.pkg.dev/velmora-prod/img",
        &[(DottedName, "europe-docker.pkg.dev"), (NameInRoute, "velmora-prod")],
    ),
    ("", "https://github.com/velmora/web", &[(UrlHost, "github.com"), (NameInRoute, "velmora")]),
    ("", "cn=jkowal,ou=people,dc=velmora", &[(NameUnderKey, "jkowal"), (NameUnderKey, "velmora")]),
    ("owner", "anna", &[(NameUnderKey, "anna")]),
    ("", "owner: Anna Kowal, x", &[(NameUnderKey, "Anna Kowal")]),
    ("", "git clone git@localhost:velmora/app", &[(NameInRoute, "velmora/app")]),
    ("", "Velmora, Inc. has no license", &[(CompanyName, "Velmora")]),
    ("", "Project velmora was not found", &[(NameInSentence, "velmora")]),
    ("", "arn:aws:s3:::velmora-data", &[(AccountNumber, "velmora-data")]),
    // Places, telephone numbers.
    ("preferred_derp", "San Francisco", &[(PlaceUnderKey, "San Francisco")]),
    ("region", "Frankfurt am Main", &[(PlaceUnderKey, "Frankfurt am Main")]),
    ("", "derp-12 (Chicago)", &[(PlaceInSentence, "Chicago")]),
    (
        "",
        "derp home changed from Denver to Dallas",
        &[(PlaceInSentence, "Denver"), (PlaceInSentence, "Dallas")],
    ),
    ("", "+49 (0)30 23125 088", &[(PhoneNumber, "+49 (0)30 23125 088")]),
    ("", "(202) 555-0143", &[(PhoneNumber, "(202) 555-0143")]),
    ("", "call 202-555-0143 now", &[(PhoneNumber, "202-555-0143")]),
    ("", "+12025550143 +12025550144", &[(PhoneNumber, "+12025550143"), (PhoneNumber, "+12025550144")]),
    ("", "0171 3920 014", &[(PhoneNumber, "0171 3920 014")]),
    ("", "0041 44 555 01 93", &[(PhoneNumber, "0041 44 555 01 93")]),
    ("", "202.555.0143", &[(PhoneNumber, "202.555.0143")]),
    ("", "tel 2025550143", &[(PhoneNumber, "2025550143")]),
    ("mobile", "5550123", &[(PhoneUnderKey, "5550123")]),
    // Identifiers.
    (
        "",
        "/api/v2/workspaces/3f2b1c9e-7d4a-4e1b-9c2f-0a1b2c3d4e5f",
        &[(Uuid, "3f2b1c9e-7d4a-4e1b-9c2f-0a1b2c3d4e5f")],
    ),
    ("", "link 00:1b:44:11:3a:b7 up", &[(MacAddress, "00:1b:44:11:3a:b7")]),
    ("", "001b.4411.3ab7", &[(MacAddress, "001b.4411.3ab7")]),
    (
        "",
        "MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48",
        &[(Fingerprint, "16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48")],
    ),
    (
        "",
        "SHA256:n6Xe1vDk9qPz3RtYb5Wm7LcJ0hGf2AsUo8Ix4EvQd1k",
        &[(Fingerprint, "n6Xe1vDk9qPz3RtYb5Wm7LcJ0hGf2AsUo8Ix4EvQd1k")],
    ),
    ("", "Serial number C02XK7ZQJGH6 is unknown", &[(SerialNumber, "C02XK7ZQJGH6")]),
    ("", "S/N: C02XK7ZQJGH6", &[(SerialNumber, "C02XK7ZQJGH6")]),
    ("", "arn:aws:iam::402817365519:role/x", &[(AccountNumber, "402817365519")]),
    ("", "auth0|64fa2b1c9e7d4a4e", &[(AccountNumber, "64fa2b1c9e7d4a4e")]),
    ("", "i-0abc123def4567890", &[(AccountNumber, "i-0abc123def4567890")]),
    ("", "cus_Nf3k29SkLq02Md", &[(AccountNumber, "cus_Nf3k29SkLq02Md")]),
    ("", "account 402817365519", &[(AccountNumber, "402817365519")]),
    (
        "",
        "S-1-5-21-397955417-626881126-188441444-1010",
        &[(AccountNumber, "S-1-5-21-397955417-626881126-188441444-1010")],
    ),
    ("employee_id", "E48213", &[(IdentifierUnderKey, "E48213")]),
    (
        "",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ6Xe1vDk9qPz3RtYb5Wm7LcJ0hGf2AsUo8Ix4EvQd1k x",
        &[(PublicKey, "AAAAC3NzaC1lZDI1NTE5AAAAIJ6Xe1vDk9qPz3RtYb5Wm7LcJ0hGf2AsUo8Ix4EvQd1k")],
    ),
    ("id", "kx-10482", &[(IdentifierUnderKey, "kx-10482")]),
    // What identifies an event has only hexadecimal digits.
    ("trace_id", "anna@corp.example", &[(EmailAddress, "anna@corp.example")]),
];

#[test]
fn values_are_marked_by_a_rule_from_end_to_end() {
    let mut wrong = Vec::new();
    for (key, value, parts) in MARKED {
        let parts: Vec<(Rule, String)> =
            parts.iter().map(|(rule, part)| (*rule, (*part).to_owned())).collect();
        let found = found(key, value);
        if found != parts {
            wrong.push(format!("{key}: {value}: {found:?} instead of {parts:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn words_versions_events_and_routes_are_not_marked() {
    let marked = UNMARKED
        .iter()
        .map(|(key, value)| (key, value, found(key, value)))
        .filter(|(.., found)| !found.is_empty());
    assert_eq!(marked.collect::<Vec<_>>(), []);
}

#[test]
fn each_rule_marks_something() {
    for rule in Rule::ALL {
        let is_shown = MARKED.iter().any(|(.., parts)| parts.iter().any(|(marked, _)| marked == rule));
        assert!(is_shown, "{rule:?}");
    }
}

#[test]
fn a_sentence_can_have_several_kinds() {
    let rules: Vec<Rule> =
        found("", "bob@corp.example: open /home/bob/x on 10.0.0.7 at https://dev.coder.com")
            .into_iter()
            .map(|(rule, _)| rule)
            .collect();
    assert_eq!(rules, [EmailAddress, UserFolder, Ipv4, UrlHost]);
    assert_eq!(
        found("", r"\\files\share\users\anna"),
        [(UncServer, "files".to_owned()), (UserFolder, "anna".to_owned())]
    );
}
