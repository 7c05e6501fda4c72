//! Tells names of a user's own from words that everybody uses.

use super::names::Kind;

/// Words that stand where names do, and name nobody: accounts that every system has, programs, and words of messages.
const COMMON: &str = " \
    root nobody administrators daemon bin sys sync mail admin administrator system guest anonymous unknown user users username null none \
    nil undefined default www-data nginx apache httpd postgres postgresql mysql mariadb redis mongodb mongo rabbitmq \
    elasticsearch elastic logstash kibana kafka zookeeper cassandra oracle sshd ssh sudo postfix dovecot exim cron crond \
    systemd systemd-resolved systemd-networkd systemd-timesyncd systemd-logind kernel docker dockerd containerd kubelet \
    kubernetes etcd coredns haproxy traefik envoy varnish squid bind named unbound dnsmasq ntp ntpd chrony chronyd snmpd \
    samba smbd winbind ldap slapd sssd kerberos cups avahi dbus polkit polkitd git gitlab jenkins grafana prometheus \
    influxdb telegraf vault consul nomad php php-fpm python java node nodejs ruby perl tomcat jetty jboss wildfly network \
    service local localhost localdomain loopback server servers client clients host hosts hostname peer remote upstream \
    backend frontend proxy gateway router broker master slave primary secondary replica leader follower worker nodes \
    database db cache queue test tests testing prod production dev development staging app apps application web website \
    api http https ftp smtp imap pop3 tcp udp tls ssl dns dhcp file files error errors failed failure fail warning warn \
    info debug trace notice fatal critical alert emergency success true false yes no not found missing invalid expired \
    incorrect required denied refused reset closed timeout timed out unexpected illegal empty wrong bad the and for from \
    with without this that has have had was were are been being may must can cannot could should will would does did \
    when while after before during because only any all each other another more less same new old first last next prev \
    name names value values key keys token tokens password passwords secret secrets login logout account accounts role \
    owner group groups domain address addresses port ports connection connections connect connecting connected session \
    sessions request requests response responses message messages state status start started starting stop stopped \
    stopping restart reload ready running run exit exited killed signal process thread main pool job jobs task tasks \
    memory disk volume device mount path directory folder config configuration setting settings option options using \
    read write open close create created delete deleted update updated insert select query table tables column index \
    data log logs logging logger level time date zone version release type kind class method function module package \
    line lines code number count total size limit max min bytes backup restore monitor monitoring health check metrics \
    exporter operator controller scheduler manager agent registry image images container containers pod pods cluster \
    namespace ingress egress deployment replicaset authority builtin nt windows linux unix ubuntu debian centos redhat \
    fedora alpine darwin macos android anyone everyone nonroot self me you it its reading writing sending receiving \
    authentication authorization permission access public private internal external stdin stdout stderr console tty ttys \
    hklm hkcu hkey provided supplied given set unset match matches mismatch available unavailable reachable unreachable \
    ";

/// Whether everybody uses this word.
pub(super) fn is_common(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    !word.contains(' ') && COMMON.contains(&format!(" {word} "))
}

/// Whether a name in the place of a name of this kind is the user's own.
pub(super) fn is_own_name(kind: Kind, name: &str) -> bool {
    let is_word = name.chars().any(char::is_alphabetic);
    match kind {
        Kind::Host => is_word && !is_common(name) && !super::shape::is_public_host(name) && !is_hash(name),
        Kind::User => is_word && !is_common(name.trim_end_matches('$')) && !name.ends_with(".service"),
        Kind::Secret => !name.is_empty() && !is_common(name) && !name.chars().all(|c| "*x.<>…[]{}%-_".contains(c)),
        Kind::Mail | Kind::Address | Kind::Mac => true,
    }
}

/// Whether a name is unlike the words of messages, so that it is the same thing wherever it stands.
pub(super) fn is_distinct(kind: Kind, name: &str) -> bool {
    let min = match kind {
        Kind::Host | Kind::User => 3,
        Kind::Mail | Kind::Address | Kind::Mac => 1,
        Kind::Secret => 6,
    };
    name.chars().count() >= min && name.chars().any(char::is_alphabetic) && !is_common(name)
        || matches!(kind, Kind::Address)
        || matches!(kind, Kind::Host) && name.len() == 2 && name.as_bytes()[1].is_ascii_digit()
}

/// Whether a word is a long hexadecimal number: the id of a container or of a commit.
fn is_hash(name: &str) -> bool {
    name.len() >= 12 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}
