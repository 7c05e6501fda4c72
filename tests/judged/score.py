#!/usr/bin/env python3
"""Scores casebook on the judged questions and logs of the KBs of today, beside SQLite FTS5 over the same files.

Usage: score.py BINARY WORKSPACE KB_FOLDER [--misses]
WORKSPACE has a casebook.toml whose `kb` is KB_FOLDER, and was ingested. KB_FOLDER has the folders that README.md names.
FTS5 ranks by BM25 with the porter stemmer; any word may match, and words in the title and the name of the file count four times.
"""

import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


def read(name):
    return [json.loads(line) for line in open(HERE / name, encoding="utf-8")]


def answer(binary, workspace, *arguments):
    done = subprocess.run([binary, *arguments], cwd=workspace, capture_output=True, text=True)
    return json.loads(done.stdout)


def searched(binary, workspace, row):
    hits = answer(binary, workspace, "search", "--limit", "20", "--format", "json", "--", row["query"])["hits"]
    return [hit["source"] for hit in hits]


def diagnosed(binary, workspace, row):
    with tempfile.NamedTemporaryFile("w", suffix=".log") as log:
        log.write(row["log"])
        log.flush()
        found = answer(binary, workspace, "diagnose", "--format", "json", log.name)
    shown = [answer(binary, workspace, "show", "--format", "json", article["id"]) for article in found["articles"][:10]]
    return [article["source"] for article in shown]


def fts5(folder):
    table = sqlite3.connect(":memory:")
    table.execute("create virtual table d using fts5(path unindexed, title, name, body, tokenize='porter unicode61')")
    for path in sorted(Path(folder).rglob("*.md")):
        text = path.read_text(encoding="utf-8", errors="replace")
        title = re.search(r"^title:\s*(.+)$", text, re.M) or re.search(r"^#\s+(.+)$", text, re.M)
        name = re.sub(r"[-_./]", " ", path.stem)
        table.execute("insert into d values (?, ?, ?, ?)", (str(path), title.group(1) if title else "", name, text))

    def find(row):
        words = re.findall(r"\w+", row.get("query") or row["log"])
        query = " OR ".join(f'"{word}"' for word in words)
        ranked = "select path from d where d match ? order by bm25(d, 0, 4, 4, 1) limit 20"
        return [path for (path,) in table.execute(ranked, (query,))]

    return find


def rank(found, row):
    relevant = tuple(row["relevant"])
    return next((n for n, path in enumerate(found, 1) if path.endswith(relevant)), None)


def score(ranks):
    n = len(ranks)
    at = lambda most: sum(rank is not None and rank <= most for rank in ranks) / n
    reciprocal = sum(1 / rank for rank in ranks if rank is not None and rank <= 10) / n
    return f"n={n} success@1={at(1):.3f} success@5={at(5):.3f} MRR={reciprocal:.3f}"


def main():
    binary, workspace, folder = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3]
    peer = fts5(folder)
    for name, ask in [("today.jsonl", searched), ("today_logs.jsonl", diagnosed)]:
        rows = read(name)
        own = [(row, rank(ask(binary, workspace, row), row)) for row in rows]
        others = [rank(peer(row), row) for row in rows]
        if "--misses" in sys.argv:
            for row, place in own:
                if place != 1:
                    print(row["id"], place, (row.get("query") or row["log"])[:90].replace("\n", " "), row["relevant"][0])
        for half in "ab":
            print(f"{name} {half} casebook", score([place for row, place in own if row["half"] == half]))
            print(f"{name} {half} FTS5    ", score([place for row, place in zip(rows, others) if row["half"] == half]))
        for kind in sorted({row["kind"] for row in rows}):
            print(f"{name} {kind:12}", score([place for row, place in own if row["kind"] == kind]))


main()
