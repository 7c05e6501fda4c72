#!/bin/bash
# Provokes faults of PgBouncer in front of a port without a server, and prints what it says. Run by hand.
set -u
dir=$(mktemp -d); port=${PORT:-54394}; cd "$dir"
[ "$(id -u)" = 0 ] && { chown postgres "$dir"; as="runuser -u postgres --"; } || as=""
trap 'kill $p 2>/dev/null; rm -rf "$dir"' EXIT
conf() { printf '[databases]\nshop = host=127.0.0.1 port=1 dbname=shop\n[pgbouncer]\nlisten_addr=127.0.0.1\nlisten_port=%s\nunix_socket_dir=%s\nauth_type=md5\nauth_file=%s/users\nlogfile=%s/log\nserver_login_retry=1\nquery_wait_timeout=2\nmax_client_conn=2\n%s\n' "$port" "$dir" "$dir" "$dir" "${1:-}" >c.ini; echo '"app" "right"' >users; }
say() { echo; echo "### $*"; }
seen() { sed 's/^/  log: /' log | tail -${1:-6}; : >log; }
conf; : >log; chmod 666 log; $as pgbouncer c.ini >/dev/null 2>&1 & p=$!; sleep 1
say "unknown user, wrong password, unknown database"; PGPASSWORD=x psql -h 127.0.0.1 -p $port -U nobody shop -c 'select 1'; PGPASSWORD=x psql -h 127.0.0.1 -p $port -U app shop -c 'select 1'; PGPASSWORD=right psql -h 127.0.0.1 -p $port -U app nodb -c 'select 1'; seen
say "no server behind it"; PGPASSWORD=right timeout 8 psql -h 127.0.0.1 -p $port -U app shop -c 'select 1'; seen
say "too many clients"; for i in 1 2 3 4; do PGPASSWORD=right timeout 5 psql -h 127.0.0.1 -p $port -U app shop -c 'select 1' & done; wait %2 %3 %4 %5 2>/dev/null; seen 10
PGPASSWORD=right psql "host=127.0.0.1 port=$port user=app dbname=shop options='-c statement_timeout=1'" -c 'select 1'; seen
kill $p; sleep 1
say "bad file"; conf 'nonsense=1'; $as pgbouncer c.ini 2>&1 | tail -3; echo 'pool_mode = xx' >>c.ini;  $as pgbouncer c.ini 2>&1 | tail -3
