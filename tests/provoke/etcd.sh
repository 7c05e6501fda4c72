#!/bin/bash
# Provokes faults of etcd in scratch instances and prints what it says. Run by hand.
set -u
dir=$(mktemp -d); cd "$dir"; c=${PORT:-54400}; export ETCDCTL_API=3
trap 'kill $pids 2>/dev/null; rm -rf "$dir"' EXIT; pids=""
say() { echo; echo "### $*"; }
run() { n=$1; shift; etcd --name "n$n" --data-dir "d$n" --listen-client-urls http://127.0.0.1:$((c+n)) --advertise-client-urls http://127.0.0.1:$((c+n)) --listen-peer-urls http://127.0.0.1:$((c+50+n)) --initial-advertise-peer-urls http://127.0.0.1:$((c+50+n)) "$@" >"log$n" 2>&1 & pids="$pids $!"; last=$!; }
bad() { grep -iE 'warn|error|fatal|panic|E \||W \||C \|' "log$1" | cut -c1-300 | sort -u -k3 | tail -${2:-8}; }
three="n0=http://127.0.0.1:$((c+50)),n1=http://127.0.0.1:$((c+51)),n2=http://127.0.0.1:$((c+52))"
say "no space"; run 0 --quota-backend-bytes 2000000 --initial-cluster n0=http://127.0.0.1:$((c+50)); sleep 3; for i in $(seq 60); do head -c 100000 /dev/zero | tr '\0' x | etcdctl --endpoints 127.0.0.1:$c put k$i 2>&1 | grep -v OK | tail -1; done | sort | uniq -c; etcdctl --endpoints 127.0.0.1:$c alarm list; bad 0
say "request too large"; head -c 2000000 /dev/zero | tr '\0' x | etcdctl --endpoints 127.0.0.1:$c put big 2>&1 | tail -1
say "second instance on the data"; timeout 5 etcd --name n0 --data-dir d0 --listen-client-urls http://127.0.0.1:$((c+9)) --advertise-client-urls http://127.0.0.1:$((c+9)) --listen-peer-urls http://127.0.0.1:$((c+59)) 2>&1 | tail -3 | cut -c1-300
kill $last; sleep 1
say "no leader"; rm -rf d0 d1 d2; run 0 --initial-cluster $three; a=$last; run 1 --initial-cluster $three; b=$last; run 2 --initial-cluster $three; d=$last; sleep 4; kill $b $d; sleep 4; etcdctl --endpoints 127.0.0.1:$c --command-timeout=3s put x 1; etcdctl --endpoints 127.0.0.1:$c endpoint health; sleep 3; bad 0 12
kill $a; sleep 1
say "cluster ID mismatch"; rm -rf d1; run 0 --initial-cluster $three; a=$last; run 1 --initial-cluster $three --initial-cluster-token other; b=$last; sleep 5; bad 0 8; bad 1 8; kill $a $b; sleep 1
say "damaged"; rm -rf d0; run 0 --initial-cluster n0=http://127.0.0.1:$((c+50)); sleep 3; kill $last; sleep 1; f=$(ls d0/member/wal/*.wal | head -1); head -c 200 /dev/urandom | dd of="$f" bs=1 seek=100 conv=notrunc 2>/dev/null; run 0; sleep 2; tail -3 log0 | cut -c1-300; rm -rf d0; mkdir -m 000 d0; [ "$(id -u)" = 0 ] || { run 0; sleep 1; tail -2 log0; }
