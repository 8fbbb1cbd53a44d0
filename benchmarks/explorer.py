"""Measure the explorer against its budget: size of the first view, time until ready, time of a filter, time of the build.

``python benchmarks/explorer.py [--times N]``; with N the events, statements and what belongs to them are repeated N times, to
see what a larger release would cost. Exit status 1 where a budget is exceeded.
"""

import argparse
import gzip
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import growth
from playwright.sync_api import Browser, sync_playwright

REPOSITORY = Path(__file__).parents[1]
RUNS = 7
BUDGET = {
    "first view, kB compressed": 1500,
    "ready, ms": 1500,
    "filter, ms": 60,
    "build, s": 20,
}
# the browser does this: choose a filter, draw all that follows from it, lay the page out
FILTER = """() => {
  const times = [];
  const boxes = [...document.querySelectorAll('#facets details[open] input')].slice(0, 12);
  for (const box of boxes) {
    for (const _ of [1, 2]) {
      const start = performance.now();
      box.click();
      document.body.getBoundingClientRect();
      times.push(performance.now() - start);
    }
  }
  return times;
}"""


def repeated(root: Path, times: int) -> None:
    """A checkout whose data are repeated, with what the site is built from."""
    growth.scaled(root, times)
    for name in ("docs", "site"):
        shutil.copytree(REPOSITORY / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "axe-core"))
    shutil.copy(REPOSITORY / "CHANGELOG.md", root)


def built(root: Path, target: Path) -> float:
    """The seconds that the whole site takes."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, root / "site" / "build.py", target], check=True, env=os.environ | {"PYTHONPATH": str(root / "src")}
    )
    return time.perf_counter() - start


class Quiet(SimpleHTTPRequestHandler):
    """A server that logs nothing and remembers what it was asked for."""

    asked: list[str] = []

    def log_message(self, *_: Any) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        """Serve a file."""
        self.asked.append(self.path.split("?")[0])
        with suppress(ConnectionError):  # a page that is closed early
            super().do_GET()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def first_view(browser: Browser, folder: Path, origin: str, name: str) -> tuple[float, float]:
    """Kilobytes (compressed as a web server would) and milliseconds until a page is ready, in a browser without cache."""
    times = []
    for _ in range(RUNS):
        Quiet.asked.clear()
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(origin + name)
        page.wait_for_selector("html[data-ready]" if name in ("events.html", "statements.html") else "h1")
        times.append(page.evaluate("performance.timing.domContentLoadedEventEnd - performance.timing.navigationStart"))
        page.close()
    size = sum(len(gzip.compress((folder / path.lstrip("/")).read_bytes(), 6)) for path in set(Quiet.asked))
    return size / 1000, statistics.median(times)


def filtered(browser: Browser, origin: str, name: str) -> float:
    """Milliseconds of a filter."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(origin + name)
    page.wait_for_selector("html[data-ready]")
    page.evaluate(FILTER)  # once to warm up
    times: list[float] = page.evaluate(FILTER)
    return statistics.median(times)


def main() -> int:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=1, metavar="N")
    times: int = parser.parse_args().times
    worst = dict.fromkeys(BUDGET, 0.0)
    with tempfile.TemporaryDirectory() as work, sync_playwright() as engine:
        root, folder = REPOSITORY, Path(work, "explorer")
        if times > 1:
            root = Path(work, "checkout")
            root.mkdir()
            repeated(root, times)
        worst["build, s"] = built(root, folder)
        pages = sum(1 for _ in folder.rglob("*.html"))
        total = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        print(f"{pages} pages, {total / 1e6:.1f} MB on disk, built in {worst['build, s']:.1f} s")
        browser = engine.chromium.launch(executable_path=shutil.which("chromium"))
        with served(folder) as origin:
            for name in ("index.html", "events.html", "statements.html"):
                size, ready = first_view(browser, folder, origin, name)
                said = f"{name}: {size:.0f} kB compressed, ready in {ready:.0f} ms"
                worst["first view, kB compressed"] = max(worst["first view, kB compressed"], size)
                worst["ready, ms"] = max(worst["ready, ms"], ready)
                if name != "index.html":
                    spent = filtered(browser, origin, name)
                    worst["filter, ms"] = max(worst["filter, ms"], spent)
                    said += f", a filter in {spent:.0f} ms"
                print(said)
        browser.close()
    for what, most in BUDGET.items():
        print(f"{what}: {worst[what]:.1f} of {most}{'' if worst[what] <= most else '  TOO MUCH'}")
    return int(any(worst[what] > most for what, most in BUDGET.items()))


if __name__ == "__main__":
    sys.exit(main())
