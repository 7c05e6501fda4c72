#!/bin/sh
# Provokes the messages of kubectl that need no cluster. Run by hand: sh tests/provoke/kubectl.sh
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
export HOME="$dir" KUBECONFIG="$dir/config"
say() { echo "== $1"; shift; "$@" 2>&1 | head -3; }
say "no configuration" kubectl get pods
say "unknown context" kubectl --context prod get pods
write() { # server, user settings
  printf 'apiVersion: v1\nkind: Config\nclusters:\n- name: c\n  cluster: {server: "%s"}\nusers:\n- name: u\n  user: %s\ncontexts:\n- name: x\n  context: {cluster: c, user: u}\ncurrent-context: x\n' "$1" "$2" > "$dir/config"
}
write https://127.0.0.1:16443 '{token: t}'
say "refused" kubectl get pods
write https://127.0.0.1:16443 '{exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: aws-iam-authenticator, interactiveMode: Never}}'
say "plugin missing" kubectl get pods
write https://127.0.0.1:16443 '{exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: aws, interactiveMode: Never}}'
say "old plugin interface" kubectl get pods
write https://no-such-cluster.invalid '{token: t}'
say "name unknown" kubectl --request-timeout 5s get pods
printf 'apiVersion: v1\nkind: Pod\n metadata: x: y\n' > "$dir/bad.yaml"
say "not YAML" kubectl create --dry-run=client -o yaml -f "$dir/bad.yaml"
write https://127.0.0.1:16443 '{client-certificate: gone.crt, client-key: gone.key}'
say "certificate file missing" kubectl get pods
printf 'a: [b' > "$dir/config"
say "kubeconfig unreadable" kubectl get pods
