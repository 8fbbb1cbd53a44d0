"""What larger data would cost: the real data repeated 10, 100 and 1000 times, loaded, listed and validated.

    python benchmarks/growth.py [--most 1000]

Each copy of the numbered records has ids, addresses and titles of office of its own, and dates a day later than the copy
before where they are known to the day; references stay within the copy, actors, places, episodes and terms are shared. Every
figure is the median of a few processes, less what the same process takes without the call.
Writes its part of docs/performance.md.
"""

import argparse
import csv
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from page import REPOSITORY, setting, table, write
from run import python, taking_turns

from iraq_coalition_data import descriptor
from iraq_coalition_data.files import read_rows
from iraq_coalition_data.tables import TABLES, fields

NUMBERED = ("events", "statements", "figures", "casualties", "affiliations", "sources")
REPEATED = (*NUMBERED, "participants", "positions", "links", "citations", "statement_speakers")
LOADED = ("events", "citations")  # beyond ALL copies only these are repeated, since only they are read
ALL = 100
RECORD = re.compile(r"[A-Z][0-9]{5,}").fullmatch
CALLS = {  # what is measured, up to how many copies, and how often
    "load('events')": (1000, 3),
    "load('citations')": (1000, 3),
    "chronology()": (100, 3),
    "validate()": (100, 1),
}


def copies(name: str, times: int, numbers: dict[str, int]) -> Iterator[list[str]]:
    """The rows of a table, repeated; the highest number of each letter tells how far the ids of a copy are moved."""
    rows = read_rows(REPOSITORY / "data" / f"{name}.csv")
    columns = [(field["name"], field["type"] == "date") for field in fields(name)]  # type: ignore[arg-type]
    for copy in range(times):
        later = timedelta(days=copy)
        for row in rows:
            cells = []
            coarse = row.get("date_precision") not in (None, "day", "days")
            for column, dated in columns:
                cell = row[column]
                if cell and not coarse and (dated or (column == "published" and len(cell) == len("2024-01-28"))):
                    cell = (date.fromisoformat(cell) + later).isoformat()
                elif column.endswith("_id") and RECORD(cell):
                    cell = f"{cell[0]}{int(cell[1:]) + copy * numbers[cell[0]]:05d}"
                elif copy and column == "url":
                    cell = f"{cell.rstrip('/')}/{copy}"
                elif copy and name == "affiliations" and column == "title":
                    cell = f"{cell} {copy}".strip()
                cells.append(cell)
            yield cells


def scaled(folder: Path, times: int) -> int:
    """A checkout whose data are the real ones, repeated; returns the number of rows."""
    shutil.copytree(REPOSITORY / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "CITATION.cff"):
        shutil.copy(REPOSITORY / name, folder)
    (folder / "data").mkdir()
    ids = [next(iter(row.values())) for name in NUMBERED for row in read_rows(REPOSITORY / "data" / f"{name}.csv")]
    numbers = {letter: max(int(record[1:]) for record in ids if record[0] == letter) for letter in {record[0] for record in ids}}
    total = 0
    for name in TABLES:
        with (folder / "data" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(field["name"] for field in fields(name))
            repeated = name in (REPEATED if times <= ALL else LOADED)
            for row in copies(name, times if repeated else 1, numbers):
                writer.writerow(row)
                total += 1
    (folder / "datapackage.json").write_bytes(descriptor.render(descriptor.build(folder)))
    return total


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=1000)
    most = parser.parse_args().most
    found: dict[str, list[list[str]]] = {call: [] for call in CALLS}
    for times in (n for n in (1, 10, 100, 1000) if n <= most):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            total = scaled(folder, times)
            head = f"import sys; sys.path.insert(0, {str(folder / 'src')!r}); import pandas, iraq_coalition_data as icd; "
            for call, (largest, rounds) in CALLS.items():
                if times > largest:
                    continue
                nothing, run = taking_turns([python(head), python(f"{head}icd.{call}")], rounds)
                rows = total
                if "'" in call:
                    rows = sum(1 for _ in (folder / "data" / f"{call.split(chr(39))[1]}.csv").open("rb")) - 1
                took, peak = run.milliseconds - nothing.milliseconds, run.megabytes - nothing.megabytes
                per = [f"{took * 1000 / rows:.1f}", f"{peak * 1024 / rows:.2f}"]
                found[call].append([f"`{call}`", f"x{times}", f"{rows:,}", f"{took:,.0f}", f"{peak:,.0f}", *per])
                sys.stderr.write(f"{found[call][-1]}\n")
    text = f"`python benchmarks/growth.py --most {most}`, {setting()}; rows are those of the table, of all tables for calls that "
    text += "read several. Time and memory beyond those of a process that only imports the package and pandas.\n\n"
    header = ["call", "data", "rows", "ms", "MB", "µs per row", "kB per row"]
    write("growth", text + table(header, [row for rows in found.values() for row in rows]))


if __name__ == "__main__":
    main()
