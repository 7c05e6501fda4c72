//! Tests of redaction: which texts are replaced, which stay, and that a diagnosis keeps its numbers.

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::Redactor;

#[track_caller]
fn check(text: &str, expect: Expect) {
    let mut redactor = Redactor::new();
    redactor.learn(text);
    expect.assert_eq(&redactor.redact(text));
}

#[track_caller]
fn stays(text: &str) {
    assert_eq!(Redactor::new().redact(text), text);
}

#[test]
fn users_are_found_by_the_words_around_them() {
    check(
        "Failed password for invalid user alice from 10.1.2.3 port 22",
        expect!["Failed password for invalid user user-1 from 192.0.2.1 port 22"],
    );
    check(
        "session opened for user bob(uid=1000) by carol(uid=0)",
        expect!["session opened for user user-1(uid=1000) by user-2(uid=0)"],
    );
    check(
        "sudo: dave : TTY=pts/0 ; PWD=/home/dave ; USER=root ; COMMAND=/bin/ls",
        expect!["sudo: user-1 : TTY=pts/0 ; PWD=/home/user-1 ; USER=root ; COMMAND=/bin/ls"],
    );
    check(
        r"ACME\erin opened C:\Users\erin\x.txt; user=frank, username: 'grace'",
        expect![[r#"host-1\user-1 opened C:\Users\user-1\x.txt; user=user-2, username: 'user-3'"#]],
    );
    check(
        "FATAL: password authentication failed for user \"heidi\"; role \"ivan\" does not exist",
        expect![[r#"FATAL: password authentication failed for user "user-1"; role "user-2" does not exist"#]],
    );
    check(
        "Access denied for user 'judy'@'web-7' (using password: YES)",
        expect!["Access denied for user 'user-1'@'host-1' (using password: YES)"],
    );
    check(
        r#"{"user":"mallory","host":"kiosk","msg":"mallory at kiosk"}"#,
        expect![[r#"{"user":"user-1","host":"host-1","msg":"user-1 at host-1"}"#]],
    );
}

#[test]
fn hosts_and_addresses_are_replaced() {
    check(
        "lost connection after AUTH from gw.acme.de[10.1.2.3]; gw is down",
        expect!["lost connection after AUTH from host-1.example.com[192.0.2.1]; gw is down"],
    );
    check(
        "dial tcp: lookup billing on 10.0.0.2:53; 10.0.0.3, ::ffff:10.0.0.2, 2a01:4f8::1, fe80::1ff:fe23:1",
        expect!["dial tcp: lookup host-1 on 192.0.2.1:53; 192.0.2.2, ::ffff:192.0.2.1, 2001:db8::1, fe80::2"],
    );
    check(
        "upstream: \"http://10.0.0.9:80/x\", host: \"shop.acme.com\", ip-10-0-0-7",
        expect![[r#"upstream: "http://192.0.2.1:80/x", host: "host-1.example.com", host-2"#]],
    );
    check("eth0: aa:bb:cc:dd:ee:0f to db02:5432", expect!["eth0: 00:00:5e:00:53:01 to host-1:5432"]);
}

#[test]
fn secrets_and_mailboxes_are_replaced() {
    check(
        "password=hunter2 token: \"a b\" --password s3cr https://bob:p@ss@repo.acme.de/x",
        expect![[
            r#"password=secret-1 token: "secret-2" --password secret-3 https://user-1:secret-4@host-1.example.com/x"#
        ]],
    );
    check(
        "Authorization: Basic YWxpY2U6 and Bearer abc1.def",
        expect!["Authorization: Basic secret-1 and Bearer secret-2"],
    );
    check(
        "key AKIAABCDEFGHIJKLMNOP -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- end",
        expect!["key secret-1 secret-2 end"],
    );
    check(
        "to=<eve@acme.de>, relay=mx.acme.de[10.0.0.1]:25; eve",
        expect!["to=<mail-1@example.com>, relay=host-2.example.com[192.0.2.1]:25; user-1"],
    );
}

#[test]
fn texts_that_name_nobody_stay() {
    for text in [
        "java.lang.OutOfMemoryError: Java heap space at java.util.HashMap.resize(HashMap.java:704)",
        "nginx.conf and foo.service on localhost, 127.0.0.1:80, [::1]:443, 0.0.0.0, 255.255.255.0, 169.254.1.1",
        "version 1.2.3.4, v10.4.12.1, nginx/1.18.0, openssl-1.1.1.8, std::vec, 12:34:56",
        "using password: YES; token: invalid; Authentication token manipulation error",
        "Failed password for root from localhost; getty@tty1.service; user unknown",
        "pulling docker.io/library/nginx:1.2 from registry.k8s.io; see https://kubernetes.io/docs",
        "open /var/log/nginx/error.log: Permission denied (13)",
        "worker process 123 exited on signal 9; 4096 worker_connections are not enough",
        "NT AUTHORITY\\SYSTEM, BUILTIN\\Administrators, C:\\Windows\\SYSTEM32\\ntdll.dll",
    ] {
        stays(text);
    }
}

#[test]
fn a_name_has_one_pseudonym_wherever_it_stands() {
    let mut redactor = Redactor::new();
    redactor.learn("Failed password for alice from 10.9.9.9 port 1");
    assert_eq!(
        redactor.redact("job_of_Alice: alice-2, malice, 10.9.9.9"),
        "job_of_user-1: user-1-2, malice, 192.0.2.1"
    );
    assert_eq!(
        redactor.redact("Failed password for zoe from 10.9.9.9 port 1"),
        "Failed password for user-2 from 192.0.2.1 port 1"
    );
}

proptest! {
    #[test]
    fn any_text_can_be_redacted(text in "(?s).{0,200}") {
        let mut redactor = Redactor::new();
        redactor.learn(&text);
        let once = redactor.redact(&text).into_owned();
        prop_assert_eq!(redactor.redact(&text), once);
    }
}
