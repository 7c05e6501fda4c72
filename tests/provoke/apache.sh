#!/bin/bash
# Provokes faults of Apache httpd in a scratch folder and prints what it logs. Needs apache2, openssl, curl; as root.
set -u
dir=$(mktemp -d); trap 'kill $(cat "$dir"/*.pid 2>/dev/null) 2>/dev/null; sleep 1; rm -rf "$dir"' EXIT
chmod 755 "$dir"; cd "$dir"; mkdir -p www/ht www/secret www/cgi www/noindex www/loop www/bad; echo hello > www/index.html; echo x > www/secret/a.html; chmod 700 www/secret
mods=/usr/lib/apache2/modules
openssl req -x509 -newkey rsa:2048 -nodes -keyout a.key -out a.crt -days 2 -subj /CN=a.example 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout b.key -out b.crt -days 2 -subj /CN=b.example 2>/dev/null
base() { cat <<END
ServerRoot $dir
PidFile $dir/$1.pid
Listen 127.0.0.1:18280
ErrorLog $dir/$1.log
LogLevel warn
TypesConfig /dev/null
$(for m in mpm_prefork authn_core authz_core authz_host authn_file auth_basic authz_user dir mime alias rewrite proxy proxy_http proxy_fcgi proxy_balancer slotmem_shm lbmethod_byrequests ssl socache_shmcb cgi headers; do echo "LoadModule ${m}_module $mods/mod_$m.so"; done)
User www-data
Group www-data
DocumentRoot $dir/www
StartServers 1
MinSpareServers 1
MaxSpareServers 1
MaxRequestWorkers 2
<Directory $dir/www>
AllowOverride All
Require all granted
</Directory>
END
}
check() { echo "== $1"; { base "$1"; echo "${2:-}"; } > "$1.conf"; timeout 5 apache2 -t -f "$dir/$1.conf" 2>&1; if [ -n "${3:-}" ]; then timeout 5 apache2 -f "$dir/$1.conf" 2>&1; sleep 1; cat "$1.log" 2>/dev/null; kill "$(cat "$1.pid" 2>/dev/null)" 2>/dev/null; fi; }
check noname
check directive "ServerName a
Nosuch on"
check module "ServerName a
<IfModule rewrite_module>
</IfModule>
LoadModule nothere_module $mods/mod_nothere.so"
check php "ServerName a
php_value memory_limit 1G"
check block "ServerName a
<VirtualHost *:18280>"
check docroot "ServerName a
<VirtualHost *:18280>
DocumentRoot $dir/nodir
</VirtualHost>"
check include "ServerName a
Include $dir/nothere.conf"
check certmissing "ServerName a
<VirtualHost *:18280>
SSLEngine on
SSLCertificateFile $dir/no.crt
SSLCertificateKeyFile $dir/a.key
</VirtualHost>"
check keymismatch "ServerName a
<VirtualHost *:18280>
SSLEngine on
SSLCertificateFile $dir/a.crt
SSLCertificateKeyFile $dir/b.key
</VirtualHost>" run
check nocert "ServerName a
<VirtualHost *:18280>
SSLEngine on
</VirtualHost>" run
check badpem "ServerName a
<VirtualHost *:18280>
SSLEngine on
SSLCertificateFile $dir/www/index.html
SSLCertificateKeyFile $dir/a.key
</VirtualHost>" run
check logdir "ServerName a
ErrorLog $dir/none/e.log" run
check user "ServerName a
User nosuchuser"
check args "ServerName a
Timeout"
check value "ServerName a
KeepAlive maybe"
check regex "ServerName a
RewriteRule ( x"
check proxyunknown "ServerName a
ProxyPass /x notaurl"
python3 -c "
import socket,time;s=socket.socket();s.setsockopt(1,2,1);s.bind(('127.0.0.1',18280));s.listen();time.sleep(4)" & sleep 1
check inuse "ServerName a" run
sleep 4; check addr "ServerName a
Listen 192.0.2.9:80" run
su -s /bin/sh www-data -c "apache2 -f $dir/args2.conf" 2>&1
{ base low; echo "ServerName a
Listen 127.0.0.1:81"; } > low.conf; chmod 777 "$dir"; su -s /bin/sh www-data -c "apache2 -f $dir/low.conf" 2>&1; cat low.log 2>/dev/null
echo 'Nosuch on' > www/ht/.htaccess; printf 'RewriteEngine on\nRewriteRule ^ /loop/x [L]\n' > www/loop/.htaccess; echo 'SSLEngine on' > www/bad/.htaccess
printf '#!/bin/sh\nexit 1\n' > www/cgi/fail.cgi; printf '#!/bin/sh\necho hello\n' > www/cgi/head.cgi; printf '#!/no/such\n' > www/cgi/interp.cgi; printf '#!/bin/sh\nsleep 5\n' > www/cgi/slow.cgi;  printf '#!/bin/sh\necho "Content-Type: text/plain";echo;echo hi\n' > www/cgi/mode.cgi; chmod 755 www/cgi/*; chmod 644 www/cgi/mode.cgi
python3 - <<'END' &
import socket, threading, time
def serve(port, act):
    s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1", port)); s.listen(5)
    while True:
        c, _ = s.accept(); threading.Thread(target=act, args=(c,), daemon=True).start()
def gone(c): c.recv(9999); c.close()
def bad(c): c.recv(9999); c.sendall(b"hello world\r\n"); c.close()
def slow(c): c.recv(9999); time.sleep(9); c.close()
def php(c):
    c.recv(9999); t = b"PHP message: PHP Fatal error:  Uncaught Error: x"; import struct
    c.sendall(struct.pack(">BBHHBB", 1, 7, 1, len(t), 0, 0) + t); c.sendall(struct.pack(">BBHHBB", 1, 3, 1, 8, 0, 0) + b"\0" * 8); c.close()
for p, a in ((18291, gone), (18292, bad), (18293, slow), (18294, php)): threading.Thread(target=serve, args=(p, a), daemon=True).start()
time.sleep(25)
END
sleep 1
echo "== run"; { base run; cat <<END
ServerName a
Listen 127.0.0.1:18443
<VirtualHost *:18443>
SSLEngine on
SSLProtocol TLSv1.3
SSLCertificateFile $dir/a.crt
SSLCertificateKeyFile $dir/a.key
</VirtualHost>
<VirtualHost *:18280>
ServerName a.example
DocumentRoot $dir/www
LimitRequestBody 1000
LimitRequestFieldSize 1000
SSLProxyEngine on
ProxyTimeout 2
ProxyPass /refused http://127.0.0.1:1/
ProxyPass /gone http://127.0.0.1:18291/
ProxyPass /bad http://127.0.0.1:18292/
ProxyPass /slow http://127.0.0.1:18293/
ProxyPass /noname http://nobody.invalid/
ProxyPass /tls https://127.0.0.1:18443/
ProxyPass /sock unix:$dir/no.sock|http://localhost/
ProxyPass /fcgi fcgi://127.0.0.1:1/
ProxyPass /phperr fcgi://127.0.0.1:18294/
ProxyPass /bal balancer://b/
<Proxy balancer://b>
BalancerMember http://127.0.0.1:1
</Proxy>
Alias /outside $dir/none
<Location /denied>
Require all denied
</Location>
<Location /auth>
AuthType Basic
AuthName x
AuthUserFile $dir/nopw
Require valid-user
</Location>
<Location /auth2>
AuthType Basic
AuthName x
AuthUserFile $dir/pw
Require valid-user
</Location>
<Directory $dir/www/cgi>
Options +ExecCGI
AddHandler cgi-script .cgi
CGIScriptTimeout 2
</Directory>
</VirtualHost>
END
} > run.conf; echo 'anna:x' > pw; chmod 755 "$dir"
apache2 -f "$dir/run.conf" 2>&1; sleep 1
for u in refused refused gone bad slow noname tls sock fcgi phperr bal bal outside/x denied auth auth2 secret/a.html ht/ loop/a bad/ cgi/fail.cgi cgi/head.cgi cgi/interp.cgi cgi/slow.cgi cgi/mode.cgi noindex/ nothere; do curl -s -m 6 -u anna:bad -o /dev/null "http://127.0.0.1:18280/$u"; done; curl -s -u bob:x -o /dev/null http://127.0.0.1:18280/auth2
curl -s -o /dev/null --data-binary @/bin/true http://127.0.0.1:18280/cgi/mode.cgi; curl -s -o /dev/null -H "X: $(head -c 3000 /dev/zero | tr '\0' a)" http://127.0.0.1:18280/; curl -sk --tls-max 1.2 https://127.0.0.1:18443/; curl -s http://127.0.0.1:18443/ >/dev/null; curl -sk -o /dev/null -H 'Host: other.example' https://127.0.0.1:18443/
for i in 1 2 3 4; do curl -s -m 4 -o /dev/null http://127.0.0.1:18280/slow & done; sleep 5
cat run.log
