#!/bin/bash
# Provokes faults of RabbitMQ in a scratch node and prints what it says. Run by hand. Needs epmd's port (4369) or a running epmd.
set -u
dir=$(mktemp -d); cd "$dir"; port=${PORT:-54480}; chmod 755 "$dir"; [ "$(id -u)" = 0 ] && chown rabbitmq "$dir"
as=""; [ "$(id -u)" = 0 ] && as="runuser -u rabbitmq --"
bin=$(ls -d /usr/lib/rabbitmq/bin 2>/dev/null || dirname "$(command -v rabbitmq-server)")
export HOME=$dir RABBITMQ_NODENAME=probe@localhost RABBITMQ_NODE_PORT=$port RABBITMQ_DIST_PORT=$((port+1)) RABBITMQ_MNESIA_BASE=$dir/m RABBITMQ_LOG_BASE=$dir RABBITMQ_LOGS=$dir/log RABBITMQ_ENABLED_PLUGINS_FILE=$dir/plugins RABBITMQ_CONFIG_FILE=$dir/rabbitmq RABBITMQ_CONF_ENV_FILE=$dir/env RABBITMQ_PID_FILE=$dir/pid
echo '[].' >plugins; : >env
say() { echo; echo "### $*"; }
conf() { printf "$1" >rabbitmq.conf; chmod -R a+rX .; [ "$(id -u)" = 0 ] && chown -R rabbitmq .; return 0; }
ctl() { $as "$bin/rabbitmqctl" "$@"; }
start() { $as "$bin/rabbitmq-server" >out 2>&1 & p=$!; for i in $(seq 30); do sleep 1; grep -q 'Server startup complete\|BOOT FAILED\|started TCP' log out 2>/dev/null && break; kill -0 $p 2>/dev/null || break; done; sleep 2; }
halt() { ctl stop >/dev/null 2>&1; wait $p 2>/dev/null; }
seen() { grep -iE 'error|warn|alarm|refused|\*\*\*|not |fail' log | tail -${1:-10} | cut -c1-250 | sed 's/^/  log: /'; : >log; }
trap 'ctl stop >/dev/null 2>&1; kill $p 2>/dev/null; rm -rf "$dir"' EXIT
conf "loopback_users.guest = true\nlog.file.level = info\n"; start
python3 -c 'import pika' 2>/dev/null && PY=python3 || PY=/usr/bin/python3
amqp() { $PY - "$port" "$@" <<'P' 2>&1 | tail -3
import pika,sys
port=int(sys.argv[1]); user,pw,vh=sys.argv[2:5]; do=sys.argv[5] if len(sys.argv)>5 else ''
try:
    c=pika.BlockingConnection(pika.ConnectionParameters('127.0.0.1',port,vh,pika.PlainCredentials(user,pw),blocked_connection_timeout=3,socket_timeout=3))
    ch=c.channel()
    exec(do)
    c.close()
except Exception as e: print(type(e).__name__, repr(e)[:300])
P
}
say "login, vhost, rights"; amqp guest wrong /; amqp guest guest nope; ctl add_user app right >/dev/null; amqp app right /; ctl set_permissions app '^a' '^a' '^a' >/dev/null; amqp app right / 'ch.queue_declare("b")'; seen
say "queue"; amqp guest guest / 'ch.queue_declare("q",durable=True); ch.queue_declare("q",durable=False)'; amqp guest guest / 'ch.queue_declare("none",passive=True)'; amqp guest guest / 'ch.queue_declare("x",exclusive=True)' ; amqp guest guest / 'ch.basic_ack(99); ch.queue_declare("z")'; seen
say "alarms"; ctl set_vm_memory_high_watermark absolute 1MB >/dev/null; sleep 3; seen 6; ctl set_vm_memory_high_watermark 0.4 >/dev/null; ctl set_disk_free_limit 900GB >/dev/null; sleep 3; amqp guest guest / 'ch.basic_publish("","q",b"x"); c.sleep(5)'; seen 8; ctl set_disk_free_limit 50MB >/dev/null
say "cookie"; HOME=/tmp "$bin/rabbitmqctl" --erlang-cookie wrong status 2>&1 | head -12; seen
say "second node of the name"; RABBITMQ_NODE_PORT=$((port+5)) RABBITMQ_DIST_PORT=$((port+6)) RABBITMQ_LOGS=$dir/log2 $as timeout 30 "$bin/rabbitmq-server" 2>&1 | tail -5
halt
say "bad configuration"; conf "nonsense = 1\n"; start; tail -12 out; seen; halt
say "damaged or foreign mnesia"; conf ""; RABBITMQ_NODENAME=other@localhost; ls m | head
