#!/bin/sh
# Provokes messages of Podman with a storage of its own. Run by hand as root; needs podman, crun, runc and a static busybox.
dir=$(mktemp -d); export CONTAINERS_STORAGE_CONF="$dir/storage.conf"
printf '[storage]\ndriver="vfs"\nrunroot="%s/run"\ngraphroot="%s/graph"\n' "$dir" "$dir" > "$CONTAINERS_STORAGE_CONF"
say() { echo "== $1"; shift; timeout 60 "$@" 2>&1 | tail -4; }
run() { title=$1; shift; say "$title" podman --cgroup-manager=cgroupfs --events-backend=file run --rm --network none "$@"; }
say "short name" podman pull nothere
mkdir -p "$dir/root/bin" "$dir/root/etc"; cp "$(command -v busybox)" "$dir/root/bin/"; ln -s busybox "$dir/root/bin/true"; echo x > "$dir/root/etc/conf"
tar -C "$dir/root" -c . | podman --cgroup-manager=cgroupfs import - localhost/probe:1 > /dev/null 2>&1
run "not in PATH" localhost/probe:1 start.sh
run "not executable" localhost/probe:1 /etc/conf
run "working directory is a file" -w /etc/conf localhost/probe:1 true
run "no such user" --user app localhost/probe:1 true
run "directory onto file" -v "$dir/run:/etc/conf" localhost/probe:1 true
run "bind source missing" -v "$dir/none:/x" localhost/probe:1 true
say "no such network" podman --cgroup-manager=cgroupfs run --rm --network nothere localhost/probe:1 true
run "open files limit" --ulimit nofile=99999999 localhost/probe:1 true
podman --cgroup-manager=cgroupfs create --name twice localhost/probe:1 true > /dev/null 2>&1
say "name taken" podman --cgroup-manager=cgroupfs create --name twice localhost/probe:1 true
say "no socket" podman --remote --url "unix://$dir/no.sock" ps
rm -rf "$dir"
