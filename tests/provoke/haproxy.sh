#!/bin/bash
# Provokes faults of HAProxy in a scratch folder and prints what it says. Needs haproxy, openssl, curl, python3.
set -u
dir=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$dir"' EXIT; cd "$dir"
openssl req -x509 -newkey rsa:2048 -nodes -keyout a.key -out a.crt -days 2 -subj /CN=a.example 2>/dev/null; openssl genrsa -out b.key 2048 2>/dev/null; cat a.crt a.key > a.pem; cat a.crt b.key > bad.pem; cp a.crt nokey.pem
head="global
 log stdout format raw local0
defaults
 mode http
 log global
 option httplog
 timeout connect 1s
 timeout client 2s
 timeout server 1s"
check() { echo "== $1"; printf '%s\n%s\n' "$head" "$2" > c.cfg; timeout 3 haproxy -c -f c.cfg 2>&1 | grep -v valid; }
check keyword "frontend a
 bind 127.0.0.1:18380
 nosuch thing"
check backend "frontend a
 bind 127.0.0.1:18380
 default_backend nothere"
check name "backend b
 server s nobody.invalid:80"
check cert "frontend a
 bind 127.0.0.1:18380 ssl crt $dir/no.pem"
check pair "frontend a
 bind 127.0.0.1:18380 ssl crt $dir/bad.pem"
check nokey "frontend a
 bind 127.0.0.1:18380 ssl crt $dir/nokey.pem"
check acl "frontend a
 bind 127.0.0.1:18380
 use_backend x if nosuchacl"
check missing "frontend a
 bind 127.0.0.1:18380"
check dup "backend b
 server s 127.0.0.1:1
 server s 127.0.0.1:2"
check ca "backend b
 server s 127.0.0.1:1 ssl verify required"
python3 -c "
import socket,time;s=socket.socket();s.setsockopt(1,2,1);s.bind(('127.0.0.1',18380));s.listen();time.sleep(3)" & sleep 1
echo "== bind"; printf '%s\n%s\n' "$head" "frontend a
 bind 127.0.0.1:18380
 bind 192.0.2.7:80" > c.cfg; timeout 3 haproxy -f c.cfg 2>&1; sleep 3
python3 - <<'END' &
import socket, threading, time
def serve(port, act):
    s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1", port)); s.listen(5)
    while True:
        c, _ = s.accept(); threading.Thread(target=act, args=(c,), daemon=True).start()
def gone(c): c.recv(9999); c.close()
def bad(c): c.recv(9999); c.sendall(b"hello world\r\n"); c.close()
def slow(c): c.recv(9999); time.sleep(5); c.close()
def short(c): c.recv(9999); c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhi"); time.sleep(3); c.close()
def cut(c): c.recv(9999); c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhi"); c.close()
def e500(c): c.recv(9999); c.sendall(b"HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n"); c.close()
for p, a in ((18391, gone), (18392, bad), (18393, slow), (18394, short), (18395, cut), (18396, e500)): threading.Thread(target=serve, args=(p, a), daemon=True).start()
time.sleep(25)
END
sleep 1
echo "== run"; cat > run.cfg <<END
$head
frontend a
 bind 127.0.0.1:18380
 bind 127.0.0.1:18381 ssl crt $dir/a.pem
 http-request deny if { path /denied }
 use_backend %[path,field(2,/)]
backend refused
 server s 127.0.0.1:1
backend gone
 server s 127.0.0.1:18391
backend bad
 server s 127.0.0.1:18392
backend slow
 server s 127.0.0.1:18393 maxconn 1
 timeout queue 500
backend short
 server s 127.0.0.1:18394
backend cut
 server s 127.0.0.1:18395
backend noroute
 server s 192.0.2.1:81
backend check
 server s 127.0.0.1:1 check inter 500
 server t 127.0.0.1:18396 check inter 500
 option httpchk GET /
backend slowcheck
 option httpchk GET /
 timeout check 500
 server s 127.0.0.1:18393 check inter 700
 server u 192.0.2.1:81 check inter 700
backend tlscheck
 server s 127.0.0.1:18396 check inter 700 ssl verify none
backend tlsreq
 server s 127.0.0.1:18381 ssl verify required ca-file /etc/ssl/certs/ca-certificates.crt
backend up
 option httpchk GET /
 server s 127.0.0.1:18396 check inter 700
END
timeout 14 haproxy -f run.cfg > run.log 2>&1 & sleep 2
for u in refused gone bad slow short cut noroute check slowcheck tlsreq denied nothere; do curl -s -m 4 -o /dev/null http://127.0.0.1:18380/$u; done
curl -s -m 3 -o /dev/null http://127.0.0.1:18380/slow & curl -s -m 3 -o /dev/null http://127.0.0.1:18380/slow & curl -s -m 0.3 -o /dev/null http://127.0.0.1:18380/slow
curl -s -o /dev/null https://127.0.0.1:18381/; curl -s -o /dev/null http://127.0.0.1:18381/; printf 'hello\r\n\r\n' | timeout 1 bash -c 'cat > /dev/tcp/127.0.0.1/18380'; timeout 3 bash -c 'exec 3<>/dev/tcp/127.0.0.1/18380; printf "GET / HT" >&3; sleep 3'
sleep 3; cat run.log
