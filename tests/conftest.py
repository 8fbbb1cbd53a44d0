"""What the tests share: the repository, and copies of its data to spoil."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from iraq_coalition_data import descriptor, files, tables
from iraq_coalition_data.files import Row

REPOSITORY = Path(__file__).parents[1]
Data = dict[str, list[Row]]


def copy_package(target: Path) -> Path:
    """Copy what a checkout needs to be edited and validated."""
    shutil.copytree(REPOSITORY / "data", target / "data")
    (target / "docs").mkdir()
    for name in ("datapackage.json", "pyproject.toml", "CITATION.cff"):
        shutil.copy(REPOSITORY / name, target)
    return target


def write_tables(root: Path, data: Data) -> None:
    """Write rows as canonical files and describe them anew, so that only what the rows say can be wrong."""
    for table, rows in data.items():
        header = [field["name"] for field in tables.fields(table)]
        (root / "data" / f"{table}.csv").write_bytes(files.render_rows(header, rows))
    (root / "datapackage.json").write_bytes(descriptor.render(descriptor.build(root)))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the checkout's data."""
    return copy_package(tmp_path / "package")


@pytest.fixture
def spoil(root: Path) -> Callable[[Callable[[Data], object]], Path]:
    """A copy of the data whose rows a function has changed."""

    def change(function: Callable[[Data], object]) -> Path:
        data = {table: files.read_rows(root / "data" / f"{table}.csv") for table in tables.TABLES}
        function(data)
        write_tables(root, data)
        return root

    return change
