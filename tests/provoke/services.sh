#!/bin/bash
# Provokes faults of FTP, LDAP, RADIUS, DNS, XMPP, TURN, proxy and mail servers, one log each in the folder given (or a new one), and
# prints the end of each. Also healthy runs (healthy-*). Run by hand, as root, with what is to be tried installed.
out=${1:-$(mktemp -d)}; d=$(mktemp -d); chmod 777 $d; cd $d; mkdir -p $out; trap 'kill $(jobs -p) 2>/dev/null; rm -rf $d' EXIT
r() { n=$1; shift; timeout ${T:-4} "$@" >$out/$n.log 2>&1; }
hold() { python3 -c "
import socket,time;s=socket.socket();s.setsockopt(1,2,1);s.bind(('0.0.0.0',$1));s.listen();time.sleep(${2:-4})" & sleep .5; }
# proftpd
pf() { n=$1; printf 'ServerName x\nPort 18900\nUseIPv6 off\nUser nobody\nGroup nogroup\nScoreboardFile %s/sb\nPidFile %s/pf.pid\nDefaultRoot ~\n%b' $d $d "$2" >pf.conf; r proftpd-$n proftpd -n -d 1 -c $d/pf.conf; }
pf directive 'Nonsense on\n'; pf tls 'LoadModule mod_tls.c\nTLSEngine on\nTLSRSACertificateFile /nope.pem\nTLSRSACertificateKeyFile /nope.pem\n'; hold 18900; pf port ''; pf user 'User nosuchuser\n'
(T=8 pf login 'MaxClients 1\n') & sleep 2; python3 - <<'P'
import ftplib
for u,p in (('root','x'),('nobodyx','y'),('root','z')):
    try: f=ftplib.FTP(); f.connect('127.0.0.1',18900,3); f.login(u,p)
    except Exception as e: print(e)
P
wait %% 2>/dev/null
# vsftpd (unpacked)
V=$(command -v vsftpd); mkdir -p /var/run/vsftpd/empty /usr/share/empty
vf() { n=$1; printf 'listen=YES\nlisten_port=18901\nbackground=NO\n%b' "$2" >vs.conf; chown root vs.conf; r vsftpd-$n $V $d/vs.conf; }
vf option 'nonsense=YES\n'; hold 18901; vf port ''; vf cert 'ssl_enable=YES\nrsa_cert_file=/nope.pem\n'; vf bool 'anonymous_enable=MAYBE\n'
(T=5 vf chroot 'local_enable=YES\nchroot_local_user=YES\n') & sleep 1; useradd -m -p "$(openssl passwd -6 pw1)" ftpx 2>/dev/null; (printf 'USER ftpx\r\n'; sleep 1; printf 'PASS pw1\r\n'; sleep 2; printf 'QUIT\r\n') | timeout 5 nc 127.0.0.1 18901 >$out/vsftpd-chroot-client.log 2>&1; userdel -r ftpx 2>/dev/null
# slapd
sl() { n=$1; printf 'include /etc/ldap/schema/core.schema\npidfile %s/sl.pid\nmodulepath /usr/lib/ldap\nmoduleload back_mdb\n%b' $d "$2" >sl.conf; T=${T:-4} r slapd-$n slapd -d 256 -f $d/sl.conf -h ${H:-ldap://127.0.0.1:18910}; }
sl nodir 'database mdb\nsuffix "dc=x"\ndirectory /nope\n'; sl syntax 'nonsense x\n'; mkdir db; hold 18910; sl port "database mdb\nsuffix \"dc=x\"\ndirectory $d/db\n"; H="ldaps://127.0.0.1:18911" sl tls "TLSCertificateFile /nope.pem\nTLSCertificateKeyFile /nope.pem\ndatabase mdb\nsuffix \"dc=x\"\ndirectory $d/db\n"
(T=8 sl bind "sizelimit 1\ndatabase mdb\nsuffix \"dc=x\"\nrootdn \"cn=a,dc=x\"\nrootpw s\ndirectory $d/db\n") & sleep 2; ldapsearch -x -H ldap://127.0.0.1:18910 -D cn=a,dc=x -w bad -b dc=x >$out/ldapsearch-bad.log 2>&1; ldapsearch -x -H ldap://127.0.0.1:18910 -b dc=nope >$out/ldapsearch-base.log 2>&1; ldapsearch -x -H ldap://127.0.0.1:1 -b dc=nope >$out/ldapsearch-refused.log 2>&1; printf 'dn: cn=q,dc=x\nobjectClass: nope\ncn: q\n' | ldapadd -x -H ldap://127.0.0.1:18910 -D cn=a,dc=x -w s >$out/ldapadd-schema.log 2>&1; wait %% 2>/dev/null
(T=5 sl healthy "database mdb\nsuffix \"dc=x\"\nrootdn \"cn=a,dc=x\"\nrootpw s\ndirectory $d/db\n") & sleep 2; for i in 1 2 3; do ldapsearch -x -H ldap://127.0.0.1:18910 -s base -b '' >/dev/null 2>&1; done;  wait %% 2>/dev/null; mv $out/slapd-healthy.log $out/healthy-slapd.log
# freeradius
r freeradius-nodir freeradius -X -d /nope; cp -r /etc/freeradius/3.0 fr 2>/dev/null; sed -i 's/^}/}}/' fr/radiusd.conf; r freeradius-syntax freeradius -X -d $d/fr; rm -rf fr; cp -r /etc/freeradius/3.0 fr; rm -f fr/mods-enabled/eap; (T=6 r freeradius-reject freeradius -X -d $d/fr) & sleep 3; echo "User-Name=joe,User-Password=x" | timeout 3 radclient 127.0.0.1:1812 auth wrongsecret >/dev/null 2>&1;  echo "User-Name=joe,User-Password=x" | timeout 3 radclient 127.0.0.1:1812 auth testing123 >/dev/null 2>&1; wait %%
# dns: knot, nsd, pdns, dnsmasq
mkdir kz; printf 'server:\n  listen: 127.0.0.1@18920\n  rundir: %s\nlog:\n- target: stderr\n  any: info\ndatabase:\n  storage: %s/kz\nzone:\n- domain: a.example\n  storage: %s\n  file: a.zone\n- domain: b.example\n  file: %s/none.zone\n' $d $d $d $d >kn.conf; printf '$ORIGIN a.example.\n@ 60 SOA a. b. 1 1 1 1\n@ 60 NS ns\nx 60 A nonsense\n' >a.zone; T=4 r knot-zone knotd -c kn.conf; printf 'server:\n  lissten: x\n' >kn2; r knot-syntax knotd -c kn2
printf 'server:\n  port: 18921\n  ip-address: 127.0.0.1\n  username: ""\n  chroot: ""\n  zonesdir: %s\n  pidfile: ""\n  logfile: ""\n  database: ""\n  xfrdfile: %s/xf\n  zonelistfile: %s/zl\nremote-control:\n  control-enable: no\nzone:\n  name: a.example\n  zonefile: a.zone\nzone:\n  name: b.example\n  zonefile: none.zone\n' $d $d $d >nsd.conf; r nsd-zone nsd -d -c nsd.conf
r pdns-backend pdns_server --no-config --daemon=no --guardian=no --local-port=18922 --launch=gmysql --socket-dir=$d; r pdns-sqlite pdns_server --no-config --daemon=no --guardian=no --local-port=18922 --launch=bind --bind-config=/nope --socket-dir=$d; hold 18922;  r pdns-port pdns_server --no-config --daemon=no --guardian=no --local-port=18922 --launch= --socket-dir=$d
r dnsmasq-option dnsmasq -d -p 18923 --nonsense; hold 18924; r dnsmasq-port dnsmasq -d -p 18924 --listen-address=127.0.0.1 --bind-interfaces; r dnsmasq-user dnsmasq -d -p 18925 --user=nosuch; r healthy-dnsmasq dnsmasq -d -p 18926 -C /dev/null --user=root
# prosody, coturn, tinyproxy, privoxy, icecast, tor, beanstalkd, transmission, collectd, keepalived
printf 'VirtualHost "a.example"\n foo(\n' >pr.lua; r prosody-syntax prosody -F --config $d/pr.lua; printf 'pidfile="%s/p"\nlog={{levels={min="info"},to="console"}}\ndata_path="%s/pd"\nc2s_ports={18930}\nmodules_enabled={"nomod","tls"}\ncertificates="/nope"\nrun_as_root=true\nstorage="sql"\nsql={driver="MySQL",database="x",username="x",password="x",host="127.0.0.1"}\nVirtualHost "a.example"\n' $d $d >pr.lua; mkdir pd; r prosody-run prosody -F --config $d/pr.lua
r coturn-cert turnserver -n -o=no --cert /nope.pem --pkey /nope.pem -p 18931 --log-file stdout; hold 18932; r tinyproxy-port bash -c "printf 'Port 18932\nListen 127.0.0.1\nTimeout 60\n' >$d/tp; tinyproxy -d -c $d/tp"; printf 'Port 18933\nNonsense x\n' >tp2; r tinyproxy-syntax tinyproxy -d -c tp2
printf 'Port 18934\nListen 127.0.0.1\nLogFile "%s/tp.log"\nAllow 10.0.0.1\n' $d >tp3; touch tp.log; (timeout 4 tinyproxy -d -c tp3 >/dev/null 2>&1) & sleep 1; curl -s -x http://127.0.0.1:18934 http://127.0.0.1:1/ >/dev/null; sleep 1; cp tp.log $out/tinyproxy-denied.log
printf 'SocksPort 18935\nDataDirectory %s/tord\nNonsense 1\n' $d >tr; r tor-option tor -f tr; printf 'SocksPort 18935\nDataDirectory /proc/x\n' >tr; r tor-dir tor -f tr; printf 'SocksPort 18936\nDataDirectory %s/tord\n' $d >tr; T=6 r tor-nonet tor -f tr
hold 18937; r beanstalk-port beanstalkd -l 127.0.0.1 -p 18937; r beanstalk-dir beanstalkd -l 127.0.0.1 -p 18938 -b /nope
printf 'LoadPlugin nope\nLoadPlugin network\n<Plugin network>\n Server "nosuch.invalid"\n</Plugin>\nLoadPlugin df\nLoadPlugin rrdtool\n' >co; T=5 r collectd-plugin collectd -f -C co -P $d/cpid
printf 'vrrp_instance A {\n interface eth99\n virtual_router_id 5\n priority 100\n virtual_ipaddress {\n 10.9.9.9\n }\n nonsense x\n}\n' >ka; T=5 r keepalived-if keepalived -n -l -D -f $d/ka -p $d/kp
r icecast-conf icecast2 -c /nope.xml; r privoxy-conf privoxy --no-daemon /nope
# swanctl / charon
r charon-start timeout 4 /usr/lib/ipsec/charon; r swanctl-nosock swanctl --list-conns
# in.tftpd, msmtp, fetchmail, opendkim
r msmtp-refused msmtp --host=127.0.0.1 --port=1 -f a@b.example c@d.example </dev/null; r msmtp-noaccount msmtp -C /nope c@d.example </dev/null; r msmtp-dns msmtp --host=nosuch.invalid -f a@b.example c@d.example </dev/null
printf 'poll 127.0.0.1 port 1 proto imap user x pass y\n' >fm; chmod 600 fm; chown root fm; r fetchmail-refused fetchmail -f fm -v --pidfile $d/fp; printf 'poll nosuch.invalid proto imap user x pass y\n' >fm;  r fetchmail-dns fetchmail -f fm -v --pidfile $d/fp; chmod 644 fm; r fetchmail-rights fetchmail -f fm --pidfile $d/fp
r opendkim-key opendkim -f -x /nope; printf 'Domain a.example\nSelector s\nKeyFile /nope.key\nSocket inet:18940@127.0.0.1\n' >od; r opendkim-keyfile opendkim -f -x od; printf 'Domain a.example\nNonsense x\n' >od; r opendkim-opt opendkim -f -x od
# exim
r exim-conf exim4 -C /nope -bV; printf 'nonsense = x\n' >ex; r exim-syntax exim4 -C $d/ex -bV; hold 18941; r exim-port exim4 -bdf -oX 127.0.0.1:18941
# samba
printf '[global]\nworkgroup=X\nprivate dir=%s/p\nlock directory=%s/l\nstate directory=%s/l\ncache directory=%s/l\npid directory=%s/l\nsmb ports=18950\nbind interfaces only=yes\ninterfaces=lo\nsecurity=ads\nrealm=NO.EXAMPLE\n[s]\npath=/nope\n' $d $d $d $d $d >sm; mkdir p l; (T=8 r samba-run smbd -F -S --no-process-group -s $d/sm) & sleep 2; smbclient -p 18950 -L 127.0.0.1 -U joe%x >$out/smbclient-logon.log 2>&1; smbclient -p 1 -L 127.0.0.1 -N >$out/smbclient-refused.log 2>&1; smbclient -p 18950 //127.0.0.1/s -N >$out/smbclient-nodir.log 2>&1; wait %%
# cups
printf 'Listen 127.0.0.1:18951\nNonsense x\n<Location /\n' >cu; r cups-syntax cupsd -f -c $d/cu
tail -n 6 "$out"/*.log
