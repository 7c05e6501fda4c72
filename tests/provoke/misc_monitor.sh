#!/bin/bash
# Provokes faults of Prometheus, Alertmanager, InfluxDB 1, NATS and ClickHouse where they are installed, and prints what they say. Run by hand.
set -u
dir=$(mktemp -d); cd "$dir"; trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$dir"' EXIT; port=${PORT:-54500}
say() { echo; echo "### $*"; }; t() { timeout "${T:-5}" "$@" 2>&1 | grep -viE 'level=info|\[INF\]' | tail -${N:-5} | cut -c1-300; }
if command -v prometheus >/dev/null; then
say "prometheus: bad file"; printf 'global:\n  scrape_intervall: 5s\n' >p.yml; t prometheus --config.file=p.yml --storage.tsdb.path=d --web.listen-address=127.0.0.1:$port
t prometheus --config.file=none.yml --storage.tsdb.path=d --web.listen-address=127.0.0.1:$port
printf 'global:\n  scrape_interval: 1s\n  evaluation_interval: 1s\nrule_files: [r.yml]\nscrape_configs:\n- job_name: x\n  static_configs: [{targets: ["127.0.0.1:1"]}]\nalerting:\n  alertmanagers:\n  - static_configs: [{targets: ["127.0.0.1:1"]}]\n' >p.yml
printf 'groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up ==\n' >r.yml; t prometheus --config.file=p.yml --storage.tsdb.path=d --web.listen-address=127.0.0.1:$port
printf 'groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up == 0\n  - record: r\n    expr: up * on(job) group_left (up or label_replace(up,"instance","b","",""))\n' >r.yml; say "prometheus: alertmanager down, lock"; T=8 N=8 t prometheus --config.file=p.yml --storage.tsdb.path=d --web.listen-address=127.0.0.1:$port --log.level=debug & sleep 3; t prometheus --config.file=p.yml --storage.tsdb.path=d --web.listen-address=127.0.0.1:$((port+1)); wait
mkdir ro; chmod 500 ro; say "prometheus: no rights, damaged"; [ "$(id -u)" = 0 ] && runuser -u nobody -- timeout 4 prometheus --config.file=/dev/null --storage.tsdb.path=/proc/x --web.listen-address=127.0.0.1:$port 2>&1 | tail -2
f=$(ls d/wal/0* | head -1); head -c 400 /dev/urandom | dd of=$f bs=1 seek=50 conv=notrunc 2>/dev/null; t prometheus --config.file=p.yml --storage.tsdb.path=d --web.listen-address=127.0.0.1:$port --log.level=debug
fi
am=$(command -v prometheus-alertmanager || command -v alertmanager) && { say "alertmanager"; printf 'route: {receiver: nope}\nreceivers: [{name: a}]\n' >a.yml; t $am --config.file=a.yml --web.listen-address=127.0.0.1:$port --storage.path=am --cluster.listen-address=
printf 'route: {receiver: a, group_wait: 1s}\nreceivers: [{name: a, webhook_configs: [{url: "http://127.0.0.1:1/x"}], email_configs: [{to: x@x.example, from: y@y.example, smarthost: "127.0.0.1:1"}]}]\n' >a.yml; T=9 N=6 t $am --config.file=a.yml --web.listen-address=127.0.0.1:$port --storage.path=am --cluster.listen-address= & sleep 2; python3 -c "
import urllib.request; urllib.request.urlopen(urllib.request.Request('http://127.0.0.1:$port/api/v2/alerts',b'[{\"labels\":{\"alertname\":\"X\"}}]',{'Content-Type':'application/json'}))"; wait; }
command -v nats-server >/dev/null && { say "nats"; printf 'port: %s\nauthorization { user: a, password: b }\nmax_payload: 100\nmax_connections: 1\n' $port >n.conf; (T=6 N=12 t nats-server -c n.conf -DV) & sleep 1; python3 - $port <<'P'
import socket,sys
def go(b):
    s=socket.create_connection(('127.0.0.1',int(sys.argv[1])),2); s.settimeout(1); s.recv(4000); s.sendall(b)
    try: print(s.recv(500))
    except Exception as e: print(e)
    return s
go(b'CONNECT {"user":"a","pass":"wrong"}\r\nPING\r\n'); k=go(b'CONNECT {"user":"a","pass":"b","verbose":false}\r\nPUB x 500\r\n'+b'x'*500+b'\r\nPING\r\n'); k2=go(b'CONNECT {"user":"a","pass":"b","verbose":false}\r\nPING\r\n')
s=socket.create_connection(('127.0.0.1',int(sys.argv[1])),2); s.settimeout(1)
try: print(s.recv(500)[-200:]); print(s.recv(500))
except Exception as e: print(e)
P
wait; printf 'nonsense {\n' >n.conf; t nats-server -c n.conf; printf 'port: 1\nfoo: 1\n' >n.conf; t nats-server -c n.conf -t; printf 'port: %s\njetstream { store_dir: /proc/x }\n' $port >n.conf; t nats-server -c n.conf; }
command -v influxd >/dev/null && { say "influxdb"; printf '[meta]\n dir="%s/i/meta"\n[data]\n dir="%s/i/data"\n wal-dir="%s/i/wal"\n max-series-per-database=2\n max-values-per-tag=2\n[http]\n bind-address="127.0.0.1:%s"\n auth-enabled=true\n' $dir $dir $dir $port >i.conf; printf 'bind-address="127.0.0.1:%s"\n' $((port+1)) | cat - i.conf >j.conf; (T=8 N=12 t influxd -config j.conf) & sleep 3; for u in "q=SHOW+DATABASES" "u=a&p=b&q=SHOW+DATABASES"; do curl -s "http://127.0.0.1:$port/query?$u"; done; curl -s -XPOST "http://127.0.0.1:$port/query" --data-urlencode "q=CREATE USER a WITH PASSWORD 'b' WITH ALL PRIVILEGES"; curl -s "http://127.0.0.1:$port/write?u=a&p=b&db=nope" --data-binary 'm v=1'; curl -s -XPOST "http://127.0.0.1:$port/query?u=a&p=b" --data-urlencode "q=CREATE DATABASE d"; curl -s "http://127.0.0.1:$port/write?u=a&p=b&db=d" --data-binary 'm,t=a v=1
m,t=b v=1
m,t=c v=1'; curl -s "http://127.0.0.1:$port/write?u=a&p=b&db=d" --data-binary 'm,t=a v="x"'; curl -s "http://127.0.0.1:$port/write?u=a&p=b&db=d" --data-binary 'garbage'; curl -s "http://127.0.0.1:$port/query?u=a&p=b&db=d" --data-urlencode 'q=SELEKT'; wait; }
cs=$(command -v clickhouse-server || ls /usr/bin/clickhouse-server 2>/dev/null) && { say "clickhouse"; $cs --version 2>&1 | tail -1; cat >c.xml <<X
<yandex><logger><console>1</console><level>information</level></logger><http_port>$port</http_port><tcp_port>$((port+1))</tcp_port><path>$dir/ch/</path><tmp_path>$dir/ch/tmp/</tmp_path><users_config>u.xml</users_config><mark_cache_size>1000000</mark_cache_size><default_profile>default</default_profile></yandex>
X
cat >u.xml <<X
<yandex><profiles><default><max_memory_usage>30000000</max_memory_usage><readonly>0</readonly></default><ro><readonly>1</readonly></ro></profiles><users><default><password></password><networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota></default><ro><password>x</password><networks><ip>::/0</ip></networks><profile>ro</profile><quota>default</quota></ro></users><quotas><default/></quotas></yandex>
X
mkdir -p ch/tmp; ($cs --config-file=c.xml >ch.log 2>&1) & sleep 4; q() { curl -s "http://127.0.0.1:$port/?$1" --data-binary "$2" | head -2 | cut -c1-300; }; q user=nobody 'select 1'; q 'user=ro&password=y' 'select 1'; q 'user=ro&password=x' 'create table t(a Int8) engine=Memory'; q '' 'select * from nope'; q '' 'select * from nope.t'; q '' 'selekt 1'; q '' 'select groupArray(number) from numbers(100000000)'; q '' 'select nofunc(1)'; q '' 'select x from system.one'; q '' 'create table r(a Int8) engine=ReplicatedMergeTree('"'/a','b'"') order by a'; q 'max_execution_time=1' 'select count() from numbers(100000000000)'; tail -5 ch.log | cut -c1-250; }
