#!/bin/sh
# Provokes messages of Ansible without any remote host. Run by hand; needs ansible-core in PATH.
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir" || exit 1
export HOME="$dir" ANSIBLE_NOCOLOR=1 ANSIBLE_PYTHON_INTERPRETER=/usr/bin/python3 ANSIBLE_LOCALHOST_WARNING=0 ANSIBLE_INVENTORY_UNPARSED_WARNING=0
say() { echo "== $1"; shift; timeout 60 "$@" 2>&1 | grep -v '^$' | tail -7; }
play() { printf -- '- hosts: all\n  gather_facts: false\n  tasks:\n%s\n' "$1" > p.yml; }
book() { title=$1; shift; say "$title" ansible-playbook -i localhost, -c local "$@" p.yml; }
say "unreachable, refused" ansible all -i 127.0.0.1:9, -m ping
say "unreachable, unknown name" ansible all -i no-such-host.invalid, -m ping
say "no hosts matched" ansible web -i localhost, -m ping
play '  - debug: { msg: "{{ nothere }}" }'; book "undefined variable"
play '  - debug: { msg: "{{ hostvars.localhost.a.b }}" }'; book "undefined attribute"
play '  - nothere: { a: 1 }'; book "module unknown"
play '  - command: /nothere'; book "command missing"
play '  - command: "false"'; book "command fails"
play '  - copy: { src: nothere, dest: /tmp/x }'; book "source missing"
play '  - template: { src: t.j2, dest: "/tmp/x" }'; echo '{% if %}' > t.j2; book "template error"
play '  - command: id
    become: true
    become_user: root'; runuser -u nobody -- true 2> /dev/null
printf -- '- hosts: all\n  tasks:\n  - debug\n   msg: x\n' > p.yml; book "YAML"
play '  - debug: { msg: 1 }
    colour: blue'; book "bad attribute"
echo "a: 1" > v.yml; echo pw > pw; ansible-vault encrypt --vault-password-file pw v.yml > /dev/null 2>&1; echo other > pw2
play '  - include_vars: v.yml'; book "vault, no password"
book "vault, wrong password" --vault-password-file pw2
play '  - ping:'; book "interpreter missing" -e ansible_python_interpreter=/nothere/python
printf -- '- hosts: all\n  roles: [nothere]\n' > p.yml; book "role missing"
play '  - assert: { that: 1 == 2 }'; book "assertion"
play '  - file: { path: /proc/x, state: directory }'; book "file not permitted"
play '  - wait_for: { port: 9, timeout: 1 }'; book "wait_for"
play '  - get_url: { url: "http://127.0.0.1:9/x", dest: /tmp/x }'; book "get_url refused"
play '  - uri: { url: "http://127.0.0.1:9/x" }'; book "uri refused"
play '  - lineinfile: { path: /nothere/x, line: a }'; book "lineinfile"
play '  - ping:
    vars: { ansible_become: true, ansible_become_method: sudo, ansible_become_exe: /nothere/sudo }'; book "no sudo"
