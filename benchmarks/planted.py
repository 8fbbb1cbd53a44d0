"""Plant every kind of fault of tests/faults.py and count who finds it: our validation, and frictionless alone.

    python benchmarks/planted.py [--seeds 3]

The descriptor is made anew after each fault, so that hashes and sizes do not give it away. Ours counts as found only where a
finding names the table, the record and the rule; frictionless where it calls the package invalid for any reason.
"""

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
from pathlib import Path
from random import Random
from typing import Any

import frictionless
from page import REPOSITORY, table, write

sys.path.append(str(REPOSITORY / "tests"))

from faults import FAULTS, FILE_FAULTS, SPOILT  # type: ignore[import-not-found]

from iraq_coalition_data import descriptor, files, tables
from iraq_coalition_data.tables import DESCRIPTOR, TABLES
from iraq_coalition_data.validation import judge

ORIGINAL = {f"data/{table}.csv": (REPOSITORY / "data" / f"{table}.csv").read_bytes() for table in TABLES}


def ours(contents: dict[str, bytes], expected: tuple[str, str, str]) -> bool:
    found = judge(files.reader(Path("/nowhere"), contents)).findings
    place, record, rule = expected
    return bool(((found["table"] == place) & (found["rule"] == rule) & ((found["record_id"] == record) | (record == ""))).any())


def theirs(root: Path, contents: dict[str, bytes]) -> bool:
    for name in ORIGINAL:
        (root / name).unlink(missing_ok=True)
    files.write(root, contents)
    return not frictionless.validate(str(root / DESCRIPTOR)).valid


def described(contents: dict[str, bytes]) -> dict[str, bytes]:
    return contents | {DESCRIPTOR: descriptor.render(descriptor.build(REPOSITORY, contents))}


def planted(name: str, seed: int) -> tuple[dict[str, bytes], tuple[str, str, str]]:
    data = {table: files.rows(ORIGINAL[f"data/{table}.csv"]) for table in TABLES}
    expected = FAULTS[name](data, Random(seed))
    header = {table: [field["name"] for field in tables.fields(table)] for table in TABLES}
    return described({f"data/{table}.csv": files.render_rows(header[table], data[table]) for table in TABLES}), expected


def spoilt(name: str) -> tuple[dict[str, bytes], tuple[str, str, str]]:
    change, rule = FILE_FAULTS[name]
    contents = described(ORIGINAL)
    key = f"data/{SPOILT}"
    if change is None:
        del contents[key]
    else:
        contents[key] = change(contents[key])
        if rule != "descriptor":
            package: dict[str, Any] = json.loads(contents[DESCRIPTOR])
            resource = next(resource for resource in package["resources"] if resource["path"] == key)
            resource |= {"bytes": len(contents[key]), "hash": "sha256:" + hashlib.sha256(contents[key]).hexdigest()}
            contents[DESCRIPTOR] = descriptor.render(package)
    return contents, (SPOILT.removesuffix(".csv"), "", rule)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    seeds = parser.parse_args().seeds
    counts: dict[str, list[int]] = {}
    missed: list[str] = []
    unseen: dict[str, None] = {}
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(REPOSITORY / "data", Path(folder, "data"))
        clean = described(ORIGINAL)
        alarms = (not judge(files.reader(REPOSITORY, clean)).ok, theirs(Path(folder), clean))
        cases = [(name, seed) for name in FAULTS for seed in range(seeds)] + [(name, None) for name in FILE_FAULTS]
        for name, seed in cases:
            contents, expected = spoilt(name) if seed is None else planted(name, seed)
            mine, other = ours(contents, expected), theirs(Path(folder), contents)
            count = counts.setdefault(expected[2], [0, 0, 0])
            for position, hit in enumerate((True, mine, other)):
                count[position] += hit
            if not mine:
                missed.append(f"{name} (seed {seed})")
            if not other:
                unseen[name] = None
    total = [sum(count[position] for count in counts.values()) for position in range(3)]
    rows = [[rule, *map(str, count)] for rule, count in sorted(counts.items())] + [["**all**", *(f"**{n}**" for n in total)]]
    text = (
        f"`python benchmarks/planted.py --seeds {seeds}`: {len(FAULTS)} kinds of fault in rows, {seeds} random rows each, and "
        f"{len(FILE_FAULTS)} kinds of spoilt file, planted in the real data one at a time, the descriptor made anew each time. "
        "Ours counts as found where the finding names table, record and rule; frictionless where it calls the package invalid "
        f"for whatever reason. Ours: {total[1]} of {total[0]} ({total[1] / total[0]:.1%}); frictionless alone: {total[2]} "
        f"({total[2] / total[0]:.1%}). False alarms on the clean data: {alarms[0]:d} and {alarms[1]:d}.\n\n"
    )
    text += table(["rule", "planted", "found", "by frictionless alone"], rows)
    if unseen:
        text += f"\nKinds that frictionless alone lets through at least once ({len(unseen)}): {', '.join(unseen)}.\n"
    write("faults", text + (f"\nMissed: {', '.join(missed)}\n" if missed else ""))
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
