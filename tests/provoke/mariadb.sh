#!/bin/bash
# Provokes faults of MariaDB (or MySQL) in a scratch instance and prints what it says. Run by hand.
set -u
dir=$(mktemp -d); port=${PORT:-54392}; mysqld=$(command -v mariadbd || command -v mysqld || ls /usr/sbin/mariadbd)
[ "$(id -u)" = 0 ] && { chown mysql "$dir"; as="runuser -u mysql --"; } || as=""
log=$dir/log; data=$dir/data; sock=$dir/s; cd "$dir"
say() { echo; echo "### $*"; : >"$log"; }
seen() { sed 's/^/  log: /' "$log" | grep -v 'Note' | tail -${1:-8}; }
common="--no-defaults --datadir=$data --socket=$sock --port=$port --bind-address=127.0.0.1 --pid-file=$dir/pid --innodb-buffer-pool-size=16M"
pids=""
run() { $as "$mysqld" $common "$@" >>"$log" 2>&1 & for i in $(seq 40); do sleep 0.3; mariadb-admin -S "$sock" ping >/dev/null 2>&1 && return; done; }
once() { timeout 12 $as "$mysqld" $common "$@" 2>&1 | grep -vE 'Note\]' | head -${L:-6}; }
halt() { mariadb-admin -S "$sock" -u root shutdown >/dev/null 2>&1; sleep 1; }
sql() { mariadb -S "$sock" "$@" 2>&1; }
trap 'halt; rm -rf "$dir"' EXIT
$as mariadb-install-db --no-defaults --datadir="$data" --auth-root-authentication-method=normal >/dev/null 2>&1
run --max_allowed_packet=1M --innodb-lock-wait-timeout=1 --log-bin=$dir/bin --server-id=1 --log-warnings=4
sql -u root -e "create user app@localhost identified by 'right'; create user far@'10.0.0.%' identified by 'x'; create database shop; create database other; grant all on shop.* to app@localhost; create table shop.t(i int primary key) engine=innodb; insert into shop.t values (1),(2); create table shop.m(i int) engine=myisam"
mariadb -S $sock -u root -e "delete from mysql.global_priv where user=''; flush privileges"
say "wrong password"; sql -u app -pwrong -e 'select 1'; seen
say "unknown user"; sql -u nobody -pwrong -e 'select 1'; seen
say "no password"; sql -u app -e 'select 1'; seen
say "no right to database"; sql -u app -pright other -e 'select 1'
say "no database"; sql -u root nowhere -e 'select 1'
say "no right to table"; sql -u app -pright -e 'select * from mysql.user'; sql -u app -pright -e 'create user x'
say "no table, column, database"; sql -u root shop -e 'select * from nope'; sql -u root shop -e 'select nope from t'; sql -u root -e 'use nope'; sql -u root -e 'select nofunc(1)' shop
say "host not allowed"; sql -u root -e "delete from mysql.global_priv where host in ('localhost','127.0.0.1') and user='app'; flush privileges"; mariadb -h 127.0.0.1 -P $port -u far -px -e 'select 1' 2>&1; seen
say "socket, tcp refused"; mariadb -S /tmp/none.sock -e 'select 1' 2>&1; mariadb -h 127.0.0.1 -P 1 -e 'select 1' 2>&1; mariadb -h no.such.invalid -e 'select 1' 2>&1
say "packet"; sql -u root shop -e "select length('$(head -c 1200000 /dev/zero | tr '\0' x | head -c 100000)')" | tail -1; (printf "select '"; head -c 1500000 /dev/zero | tr '\0' x; echo "'") | sql -u root --max-allowed-packet=32M shop | tail -1; seen
say "lock wait"; (sql -u root shop -e "begin; update t set i=i where i=1; select sleep(3); rollback" >/dev/null) & sleep 0.5; sql -u root shop -e "update t set i=9 where i=1"; wait $!; seen
say "deadlock"; (sql -u root shop -e "set innodb_lock_wait_timeout=9; begin; update t set i=i+0 where i=1; select sleep(1); update t set i=i+0 where i=2; commit" 2>&1 | grep -i err) & p=$!; sql -u root shop -e "set innodb_lock_wait_timeout=9; begin; update t set i=i+0 where i=2; select sleep(1); update t set i=i+0 where i=1; commit" | grep -i err; wait $p; seen
say "duplicate, read only"; sql -u root shop -e 'insert into t values (1)'; sql -u root -e 'set global read_only=1'; sql -u root -e "create user w@localhost; grant all on shop.* to w@localhost"; sql -u w shop -e 'insert into t values (7)'; sql -u root -e 'set global read_only=0'
say "connections, user limit"; sql -u root -e "set global max_connections=10; alter user w@localhost with max_user_connections 1"; sql -u w -e 'select sleep(2)' >/dev/null & sleep 0.5; sql -u w -e 'select 1'; wait $!; q=""; for i in $(seq 14); do sql -u root -e 'select sleep(3)' >/dev/null & q="$q $!"; done; sleep 1; sql -u w -e 'select 1'; wait $q; seen
say "killed, gone away"; sql -u root -e 'set session wait_timeout=1; select sleep(0)' ; (sql -u root -e 'select sleep(5)' ) & sleep 0.6; id=$(sql -u root -Ne "select id from information_schema.processlist where info like 'select sleep(5)%' limit 1"); sql -u root -e "kill $id"; wait $!; seen
say "crashed myisam"; sql -u root shop -e 'insert into m values (1),(2); flush tables'; halt; printf 'garbage garbage' | $as dd of=$data/shop/m.MYI bs=1 seek=10 conv=notrunc 2>/dev/null; run --server-id=1; sql -u root shop -e 'select * from m'; seen
say "second instance on the same data"; L=12 once --socket=$dir/s2 --port=54999
say "port taken"; $as mkdir $dir/d2; $as mariadb-install-db --no-defaults --datadir=$dir/d2 --auth-root-authentication-method=normal >/dev/null 2>&1; timeout 12 $as "$mysqld" --no-defaults --datadir=$dir/d2 --socket=$dir/s3 --port=$port --bind-address=127.0.0.1 2>&1 | grep -v Note | head
halt
say "unknown option"; once --no-such-option; once --innodb-buffer-pool-size=16M --plugin-load=nope
say "no rights to data"; chown -R root "$data"; chmod -R go-rwx "$data"; L=10 once; chown -R mysql "$data"
say "corrupt ibdata"; $as cp -a $data $dir/d3; printf 'xxxxxxxxxxxxxxxx%.0s' $(seq 2000) | $as dd of=$data/ibdata1 bs=16k seek=0 conv=notrunc 2>/dev/null; L=12 once
rm -rf "$data"; $as cp -a $dir/d3 $data; say "redo log of another version"; printf 'PHYS' | $as dd of=$data/ib_logfile0 bs=1 seek=0 conv=notrunc 2>/dev/null; head -c 4096 /dev/urandom | $as dd of=$data/ib_logfile0 conv=notrunc 2>/dev/null; L=10 once
rm -rf "$data"; say "no system tables"; $as mkdir "$data"; L=10 once
