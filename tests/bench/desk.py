"""The desk at 1 000 and at 100 000 tickets, and against a naive twin on the same rows.

Both databases are asked in turn in one run (A B A B), so whatever else the machine does falls on
both; only ratios count. `python -m tests.bench desk`.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.worker import NAIVE, PAGES

ROOT = Path(__file__).resolve().parents[2]
SIZES = (1_000, 100_000)
ROUNDS = 15
GROWTH = 1.5
"""At the larger size a page takes at most so many times what it takes at the smaller one."""
AGAINST_NAIVE = {"list": 3.0, "filtered list": 5.0, "by words": 20.0}
QUERIES = {"list": 10, "closed list": 10, "filtered list": 10, "by words": 13}
"""Of a search three more are the engine's numbers, who is called so, and the passages found."""
QUERIES_ELSEWHERE = 15
CLOSED_TO_OPEN = 1.5
"""The list of everything closed, against the open list of the same size."""


@dataclass(frozen=True)
class Row:
    """Milliseconds (median) and queries of one page."""

    page: str
    small: float
    large: float
    queries: tuple[int, int]
    naive: float | None

    @property
    def growth(self) -> float:
        return self.large / self.small

    @property
    def times_faster(self) -> float | None:
        return self.naive / self.large if self.naive else None


def main(
    *,
    sizes: tuple[int, int] = SIZES,
    growth: float = GROWTH,
    closed: float = CLOSED_TO_OPEN,
    against: dict[str, float] | None = None,
) -> int:
    """Print the table; 1 when a target is missed."""
    with TemporaryDirectory(prefix="wasl-bench-") as folder:
        load(Path(folder), sizes)
        rows = measure(Path(folder), sizes)
    print(table(rows, sizes))
    against = AGAINST_NAIVE if against is None else against
    missed = misses(rows, growth=growth, closed=closed, against=against)
    print("\n".join(f"MISSED {line}" for line in missed) or "all targets kept")
    return int(bool(missed))


def load(folder: Path, sizes: tuple[int, int]) -> None:
    """One installation a size."""
    for size in sizes:
        print(f"loading {size} tickets …", flush=True)
        loading = run(folder / str(size), "load", str(size))
        loading.communicate()
        if loading.returncode:
            raise RuntimeError(f"loading {size} tickets failed")


def measure(folder: Path, sizes: tuple[int, int]) -> list[Row]:
    """Every page at both sizes, in turn."""
    return compare([Worker(folder / str(size)) for size in sizes], PAGES, naive=True)


def compare(workers: list["Worker"], pages: Iterable[str], *, naive: bool) -> list[Row]:
    """Every page of two databases, the smaller first, in turn; ends the workers."""
    pages = list(pages)
    try:
        for page in pages:  # caches, templates, the first connection
            for worker in workers:
                for turn in range(3):
                    worker.ask(page, turn)
                    if naive and page in NAIVE:
                        worker.ask(page, turn, naive=True)
        return [_row(page, *workers, naive=naive) for page in pages]
    finally:
        for worker in workers:
            worker.end()


def _row(page: str, small: "Worker", large: "Worker", *, naive: bool = True) -> Row:
    times: dict[str, list[float]] = {"small": [], "large": [], "naive": []}
    for turn in range(ROUNDS):
        times["small"].append(small.ask(page, turn)["ms"])
        times["large"].append(large.ask(page, turn)["ms"])
        if naive and page in NAIVE:
            times["naive"].append(large.ask(page, turn, naive=True)["ms"])
    queries = tuple(
        max(_queries(worker, page, turn) for turn in range(3)) for worker in (small, large)
    )
    return Row(
        page, median(times["small"]), median(times["large"]), (queries[0], queries[1]),
        median(times["naive"]) if times["naive"] else None,
    )  # fmt: skip


def _queries(worker: "Worker", page: str, turn: int) -> int:
    """The least of three: what is believed for two seconds is asked again by whoever comes then."""
    return min(int(worker.ask(page, turn, count=True)["queries"]) for _again in range(3))


def table(rows: list[Row], sizes: tuple[int, int]) -> str:
    head = f"{'page':<14} {sizes[0]:>8} {sizes[1]:>8}  growth  queries   naive  faster"
    lines = [f"milliseconds, median of {ROUNDS} in alternating order", head]
    for row in rows:
        naive = f"{row.naive:7.1f} {row.times_faster:6.1f}x" if row.naive else f"{'':>7} {'':>7}"
        lines.append(
            f"{row.page:<14} {row.small:8.1f} {row.large:8.1f} {row.growth:6.2f}x"
            f"  {row.queries[0]:>3}/{row.queries[1]:<3} {naive}"
        )
    return "\n".join(lines)


def misses(
    rows: list[Row], *, growth: float, against: dict[str, float], closed: float = CLOSED_TO_OPEN
) -> list[str]:
    """One line for each target that was not kept."""
    found = []
    by_page = {row.page: row for row in rows}
    for row in rows:
        if row.growth > growth:
            found.append(f"{row.page}: grows {row.growth:.2f}x, at most {growth}x")
        if max(row.queries) > QUERIES.get(row.page, QUERIES_ELSEWHERE):
            found.append(f"{row.page}: {max(row.queries)} queries")
        wanted = against.get(row.page)
        if wanted and (row.times_faster or 0) < wanted:
            found.append(f"{row.page}: {row.times_faster:.1f}x the naive twin, at least {wanted}x")
    ratio = by_page["closed list"].large / by_page["list"].large
    if ratio > closed:
        found.append(f"closed list: {ratio:.2f}x the open one, at most {closed}x")
    return found


def run(data: Path, *arguments: str, of: str = "worker", **extra: str) -> "subprocess.Popen[str]":
    data.mkdir(parents=True, exist_ok=True)
    ours = ("DATABASE_URL", "PROFILE", "DEBUG", "PORT", "LAN")
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return subprocess.Popen(
        [sys.executable, "-m", f"tests.bench.{of}", *arguments],
        cwd=ROOT, env={**kept, "DATA_DIR": str(data), **extra}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


class Worker:
    """One database in a process of its own."""

    def __init__(self, data: Path, **extra: str) -> None:
        self.process = run(data, "serve", **extra)

    def ask(self, page: str, turn: int, **more: bool) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"page": page, "round": turn, **more}) + "\n")
        self.process.stdin.flush()
        told: dict[str, Any] = json.loads(self.process.stdout.readline())
        if told["status"] not in (200, 302):
            raise RuntimeError(f"{page} answered {told['status']}")
        return told

    def end(self) -> None:
        self.process.communicate()
