"""CSV files in their canonical form: UTF-8, LF, minimal quotes, rows sorted by their columns, final newline."""

import csv
import io
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.resources.abc import Traversable
from pathlib import Path

Row = dict[str, str]
Read = Callable[[str], bytes]  # the bytes of a file by its name below a root


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


def rows(raw: bytes) -> list[Row]:
    """The rows of a CSV file as dicts of text."""
    header, *cells = parse(raw)
    return [dict(zip(header, row, strict=True)) for row in cells]


def read_rows(file: Path) -> list[Row]:
    """The rows of a CSV file on disk as dicts of text."""
    return rows(file.read_bytes())


def reader(root: Traversable, contents: Mapping[str, bytes] | None = None) -> Read:
    """What reads the files below ``root`` as they would be with new contents."""
    given = contents or {}
    return lambda name: given[name] if name in given else root.joinpath(name).read_bytes()


# --- writing ---------------------------------------------------------------------------------------------------------
#
# Several files change together, and a command may be killed at any moment. New contents are written whole into STAGED, which is
# then renamed READY: that rename decides. Before it, what was there stands; after it, the new files are moved into place, and if
# the command dies on the way, whoever comes next moves the rest (``recover``). Only the holder of the lock does any of this, and
# the operating system frees the lock of a process that has died, so none is ever stale.

STAGED, READY, LOCK = ".iraq-coalition-data-staged", ".iraq-coalition-data-ready", ".iraq-coalition-data-lock"


def replace(root: Path, contents: Mapping[str, bytes]) -> list[str]:
    """Write files below ``root``, all of them or none, inside ``with writing(root)``; returns the names that changed.

    Raises OSError in one line where a file cannot be written; then nothing has changed.
    """
    changed = {name: raw for name, raw in contents.items() if not (root / name).is_file() or (root / name).read_bytes() != raw}
    if changed:
        try:
            write(root / STAGED, changed)
            (root / STAGED).rename(root / READY)
        except OSError as error:
            shutil.rmtree(root / STAGED, ignore_errors=True)
            raise OSError(f"cannot write to {root}: {error.strerror}; nothing was changed") from error
        _finish(root)
    return list(changed)


def write(root: Path, contents: Mapping[str, bytes]) -> None:
    """Write files below ``root``, one after the other, down to the disk."""
    for name, raw in contents.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        with (root / name).open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())


def recover(root: Path) -> None:
    """Finish what a command that was killed had decided to write; looks at one name where there is nothing to finish."""
    if (root / READY).exists():
        with writing(root, wait=True):
            pass


@contextmanager
def writing(root: Path, wait: bool = False) -> Iterator[None]:
    """Hold the right to write below ``root``, with what killed commands left there put in order; OSError where another has it."""
    handle = _lock(root, wait)
    try:
        if (root / STAGED).exists():
            shutil.rmtree(root / STAGED)
        if (root / READY).exists():
            _finish(root)
        yield
    finally:
        os.close(handle)


def _finish(root: Path) -> None:
    """Move what is in READY into place."""
    try:
        for source in sorted((root / READY).rglob("*")):
            target = root / source.relative_to(root / READY)
            if source.is_dir():
                target.mkdir(exist_ok=True)
            else:
                source.replace(target)
        shutil.rmtree(root / READY)
    except OSError as error:
        raise OSError(f"cannot write to {root}: {error.strerror}; the next command will finish the change") from error


def _lock(root: Path, wait: bool) -> int:
    """Lock the folder for this process; closing the handle, or dying, frees it."""
    windows = sys.platform == "win32"  # where a folder cannot be locked, so that a file in it is
    try:
        handle = os.open(root / LOCK, os.O_RDWR | os.O_CREAT) if windows else os.open(root, os.O_RDONLY)
    except OSError as error:
        raise OSError(f"cannot write to {root}: {error.strerror}") from error
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise BlockingIOError(f"another command is writing to {root}; try again when it is done") from error
    return handle
