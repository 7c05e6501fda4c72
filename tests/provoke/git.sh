#!/bin/sh
# Provokes messages of Git with repositories of its own. Run by hand: sh tests/provoke/git.sh
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir" || exit 1
export HOME="$dir" GIT_TERMINAL_PROMPT=0 GIT_CONFIG_NOSYSTEM=1
say() { echo "== $1"; shift; timeout 20 "$@" 2>&1 | tail -8; }
git config --global init.defaultBranch main; git config --global advice.detachedHead false
git init -q --bare server.git; git clone -q server.git a 2> /dev/null; cd a || exit 1
say "no identity" git -c user.useConfigOnly=true commit --allow-empty -m x
git config --global user.email a@example.com; git config --global user.name A
echo one > f; git add f; git commit -qm one; git push -q origin HEAD:main; cd ..
git clone -q server.git b; (cd b && echo two > f && git commit -qam two && git push -q)
cd a || exit 1; echo three > f; git commit -qam three
say "not fast-forward" git push origin HEAD:main
say "divergent" git pull origin main
say "conflict" git pull --no-rebase origin main
say "unmerged" git commit -m x
git merge --abort; touch .git/index.lock
say "index.lock" git add f
rm .git/index.lock; echo four > f
say "local changes" git checkout -q origin/main~0 -- . && git fetch -q && git checkout -q -B other origin/main; echo five > f
say "would be overwritten" git checkout main
say "no such branch" git checkout nowhere
say "no such remote ref" git fetch origin nowhere
say "no such src refspec" git push origin nowhere
say "repository missing" git clone "$dir/none.git"
say "not a repository" git -C / status
printf '#!/bin/sh\necho "no: protected" >&2; exit 1\n' > ../server.git/hooks/pre-receive; chmod 755 ../server.git/hooks/pre-receive
git stash -q; git checkout -q -B main origin/main; git commit -q --allow-empty -m six
say "hook declined" git push origin main
rm ../server.git/hooks/pre-receive
say "http refused" git clone http://127.0.0.1:9/x.git
say "http name unknown" git clone https://no-such-host.invalid/x.git
say "ssh name unknown" git clone ssh://git@no-such-host.invalid/x.git
chown -R nobody ../server.git 2> /dev/null
say "dubious ownership" git -C ../server.git log -1
chown -R "$(id -u)" ../server.git
obj=$(find ../server.git/objects -type f | head -1); chmod 644 "$obj"; : > "$obj"
say "corrupt object" git clone ../server.git c --no-local
say "fsck" git -C ../server.git fsck
git submodule add -q ../nothere sub > /dev/null 2>&1
printf '[submodule "s"]\n\tpath = s\n\turl = ../nothere.git\n' > .gitmodules; git add .gitmodules; git update-index --add --cacheinfo 160000,"$(git rev-parse HEAD)",s
say "submodule" git submodule update --init
say "fetch shallow" git -C ../b fetch --depth 1 --unshallow
python3 - "$dir" <<'P' &
import http.server, sys
class H(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        code = int(self.path.split("/")[1]); self.send_response(code)
        if code == 401: self.send_header("WWW-Authenticate", 'Basic realm="x"')
        self.end_headers()
    do_POST = do_GET
    def log_message(self, *a): pass
http.server.ThreadingHTTPServer(("127.0.0.1", 18099), H).serve_forever()
P
server=$!; sleep 1
for code in 401 403 404 429 500 502 503; do say "http $code" git clone "http://127.0.0.1:18099/$code/x.git"; done
say "http wrong password" git clone http://u:p@127.0.0.1:18099/401/x.git
kill $server
