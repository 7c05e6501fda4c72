#!/bin/sh
# Provokes the messages of rules/systemd/{logrotate,cron,rsyslog}.rules, rules/security/sudo.rules and rules/package/{apt,pip}.rules
# in a scratch folder. Needs root for sudo and logrotate; no network.
set -u
dir=$(mktemp -d); chmod 755 "$dir"; trap 'rm -rf "$dir"; userdel -f provoke 2>/dev/null' EXIT
cd "$dir"
echo "== logrotate"; lr() { printf '%s\n' "$1" > c; chmod 644 c; logrotate -s state "${2:--f}" c 2>&1; }
mkdir open; chmod 777 open; echo x > open/a.log; mkdir ok; echo x > ok/a.log
lr "$dir/open/a.log { rotate 1 }"; lr "$dir/none.log { rotate 1 }"; lr "$dir/ok/a.log { bogus }"; lr "$dir/ok/a.log {
rotate 1
}
$dir/ok/a.log {
rotate 1
}"; lr "$dir/ok/a.log {
rotate 1
postrotate
 false
endscript
}"; lr "$dir/ok/a.log { rotate"; lr "$dir/ok/a.log { su nobodyhere nobodyhere
 rotate 1
}"; chmod 666 c; logrotate -s state -f c 2>&1; chmod 644 c; flock state sleep 3 & sleep 0.5; logrotate -s state -f c 2>&1; wait
echo "== sudo"; useradd -M provoke 2>/dev/null; s() { setpriv --reuid provoke --regid provoke --clear-groups "$@" 2>&1 </dev/null; }
s sudo -n id; s sudo id; s sudo -S id; echo 'bogus ((' > sd; visudo -cf sd 2>&1; echo 'provoke ALL=(ALL) NOPASSWD: /bin/true' > ok.sd; chmod 666 ok.sd; visudo -cf ok.sd 2>&1
echo "== crontab"; printf '99 * * * * true\n' | crontab -u provoke - 2>&1; printf '* * * * * true' | crontab -u provoke - 2>&1; printf 'x y z\n' | crontab -u provoke - 2>&1
echo "== rsyslog"; printf 'module(load="bogus")\nfoo.bogus /x\n*.* @@[none\n' > r.conf; rsyslogd -N1 -f r.conf 2>&1 | cut -c1-200
echo "== apt"; mkdir -p a/lists/partial a/etc a/state a/cache/archives/partial repo/dists/x/main/binary-amd64; touch a/status
printf 'deb [trusted=no] file:%s/repo x main\n' "$dir" > a/etc/s.list; o="-o Dir::Etc::SourceList=$dir/a/etc/s.list -o Dir::Etc::SourceParts=- -o Dir::State=$dir/a -o Dir::State::status=$dir/a/status -o Dir::Cache=$dir/a/cache -o APT::Sandbox::User=root"
ap() { apt-get $o "$@" 2>&1 | grep -v "^Reading\|^Get\|^Hit\|^Ign\|^Building"; }
ap update; pk="Package: p\nVersion: 1\nArchitecture: amd64\nDepends: none-such (>= 2)\nFilename: p.deb\nSize: 3\nSHA256: 0000000000000000000000000000000000000000000000000000000000000000\n"; printf "$pk" > repo/dists/x/main/binary-amd64/Packages; printf 'xxx' > repo/p.deb
rel() { (cd repo/dists/x; printf 'Suite: x\nCodename: x\nDate: %s\n%sSHA256:\n %s %s main/binary-amd64/Packages\n' "$1" "$2" "${3:-$(sha256sum main/binary-amd64/Packages | cut -d' ' -f1)}" "$(stat -c %s main/binary-amd64/Packages)" > Release); }
rel "$(date -uR)" ""; echo "-- unsigned"; ap update; sed -i 's/trusted=no/trusted=yes/' a/etc/s.list; echo "-- future"; rel "$(date -uR -d '+3 days')" ""; ap update; echo "-- expired"; rel "$(date -uR -d '-9 days')" "Valid-Until: $(date -uR -d '-2 days')
"; ap update; echo "-- hash"; rel "$(date -uR)" "" 1111111111111111111111111111111111111111111111111111111111111111; ap update; rel "$(date -uR)" ""; ap update; echo "-- install"; ap -y install p; ap -y install none-such-package; printf "$pk" | sed '/Depends/d' > repo/dists/x/main/binary-amd64/Packages; rel "$(date -uR)" ""; ap update; ap -y install p; ap -y --allow-unauthenticated install p
echo "-- dpkg"; printf 'Package: h\nStatus: install ok half-configured\nVersion: 1\nArchitecture: amd64\nMaintainer: x\nDescription: x\n' > a/status; mkdir -p adm/info adm/updates adm/triggers; cp a/status adm/status; touch adm/available; dpkg --admindir="$dir/adm" -i repo/p.deb 2>&1; echo x > adm/updates/0001; dpkg --admindir="$dir/adm" --configure -a 2>&1 | head -4; rm adm/updates/0001; : > adm/lock; python3 -c "
import fcntl,time;f=open('$dir/adm/lock','w');fcntl.lockf(f,fcntl.LOCK_EX);time.sleep(3)" & sleep 1; dpkg --admindir="$dir/adm" --configure -a 2>&1; wait
mkdir -p pkg/DEBIAN; printf 'Package: q\nVersion: 1\nArchitecture: all\nMaintainer: x\nDescription: x\n' > pkg/DEBIAN/control; printf '#!/bin/sh\nexit 3\n' > pkg/DEBIAN/postinst; chmod 755 pkg/DEBIAN/postinst; dpkg-deb -b pkg q.deb >/dev/null 2>&1; rm -f adm/status; touch adm/status; dpkg --admindir="$dir/adm" --instdir="$dir/root" --force-script-chrootless -i q.deb 2>&1 | tail -5
echo "== pip"; pip3 install --no-index none-such 2>&1 | tail -3; python3 -m venv v 2>/dev/null; p="pip3 --python v/bin/python"; pip3 --isolated install --break-system-packages --no-index none-such 2>&1 | tail -2; printf 'x==1 --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000\n' > req; pip3 install --break-system-packages --no-index -r req 2>&1 | tail -2; pip3 install --break-system-packages --index-url http://127.0.0.1:9/ --retries 0 x 2>&1 | tail -4
