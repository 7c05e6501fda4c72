#!/bin/sh
# Provokes the messages of rules/identity/kerberos.rules and ldap.rules: a scratch KDC and slapd on high ports.
set -u
dir=$(mktemp -d); trap 'kill $kdc $ldap 2>/dev/null; rm -rf "$dir"' EXIT
kdc=; ldap=
export KRB5_CONFIG="$dir/krb5.conf" KRB5_KDC_PROFILE="$dir/kdc.conf" KRB5CCNAME="$dir/cc"
cat > "$dir/krb5.conf" <<C
[libdefaults]
 default_realm = EXAMPLE.TEST
 dns_lookup_kdc = false
 dns_lookup_realm = false
[realms]
 EXAMPLE.TEST = {
  kdc = 127.0.0.1:18888
 }
 GONE.TEST = {
  kdc = 127.0.0.1:18889
 }
[logging]
 kdc = FILE:$dir/kdc.log
C
cat > "$dir/kdc.conf" <<C
[kdcdefaults]
 kdc_ports = 18888
 kdc_tcp_ports = 18888
[realms]
 EXAMPLE.TEST = {
  database_name = $dir/principal
  key_stash_file = $dir/stash
  acl_file = $dir/acl
  max_life = 1h
 }
C
kdb5_util create -s -P master -r EXAMPLE.TEST >/dev/null 2>&1
adm() { kadmin.local -q "$1" >/dev/null 2>&1; }
adm "addprinc -pw right alice"; adm "addprinc -pw right +requires_preauth bob"; adm "addprinc -pw right -expire yesterday carol"; adm "addprinc -pw right -pwexpire yesterday dora"; adm "addprinc -randkey host/app.example.test"; adm "ktadd -k $dir/old.keytab host/app.example.test"; adm "addprinc -pw right -allow_tix erna"
cp "$dir/old.keytab" "$dir/stale.keytab"; adm "cpw -randkey host/app.example.test"
krb5kdc -n -r EXAMPLE.TEST & kdc=$!; sleep 1
k() { echo "-- $*"; "$@" 2>&1; }
echo wrong | k kinit bob; echo right | k kinit nobody; echo right | k kinit carol; echo right | k kinit dora; echo right | k kinit erna
k kinit -k -t "$dir/none.keytab" host/app.example.test; k kinit -k -t "$dir/stale.keytab" host/app.example.test; k kinit -k -t "$dir/stale.keytab" host/other.example.test
echo right | k kinit alice@GONE.TEST; echo right | k kinit alice@NOREALM.TEST; k klist; echo right | kinit alice >/dev/null 2>&1; k kvno host/none.example.test; k kvno -k "$dir/stale.keytab" host/app.example.test
echo "== kdc.log"; cut -c1-200 "$dir/kdc.log"
echo "== slapd"
mkdir "$dir/db"; cat > "$dir/slapd.conf" <<C
include /etc/ldap/schema/core.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile $dir/slapd.pid
sizelimit 2
database mdb
suffix "dc=example,dc=test"
rootdn "cn=admin,dc=example,dc=test"
rootpw right
directory $dir/db
maxsize 200000
access to * by self write by users read by anonymous auth
C
slapd -f "$dir/slapd.conf" -h ldap://127.0.0.1:13890 -d stats > "$dir/slapd.log" 2>&1 & ldap=$!; sleep 1
u="-x -H ldap://127.0.0.1:13890"; a="-D cn=admin,dc=example,dc=test"
printf 'dn: dc=example,dc=test\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: x\n\ndn: cn=u,dc=example,dc=test\nobjectClass: person\ncn: u\nsn: u\nuserPassword: u\n' | ldapadd $u $a -w right >/dev/null
k ldapwhoami $u $a -w wrong; k ldapsearch $u $a -w right -b dc=none; k ldapsearch $u -b dc=example,dc=test; k ldapwhoami -x -H ldap://127.0.0.1:1; k ldapwhoami $u -ZZ
printf 'dn: cn=a,dc=example,dc=test\nobjectClass: person\ncn: a\n' | k ldapadd $u $a -w right; printf 'dn: cn=u,dc=example,dc=test\nobjectClass: person\ncn: u\nsn: u\n' | k ldapadd $u $a -w right
printf 'dn: cn=z,dc=example,dc=test\nobjectClass: person\ncn: z\nsn: z\n' | k ldapadd $u -D cn=u,dc=example,dc=test -w u
i=0; while [ $i -lt 300 ]; do printf 'dn: cn=p%s,dc=example,dc=test\nobjectClass: person\ncn: p\nsn: %0900d\n\n' $i $i; i=$((i+1)); done | ldapadd $u $a -w right 2>&1 | tail -3
k ldapsearch $u $a -w right -b dc=example,dc=test -LLL dn | tail -2
echo "== slapd.log"; grep -v "ACCEPT\|closed\|UNBIND\|SRCH\|BIND dn\|RESULT tag=10[1357] err=0\|ADD dn" "$dir/slapd.log" | cut -c1-200 | tail -15
echo "TLSCertificateFile $dir/none.pem" >> "$dir/slapd.conf"; slapd -f "$dir/slapd.conf" -h ldap://127.0.0.1:13891 -d none 2>&1 | tail -3
