#!/bin/bash
# Provokes faults of memcached and prints what it says. Run by hand.
set -u
port=${PORT:-54470}; as=""; [ "$(id -u)" = 0 ] && as="runuser -u nobody --"
$as memcached -p $port -l 127.0.0.1 -m 64 -I 1m -M -c 60 -vv >/tmp/mc.$$ 2>&1 & p=$!; trap 'kill $p; rm -f /tmp/mc.$$' EXIT; sleep 1
python3 - $port <<'P'
import socket,sys
def c(): return socket.create_connection(('127.0.0.1',int(sys.argv[1])),2)
s=c()
for i in range(900):
    s.sendall(b'set k%d 0 0 100000\r\n'%i+b'x'*100000+b'\r\n'); r=s.recv(200)
    if not r.startswith(b'STORED'): print(r); break
s.sendall(b'set big 0 0 2000000\r\n'); s.close(); s=c()
s.sendall(b'nonsense\r\n'); print(s.recv(200))
l=[]
for i in range(80):
    try: l.append(c()); l[-1].sendall(b'stats\r\n'); l[-1].settimeout(1); r=l[-1].recv(80)[:60]; r.startswith(b'STAT') or print(r)
    except Exception as e: print(e)
P
grep -iE 'too many|limit|fail|error' /tmp/mc.$$ | tail -4
$as timeout 2 memcached -p $port -l 127.0.0.1 2>&1 | tail -3; [ "$(id -u)" = 0 ] && timeout 2 memcached -p $((port+1)) 2>&1 | tail -2
