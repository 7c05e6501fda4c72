#!/bin/sh
# Provokes the messages of rules/security/ssh.rules with a scratch sshd on a high port. Needs root for the privilege separation folder.
set -u
dir=$(mktemp -d); trap 'kill $(cat "$dir/pid" 2>/dev/null) 2>/dev/null; rm -rf "$dir"' EXIT
port=22222
mkdir -p /run/sshd
ssh-keygen -q -t ed25519 -N '' -f "$dir/host"; ssh-keygen -q -t ed25519 -N '' -f "$dir/user"; ssh-keygen -q -t ed25519 -N '' -f "$dir/other"
conf() { { printf 'Port %s\nListenAddress 127.0.0.1\nHostKey %s/host\nPidFile %s/pid\nLogLevel INFO\nStrictModes no\nAuthorizedKeysFile %s/keys\nUsePAM no\n' $port "$dir" "$dir" "$dir"; cat; } > "$dir/conf"; }
up() { /usr/sbin/sshd -f "$dir/conf" -E "$dir/log"; sleep 0.5; }
down() { rm -f "$dir/known"; kill "$(cat "$dir/pid")" 2>/dev/null; sleep 0.3; sed 's/^/server: /' "$dir/log"; : > "$dir/log"; }
try() { timeout 10 ssh -p $port -o BatchMode=yes -o UserKnownHostsFile="$dir/known" -o StrictHostKeyChecking=accept-new "$@" 127.0.0.1 true </dev/null 2>&1 | sed 's/^/client: /'; }
touch "$dir/log"; cp "$dir/user.pub" "$dir/keys"
echo "== no common key exchange, cipher, host key type, MAC"
printf 'KexAlgorithms diffie-hellman-group1-sha1\nCiphers aes128-cbc\nMACs hmac-md5\n' | conf; up
try -i "$dir/user"; try -i "$dir/user" -o KexAlgorithms=+diffie-hellman-group1-sha1
try -i "$dir/user" -o KexAlgorithms=+diffie-hellman-group1-sha1 -o Ciphers=+aes128-cbc -o HostKeyAlgorithms=ssh-rsa; try -i "$dir/user" -o KexAlgorithms=+diffie-hellman-group1-sha1 -o Ciphers=aes128-cbc; down
echo "== host key changed"
conf </dev/null; up; try -i "$dir/user" -o StrictHostKeyChecking=accept-new; down; rm "$dir/host"*; ssh-keygen -q -t ed25519 -N '' -f "$dir/host"; up
try -i "$dir/user" -o StrictHostKeyChecking=yes; rm "$dir/known"; try -i "$dir/user" -o StrictHostKeyChecking=yes
echo "== key file open to others, key not there"
chmod 644 "$dir/user"; try -i "$dir/user" -o IdentitiesOnly=yes; chmod 600 "$dir/user"; try -i "$dir/none" -o IdentitiesOnly=yes; try -i "$dir/other" -o IdentitiesOnly=yes
printf 'junk\n' > "$dir/broken"; chmod 600 "$dir/broken"; try -i "$dir/broken" -o IdentitiesOnly=yes; down
echo "== MaxAuthTries, MaxSessions, forwarding, subsystem"
printf 'MaxAuthTries 1\nAllowTcpForwarding no\n' | conf; up; try -i "$dir/other" -i "$dir/broken" -i "$dir/user"
cp "$dir/user.pub" "$dir/keys"; timeout 5 ssh -p $port -i "$dir/user" -o IdentitiesOnly=yes -o BatchMode=yes -o UserKnownHostsFile="$dir/known" -o StrictHostKeyChecking=accept-new -R 22223:127.0.0.1:22 -o ExitOnForwardFailure=yes 127.0.0.1 true 2>&1 | sed 's/^/client: /'
timeout 5 ssh -p $port -i "$dir/user" -o IdentitiesOnly=yes -o BatchMode=yes -o UserKnownHostsFile="$dir/known" -W 127.0.0.1:1 127.0.0.1 2>&1 | sed 's/^/client: /'
timeout 5 sftp -P $port -i "$dir/user" -o IdentitiesOnly=yes -o BatchMode=yes -o UserKnownHostsFile="$dir/known" 127.0.0.1 </dev/null 2>&1 | sed 's/^/client: /'; down
echo "== server's own mistakes"
printf 'Bogus yes\n' | conf; up 2>&1; printf 'ListenAddress 192.0.2.1\n' | conf; up 2>&1; down
conf </dev/null; chmod 644 "$dir/host"; up 2>&1; down; chmod 600 "$dir/host"; rm -f "$dir/host"; up 2>&1; down
ssh-keygen -q -t ed25519 -N '' -f "$dir/host"; mv /run/sshd /run/sshd.away; up 2>&1; mv /run/sshd.away /run/sshd; down
printf 'LoginGraceTime 2\n' | conf; up; (sleep 4) | timeout 6 nc 127.0.0.1 $port 2>/dev/null || timeout 5 bash -c "exec 3<>/dev/tcp/127.0.0.1/$port; sleep 4"; down
printf 'ChrootDirectory %s\n' "$dir" | conf; chmod 777 "$dir"; up; try -i "$dir/user" -o IdentitiesOnly=yes; chmod 700 "$dir"; down
printf 'DenyUsers root\n' | conf; up; try -i "$dir/user" -o IdentitiesOnly=yes; down; printf 'PermitRootLogin no\n' | conf; up; try -i "$dir/user" -o IdentitiesOnly=yes; down
echo "== nobody listens, name unknown, unreachable"
try -i "$dir/user"; timeout 5 ssh -o BatchMode=yes none.invalid true 2>&1 | sed 's/^/client: /'
