#!/bin/bash
# Provokes faults of nginx in a scratch folder and prints what it logs. Needs nginx, openssl, curl, python3; as root.
set -u
dir=$(mktemp -d); trap 'kill $(cat "$dir"/*.pid 2>/dev/null) 2>/dev/null; rm -rf "$dir"' EXIT
chmod 755 "$dir"; cd "$dir"; mkdir www secret; echo hello > www/index.html; echo secret > secret/a.html; chmod 700 secret
openssl req -x509 -newkey rsa:2048 -nodes -keyout a.key -out a.crt -days 2 -subj /CN=a.example 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout b.key -out b.crt -days 2 -subj /CN=b.example 2>/dev/null
conf() { # name, main, http, server
  cat > "$1.conf" <<END
$2
user www-data; pid $dir/$1.pid; error_log $dir/$1.log info; events { worker_connections 64; }
http { access_log off; client_body_temp_path $dir/t1; proxy_temp_path $dir/t2; fastcgi_temp_path $dir/t3; uwsgi_temp_path $dir/t4; scgi_temp_path $dir/t5;
$3
server { listen 127.0.0.1:18180; server_name a.example; root $dir/www;
$4
} }
END
}
check() { echo "== $1"; conf "$1" "${2:-}" "${3:-}" "${4:-}"; nginx -t -c "$dir/$1.conf" 2>&1; }
check unknown-directive "" "" "proxy_pas http://127.0.0.1:1;"
check missing-semicolon "" "" "root /a
index b;"
check missing-semicolon2 "" "" "location / { return 200 }"
check brace "" "" "location / { return 200;"
check duplicate "" "" "root /b;"
check args "" "" "gzip on off;"
check context "" "" "worker_processes 2;"
check value "" "" "gzip maybe;"
check invalid-num "" "" "client_max_body_size 10x;"
check upstream-name "" "" "location / { proxy_pass http://nobody.invalid:8080; }"
check upstream-block "" "upstream app { server nobody.invalid:8080; }" "location / { proxy_pass http://app; }"
check upstream-scheme "" "" "location / { proxy_pass 127.0.0.1:8080; }"
check cert-missing "" "" "listen 127.0.0.1:18443 ssl; ssl_certificate $dir/no.crt; ssl_certificate_key $dir/a.key;"
check key-missing "" "" "listen 127.0.0.1:18443 ssl; ssl_certificate $dir/a.crt; ssl_certificate_key $dir/no.key;"
check key-mismatch "" "" "listen 127.0.0.1:18443 ssl; ssl_certificate $dir/a.crt; ssl_certificate_key $dir/b.key;"
check cert-not-pem "" "" "listen 127.0.0.1:18443 ssl; ssl_certificate $dir/www/index.html; ssl_certificate_key $dir/a.key;"
check cert-none "" "" "listen 127.0.0.1:18443 ssl;"
check include-missing "" "include $dir/nothere.conf;" ""
check module-missing "load_module modules/ngx_http_nothere_module.so;" "" ""
check module-version "load_module $dir/a.crt;" "" ""
check dup-location "" "" "location / {} location / {}"
check dup-upstream "" "upstream a { server 127.0.0.1:1; } upstream a { server 127.0.0.1:2; }" ""
check conflicting-name "" "server { listen 127.0.0.1:18180; server_name a.example; }" ""
check dup-default "" "server { listen 127.0.0.1:18180 default_server; }
server { listen 127.0.0.1:18180 default_server; }" ""
check variable "" "" "location / { return 200 \$nothere; }"
check hash "" "server_names_hash_bucket_size 32; server { server_name averyveryveryverylongservername.averyveryverylongdomain.example; }" ""
check regex "" "" "location ~ (a { }"
check zone "" "" "limit_req zone=nozone;"
check no-events "" "" ""; sed -i 's/events {[^}]*}//' no-events.conf; nginx -t -c "$dir/no-events.conf" 2>&1
check log-missing "" "" "access_log $dir/none/access.log;"
check user "" "" ""; sed -i 's/user www-data/user nosuchuser/' user.conf; nginx -t -c "$dir/user.conf" 2>&1
check bind-address "" "server { listen 192.0.2.77:80; }" ""; nginx -c "$dir/bind-address.conf" 2>&1
check no-upstream-host "" "upstream e { }" ""
check root-perm "" "" ""; chmod 700 "$dir"; su -s /bin/sh www-data -c "nginx -t -c $dir/root-perm.conf" 2>&1; chmod 755 "$dir"
check unpriv "" "" ""; su -s /bin/sh www-data -c "nginx -t -c $dir/unpriv.conf" 2>&1

python3 - <<'END' &
import socket, threading, time
def serve(port, act):
    s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1", port)); s.listen(5)
    while True:
        c, _ = s.accept(); threading.Thread(target=act, args=(c,), daemon=True).start()
def big(c): c.recv(9999); c.sendall(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 9000 + b"\r\n\r\nhi"); c.close()
def gone(c): c.recv(9999); c.close()
def bad(c): c.recv(9999); c.sendall(b"hello world\r\n"); c.close()
def slow(c): c.recv(9999); time.sleep(9); c.close()
def reset(c):
    c.recv(3); c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0"); c.close()
def short(c): c.recv(9999); c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhi"); c.close()
for p, a in ((18191, big), (18192, gone), (18193, bad), (18194, slow), (18195, reset), (18196, short)): threading.Thread(target=serve, args=(p, a), daemon=True).start()
time.sleep(25)
END
sleep 1
conf run "worker_processes 1;" "limit_req_zone \$binary_remote_addr zone=z:1m rate=1r/s; limit_conn_zone \$binary_remote_addr zone=c:1m;
upstream none { server 127.0.0.1:1 max_fails=1; server 127.0.0.1:2 max_fails=1; }
server { listen 127.0.0.1:18443 ssl; ssl_certificate $dir/a.crt; ssl_certificate_key $dir/a.key; ssl_protocols TLSv1.3; }
server { listen 127.0.0.1:18444 ssl; ssl_certificate $dir/a.crt; ssl_certificate_key $dir/a.key; ssl_client_certificate $dir/b.crt; ssl_verify_client on; }" "
client_max_body_size 1k; large_client_header_buffers 2 1k; resolver 127.0.0.1:1; resolver_timeout 1s;
location /big { proxy_pass http://127.0.0.1:18191; } location /gone { proxy_pass http://127.0.0.1:18192; } location /bad { proxy_pass http://127.0.0.1:18193; }
location /slow { proxy_read_timeout 1s; proxy_pass http://127.0.0.1:18194; } location /reset { proxy_pass http://127.0.0.1:18195; } location /short { proxy_pass http://127.0.0.1:18196; }
location /refused { proxy_pass http://127.0.0.1:1; } location /none { proxy_pass http://none; } location /limit { limit_req zone=z; } location /limitdelay { limit_req zone=z burst=3; }
location /tls { proxy_pass https://127.0.0.1:18443; proxy_ssl_protocols TLSv1.2; } location /tlsplain { proxy_pass https://127.0.0.1:18180; } location /tlsverify { proxy_pass https://127.0.0.1:18443; proxy_ssl_verify on; proxy_ssl_trusted_certificate $dir/b.crt; }
location /tlsname { proxy_pass https://127.0.0.1:18443; proxy_ssl_verify on; proxy_ssl_trusted_certificate $dir/a.crt; proxy_ssl_name other.example; }
location /secret { alias $dir/secret/; } location /dir { alias $dir/t1; } location /cycle { rewrite ^ /cycle last; } location /ssi { ssi on; }
location /loop { try_files /nothere /loop; } location = /index { index index.html; } location /denied { deny all; } location /auth { auth_basic x; auth_basic_user_file $dir/nopw; } location /auth2 { auth_basic x; auth_basic_user_file $dir/pw; }
location /var { set \$b nobody.invalid; proxy_pass http://\$b; } location /var3 { set \$b ''; proxy_pass http://\$b/; } location /php { fastcgi_pass unix:$dir/no.sock; } location /php2 { fastcgi_pass unix:$dir/denied.sock; }"
echo 'anna:{SHA}x' > pw; python3 -c "import socket;s=socket.socket(socket.AF_UNIX);s.bind('$dir/denied.sock');s.listen(1)"; chmod 600 denied.sock; chmod 700 t1 2>/dev/null
echo "== run"; nginx -c "$dir/run.conf" 2>&1; sleep 1
head -c 3000 /dev/zero > three
for u in big gone bad slow reset short refused none limit limit limitdelay limitdelay limitdelay tls tlsplain tlsverify tlsname secret/a.html dir/ cycle loop denied auth auth2 var var3 php php2 nothere; do curl -s -m 5 -o /dev/null http://127.0.0.1:18180/$u; done
curl -s -o /dev/null -u anna:bad http://127.0.0.1:18180/auth2; curl -s -o /dev/null -u bob:bad http://127.0.0.1:18180/auth2
curl -s -o /dev/null --data-binary @three http://127.0.0.1:18180/; curl -s -o /dev/null -H "X: $(head -c 3000 /dev/zero | tr '\0' a)" http://127.0.0.1:18180/
curl -s -k -o /dev/null --tls-max 1.2 https://127.0.0.1:18443/; curl -s -o /dev/null https://127.0.0.1:18443/; curl -sk -o /dev/null https://127.0.0.1:18444/; curl -sk -o /dev/null --cert a.crt --key a.key https://127.0.0.1:18444/; curl -s -o /dev/null http://127.0.0.1:18443/; printf 'hello\r\n\r\n' | timeout 1 openssl s_client -quiet -connect 127.0.0.1:18180 >/dev/null 2>&1; printf 'GET / HTTP/1.1\r\n\r\n' | timeout 1 bash -c 'cat > /dev/tcp/127.0.0.1/18180'
printf 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n' | timeout 1 bash -c 'cat > /dev/tcp/127.0.0.1/18443'
nginx -c "$dir/run.conf" 2>&1 | head -1
cat run.log
