"""CSV files in their canonical form: UTF-8, LF, minimal quotes, rows sorted by their columns, final newline."""

import csv
import io
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

Row = dict[str, str]


def parse(raw: bytes) -> list[list[str]]:
    """The cells of a CSV file, header first. Raises UnicodeDecodeError or csv.Error."""
    return list(csv.reader(io.StringIO(raw.decode("utf-8"), newline=""), strict=True))


def render(header: list[str], rows: Iterable[list[str]]) -> bytes:
    """The canonical bytes of a table."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(sorted(rows))
    return buffer.getvalue().encode("utf-8")


def render_rows(header: list[str], rows: Iterable[Row]) -> bytes:
    """The canonical bytes of a table given as dicts."""
    return render(header, [[row[column] for column in header] for row in rows])


def read_rows(file: Path) -> list[Row]:
    """The rows of a CSV file as dicts of text."""
    header, *rows = parse(file.read_bytes())
    return [dict(zip(header, row, strict=True)) for row in rows]


def replace(root: Path, contents: Mapping[str, bytes]) -> list[str]:
    """Write files below ``root``, all staged before the first is moved into place; returns the names that changed."""
    changed = {name: raw for name, raw in contents.items() if not (root / name).is_file() or (root / name).read_bytes() != raw}
    staged = []
    try:
        for name, raw in changed.items():
            handle, temporary = tempfile.mkstemp(dir=(root / name).parent, prefix=f".{Path(name).name}.")
            staged.append((Path(temporary), root / name))
            with os.fdopen(handle, "wb") as file:
                file.write(raw)
                os.fchmod(file.fileno(), 0o644)
        for source, target in staged:
            source.replace(target)
    finally:
        for source, _ in staged:
            source.unlink(missing_ok=True)
    return list(changed)
