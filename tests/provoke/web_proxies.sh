#!/bin/bash
# Provokes faults of Caddy, Squid and Varnish in a scratch folder and prints what they log. Needs caddy, squid, varnishd, curl; as root.
set -u
dir=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$dir"' EXIT; chmod 777 "$dir"; cd "$dir"; export HOME=$dir XDG_DATA_HOME=$dir XDG_CONFIG_HOME=$dir
c() { echo "== caddy $1"; printf '%s\n' "$2" > Caddyfile; timeout "${T:-2}" caddy run --adapter caddyfile --config Caddyfile > out 2>&1 & sleep 1; for u in ${U:-}; do curl -s -m 3 -o /dev/null "http://127.0.0.1:18690/$u"; done; wait; grep -vE 'level":"info"|^\{"level":"warn".*unformatted' out; }
G='{
 admin off
 auto_https disable_redirects
}'
c directive "$G
:18690 {
 nosuch
}"
c brace "$G
:18690 {
 respond hi"
c modern "$G
:18690 {
 reverse_proxy
}"
c host "$G
:18690 {
 reverse_proxy http://nobody.invalid
}"; T=6 U=x c run "$G
:18690 {
 handle /r { reverse_proxy 127.0.0.1:1
 }
 handle /n { reverse_proxy nobody.invalid:80
 }
 handle /t { reverse_proxy https://127.0.0.1:18690
 }
}"
T=6 U="r n t" c run2 "$G
:18690 {
 handle /r {
  reverse_proxy 127.0.0.1:1
 }
 handle /n {
  reverse_proxy nobody.invalid:80
 }
 handle /t {
  reverse_proxy https://127.0.0.1:18690
 }
}"
python3 -c "
import socket,time;s=socket.socket();s.setsockopt(1,2,1);s.bind(('127.0.0.1',18691));s.listen();time.sleep(4)" & sleep 1
c inuse "$G
127.0.0.1:18691 {
 bind 127.0.0.1
 respond hi
}"
c cert "$G
https://a.example:18692 {
 tls $dir/no.crt $dir/no.key
}"
T=8 c acme "{
 admin off
 acme_ca https://127.0.0.1:1/dir
}
shop.example.com:18693 {
 respond hi
}"
for k in 'nosuch on' 'http_access allow nosuchacl' 'acl a srcdomain' 'http_port 18695 
cache_dir ufs /nonexistent/x 100 16 256' 'cache_effective_user nosuchuser'; do echo "== squid $k"; printf 'http_port 127.0.0.1:18695\npid_filename %s/s.pid\ncache_log /dev/stdout\naccess_log none\n%b\n' "$dir" "$k" > s.conf; timeout 4 squid -N -f s.conf 2>&1 | grep -E 'FATAL|ERROR|WARNING' ; timeout 4 squid -k parse -f s.conf 2>&1 | grep -E 'FATAL|ERROR|WARNING'; done
echo "== squid run"; printf 'http_port 127.0.0.1:18695\npid_filename %s/s.pid\ncache_log %s/cache.log\naccess_log %s/access.log\nhttp_access deny all\nacl x dst 127.0.0.1\nmax_filedescriptors 64\n' "$dir" "$dir" "$dir" > s.conf; sed -i 's/http_access deny all/http_access deny CONNECT\nhttp_access allow all\nconnect_timeout 2 seconds\ndns_timeout 2 seconds/' s.conf; sed -i 's/^acl x.*//' s.conf; timeout 12 squid -N -f s.conf & sleep 2
for u in http://127.0.0.1:1/ http://nobody.invalid/ https://127.0.0.1/ http://192.0.2.1/; do curl -s -m 8 -o /dev/null -x http://127.0.0.1:18695 $u; done; sleep 1; cat access.log; grep -E 'WARN|ERR|FATAL' cache.log
v() { echo "== varnish $1"; printf '%s\n' "$2" > v.vcl; timeout 4 varnishd -F -n "$dir/v" -a 127.0.0.1:18697 -f "$dir/v.vcl" > out 2>&1 & sleep 2; for u in ${U:-}; do curl -s -m 2 -o /dev/null "http://127.0.0.1:18697/$u"; timeout 1 varnishlog -n "$dir/v" -d -g request 2>/dev/null | grep -E 'FetchError|VCL_Error|BackendClose|Error'; done; wait %% 2>/dev/null; cat out; }
v syntax 'vcl 4.0; backend default { .host = "127.0.0.1" .port = "1"; }'
v name 'vcl 4.0; backend default { .host = "nobody.invalid"; }'
v sub 'vcl 4.0; backend default { .host = "127.0.0.1"; } sub vcl_recv { nosuch(); }'
v unused 'vcl 4.0; backend default { .host = "127.0.0.1"; } backend b { .host = "127.0.0.1"; }'
v vmod 'vcl 4.0; import nosuch; backend default { .host = "127.0.0.1"; }'
v version 'backend default { .host = "127.0.0.1"; }'
U=x v run 'vcl 4.0; backend default { .host = "127.0.0.1"; .port = "1"; .probe = { .interval = 1s; .url = "/"; } }'
echo "== varnish bind"; timeout 3 varnishd -F -n "$dir/v2" -a 192.0.2.1:80 -b 127.0.0.1:1 2>&1
