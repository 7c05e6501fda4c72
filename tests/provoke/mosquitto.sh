#!/bin/bash
# Provokes faults of Mosquitto and prints what it says. Run by hand.
set -u
dir=$(mktemp -d); cd "$dir"; port=${PORT:-54460}; chmod 755 "$dir"; trap 'kill $p 2>/dev/null; rm -rf "$dir"' EXIT
say() { echo; echo "### $*"; }
run() { mosquitto -c c.conf -v >log 2>&1 & p=$!; sleep 1; }
halt() { kill $p 2>/dev/null; wait $p 2>/dev/null; cat log | sed 's/^/  log: /' | tail -${1:-8}; }
say "login"; mosquitto_passwd -c -b pw app right; chmod 644 pw; printf "listener $port 127.0.0.1\npassword_file $dir/pw\nacl_file $dir/acl\nmax_connections 2\n" >c.conf; printf 'user app\ntopic read a/#\n' >acl; chmod 644 acl; run
mosquitto_pub -p $port -t a -m x; mosquitto_pub -p $port -u app -P wrong -t a -m x; mosquitto_pub -p $port -u app -P right -V 5 -q 1 -t b -m x -d | tail -3; mosquitto_sub -p $port -u app -P right -i same -t a/b -W 3 & sleep 0.5; mosquitto_sub -p $port -u app -P right -i same -t a/b -W 2; wait %2 2>/dev/null; halt 20
say "local only"; printf '' >c.conf; mosquitto -p $port >log 2>&1 & p=$!; sleep 1; halt
say "bad configuration"; echo 'nonsense 1' >c.conf; run; halt; printf "listener $port\ncafile /none\ncertfile /none\nkeyfile /none\n" >c.conf; run; halt; printf "listener $port\npassword_file /none\n" >c.conf; run; halt
printf "listener $port\npersistence true\npersistence_location /none/\nallow_anonymous true\n" >c.conf; run; kill -USR1 $p; sleep 1; halt
say "TLS"; openssl req -x509 -newkey rsa:2048 -nodes -keyout k.pem -out c.pem -days 1 -subj /CN=x >/dev/null 2>&1; chmod 644 *.pem; printf "listener $port\ncertfile $dir/c.pem\nkeyfile $dir/k.pem\nallow_anonymous true\n" >c.conf; run; mosquitto_pub -p $port --cafile /etc/ssl/certs/ca-certificates.crt -t a -m x; mosquitto_pub -p $port -t a -m x; halt
say "broken store"; head -c 500 /dev/urandom >mosquitto.db; chmod 666 mosquitto.db; printf "listener $port\npersistence true\npersistence_location $dir/\nallow_anonymous true\n" >c.conf; run; halt
