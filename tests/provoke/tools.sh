#!/bin/bash
# Provokes faults of lighttpd, stunnel, supervisor, monit, rsync, borg, restic and certbot, one log each in the folder given (or a new one),
# and prints the end of each. Also healthy runs (healthy-*). Run by hand, as root, with what is to be tried installed.
out=${1:-$(mktemp -d)}; d=$(mktemp -d); chmod 777 $d; cd $d; mkdir -p $out; trap 'kill $(jobs -p) 2>/dev/null; rm -rf $d' EXIT
r() { n=$1; shift; timeout ${T:-4} "$@" >$out/$n.log 2>&1; }   # a run whose output is the log
port=18800
hold() { python3 -c "
import socket,time;s=socket.socket();s.setsockopt(1,2,1);s.bind(('0.0.0.0',$1));s.listen();time.sleep(${2:-4})" & sleep .5; }
# lighttpd
printf 'server.document-root="/nope"\nserver.port=%s\nserver.errorlog="/dev/stderr"\n' $port >l1; r lighttpd-docroot lighttpd -D -f l1
printf 'server.document-root="/tmp"\nserver.port=%s\nserver.nonsense="x"\nserver.modules=("mod_nope")\n' $port >l2; r lighttpd-module lighttpd -D -f l2
printf 'server.document-root="/tmp"\nserver.port=%s\nfoo { \n' $port >l3; r lighttpd-syntax lighttpd -tt -f l3
hold $port; printf 'server.document-root="/tmp"\nserver.port=%s\n' $port >l4; r lighttpd-port lighttpd -D -f l4
printf 'server.document-root="/tmp"\nserver.port=%s\nserver.modules=("mod_openssl")\nssl.engine="enable"\nssl.pemfile="/tmp/nope.pem"\n' $((port+1)) >l5; r lighttpd-pem lighttpd -D -f l5
printf 'server.document-root="/tmp"\nserver.port=%s\nserver.modules=("mod_fastcgi")\nserver.errorlog="%s/err"\nfastcgi.server=("/x"=>(("host"=>"127.0.0.1","port"=>1,"check-local"=>"disable")))\n' $((port+2)) $d >l6; lighttpd -D -f l6 & sleep 1; curl -s 127.0.0.1:$((port+2))/x >/dev/null; sleep 1; kill $!; cp err $out/lighttpd-fastcgi.log
printf 'server.document-root="/tmp"\nserver.port=%s\nserver.errorlog="%s/err2"\n' $((port+3)) $d >l7; lighttpd -D -f l7 & p=$!; sleep 1; for i in 1 2 3; do curl -s 127.0.0.1:$((port+3))/x >/dev/null; done; kill -INT $p; sleep 1; cp err2 $out/healthy-lighttpd.log
# stunnel
openssl req -x509 -newkey rsa:2048 -nodes -keyout k.pem -out c.pem -days 1 -subj /CN=a.example >/dev/null 2>&1; openssl req -x509 -newkey rsa:2048 -nodes -keyout k2.pem -out c2.pem -days 1 -subj /CN=b.example >/dev/null 2>&1
st() { n=$1; printf 'foreground=yes\npid=\n[a]\n%b' "$2" >s.conf; r stunnel-$n stunnel s.conf; }
st nocert 'accept=18811\nconnect=127.0.0.1:1\n'; st badfile "accept=18811\nconnect=127.0.0.1:1\ncert=/nope.pem\n"; st mismatch "accept=18811\nconnect=127.0.0.1:1\ncert=$d/c.pem\nkey=$d/k2.pem\n"; st option "accept=18811\nconect=1\n"
hold 18812; st port "accept=18812\nconnect=127.0.0.1:1\ncert=$d/c.pem\nkey=$d/k.pem\n"
printf 'foreground=yes\npid=\n[a]\naccept=18813\nconnect=127.0.0.1:1\ncert=%s/c.pem\nkey=%s/k.pem\n' $d $d >s.conf; (T=4 r stunnel-refused stunnel s.conf) & sleep 1; timeout 2 openssl s_client -connect 127.0.0.1:18813 </dev/null >/dev/null 2>&1; timeout 2 curl -s http://127.0.0.1:18813/ ; wait %% 2>/dev/null
# supervisor
sv() { n=$1; printf '[supervisord]\nnodaemon=true\nlogfile=/dev/null\npidfile=%s/sp\n%b' $d "$2" >sv.conf; T=${T:-8} r supervisor-$n supervisord -c sv.conf; }
sv fatal '[program:web]\ncommand=/bin/false\nstartretries=2\n'; sv nofile '[program:web]\ncommand=/nope/bin\n'; sv bad '[program:web\ncommand=x\n'; sv user '[program:web]\ncommand=/bin/sleep 9\nuser=nobodyx\n'; sv healthy '[program:web]\ncommand=/bin/sleep 99\n'; mv $out/supervisor-healthy.log $out/healthy-supervisor.log
# monit
mo() { n=$1; printf 'set daemon 1\nset log /dev/stdout\nset pidfile %s/mp\nset statefile %s/ms\nset idfile %s/mi\n%b' $d $d $d "$2" >m.rc; chmod 600 m.rc; T=6 r monit-$n monit -I -c m.rc; }
mo proc 'check process web with pidfile /nope.pid\n start program = "/bin/true"\n'; mo port 'check host h with address 127.0.0.1\n if failed port 1 then alert\n'; mo disk 'check filesystem root with path /\n if space usage > 1% then alert\n'; mo syntax 'check proces x\n'; chmod 644 m.rc; r monit-rights monit -I -c m.rc; mo healthy 'check system x\n if loadavg (1min) > 400 then alert\n'; mv $out/monit-healthy.log $out/healthy-monit.log
# rsync
mkdir src; echo x >src/a; chmod 000 src/a
r rsync-rights runuser -u nobody -- rsync -a src/ $d/dst/; r rsync-nosrc rsync -a $d/nope/ $d/dst/; r rsync-noremote rsync -a src/ nobody@nosuch.invalid:/x; r rsync-refused rsync -a src/ rsync://127.0.0.1:1/x; printf '[m]\npath=/nope\nuse chroot=no\nauth users=joe\nsecrets file=%s/sec\n' $d >rs.conf; echo joe:pw >sec; chmod 644 sec; rsync --daemon --no-detach --port=18820 --config=rs.conf --log-file=$d/rs.log & sleep 1; r rsync-module rsync rsync://127.0.0.1:18820/nomod; RSYNC_PASSWORD=x r rsync-auth rsync rsync://joe@127.0.0.1:18820/m; kill %%; cp rs.log $out/rsyncd-secrets.log
mkdir small; mount -t tmpfs -o size=200k tmpfs small && { head -c 900000 /dev/zero >big; r rsync-full rsync big small/; }
# borg
export BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK=yes BORG_BASE_DIR=$d/borg
r borg-norepo borg list $d/norepo; borg init -e none $d/repo; borg create $d/repo::a /etc/hostname; r borg-exists borg create $d/repo::a /etc/hostname; r borg-noarchive borg info $d/repo::zz
mkdir $d/repo/lock.exclusive 2>/dev/null; touch "$d/repo/lock.exclusive/otherhost@1.123-0"; r borg-lock borg create --lock-wait 1 $d/repo::b /etc/hostname; rm -rf $d/repo/lock.exclusive
borg init -e repokey $d/repok 2>/dev/null <<<"" ; BORG_PASSPHRASE=aa borg init -e repokey $d/repo3; BORG_PASSPHRASE=bb r borg-pass borg list $d/repo3; f=$(ls $d/repo/data/0/* | tail -1); printf XXXXXXXXXX | dd of=$f bs=1 seek=40 conv=notrunc 2>/dev/null; r borg-check borg check $d/repo; r borg-remote borg list ssh://nobody@nosuch.invalid/x; [ -d small ] && r borg-full borg create small/repo::x $d/big; r healthy-borg borg create --stats $d/repo3x /x
# restic
export RESTIC_PASSWORD=a RESTIC_REPOSITORY=$d/rr HOME=$d
r restic-norepo restic snapshots; restic init >/dev/null; r healthy-restic restic backup /etc/hostname; RESTIC_PASSWORD=b r restic-pass restic snapshots; r restic-exists restic init; r restic-missing restic backup /nope; (restic backup --stdin < <(sleep 6; echo x) >/dev/null 2>&1 &) ; sleep 2; r restic-lock restic prune; RESTIC_REPOSITORY=rest:http://127.0.0.1:1/ r restic-refused restic snapshots; f=$(find rr/data -type f | head -1); chmod 600 $f; echo XX >>$f; T=20 r restic-check restic check --read-data
# certbot
r certbot-norights runuser -u nobody -- certbot certificates; T=20 r certbot-noserver certbot certonly --standalone -d a.example --agree-tos -m a@b.example -n --server https://127.0.0.1:1/dir --config-dir $d/cb --work-dir $d/cb --logs-dir $d/cb
umount small 2>/dev/null
tail -n 6 "$out"/*.log
