#!/bin/bash
# Provokes faults of PostgreSQL in a scratch instance and prints what it says. Run by hand, not as root's service:
# as root, the server runs as the user "postgres". Needs the server's programs (PG_BIN) and psql.
set -u
bin=${PG_BIN:-$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)}
dir=$(mktemp -d); port=${PORT:-54391}
[ "$(id -u)" = 0 ] && { chown postgres "$dir"; as="runuser -u postgres --"; } || as=""
export PGHOST=$dir PGPORT=$port PGCONNECT_TIMEOUT=5
log=$dir/log; data=$dir/data
cd "$dir"
start() { $as "$bin/pg_ctl" -D "$data" -l "$log" -w -t 20 "$@" start >/dev/null 2>&1 || tail -5 "$log"; }
stop() { $as "$bin/pg_ctl" -D "$data" -m immediate -w -t 20 stop >/dev/null 2>&1; }
say() { echo; echo "### $*"; : | $as tee "$log" >/dev/null; }
seen() { sed 's/^/  log: /' "$log"; }
sql() { psql -X -U postgres -d postgres "$@" 2>&1; }
trap 'stop; rm -rf "$dir"' EXIT
$as "$bin/initdb" -D "$data" -U postgres -A trust >/dev/null
$as tee -a "$data/postgresql.conf" >/dev/null <<C
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$dir'
deadlock_timeout = '200ms'
max_connections = 12
max_locks_per_transaction = 10
logging_collector = off
C
start
sql -qc "create database shop"
sql -qc "create role app login password 'right'; create role nologin; create role old login password 'x' valid until '2001-01-01'; create role bare login; create table t(i int primary key); insert into t values (1),(2);"
$as tee "$data/pg_hba.conf" >/dev/null <<C
local all postgres trust
local all bare peer
local shop app scram-sha-256
local all all scram-sha-256
host all app 127.0.0.1/32 scram-sha-256
host all gone 127.0.0.1/32 reject
C
sql -qc 'select pg_reload_conf()' >/dev/null; sleep 1
say "wrong password"; PGPASSWORD=wrong psql -U app -d shop -c 'select 1' 2>&1; seen
say "no password given"; psql -w -U app -d shop -c 'select 1' 2>&1; seen
say "role without a password"; PGPASSWORD=x psql -U nologin -d shop -c 'select 1' 2>&1; seen
say "expired"; PGPASSWORD=x psql -U old -d shop -c 'select 1' 2>&1; seen
say "no such role (scram)"; PGPASSWORD=x psql -U nobody1 -d shop -c 'select 1' 2>&1; seen
say "peer"; psql -U bare -d shop -c 'select 1' 2>&1; seen
say "no pg_hba entry"; psql "host=127.0.0.1 user=bare dbname=shop sslmode=disable" -c 'select 1' 2>&1; seen
say "rejected by pg_hba"; psql "host=127.0.0.1 user=gone dbname=shop sslmode=disable" -c 'select 1' 2>&1; seen
say "no such database"; sql -d nowhere -c 'select 1'; seen
say "role does not exist (trust)"; $as sed -i '1i local all ghost trust' "$data/pg_hba.conf"; sql -qc 'select pg_reload_conf()' >/dev/null; sleep 1; psql -U ghost -d shop -c 'select 1' 2>&1; seen
say "ssl wanted"; psql "host=127.0.0.1 user=app dbname=shop sslmode=require" -c 'select 1' 2>&1; seen
say "not permitted to log in"; $as sed -i '1i local all nologin trust' "$data/pg_hba.conf"; sql -qc 'select pg_reload_conf()' >/dev/null; sleep 1; psql -U nologin -d shop -c 'select 1' 2>&1; seen
say "missing relation, column, schema, function, extension, permission, collation"
sql -c 'select * from orders' -c 'select nope from t' -c 'select * from app.orders' -c 'select uuid_generate_v4()' -c 'create extension postgis' -c "create extension pg_stat_statements" -c 'select * from pg_stat_statements' -c 'insert into t values (1)' -c 'set role app' -c 'select * from t' -c 'create table public.x(i int)'; seen
say "deadlock"
(sql -c "begin; update t set i=1 where i=1; select pg_sleep(1); update t set i=2 where i=2; commit") & sql -c "begin; update t set i=2 where i=2; select pg_sleep(1); update t set i=1 where i=1; commit"; wait $!; seen
say "lock and statement time-out"
(sql -qc "begin; lock table t; select pg_sleep(2)" >/dev/null) & sleep 0.5; sql -c "set lock_timeout='200ms'; select * from t"; sql -c "set statement_timeout='200ms'; select * from t"; sql -c "select * from t for update nowait"; wait $!; seen
say "idle in transaction time-out"; sql -c "set idle_in_transaction_session_timeout='200ms'" -c begin -c '\! sleep 1' -c 'select 1'; seen
say "serialization"
(sql -qc "begin isolation level serializable; update t set i=i where i=1; select pg_sleep(1); commit" >/dev/null) & sleep 0.3; sql -c "begin isolation level repeatable read; select 1; update t set i=i where i=1; commit"; wait $!; seen
say "too many locks"; sql -qc "do \$\$ begin for n in 1..3000 loop execute 'create table big'||n||'(i int)'; end loop; end \$\$"; seen
say "read-only"; sql -c "set default_transaction_read_only=on; create table r(i int)"; seen
say "query of a terminated session"; sql -c "select pg_terminate_backend(pg_backend_pid())"; seen
say "second instance"; $as "$bin/postgres" -D "$data" 2>&1 | head -5
say "crash of a server process, then recovery"; (sql -c "select pg_sleep(3)") & sleep 0.5; p=$(psql -X -U postgres -d postgres -Atc "select pid from pg_stat_activity where query like '%pg_sleep(3)%' and pid<>pg_backend_pid()"); $as kill -9 "$p"; sql -c "select 1"; wait; sleep 2; seen
say "temp file limit"; sql -c "set temp_file_limit=1024; set work_mem=64; select count(*) from (select generate_series(1,900000) g order by 1) q"; seen
say "replication slot"; sql -c "select pg_create_logical_replication_slot('s','pgoutput')"; psql "host=127.0.0.1 user=postgres replication=true sslmode=disable" -c 'IDENTIFY_SYSTEM' 2>&1; seen
stop
say "missing files, wrong version, wrong mode, bad setting"
$as chmod 755 "$data"; $as "$bin/postgres" -D "$data" 2>&1; $as chmod 700 "$data"
echo 11 | $as tee "$data/PG_VERSION" >/dev/null; $as "$bin/postgres" -D "$data" 2>&1; "$bin/postgres" -V | sed 's/.* \([0-9]*\)\..*/\1/' | $as tee "$data/PG_VERSION" >/dev/null
$as "$bin/postgres" -D "$data" -c shared_buffers=nonsense 2>&1 | head -3
$as "$bin/postgres" -D "$data" -c shared_buffers=900TB 2>&1 | head -5
$as "$bin/postgres" -D "$data" -c shared_preload_libraries=nosuchlib 2>&1 | head -3
$as "$bin/postgres" -D "$data" -c ssl=on 2>&1 | head -3
$as "$bin/postgres" -D "$dir/none" 2>&1 | head -3
echo "bad_line without meaning" | $as tee -a "$data/postgresql.conf" >/dev/null; $as "$bin/postgres" -D "$data" 2>&1 | head -3; $as sed -i '$d' "$data/postgresql.conf"
echo "garbage" | $as tee -a "$data/pg_hba.conf" >/dev/null; timeout 5 $as "$bin/postgres" -D "$data" 2>&1 | head -5; $as sed -i '$d' "$data/pg_hba.conf"
say "port taken"; python3 -c "import socket,time; s=socket.socket(); s.setsockopt(socket.SOL_SOCKET,socket.SO_REUSEADDR,1); s.bind(('127.0.0.1',$port)); s.listen(); time.sleep(6)" & sleep 1; timeout 5 $as "$bin/postgres" -D "$data" 2>&1 | head -5; wait
say "no valid checkpoint"; seg=$(ls "$data/pg_wal" | grep -E '^[0-9A-F]{24}$' | head -1); $as mv "$data/pg_wal/$seg" "$dir/seg"; for s in $(ls "$data/pg_wal" | grep -E '^[0-9A-F]{24}$'); do $as dd if=/dev/zero of="$data/pg_wal/$s" bs=8k count=2048 2>/dev/null; done; timeout 10 $as "$bin/postgres" -D "$data" 2>&1 | tail -8
