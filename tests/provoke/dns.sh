#!/bin/sh
# Provokes the messages of rules/dns/{bind,unbound,dnsmasq}.rules with scratch servers on high ports.
set -u
dir=$(mktemp -d); chmod 755 "$dir"; trap 'kill $p $p2 2>/dev/null; rm -rf "$dir"' EXIT
p=; p2=
cat > "$dir/named.conf" <<C
options { directory "$dir"; pid-file none; session-keyfile "$dir/sk"; listen-on port 15353 { 127.0.0.1; }; listen-on-v6 { none; }; allow-recursion { none; }; allow-query-cache { none; }; allow-transfer { none; }; dnssec-validation no; };
controls { inet 127.0.0.1 port 19953 allow { 127.0.0.1; } keys { k; }; };
key k { algorithm hmac-sha256; secret "cmlnaHQ="; };
zone "good.test" { type master; file "good"; };
zone "cname.test" { type master; file "cname"; };
zone "nons.test" { type master; file "nons"; };
zone "gone.test" { type master; file "gone"; };
zone "range.test" { type master; file "range"; };
zone "sec.test" { type slave; masters port 15353 { 127.0.0.1; }; file "sec"; };
zone "far.test" { type slave; masters port 15399 { 127.0.0.1; }; file "far"; };
zone "good2.test" { type slave; masters port 15353 { 127.0.0.1; }; file "good2"; };
zone "broken.test" { type master; file "broken"; };
zone "closed.test" { type master; file "closed"; };
C
soa='$TTL 60
@ SOA ns a 1 60 60 60 60
'
printf '%s@ NS ns\nns A 192.0.2.1\n' "$soa" > "$dir/good"; printf '%s@ NS ns\nns A 192.0.2.1\nwww CNAME ns\nwww A 192.0.2.2\n' "$soa" > "$dir/cname"; printf '%swww A 192.0.2.2\n' "$soa" > "$dir/nons"
printf '%s@ NS ns\nns A 192.0.2.333\n' "$soa" > "$dir/range"; printf '%s@ NS ns\n' "$soa" > "$dir/broken"; cp "$dir/good" "$dir/closed"; chmod 000 "$dir/closed"; chown -R bind "$dir"
named -u bind -g -c "$dir/named.conf" > "$dir/log" 2>&1 & p=$!; sleep 3
echo "-- rndc"; printf 'key k { algorithm hmac-sha256; secret "d3Jvbmc="; };\noptions { default-key k; default-server 127.0.0.1; default-port 19953; };\n' > "$dir/rndc.conf"; rndc -c "$dir/rndc.conf" status 2>&1
rndc -s 127.0.0.1 -p 1 -c "$dir/rndc.conf" status 2>&1; rndc -c "$dir/none" status 2>&1
dig @127.0.0.1 -p 15353 other.test +tries=1 | grep -i "status"; dig @127.0.0.1 -p 15353 good.test axfr | tail -2; printf 'server 127.0.0.1 15353\nzone good.test\nupdate add x.good.test 60 A 192.0.2.9\nsend\n' | timeout 5 nsupdate 2>&1
sleep 2; grep -v "automatic empty zone\|loading configuration\|found .* CPU\|compiled\|----\|built with" "$dir/log" | cut -c26-220 | grep -i "error\|fail\|refus\|denied\|warn\|not \|cname\|range\|bad" | sort -u | head -50; kill $p; p=
echo "-- named: mistakes"; echo 'bogus yes;' >> "$dir/named.conf"; timeout 5 named -g -c "$dir/named.conf" 2>&1 | tail -4 | cut -c26-; named-checkconf "$dir/named.conf"
echo "-- unbound"
cat > "$dir/unbound.conf" <<C
server:
  interface: 127.0.0.1
  port: 15354
  username: ""
  chroot: ""
  directory: "$dir"
  pidfile: "$dir/u.pid"
  use-syslog: no
  logfile: ""
  do-daemonize: no
  access-control: 127.0.0.0/8 allow
  log-servfail: yes
  val-log-level: 2
  verbosity: 1
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@15399
C
unbound -d -c "$dir/unbound.conf" > "$dir/ulog" 2>&1 & p=$!; sleep 1; dig @127.0.0.1 -p 15354 x.example +tries=1 +time=4 | grep status
unbound-control -c "$dir/unbound.conf" status 2>&1 | tail -1; kill $p; sleep 0.5; cut -c1-220 "$dir/ulog" | tail -12
sed 's/access-control: 127.0.0.0\/8 allow/access-control: 127.0.0.0\/8 refuse\n  auto-trust-anchor-file: "\/nonexistent\/root.key"/' "$dir/unbound.conf" > "$dir/u2.conf"; timeout 2 unbound -d -c "$dir/u2.conf" 2>&1 | tail -3
sed 's/verbosity: 1/bogus: 1/' "$dir/unbound.conf" > "$dir/u3.conf"; timeout 2 unbound -d -c "$dir/u3.conf" 2>&1 | tail -3; unbound-checkconf "$dir/u3.conf" 2>&1 | tail -2
echo "-- dnsmasq"
d() { timeout 2 dnsmasq -d --conf-file=/dev/null "$@" 2>&1 | tail -3; }
d -p 15355 --interface=none0 --bind-interfaces; d -p 15355 --resolv-file="$dir/none" ; d -p 15355 --listen-address=192.0.2.1 --bind-interfaces; d --bogus; d -p 15355 --addn-hosts="$dir/none" --no-resolv
dnsmasq -d -p 15356 --conf-file=/dev/null --no-resolv --listen-address=127.0.0.1 --bind-interfaces >/dev/null 2>&1 & p=$!; sleep 0.5; d -p 15356 --listen-address=127.0.0.1 --bind-interfaces
