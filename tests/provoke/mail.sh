#!/bin/bash
# Provokes mistakes in the configurations of Dovecot and Postfix in a scratch folder and prints what they say. Needs dovecot, postfix; as root.
set -u
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
d() { echo "== dovecot $1"; printf 'base_dir = %s/run\nlog_path = /dev/stderr\nssl = no\nprotocols = imap\nlisten = 127.0.0.1\n%b\n' "$dir" "$2" > d.conf; timeout 5 dovecot -c "$dir/d.conf" -n 2>&1 >/dev/null | head -3; timeout 2 dovecot -c "$dir/d.conf" -F 2>&1 | head -5; }
d setting 'mail_locatoin = maildir:~/Maildir'
d section 'nosuch {\n}'
d brace 'service imap {'
d cert 'ssl = yes\nssl_cert = </nothere/cert.pem\nssl_key = </nothere/key.pem'
d nocert 'ssl = yes\nssl_cert =\nssl_key ='
d value 'mail_max_userip_connections = many'
d protocol 'protocols = nosuch'
echo "== dovecot location"; printf 'base_dir = %s/run\nlog_path = /dev/stderr\nmail_location =\nmail_uid=65534\nmail_gid=65534\nfirst_valid_uid=1\nmail_home=%s/home\n' "$dir" "$dir" > d.conf; mkdir -p home; doveadm -c "$dir/d.conf" mailbox list -u nobody 2>&1 | head -3
p() { echo "== postfix $1"; mkdir -p p q; cp /usr/share/postfix/main.cf.dist p/main.cf 2>/dev/null; cp /etc/postfix/master.cf p/ 2>/dev/null || cp /usr/share/postfix/master.cf.dist p/master.cf; printf 'compatibility_level = 3.6\nqueue_directory = %s/q\ndata_directory = %s/q\nmail_owner = postfix\nsetgid_group = postdrop\n%b\n' "$dir" "$dir" "$2" > p/main.cf; timeout 5 ${3:-postfix -c "$dir/p" check} 2>&1 | grep -v 'not owned by root' | head -4; }
p table '' "postmap -c $dir/p -q a hash:$dir/nothere"
p type '' "postmap -c $dir/p -q a mysql:$dir/nothere"
