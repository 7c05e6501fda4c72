#!/bin/bash
# Provokes errors of runtimes (Node.js, Python, Ruby, Go, Java) in a scratch folder and prints what they say. Each part is left out if its program is missing.
set -u
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
r() { echo "== $1"; shift; timeout 20 "$@" 2>&1 | head -${N:-14}; }
if command -v node >/dev/null; then
  mkdir esm; echo '{"type":"module"}' > esm/package.json; echo 'export const a = 1; await 1' > esm/m.js; echo 'export default 1' > esm/x.mjs
  echo 'require("express")' > a.js; echo 'require("./esm/m.js")' > b.js; echo 'import x from "express"' > c.mjs; echo 'import { nope } from "./esm/x.mjs"' > d.mjs; echo 'import "./nothere.js"' > e.mjs; echo 'import "x"' > f.js; echo 'require("fs")' > esm/g.js
  echo 'Promise.reject(new Error("shop is closed"))' > h.js; echo 'require("net").createServer().listen(18790); setTimeout(() => require("net").createServer().listen(18790), 100); setTimeout(() => process.exit(), 500)' > i.js
  echo 'require("net").createServer().listen(80)' > j.js; echo 'require("net").connect(1,"127.0.0.1")' > k.js; echo 'require("http").get("http://nobody.invalid/")' > l.js; echo 'fetch("http://127.0.0.1:1/")' > m.js; echo 'require("https").get("https://127.0.0.1:18791/")' > n.js
  echo 'const u = undefined; u.pay()' > o.js; echo 'require("crypto").createHash("md4")' > p.js; echo 'JSON.parse("<html>")' > q.js; echo 'function r() { r() } r()' > s.js; echo 'require("fs").readFileSync("/nothere")' > t.js; echo 'const x = {' > u.js; echo 'process.dlopen(module, "/etc/passwd")' > v.js; echo 'new (require("events"))().emit("error", new Error("lost"))' > w.js; echo 'require("child_process").spawn("nothere")' > x.js
  for f in a.js b.js c.mjs d.mjs e.mjs f.js esm/g.js h.js i.js j.js k.js l.js m.js o.js p.js q.js s.js t.js u.js v.js w.js x.js; do r "node $f: $(head -c 60 $f)" node $f; done
  su -s /bin/sh nobody -c "cd /; node -e 'require(\"net\").createServer().listen(81)'" 2>&1 | grep Error
fi
if command -v python3 >/dev/null; then
  p() { r "python $1" python3 -c "$1"; }
  N=4; p 'import nothere'; p 'from os import nothere'; p 'open("/nothere")'; p 'b"\xff".decode()'; p '"\u20ac".encode("ascii")'; p 'import urllib.request as u; u.urlopen("http://127.0.0.1:1/")'; p 'import urllib.request as u; u.urlopen("http://nobody.invalid/")'; p 'import json; json.loads("")'; p 'json = {}; json["a"]'; p 'None.x'; p 'def f(): f()
f()'; p 'import ctypes; ctypes.CDLL("libnothere.so.1")'; p 'print("a" b)'; p 'import distutils.nothere'; p 'import socket; socket.create_connection(("127.0.0.1", 1))'; p 'import ssl,socket; print(ssl.OPENSSL_VERSION)'; p 'import threading,sys; sys.exit(3)'; p 'import sqlite3; sqlite3.connect("/nothere/x")'; p 'x: int = 1
 y = 2'; p 'from collections import Mapping'; p 'import asyncio; asyncio.get_event_loop().run_until_complete(asyncio.wait_for(asyncio.sleep(9), 1))'; LC_ALL=C PYTHONIOENCODING=ascii p 'print("\u20ac")'
fi
if command -v ruby >/dev/null; then for s in 'require "nothere"' 'nil.pay' 'require "socket"; TCPSocket.new("127.0.0.1", 1)' 'require "net/http"; Net::HTTP.get(URI("http://nobody.invalid/"))' 'File.read("/nothere")' '"\xff".encode("UTF-16")' 'def f; f; end; f' 'require "bundler/setup"' 'raise "shop is closed"'; do N=4 r "ruby $s" ruby -e "$s"; done; fi
if command -v go >/dev/null; then
  g() { printf 'package main\n%s\n' "$2" > main.go; N=12 r "go $1" env GOCACHE=$dir/gc HOME=$dir GOFLAGS=-mod=mod go run main.go; }
  g nil 'type t struct{a int}
func main() { var p *t; println(p.a) }'; g index 'func main() { a := []int{}; i := 3; println(a[i]) }'; g map 'func main() { var m map[string]int; m["a"] = 1 }'; g dead 'func main() { c := make(chan int); <-c }'; g panic 'import "errors"
func main() { panic(errors.New("shop is closed")) }'; g cm 'func main() { m := map[int]int{}; for i := 0; i < 9; i++ { go func() { for { m[1] = 1 } }() }; select {} }'; g closed 'func main() { c := make(chan int); close(c); c <- 1 }'; g cast 'func main() { var i interface{} = 1; println(i.(string)) }'
fi
if command -v java >/dev/null; then
  echo 'public class A { public static void main(String[] a) throws Exception { switch (a[0]) { case "npe": String s = null; s.length(); break; case "so": main(a); break; case "conn": new java.net.Socket("127.0.0.1", 1); break; case "host": new java.net.Socket("nobody.invalid", 1); break; case "cnf": Class.forName("com.mysql.cj.jdbc.Driver"); break; case "sql": java.sql.DriverManager.getConnection("jdbc:mysql://x/y"); break; case "file": new java.io.FileInputStream("/nothere"); break; case "bind": new java.net.ServerSocket(80, 1, java.net.InetAddress.getByName("192.0.2.1")); } } }' > A.java
  if command -v javac >/dev/null; then javac A.java; for a in npe so conn host cnf sql file bind; do N=3 r "java $a" java A $a; done; else for a in npe so conn host cnf sql file bind; do N=3 r "java $a" java A.java $a; done; fi
  N=4; r "java noclass" java Nothere; r "java jar" java -jar nothere.jar; r "java xmx" java -Xmx2 -version; r "java opt" java -XX:+UseConcMarkSweepGC -version; r "java opt2" java -XX:NoSuch -version; printf '\xca\xfe\xba\xbe\x00\x00\x00\x46' > B.class; r "java version" java -cp . B; r "java big" java -Xmx900000g -version; r "java mem" java -Xms400g -Xmx400g -XX:+AlwaysPreTouch -version
fi
