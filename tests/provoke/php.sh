#!/bin/bash
# Provokes faults of PHP and PHP-FPM in a scratch folder and prints what they log. Needs php8.2-fpm, php8.2-cli, cgi-fcgi or python3; as root.
set -u
dir=$(mktemp -d); trap 'kill $(cat "$dir"/*.pid 2>/dev/null) 2>/dev/null; rm -rf "$dir"' EXIT; chmod 755 "$dir"; cd "$dir"
fpm=$(ls /usr/sbin/php-fpm* | head -1)
check() { echo "== $1"; printf '[global]\nerror_log = %s/f.log\npid = %s/f.pid\n[www]\n%s\n' "$dir" "$dir" "$2" > c.conf; timeout 3 "$fpm" -n -t -y c.conf 2>&1; timeout 3 "$fpm" -n -F -y c.conf > out.log 2>&1; cat out.log f.log 2>/dev/null; rm -f f.log; }
ok="user = www-data
listen = 127.0.0.1:18490
pm = static
pm.max_children = 1"
check nouser "listen = 127.0.0.1:18490
pm = static
pm.max_children = 1"
check baduser "user = nosuch
listen = 127.0.0.1:18490
pm = static
pm.max_children = 1"
check pm "user = www-data
listen = 127.0.0.1:18490
pm = dynamic
pm.max_children = 1
pm.start_servers = 3"
check directive "$ok
nosuch = 1"
check sockdir "user = www-data
listen = $dir/none/fpm.sock
pm = static
pm.max_children = 1"
check inuse "$ok
[two]
user = www-data
listen = 127.0.0.1:18490
pm = static
pm.max_children = 1"
mkdir scripts; cat > scripts/slow.php <<'END'
<?php sleep(4);
END
echo '<?php $a = str_repeat("a", 300000000);' > scripts/mem.php; echo '<?php nothere();' > scripts/undef.php; echo '<?php mysqli_connect("127.0.0.1");' > scripts/mysqli.php; echo '<?php if (' > scripts/parse.php
echo '<?php set_time_limit(1); while(1){}' > scripts/time.php; echo '<?php require "nothere/vendor/autoload.php";' > scripts/require.php; echo '<?php posix_kill(getmypid(), 11);' > scripts/segv.php; echo '<?php new Nothere();' > scripts/class.php; echo '<?php fopen("/root/x","w"); file_put_contents("/nonexist/y","z"); session_start();' > scripts/perm.php
echo '<?php throw new Exception("shop is closed");' > scripts/exc.php; echo '<?php $x = null; $x->pay();' > scripts/null.php; echo '<?php new PDO("mysql:host=127.0.0.1;port=1"); ' > scripts/pdo.php; echo '<?php function f(int $x) {} f("a");' > scripts/type.php; echo '<?php file_get_contents("https://nobody.invalid/"); fsockopen("127.0.0.1", 1); file_get_contents("http://127.0.0.1:1/");' > scripts/net.php; echo '<?php function r() { r(); } ini_set("memory_limit","64M"); r();' > scripts/rec.php; echo '<?php mail("a@b.c","x","y");' > scripts/mail.php
echo "== scripts"; for s in mem undef mysqli parse time require class perm exc null pdo type net rec mail; do echo "-- $s"; timeout 10 php -n -d memory_limit=128M -d display_errors=stderr -d log_errors=1 scripts/$s.php 2>&1; done
echo "-- extension"; php -n -d extension=nothere.so -r '1;' 2>&1
echo "== fpm"; printf '[global]\nerror_log = %s/f.log\npid = %s/f.pid\nlog_level = notice\n[www]\nuser = www-data\nlisten = 127.0.0.1:18490\npm = dynamic\npm.max_children = 2\npm.start_servers = 1\npm.min_spare_servers = 1\npm.max_spare_servers = 1\nrequest_terminate_timeout = 2s\nrequest_slowlog_timeout = 1s\nslowlog = %s/slow.log\ncatch_workers_output = yes\nphp_admin_value[error_log] = %s/php.log\nphp_admin_flag[log_errors] = on\naccess.log = %s/access.log\n' "$dir" "$dir" "$dir" "$dir" "$dir" > c.conf
chmod -R a+rX .; timeout 20 "$fpm" -F -y c.conf & sleep 1
cat > ask.py <<'END'
import socket, struct, sys
def kv(k, v): k, v = k.encode(), v.encode(); return bytes([len(k), len(v)]) + k + v if len(v) < 128 else b""
def ask(script):
    s = socket.create_connection(("127.0.0.1", 18490)); s.settimeout(8)
    p = kv("SCRIPT_FILENAME", script) + kv("REQUEST_METHOD", "GET") + kv("REQUEST_URI", "/" + script.split("/")[-1])
    rec = lambda t, c: struct.pack(">BBHHBB", 1, t, 1, len(c), 0, 0) + c
    s.sendall(rec(1, struct.pack(">HB5x", 1, 0)) + rec(4, p) + rec(4, b"") + rec(5, b""))
    try: print(s.recv(2000))
    except Exception as e: print(e)
ask(sys.argv[1])
END
for i in 1 2 3 4; do python3 ask.py "$dir/scripts/slow.php" & done; sleep 5; for s in mem time segv parse nothere undef; do python3 ask.py "$dir/scripts/$s.php"; done; python3 ask.py "$dir/c.conf"; sleep 2; cat f.log php.log slow.log 2>/dev/null
