"""What the search index costs: time, disk, and memory of each further process.

    python benchmarks/search.py                        # 1,000 to 100,000 documents
    python benchmarks/search.py --documents 10000 --json

How it is measured:

- Documents are generated here: 143 words in the mean, as products of WebShop have, of
  which a few are frequent and most are rare. A quarter holds a sign beyond ASCII.
- Queries have 1 to 10 words, drawn like those of the documents; each is asked once
  before the clock runs, and the figure is the median of the rounds.
- Time is processor time, but for "open", which is on the clock.
- "per process" is the private memory that a process gains by opening the index and
  asking all queries, while another has it open: what it does not share. Linux only.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import accumulate
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter, process_time

from agentgym_envs.commands.bench import rounded
from agentgym_envs.commands.speed import machine
from agentgym_envs.search import Index, build_on_disk

SIZES = (1_000, 10_000, 100_000)
WORDS = 143  # in a document, in the mean
VOCABULARY = 30_000
ROUNDS = 5
SMAPS = Path("/proc/self/smaps_rollup")


@dataclass
class Row:
    """The figures of one corpus."""

    documents: int
    build_s: float
    build_on_disk_s: float
    disk_mb: float
    open_ms: float
    query_ms: float
    slowest_query_ms: float
    per_process_mb: float | None


class Corpus:
    """Invented texts; the frequency of a word falls with its rank, as Zipf found."""

    def __init__(self, documents: int) -> None:
        self.documents = documents
        rng = random.Random(0)
        ends = ("", "", "", "s", "ing", "ed", "ness", "ation", "'s")
        self._words = [
            "".join(rng.choice("bcdfglmnprst") + rng.choice("aeiou") for _ in range(n))
            + rng.choice(ends)
            for n in rng.choices((1, 2, 3, 4), (1, 6, 6, 2), k=VOCABULARY)
        ]
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(VOCABULARY)))

    def _draw(self, rng: random.Random, count: int) -> str:
        return " ".join(rng.choices(self._words, cum_weights=self._weights, k=count))

    def records(self) -> Iterator[tuple[str, str]]:
        """Give ids, in no order, and texts."""
        rng = random.Random(1)
        for number in range(self.documents):
            sign = "™" if rng.random() < 0.25 else ""
            text = self._draw(rng, rng.randrange(3, 2 * WORDS)) + sign
            yield f"B{number * 7919 % 1_000_003:09d}", text

    def queries(self, count: int) -> list[str]:
        """Give queries of 1 to 10 words."""
        rng = random.Random(2)
        return [self._draw(rng, rng.randrange(1, 11)) for _ in range(count)]


def measure(documents: int, queries: int, place: Path) -> Row:
    """Build, save, open and search one corpus."""
    corpus = Corpus(documents)
    ids, texts = map(list, zip(*corpus.records(), strict=True))
    start = process_time()
    built = Index.build(ids, texts)
    build = process_time() - start
    built.save(place / "index")
    start = process_time()
    build_on_disk(place / "disk", zip(ids, texts, strict=True))
    on_disk = process_time() - start
    start = perf_counter()
    index = Index.load(place / "index")
    opened = perf_counter() - start
    asked = corpus.queries(queries)
    times = [[ask(index, query) for query in asked] for _ in range(ROUNDS + 1)][1:]
    each = [statistics.median(rounds) for rounds in zip(*times, strict=True)]
    size = sum(file.stat().st_size for file in (place / "index").iterdir())
    return Row(
        documents=documents,
        build_s=build,
        build_on_disk_s=on_disk,
        disk_mb=size / 1e6,
        open_ms=1e3 * opened,
        query_ms=1e3 * statistics.mean(each),
        slowest_query_ms=1e3 * max(each),
        per_process_mb=further_process(place / "index", asked),
    )


def ask(index: Index, query: str) -> float:
    """Give the processor time of one query in seconds."""
    start = process_time()
    index.search(query)
    return process_time() - start


def further_process(folder: Path, queries: list[str]) -> float | None:
    """Give the megabytes of its own that a further process needs."""
    if not SMAPS.exists():
        return None
    index = Index.load(folder)
    for query in queries:
        index.search(query)
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=use, args=(folder, queries, theirs))
    process.start()
    gained: float = ours.recv()
    process.join()
    return gained


def use(folder: Path, queries: list[str], answer: Connection) -> None:
    """Open an index, ask, and tell how much private memory that took."""
    # What any search needs, whatever the index.
    Index.build(["a"], ["red"]).search("red")
    before = private_mb()
    index = Index.load(folder)
    for query in queries:
        index.search(query)
    answer.send(private_mb() - before)


def private_mb() -> float:
    """Give the memory that this process shares with no other."""
    lines = SMAPS.read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line[:7] == "Private") / 1e3


def table(rows: list[Row]) -> str:
    """Write the rows as a Markdown table."""
    lines = [
        "| documents | build | build on disk | documents/s | on disk | open "
        "| query | slowest query | per process |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        memory = "" if row.per_process_mb is None else f"{row.per_process_mb:.1f} MB"
        lines.append(
            f"| {row.documents:,} | {row.build_s:.2f} s | {row.build_on_disk_s:.2f} s "
            f"| {rounded(row.documents / row.build_s)} | {row.disk_mb:.1f} MB "
            f"| {row.open_ms:.1f} ms | {row.query_ms:.2f} ms "
            f"| {row.slowest_query_ms:.2f} ms | {memory} |"
        )
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--documents",
        action="append",
        type=int,
        metavar="N",
        help="size of a corpus; may be repeated; default: 1000, 10000 and 100000",
    )
    parser.add_argument("--queries", type=int, default=200, metavar="N")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    rows = []
    for documents in options.documents or SIZES:
        place = Path(tempfile.mkdtemp(prefix="search-benchmark-"))
        try:
            rows.append(measure(documents, options.queries, place))
        finally:
            shutil.rmtree(place)
    facts = machine()
    if options.json:
        found = {**facts, "queries": options.queries, "rows": list(map(asdict, rows))}
        print(json.dumps(found, indent=2))
        return 0
    command = " ".join(["python benchmarks/search.py", *sys.argv[1:]])
    print(table(rows))
    print(
        f"\nMeasured by `{command}` on {facts['machine']}; Python {facts['python']}, "
        f"numpy {facts['numpy']}, agentgym-envs {facts['agentgym-envs']}."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
