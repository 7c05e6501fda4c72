#!/bin/sh
# Provokes the messages of rules/storage/smb.rules: a scratch smbd on a high port, and smbclient. Needs root for smbd.
set -u
dir=$(mktemp -d); chmod 755 "$dir"; trap 'kill $p 2>/dev/null; rm -rf "$dir"' EXIT
mkdir -p "$dir/private" "$dir/lock" "$dir/state" "$dir/cache" "$dir/share" "$dir/closed" "$dir/pid" "$dir/ncalrpc"; chmod 700 "$dir/closed"
cat > "$dir/smb.conf" <<C
[global]
 smb ports = 14450
 interfaces = 127.0.0.1
 bind interfaces only = yes
 private dir = $dir/private
 lock directory = $dir/lock
 state directory = $dir/state
 cache directory = $dir/cache
 pid directory = $dir/pid
 ncalrpc dir = $dir/ncalrpc
 log file = $dir/log
 server min protocol = SMB3
 disable netbios = yes
[data]
 path = $dir/share
 valid users = nobody
[closed]
 path = $dir/closed
[gone]
 path = $dir/none
C
printf 'right\nright\n' | smbpasswd -c "$dir/smb.conf" -s -a nobody
smbd -F --no-process-group -s "$dir/smb.conf" > "$dir/out" 2>&1 & p=$!; sleep 3
c() { echo "-- $*"; timeout 20 smbclient -s "$dir/smb.conf" -p 14450 "$@" 2>&1 | tail -3; }
c //127.0.0.1/data -U nobody%wrong -c ls; c //127.0.0.1/data -U someone%x -c ls; c //127.0.0.1/none -U nobody%right -c ls; c //127.0.0.1/closed -U nobody%right -c ls; c //127.0.0.1/gone -U nobody%right -c ls; c //127.0.0.1/data -U nobody%right -c 'get none'
c //127.0.0.1/data -U nobody%right -m NT1 -c ls; c //127.0.0.1/data -U nobody%right -c ls
smbpasswd -c "$dir/smb.conf" -d nobody >/dev/null; c //127.0.0.1/data -U nobody%right -c ls
echo "-- no server"; timeout 20 smbclient -s "$dir/smb.conf" -p 14451 //127.0.0.1/data -U nobody%right 2>&1
echo "-- log"; grep -iE "fail|denied|error|not exist" "$dir/log" "$dir/out" | cut -c1-180 | sort -u | head -8
