#!/bin/bash
# Provokes faults of Gunicorn and uWSGI in a scratch folder and prints what they log. Needs gunicorn, uwsgi with the python3 plugin, curl.
set -u
dir=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$dir"' EXIT; chmod 755 "$dir"; cd "$dir"
cat > app.py <<'END'
import os, time
def application(e, s):
    p = e["PATH_INFO"]
    if p == "/slow": time.sleep(6)
    if p == "/exit": os._exit(3)
    if p == "/segv": os.kill(os.getpid(), 11)
    if p == "/kill": os.kill(os.getpid(), 9)
    if p == "/boom": raise ValueError("shop is closed")
    s("200 OK", [("Content-Length", "2")]); return [b"ok"]
END
echo 'import nothere' > bad.py; echo 'x = 1' > noapp.py; echo 'def application(:' > syntax.py
run() { echo "== $1"; shift; timeout -s INT "$T" "$@" > out 2>&1 & sleep 2; for u in ${U:-}; do curl -s -m "${M:-4}" -o /dev/null "http://127.0.0.1:18590/$u"; done; wait; cat out; }
T=5 run g-missing gunicorn -b 127.0.0.1:18590 bad:application
T=5 run g-nomodule gunicorn -b 127.0.0.1:18590 nosuch:application
T=5 run g-noapp gunicorn -b 127.0.0.1:18590 noapp:application
T=5 run g-syntax gunicorn -b 127.0.0.1:18590 syntax:application
T=5 run g-notcallable gunicorn -b 127.0.0.1:18590 noapp:x
T=5 run g-sock gunicorn -b unix:$dir/none/g.sock app
T=5 run g-class gunicorn -k nosuch -b 127.0.0.1:18590 app
T=5 run g-config gunicorn -c nosuch.py -b 127.0.0.1:18590 app
T=5 run g-user gunicorn -u nosuchuser -b 127.0.0.1:18590 app
python3 -c "
import socket,time;s=socket.socket();s.setsockopt(1,2,1);s.bind(('127.0.0.1',18590));s.listen();time.sleep(7)" & sleep 1
T=7 run g-inuse gunicorn -b 127.0.0.1:18590 app
sleep 3; T=14 M=5 U="slow exit segv kill boom" run g-run gunicorn -t 2 -w 1 -b 127.0.0.1:18590 app
T=3 run u-plugin uwsgi --http-socket 127.0.0.1:18590 --plugin nosuch --wsgi-file app.py
T=3 run u-missing uwsgi --http-socket 127.0.0.1:18590 --plugin python3 --wsgi-file bad.py
T=3 U=x run u-noapp uwsgi --http-socket 127.0.0.1:18590 --plugin python3 --wsgi-file noapp.py
T=3 run u-needapp uwsgi --need-app --http-socket 127.0.0.1:18590 --plugin python3 --wsgi-file bad.py
T=3 run u-sock uwsgi -s $dir/none/u.sock --plugin python3 --wsgi-file app.py
T=3 run u-ini uwsgi nosuch.ini
T=3 run u-opt uwsgi --nosuch-option
T=14 M=5 U="slow exit segv kill boom" run u-run uwsgi --master --harakiri 2 --http-socket 127.0.0.1:18590 --plugin python3 --wsgi-file app.py --listen 200
