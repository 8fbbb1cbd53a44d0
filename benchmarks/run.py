"""Time and memory of what the package does, side by side with what it is held against.

    python benchmarks/run.py [--rounds 11]

The two sides of a comparison take turns, so that a busy machine slows both; medians are shown. Memory is the peak of the whole
process. Writes its part of docs/performance.md.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from page import REPOSITORY, setting, table, write

EVENTS = str(REPOSITORY / "data" / "events.csv")
PACKAGE = str(REPOSITORY / "datapackage.json")
BIN = Path(sys.executable).parent
CLI = str(BIN / "iraq-coalition-data")
ICD = "import iraq_coalition_data as icd\n"
# prints the median milliseconds of the calls of two functions that take turns, each once unmeasured
WARM = """
import json, statistics, time
def timed(function):
    start = time.perf_counter(); function(); return (time.perf_counter() - start) * 1000
ours(), theirs()
pairs = [(timed(ours), timed(theirs)) for _ in range(ROUNDS)]
print(json.dumps([statistics.median(side) for side in zip(*pairs)]))
"""
NAMES = """
names = (icd.load("names")["name"].tolist() * 10)[:900] + [n[:-1] + "x" for n in icd.load("actors")["name"]][:100]
def ours(): [icd.resolve(name) for name in names]
"""


class Run(NamedTuple):
    """What one process took."""

    milliseconds: float
    megabytes: float


def run(command: list[str], cwd: Path = REPOSITORY) -> Run:
    """Run a command to its end."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=cwd) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{command}: {process.stderr and process.stderr.read().decode()[-2000:]}")
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return Run((time.perf_counter() - start) * 1000, usage.ru_maxrss / unit)


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def taking_turns(commands: list[list[str]], rounds: int) -> list[Run]:
    """The median of each command."""
    turns = [[run(command) for command in commands] for _ in range(rounds + 1)][1:]  # the first round warms the disk's cache
    return [Run(*(statistics.median(values) for values in zip(*runs, strict=True))) for runs in zip(*turns, strict=True)]


def warm(ours: str, theirs: str, rounds: int) -> list[float]:
    code = f"ROUNDS = {rounds}\n{ICD}{ours}\n{theirs}\n{WARM}"
    done = subprocess.run(python(code), capture_output=True, text=True, check=True, cwd=REPOSITORY)
    found: list[float] = json.loads(done.stdout)
    return found


def five_hundred(folder: Path) -> list[str]:
    """A copy of the data with 500 records to add: 250 events, each with a statement that condemns it."""
    sys.path.append(str(REPOSITORY / "tests"))
    from test_curation import BATCH, EVENT, STATEMENT  # type: ignore[import-not-found]

    events, statements = [], []
    for number in range(250):
        kind, day = ("rocket_mortar", "missile", "drone")[number % 3], f"{2004 + number // 28 % 9}-02-{number % 28 + 1:02d}"
        events.append(EVENT | {"key": f"e{number}", "title": f"Case {number}", "start_date": day, "kind": kind})
        link = {"relation": "condemns", "to": f"e{number}", "basis": "stated"}
        statement = {"date": day, "summary": f"Condemned case {number}.", "act": "condemn", "links": [link]}
        statements.append({key: value for key, value in STATEMENT.items() if key not in ("key", "positions")} | statement)
    (folder / "batch.json").write_text(json.dumps(BATCH | {"events": events, "statements": statements}), encoding="utf-8")
    for part in ("src", "data", "docs"):
        shutil.copytree(REPOSITORY / part, folder / part)
    for part in ("datapackage.json", "pyproject.toml", "CITATION.cff"):
        shutil.copy(REPOSITORY / part, folder)
    code = f"import sys; sys.path.insert(0, {str(folder / 'src')!r})\n"
    return python(code + "from iraq_coalition_data.cli import main; sys.exit(main(['add', 'batch.json', '--dry-run']))")


def line(what: str, ours: float, theirs: float | None, held: str, bar: str, memory: str = "") -> list[str]:
    """A line of the table; ``bar`` as ``<= 1.10``, with ``+ 60`` where the difference in ms is meant."""
    met, ratio = "", ""
    if theirs is not None:
        ratio = f"{ours / theirs:.2f}"
        if bar:
            value = ours - theirs if bar.startswith("+") else ours / theirs
            met = "met" if value <= float(bar.lstrip("+ ")) else "**missed**"
    other = f"{theirs:.1f} ms, {held}" if theirs is not None else held
    asked = f"{'+' if bar.startswith('+') else ''}{bar.lstrip('+ ')}{' ms' if bar.startswith('+') else ''}: {met}" if bar else ""
    return [what, f"{ours:.1f} ms", other, ratio, asked, memory]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=11)
    rounds = parser.parse_args().rounds
    lines = []

    def compare(what: str, ours: list[str], theirs: list[str], held: str, bar: str = "") -> None:
        mine, other = taking_turns([ours, theirs], rounds)
        memory = f"{mine.megabytes:.0f} / {other.megabytes:.0f}"
        lines.append(line(what, mine.milliseconds, other.milliseconds, held, bar, memory))

    bare = python("pass")
    compare("`import iraq_coalition_data`", python(ICD), bare, "bare Python")
    compare("`iraq-coalition-data --version`", [CLI, "--version"], bare, "bare Python", "+ 60")
    csv = python(f"import pandas; pandas.read_csv({EVENTS!r})")
    compare("`load('events')`, whole process", python(ICD + "icd.load('events')"), csv, "`pandas.read_csv`", "1.10")
    read = f"from frictionless import Package\nresource = Package({PACKAGE!r}).get_resource('events')\n"
    for call, bar in (("extract", "0.20"), ("read_rows", "")):
        mine, other = warm("def ours(): icd.load('events')", read + f"def theirs(): resource.{call}()", rounds)
        lines.append(line("`load('events')`, warm", mine, other, f"frictionless `{call}`", bar))
    every = "[icd.load(t) for t in icd.TABLES]"
    csvs = python("import glob, pandas\n[pandas.read_csv(f) for f in glob.glob('data/*.csv')]")
    compare("`load` of every table, whole process", python(ICD + every), csvs, "`pandas.read_csv` of each")
    everything = f"from frictionless import Package\nresources = Package({PACKAGE!r}).resources\n"
    everything += "def theirs(): [resource.extract() for resource in resources]"
    mine, other = warm(f"def ours(): {every}", everything, rounds)
    lines.append(line("`load` of every table, warm", mine, other, "frictionless `extract`", ""))
    compare("`chronology()`, whole process", python(ICD + "icd.chronology()"), csv, "`pandas.read_csv` of events")
    nothing = "def theirs(): pass"
    lines.append(line("`chronology()`, warm", warm("def ours(): icd.chronology()", nothing, rounds)[0], None, "", ""))
    lines.append(line("`resolve` of 1,000 names, warm", warm(NAMES, nothing, 5)[0], None, "100 of them near misses", ""))
    judge = [str(BIN / "frictionless"), "validate", PACKAGE]
    compare("`validate`, whole process", [CLI, "validate", "."], judge, "`frictionless validate`", "0.50")
    theirs = f"import frictionless\ndef theirs(): frictionless.validate({PACKAGE!r})"
    mine, other = warm("def ours(): icd.validate()", theirs, 5)
    lines.append(line("`validate()`, warm", mine, other, "`frictionless.validate`", "0.50"))
    with tempfile.TemporaryDirectory() as folder:
        command = five_hundred(Path(folder))
        run(command, Path(folder))
        runs = [run(command, Path(folder)) for _ in range(3)]
        took, peak = (statistics.median(values) for values in zip(*runs, strict=True))
        lines.append(line("`add` of 500 records, whole process", took, None, "", "", f"{peak:.0f}"))
    rows = sum(file.read_bytes().count(b"\n") - 1 for file in (REPOSITORY / "data").glob("*.csv"))
    text = f"`python benchmarks/run.py --rounds {rounds}`, {setting()}, {os.cpu_count()} processors; {rows:,} rows in all, "
    text += "medians; the two sides took turns.\n\n"
    after = (
        "\n`extract` gives typed cells, as `load` does; the rows of `read_rows` convert a cell only when it is asked for, and "
        "none was. `validate` imports pandas and pandera before it reads a row, which frictionless does not; warm, its time goes "
        "into parsing and the canonical form, pandera, and the rules, none of which dominates. `load` pays for each column, "
        "however few its rows, so that a small table with many coded columns gains least.\n"
    )
    header = ["what", "takes", "held against", "ratio", "at most", "peak memory, MB (ours / theirs)"]
    write("speed", text + table(header, lines) + after)


if __name__ == "__main__":
    main()
