#!/bin/sh
# Provokes messages of the Docker daemon with a daemon of its own (own data, own socket). Run by hand as root; needs dockerd and a
# static busybox.
dir=$(mktemp -d); export DOCKER_HOST="unix://$dir/docker.sock"
say() { echo "== $1"; shift; timeout 60 "$@" 2>&1 | tail -4; }
say "no daemon" docker ps
echo '{ "hosts": ["tcp://127.0.0.1:12375"], }' > "$dir/daemon.json"
say "daemon.json is no JSON" dockerd --config-file "$dir/daemon.json" --data-root "$dir/data" --exec-root "$dir/exec" --pidfile "$dir/pid"
echo '{ "hosts": ["tcp://127.0.0.1:12375"] }' > "$dir/daemon.json"
say "hosts twice" dockerd --config-file "$dir/daemon.json" -H "$DOCKER_HOST" --data-root "$dir/data" --exec-root "$dir/exec" --pidfile "$dir/pid"
echo '{ "colour": "blue" }' > "$dir/daemon.json"
say "unknown option" dockerd --config-file "$dir/daemon.json" --data-root "$dir/data" --exec-root "$dir/exec" --pidfile "$dir/pid"
echo '{ "default-address-pools": [ { "base": "10.213.0.0/24", "size": 25 } ] }' > "$dir/daemon.json"
dockerd --config-file "$dir/daemon.json" -H "$DOCKER_HOST" --data-root "$dir/data" --exec-root "$dir/exec" --pidfile "$dir/pid" \
  --storage-driver vfs --bridge none > "$dir/log" 2>&1 &
daemon=$!
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do docker version > /dev/null 2>&1 && break; sleep 1; done
mkdir -p "$dir/root/bin"; cp "$(command -v busybox)" "$dir/root/bin/busybox"; for a in sh sleep true; do ln -s busybox "$dir/root/bin/$a"; done
printf '#!/bin/bash\necho hi\n' > "$dir/root/needs-bash"; chmod 755 "$dir/root/needs-bash"
printf '#!/bin/sh\necho hi\n' > "$dir/root/not-executable"; chmod 644 "$dir/root/not-executable"
printf 'not a program' > "$dir/root/noise"; chmod 755 "$dir/root/noise"; mkdir "$dir/root/etc"; echo x > "$dir/root/etc/conf"
tar -C "$dir/root" -c . | docker import - probe:1 > /dev/null
run() { title=$1; shift; say "$title" docker run --rm --network none "$@"; }
run "not in PATH" probe:1 start.sh
run "no such file" probe:1 /app/start
run "interpreter missing" probe:1 /needs-bash
run "not executable" probe:1 /not-executable
run "a directory" probe:1 /etc
run "exec format error" probe:1 /noise
run "working directory is a file" -w /etc/conf probe:1 true
mkdir "$dir/adir"
run "directory onto file" -v "$dir/adir:/etc/conf" probe:1 true
run "bind source missing" --mount "type=bind,source=$dir/none,target=/x" probe:1 true
run "name is upper case" Probe:1 true
run "image missing" --pull never nothere:1 true
run "GPU" --gpus all probe:1 true
docker create --name twice --network none probe:1 true > /dev/null 2>&1
say "name taken" docker create --name twice --network none probe:1 true
DOCKER_API_VERSION=1.99 say "client too new" docker ps
DOCKER_API_VERSION=1.10 say "client too old" docker ps
docker network create one > /dev/null 2>&1; docker network create two > /dev/null 2>&1
say "pools used up" docker network create three
say "subnet overlaps" docker network create --subnet 10.213.0.0/25 four
say "no swarm" docker service ls
printf 'FROM probe:1\nCOPY dist/parcels /x\n' > "$dir/adir/Dockerfile"
say "not in context" docker build "$dir/adir"
printf 'FROM probe:1\nRUN exit 3\n' > "$dir/adir/Dockerfile"
say "step fails" docker build "$dir/adir"
say "no Dockerfile" docker build "$dir/root"
kill "$daemon"; wait "$daemon" 2> /dev/null; rm -rf "$dir"
