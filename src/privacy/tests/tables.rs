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
    ("", r"C:\Dokumente und Einstellungen\anna\x", &[(UserFolder, "anna")]),
    ("", r"D:\Utilisateurs\anna\x", &[(UserFolder, "anna")]),
    ("", r"Z:\home$\anna\x", &[(UserFolder, "anna")]),
    ("", "/tmp/hsperfdata_anna/4127", &[(UserFolder, "anna")]),
    ("", "/run/screen/S-anna/3391.pts-2", &[(UserFolder, "anna")]),
    ("", "/var/spool/cron/jkowal", &[(UserFolder, "jkowal")]),
    ("", "/afs/cell/usr/anna/public", &[(UserFolder, "anna")]),
    ("", "/afs/cell/user/a/an/anna/x", &[(UserFolder, "anna")]),
    ("", "/mnt/jkowal/x", &[(WorkFolder, "jkowal")]),
    ("", "/srv/velmora/x", &[(WorkFolder, "velmora")]),
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
    ("", "to=http%3A%2F%2F10.0.0.7%3A3000%2Fx", &[(Ipv4, "10.0.0.7")]),
    ("", "2001-db8-0-1--a4b4.ipv6-literal.net", &[(Ipv6, "2001-db8-0-1--a4b4")]),
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
    ("", "curl -u anna:rosebud7 x", &[(CommandPassword, "rosebud7")]),
    ("", "mysql -u x -prosebud7", &[(CommandPassword, "rosebud7")]),
    ("", "sshpass -p rosebud7 ssh x", &[(CommandPassword, "rosebud7")]),
    ("", "echo rosebud7 | sudo -S ls", &[(CommandPassword, "rosebud7")]),
    ("", "IDENTIFIED BY 'rosebud7'", &[(PasswordInSentence, "rosebud7")]),
    ("", "verification code 482913 is wrong", &[(PasswordInSentence, "482913")]),
    ("", "wrong password 'rose bud'", &[(PasswordInSentence, "rose bud")]),
    ("", "<password>rosebud7</password>", &[(PasswordUnderKey, "rosebud7")]),
    ("db_password", "hunter", &[(PasswordUnderKey, "hunter")]),
    ("", "curl -uanna:rosebud7 x", &[(CommandPassword, "rosebud7")]),
    ("", "docker login -u anna -p rosebud7", &[(CommandPassword, "rosebud7")]),
    ("", "redis-cli -a rosebud7", &[(CommandPassword, "rosebud7")]),
    ("", "unzip -P rosebud7 a.zip", &[(CommandPassword, "rosebud7")]),
    ("", "7z x -prosebud7 a.7z", &[(CommandPassword, "rosebud7")]),
    ("", "ldapsearch -w rosebud7 x", &[(CommandPassword, "rosebud7")]),
    ("", "wrong token 'rosebud71'", &[(PasswordInSentence, "rosebud71")]),
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
    // Names by the words around them.
    ("", "deployments.apps \"velmora-gw\" not found", &[(NameInSentence, "velmora-gw")]),
    ("", "persistentvolumeclaim \"velmora-home\" not found", &[(NameInSentence, "velmora-home")]),
    ("", "Preset \"Velmora default\" not found", &[(NameInSentence, "Velmora default")]),
    ("", "network velmora_default not found", &[(NameInSentence, "velmora_default")]),
    ("", "The container name \"/velmora-db\" is already in use", &[(NameInSentence, "velmora-db")]),
    ("", "The config profile (velmora-sso) could not be found", &[(NameInSentence, "velmora-sso")]),
    ("", "no such index [velmora-logs]", &[(NameInSentence, "velmora-logs")]),
    ("", "no such service: velmora-api", &[(NameInSentence, "velmora-api")]),
    ("", "Could not find conda environment: velmora-ml", &[(NameInSentence, "velmora-ml")]),
    ("", "permission to access projects instance [velmora-lab]", &[(NameInSentence, "velmora-lab")]),
    ("", "Dataset velmora-x:events was not found", &[(NameInSentence, "velmora-x:events")]),
    ("", "Table 'velmora_crm.orders' doesn't exist", &[(NameInSentence, "velmora_crm")]),
    ("", "Unable to find image 'velmora/devbox:latest' locally", &[(NameInSentence, "velmora")]),
    ("", "'@velmora/ui@1.0.0' is not in this registry", &[(NameInSentence, "@velmora/ui@1.0.0")]),
    ("", "'velmora-up' does not appear to be a git repository", &[(NameInSentence, "velmora-up")]),
    ("", "deployment.apps/velmora-api configured", &[(NameInSentence, "velmora-api")]),
    ("", "Container velmora-web-1  Started", &[(NameInSentence, "velmora-web-1")]),
    ("", "no context exists with the name: \"velmora-x\"", &[(NameInSentence, "velmora-x")]),
    ("", "authority certificate \"Velmora Issuing CA 2\"", &[(NameInSentence, "Velmora Issuing CA 2")]),
    ("", "id: ‘jkowal’: no such user", &[(NameInSentence, "jkowal")]),
    ("", "crontab: user `jkowal' unknown", &[(NameInSentence, "jkowal")]),
    ("", "L’utilisateur « jkowal » n’existe pas", &[(NameInSentence, "jkowal")]),
    ("", "Der Benutzername „anna.kowal“ fehlt", &[(NameInSentence, "anna.kowal")]),
    ("", "Benutzer jkowal existiert nicht", &[(NameInSentence, "jkowal")]),
    ("", "usuario=jkowal", &[(NameInSentence, "jkowal")]),
    ("", "usuário jkowal não existe", &[(NameInSentence, "jkowal")]),
    ("", "Пользователь jkowal заблокирован", &[(NameInSentence, "jkowal")]),
    ("", "ユーザー jkowal は存在しません", &[(NameInSentence, "jkowal")]),
    ("", "用户“jkowal”不存在", &[(NameInSentence, "jkowal")]),
    ("", "too many authentication failures for jkowal", &[(NameInSentence, "jkowal")]),
    ("", "src refspec velmora-fix does not match any", &[(NameInSentence, "velmora-fix")]),
    ("", "jkowal is missing the Job/Build permission", &[(NameInSentence, "jkowal")]),
    (
        "",
        "Permission to velmora/app.git denied to jkowal.",
        &[(NameInSentence, "velmora/app.git"), (NameInSentence, "jkowal")],
    ),
    ("", "Merge pull request #12 from velmora/fix", &[(NameInSentence, "velmora/fix")]),
    (
        "",
        "* [new branch]   jkowal-x -> jkowal-x",
        &[(NameInSentence, "jkowal-x"), (NameInSentence, "jkowal-x")],
    ),
    ("", "?filter=userName%20eq%20%22jkowal%22", &[(NameInSentence, "jkowal")]),
    ("", "account [jkowal] is not active", &[(NameInSentence, "jkowal")]),
    ("", "connected as anna.kowal", &[(NameInSentence, "anna.kowal")]),
    ("", "jkowal  pts/0  2026-06-01 08:21", &[(NameInSentence, "jkowal")]),
    ("", "shell on pts/0 for jkowal from here", &[(NameInSentence, "jkowal")]),
    ("", "uid=1000(coder) gid=1000(coder) groups=4(adm),1500(velmora)", &[(NameInSentence, "velmora")]),
    ("", "1a2b3c4d (Anna Kowal 2026-06-01 08:21:18 +0200 12) x", &[(NameInSentence, "Anna Kowal")]),
    ("", r"VELMORA\jkowal: Access is denied", &[(DomainUser, "VELMORA"), (DomainUser, "jkowal")]),
    ("", r"AzureAD\AnnaKowal", &[(DomainUser, "AnnaKowal")]),
    ("", r"whoami: velmora\jkowal", &[(DomainUser, "velmora"), (DomainUser, "jkowal")]),
    ("", "株式会社ヴェルモラ", &[(CompanyName, "ヴェルモラ")]),
    ("", "Velmora Holding", &[(CompanyName, "Velmora")]),
    ("", "no such object: uid=jkowal,ou=people", &[(NameUnderKey, "jkowal")]),
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
    // Keys that no ending fits as it is written.
    ("pipelineName", "velmora-deploy", &[(NameUnderKey, "velmora-deploy")]),
    ("teamname", "velmora", &[(NameUnderKey, "velmora")]),
    ("assignees", "jkowal", &[(NameUnderKey, "jkowal")]),
    ("owner_2", "jkowal", &[(NameUnderKey, "jkowal")]),
    ("host2", "tarnws", &[(HostUnderKey, "tarnws")]),
    ("workemail", "jkowal", &[(NameUnderKey, "jkowal")]),
    ("vm_name", "render-vm-28", &[(HostUnderKey, "render-vm-28")]),
    ("db_host", "db-prod-03", &[(HostUnderKey, "db-prod-03")]),
    ("repo", "payments-backend", &[(NameUnderKey, "payments-backend")]),
    ("team", "frontend-team", &[(NameUnderKey, "frontend-team")]),
    ("folder", "velmora-frontend", &[(NameUnderKey, "velmora-frontend")]),
    ("kube_context", "velmora-admin", &[(NameUnderKey, "velmora-admin")]),
    ("sms_to", "12025550143", &[(PhoneUnderKey, "12025550143")]),
    ("ID_SERIAL_SHORT", "S4EVNX0TBB5J", &[(IdentifierUnderKey, "S4EVNX0TBB5J")]),
    ("nearest_relay", "Madrid", &[(PlaceUnderKey, "Madrid")]),
    ("address", "22 Harbour Row, Cork", &[(PlaceUnderKey, "22 Harbour Row, Cork")]),
    ("", "address: 12 Elm Street, Cork; x", &[(PlaceUnderKey, "12 Elm Street, Cork")]),
    ("", "C=PT, L=Almada", &[(PlaceUnderKey, "Almada")]),
    // Segments and searches of routes.
    ("route", "/api/v2/workspace-quota/jkowal", &[(NameInRoute, "jkowal")]),
    ("route", "/repos/velmora/webshop/pulls/12", &[(NameInRoute, "velmora"), (NameInRoute, "webshop")]),
    ("http.target", "/login/velmora?next=/", &[(NameInRoute, "velmora")]),
    ("path", "/api/v2/external-auth/velmora-gitlab/device", &[(NameInRoute, "velmora-gitlab")]),
    ("route", "/api/v4/projects/velmora%2Fweb/events", &[(NameInRoute, "velmora")]),
    ("route", "/api/v2/users?q=anna.kowal&limit=25", &[(NameInRoute, "anna.kowal")]),
    ("route", "/scim/v2/Users?filter=userName%20eq%20%22akowal%22", &[(NameInSentence, "akowal")]),
    ("", "GET /api/v2/custom/velmora: 404", &[(NameInRoute, "velmora")]),
    ("", "GET https://localhost/api/v2/custom/velmora/x", &[(NameInRoute, "velmora")]),
    ("", "8080--main--dev--jkowal", &[(WorkspaceAlias, "8080--main--dev--jkowal")]),
    // Places of relays and offices.
    ("", "connect to region 3 (Singapore): timeout", &[(PlaceInSentence, "Singapore")]),
    ("", "timed out waiting for DERP region \"London\"", &[(PlaceInSentence, "London")]),
    ("", "relay ams (Amsterdam)", &[(PlaceInSentence, "Amsterdam")]),
    ("", "region 999 \"Lisbon Office\"", &[(PlaceInSentence, "Lisbon Office")]),
    ("", "netcheck: home=Oslo", &[(PlaceInSentence, "Oslo")]),
    ("", "DERP home Le Havre", &[(PlaceInSentence, "Le Havre")]),
    ("", "based in Tel Aviv, Israel", &[(PlaceInSentence, "Tel Aviv"), (PlaceInSentence, "Israel")]),
    ("", "the Lisbon office", &[(PlaceInSentence, "Lisbon")]),
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
    ("", "S-1-12-1-3427759331-2717891743", &[(AccountNumber, "S-1-12-1-3427759331-2717891743")]),
    ("", "projects/396025781714/locations/global", &[(AccountNumber, "396025781714")]),
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
    // Several kinds.
    (
        "",
        "git@gitlab.velmora.com.ar:web/x.git",
        &[(DottedName, "gitlab.velmora.com.ar"), (NameInRoute, "web/x")],
    ),
    ("", "NO_PROXY=localhost,.velmora.com.sg", &[(DottedName, "velmora.com.sg")]),
    ("", "FS01.velmora.INTERN", &[(DottedName, "FS01.velmora.INTERN")]),
    ("", "ping: cannot resolve lab-mini4: Unknown host", &[(HostInSentence, "lab-mini4")]),
    ("", "could not resolve rack08/telnet: Name or service not known", &[(HostInSentence, "rack08")]),
    ("", r"[HVNODE-03]: PS C:\>", &[(HostInSentence, "HVNODE-03")]),
    ("", "fatal: [edge-sw14]: UNREACHABLE! => {", &[(HostInSentence, "edge-sw14")]),
    ("", "curl: (5) Could not resolve proxy: squid-ber3", &[(HostInSentence, "squid-ber3")]),
    ("", "Jun  1 08:21:18 fin-ws-219 sshd[812]: x", &[(HostInSentence, "fin-ws-219")]),
    (
        "",
        "ATATT3xFfGF0-R2Pju1AcpeC9NloaUs=DHR8IZBQ",
        &[(TokenPrefix, "ATATT3xFfGF0-R2Pju1AcpeC9NloaUs=DHR8IZBQ")],
    ),
    ("", "https://localhost/send?phone=15125550164&text=x", &[(PhoneNumber, "15125550164")]),
    ("", "https://wa.me/15125550164", &[(UrlHost, "wa.me"), (PhoneNumber, "15125550164")]),
    ("", "sms:+15125550164", &[(PhoneNumber, "+15125550164")]),
    ("", "Velmora Pty Ltd", &[(CompanyName, "Velmora Pty")]),
    ("", "Velmora s.r.o.", &[(CompanyName, "Velmora")]),
    ("trace_id", "anna@corp.example", &[(EmailAddress, "anna@corp.example")]),
];

/// Values that are marked if there is no other text on their line.
const MARKED_ALONE: &[Marked] = &[
    ("", "sudo : utilisateur inconnu jkowal", &[(NameInSentence, "jkowal")]),
    ("", "jkowal  4127  0.3  1.2 1234 567 ?  Ssl 10:10 0:01 node", &[(NameInSentence, "jkowal")]),
    ("", "jkowal  4127  4100  0 10:10 pts/0 00:00:00 bash", &[(NameInSentence, "jkowal")]),
    ("", "/src/ @velmora/web", &[(NameInSentence, "velmora/web")]),
    ("", "VELMORA+jkowal", &[(DomainUser, "VELMORA"), (DomainUser, "jkowal")]),
    ("", "VELMORA/anna.kowal", &[(DomainUser, "VELMORA"), (DomainUser, "anna.kowal")]),
];

#[test]
fn values_are_marked_by_a_rule_from_end_to_end() {
    let mut wrong = Vec::new();
    for (key, value, parts) in MARKED.iter().chain(MARKED_ALONE) {
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
