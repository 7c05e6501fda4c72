#!/bin/bash
# Provokes faults of Redis in scratch instances and prints what it and its clients say. Run by hand.
set -u
dir=$(mktemp -d); port=${PORT:-54393}; cd "$dir"; pids=""
say() { echo; echo "### $*"; }
run() { redis-server --port "$port" --dir "$dir" --logfile "$dir/log" --daemonize no "$@" >"$dir/out" 2>&1 & pid=$!; pids="$pids $pid"; sleep 1; }
halt() { kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; }
cli() { redis-cli -p "$port" "$@" 2>&1; }
seen() { tail -${1:-8} "$dir/log" | sed 's/^/  log: /'; : >"$dir/log"; cat "$dir/out" | sed 's/^/  out: /' | tail -5; }
trap 'kill $pids 2>/dev/null; rm -rf "$dir"' EXIT
run --requirepass right --user 'default on' ; halt; run --requirepass right
say "no and wrong password"; cli get x; cli -a wrong ping; ${PY:-python3} - "$port" <<'P'
import redis,sys
for kw in ({},{'password':'wrong'},{'username':'a','password':'b'}):
    try: redis.Redis(port=int(sys.argv[1]),**kw).ping()
    except Exception as e: print(type(e).__name__, e)
P
cli -a right config set requirepass '' >/dev/null; cli acl setuser ann on '>pw' '~a:*' +get >/dev/null; say "ACL"; cli --user ann -a pw set a:1 1; cli --user ann -a pw get b:1; cli auth x; seen 4
say "memory"; cli config set maxmemory 1mb >/dev/null; cli config set maxmemory-policy noeviction >/dev/null; cli set big "$(head -c 100000 /dev/zero | tr '\0' x)"; cli eval 'for i=1,50 do redis.call("set","k"..i,string.rep("x",100000)) end' 0; cli config set maxmemory 0 >/dev/null
say "wrong type, unknown command, script"; cli set s 1; cli lpush s 1; cli nocommand; cli eval 'return nope' 0
say "MISCONF"; cli config set dir /proc >/dev/null; cli config set stop-writes-on-bgsave-error yes >/dev/null; cli bgsave; sleep 1; cli set a 1; mkdir -p "$dir/ro"; cli config set dir "$dir/ro"; cli config set dbfilename d.rdb; rmdir "$dir/ro"; cli bgsave; sleep 1; cli set a 1; seen
halt
say "clients"; run --maxclients 2; (redis-cli -p $port blpop q 3 & redis-cli -p $port blpop q 3 &) >/dev/null; sleep 0.5; cli ping; sleep 3; halt; seen
say "replica"; run; redis-server --port $((port+1)) --dir "$dir" --dbfilename r.rdb --logfile "$dir/rlog" --replicaof 127.0.0.1 "$port" --daemonize no >/dev/null 2>&1 & r=$!; pids="$pids $r"; sleep 2; redis-cli -p $((port+1)) set a 1; halt; sleep 3; redis-cli -p $((port+1)) config set replica-serve-stale-data no; redis-cli -p $((port+1)) get a; tail -4 "$dir/rlog"; kill $r
say "replica of a master with a password"; run --requirepass x; redis-server --port $((port+1)) --dir "$dir" --dbfilename r.rdb --logfile "$dir/rlog2" --replicaof 127.0.0.1 "$port" >/dev/null 2>&1 & r=$!; pids="$pids $r"; sleep 2; tail -6 "$dir/rlog2"; kill $r; halt
say "port taken"; run; redis-server --port "$port" --dir "$dir" 2>&1 | tail -4; halt
say "bad configuration"; printf 'port 0\nmaxmemory-polizei x\n' >bad.conf; redis-server bad.conf 2>&1 | tail -6; printf 'maxmemory 12zz\n' >bad.conf; redis-server bad.conf 2>&1 | tail -5; redis-server "$dir/none.conf" 2>&1 | tail -3; redis-server --port "$port" --dir /nowhere 2>&1 | tail -2; redis-server --port "$port" --logfile /nowhere/x 2>&1 | tail -2
say "broken RDB"; head -c 300 /dev/urandom >dump.rdb; redis-server --port "$port" --dir "$dir" 2>&1 | tail -4; printf 'REDIS0099abcdefg' >dump.rdb; redis-server --port "$port" --dir "$dir" 2>&1 | tail -4; rm -f dump.rdb; run; cli set a "$(head -c 3000 /dev/zero | tr '\0' x)"; cli save; halt; printf 'zzzzzzzz' | dd of=dump.rdb bs=1 seek=60 conv=notrunc 2>/dev/null; redis-server --port "$port" --dir "$dir" 2>&1 | tail -6; truncate -s 40 dump.rdb;  redis-server --port "$port" --dir "$dir" 2>&1 | tail -6; chmod 000 dump.rdb; rm -f dump.rdb
say "broken AOF"; run --appendonly yes; for i in $(seq 9); do cli set "k$i" "vvvvvvvv$i"; done >/dev/null; halt; f=$(ls appendonlydir/*.incr.aof); cp "$f" "$dir/keep"; printf 'XXXXXXXXXXXXXXXXXX' | dd of="$f" bs=1 seek=60 conv=notrunc 2>/dev/null; redis-server --port "$port" --dir "$dir" --appendonly yes 2>&1 | tail -4; cp "$dir/keep" "$f"; truncate -s -4 "$f"; timeout 2 redis-server --port "$port" --dir "$dir" --appendonly yes 2>&1 | tail -8; timeout 2 redis-server --port "$port" --dir "$dir" --appendonly yes --aof-load-truncated no 2>&1 | tail -4; rm "$f"; redis-server --port "$port" --dir "$dir" --appendonly yes 2>&1 | tail -4; rm -rf appendonlydir
say "cluster"; run --cluster-enabled yes; cli set a 1; cli cluster addslots 1 2 3 >/dev/null; cli set a 1; cli mget a b; cli info cluster | head -2; redis-server --port $((port+1)) --dir "$dir" --cluster-enabled yes 2>&1 | tail -2; halt; rm -f nodes.conf
say "protected mode"; run; ${PY:-python3} - "$port" <<'P'
import socket,sys
h=socket.gethostbyname(socket.gethostname())
print(h)
try:
    s=socket.create_connection((h,int(sys.argv[1])),3); s.sendall(b"PING\r\n"); print(s.recv(2000).decode()[:300])
except Exception as e: print(e)
P
halt; run --bind 0.0.0.0; ${PY:-python3} - "$port" <<'P'
import socket,sys
h=socket.gethostbyname(socket.gethostname())
try:
    s=socket.create_connection((h,int(sys.argv[1])),3); s.sendall(b"PING\r\n"); print(s.recv(2000).decode()[:300])
except Exception as e: print(e)
P
halt
say "loading, busy script"; run; ${PY:-python3} - "$port" <<'P'
import redis,sys,threading,time
r=redis.Redis(port=int(sys.argv[1])); r.config_set('busy-reply-threshold',200) if int(r.info()['redis_version'][0])>6 else r.config_set('lua-time-limit',200)
def f():
    try: r.eval('while true do end',0)
    except Exception as e: print(type(e).__name__,e)
t=threading.Thread(target=f); t.start(); time.sleep(1)
q=redis.Redis(port=int(sys.argv[1]))
try: q.get('a')
except Exception as e: print(type(e).__name__,e)
q.script_kill(); t.join()
P
seen; halt
run; ${PY:-python3} - "$port" <<'P'
import redis,sys
r=redis.Redis(port=int(sys.argv[1]))
try: r.debug_object('x')
except Exception as e: print(type(e).__name__,e)
P
halt; say "start warnings"; head -30 "$dir/log" | grep -iE 'warn|overcommit|huge|backlog'
