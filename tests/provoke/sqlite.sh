#!/bin/bash
# Provokes faults of SQLite and prints what its shell says. Run by hand.
set -u
dir=$(mktemp -d); cd "$dir"; trap 'rm -rf "$dir"' EXIT
say() { echo; echo "### $*"; }
sqlite3 a.db 'create table t(i int primary key); insert into t values (1)'
say "locked"; (sqlite3 a.db 'begin exclusive; select 1;' '.shell sleep 2' 'commit' >/dev/null) & sleep 0.5; sqlite3 a.db 'insert into t values (2)'; wait
say "read-only"; sqlite3 'file:a.db?mode=ro' 'insert into t values (3)'; sqlite3 -readonly a.db 'insert into t values (3)'
say "not a database, malformed"; echo 'this is no database at all, really not, and long enough' >b.db; sqlite3 b.db 'select 1 from sqlite_master'; cp a.db c.db; sqlite3 c.db 'create table u(x); insert into u select hex(randomblob(500)) from t,t,t'; head -c 8000 /dev/urandom | dd of=c.db bs=1 seek=1500 conv=notrunc 2>/dev/null; sqlite3 c.db 'select * from u; pragma integrity_check' | head -3
say "cannot open"; sqlite3 /nonexistent/x.db 'create table t(i)'; 
say "no such table, column, unique, disk full"; sqlite3 a.db 'select * from nope'; sqlite3 a.db 'select nope from t'; sqlite3 a.db 'insert into t values (1)'; sqlite3 a.db 'pragma max_page_count=3; create table big(x); insert into big select randomblob(9000)'
