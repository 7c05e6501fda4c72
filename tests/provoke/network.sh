#!/bin/sh
# Provokes the messages of rules/network/{openvpn,wireguard,firewall,dhcp}.rules in a network namespace of its own. Needs root.
set -u
[ "${1:-}" = in ] || exec unshare -n -m sh "$0" in
dir=$(mktemp -d); trap 'kill $a $b 2>/dev/null; rm -rf "$dir"' EXIT
a=; b=; cd "$dir"; ip link set lo up
ca() { openssl req -x509 -newkey rsa:2048 -nodes -keyout $1.key -out $1.pem -days ${2:-30} -subj "/CN=$1" >/dev/null 2>&1; }
crt() { openssl req -newkey rsa:2048 -nodes -keyout $2.key -out $2.csr -subj "/CN=$2" >/dev/null 2>&1; openssl x509 -req -in $2.csr -CA $1.pem -CAkey $1.key -CAcreateserial -days ${3:-30} -out $2.pem >/dev/null 2>&1; }
ca ca; ca other; crt ca server; crt ca client; crt other stranger
openssl req -newkey rsa:2048 -nodes -keyout old.key -out old.csr -subj /CN=old >/dev/null 2>&1; faketime= ; openssl x509 -req -in old.csr -CA ca.pem -CAkey ca.key -days -1 -out old.pem >/dev/null 2>&1
openvpn --genkey secret ta1; openvpn --genkey secret ta2; printf '#!/bin/sh\nexit 1\n' > no.sh; chmod 755 no.sh; printf 'u\np\n' > up; chmod 600 up
srv() { openvpn --dev tun --server 10.99.0.0 255.255.255.0 --topology subnet --local 127.0.0.1 --port 11194 --proto ${P:-udp} --dh none --ca ca.pem --cert server.pem --key server.key --data-ciphers AES-256-GCM --hand-window 6 "$@" > s.log 2>&1 & a=$!; sleep 1; }
cli() { timeout ${T:-9} openvpn --dev null --client --remote 127.0.0.1 11194 --proto ${P:-udp} --nobind --ca ca.pem --cert client.pem --key client.key --hand-window 5 --connect-retry-max 1 "$@" > c.log 2>&1; kill $a; wait $a 2>/dev/null; grep -iv "openvpn 2\|library versions\|Initialization Sequence\|link local\|link remote\|Socket Buffers\|SIGTERM\|SIGUSR1\|Preserving\|NOTE:\|Restart pause\|Note:" c.log | cut -c21-200 | sed 's/^/client: /' | head -${L:-9}; grep -i "error\|fail\|refus\|cannot\|expired\|incorrect" s.log | cut -c21-200 | sed 's/^/server: /' | head -6; }
echo "-- wrong password"; srv --auth-user-pass-verify "$dir/no.sh" via-file --script-security 2 --verify-client-cert none; cli --auth-user-pass up
echo "-- no answer"; a=$$; (T=8 ; timeout 8 openvpn --dev null --client --remote 127.0.0.1 11999 --proto udp --nobind --ca ca.pem --cert client.pem --key client.key --hand-window 4 2>&1 | cut -c21-180 | grep -i "error\|refused\|fail")
echo "-- foreign client certificate"; srv; cli --cert stranger.pem --key stranger.key
echo "-- client does not trust the server"; srv; cli --ca other.pem
echo "-- certificate expired"; srv; cli --cert old.pem --key old.key
echo "-- other ta key"; srv --tls-auth ta1 0; cli --tls-auth ta2 1; echo "-- tls-crypt other key"; srv --tls-crypt ta1; cli --tls-crypt ta2; echo "-- no ta on client"; srv --tls-auth ta1 0; cli
echo "-- no common cipher"; srv; cli --data-ciphers AES-128-CBC
echo "-- tun missing"; mount -t tmpfs none /dev/net; timeout 5 openvpn --dev tun --client --remote 127.0.0.1 11194 --ca ca.pem --cert client.pem --key client.key --ifconfig 10.0.0.1 10.0.0.2 2>&1 | tail -3; umount /dev/net
timeout 5 openvpn --dev null --client --remote none.invalid --ca ca.pem --cert client.pem --key client.key 2>&1 | grep -i resolve | head -2; openvpn --bogus 2>&1 | head -2; openvpn --dev null --client --remote x --ca gone.pem --cert client.pem --key client.key 2>&1 | head -3
echo "-- wireguard"; ip link add wg0 type wireguard 2>&1; wg set wg0 listen-port 1 2>&1; printf '[Interface]\nPrivateKey = short\n' > wg0.conf; wg setconf wg0 wg0.conf 2>&1; wg-quick up "$dir/wg0.conf" 2>&1 | tail -2; printf '[Peer]\nBogus = 1\n' > wg1.conf; wg setconf wg0 wg1.conf 2>&1
echo "-- firewall"; iptables -A INPUT -m bogus 2>&1; iptables -A NONE -j ACCEPT 2>&1; iptables -t bogus -L 2>&1 | head -2; iptables -A INPUT -j BOGUS 2>&1; iptables-legacy -L 2>&1 | head -3; nft add rule inet none none accept 2>&1; nft -f /dev/stdin 2>&1 <<X
table inet x { bogus }
X
flock /run/xtables.lock sleep 3 & sleep 0.3; iptables-legacy -A INPUT -j ACCEPT 2>&1 | head -2
echo "-- dhcp"; ip link add v0 type veth peer name v1; ip addr add 10.9.0.1/24 dev v0; ip link set v0 up; ip link set v1 up; touch leases
printf 'subnet 10.8.0.0 netmask 255.255.255.0 { range 10.8.0.5 10.8.0.6; }\n' > d.conf; dhcpd -4 -f -cf d.conf -lf leases --no-pid v0 2>&1 | grep -v "^ \|Internet Sys\|Copyright\|rights\|For info\|^$" | head -8
printf 'subnet 10.9.0.0 netmask 255.255.255.0 { range 10.9.0.5 10.9.0.5; }\nhost x { hardware ethernet 02:00:00:00:00:09; fixed-address 10.9.0.5; }\n' > d.conf; printf 'subnet 10.9.0.0 netmask 255.255.255.0 { }\n' > d2.conf; dhcpd -4 -f -d -cf d2.conf -lf leases --no-pid v0 > d.log 2>&1 & b=$!; sleep 1; timeout 15 dhclient -1 -d -v -lf "$dir/cl" -pf "$dir/cpid" v1 2>&1 | tail -4; tail -3 d.log
printf 'subnet 10.9.0.0 netmask 255.255.255.0 { bogus }\n' > d3.conf; dhcpd -4 -t -cf d3.conf 2>&1 | head -8 | tail -5
