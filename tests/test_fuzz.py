"""Random tables and random damage. FUZZ=5000 makes the loops as long as wanted."""

import os
from datetime import date
from random import Random

import pandas as pd
import pytest
from conftest import REPOSITORY, copy_package
from hypothesis import given, settings
from hypothesis import strategies as st

from iraq_coalition_data import cli, files, tables
from iraq_coalition_data.curation import CurationError, add
from iraq_coalition_data.tables import TABLES
from iraq_coalition_data.validation import judge

ROUNDS = int(os.environ.get("FUZZ", "60"))

# what the rules let into a cell of text, more or less: no control, surrogate or unassigned characters
letters = st.characters(exclude_categories=("Cc", "Cs", "Co", "Cn", "Zl", "Zp"))


def cells(field):
    """Valid cells of a column, from what the descriptor says of it: pairs of text and value."""
    limits = field.get("constraints", {})
    if "categories" in field:
        values = st.sampled_from(field["categories"]).map(lambda term: (term, term))
    elif field["type"] == "date":
        values = st.dates(date(1900, 1, 1), date(2200, 1, 1)).map(lambda day: (day.isoformat(), pd.Timestamp(day)))
    elif field["type"] == "boolean":
        values = st.booleans().map(lambda flag: (str(flag).lower(), flag))
    elif field["type"] == "integer":
        values = st.integers(limits.get("minimum", -(10**14)), 10**15 - 1).map(lambda number: (str(number), number))
    elif field["type"] == "number":
        limit = limits["maximum"] * 10**6
        values = st.integers(-limit, limit).map(lambda number: (f"{number / 10**6:.6f}", number / 10**6))
    elif "pattern" in limits:
        values = st.from_regex(limits["pattern"], fullmatch=True).filter(str.strip).map(lambda text: (text, text))
    else:
        words = st.text(letters, min_size=1, max_size=limits.get("maxLength", 40)) | st.sampled_from(
            ["NA", "null", '"', "a,b", "1e5"]
        )
        values = words.map(lambda text: (text, text))
    return values if limits.get("required") else st.just(("", None)) | values


@pytest.mark.parametrize("table", TABLES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_valid_table_comes_back_from_the_loader(table, data):
    fields = tables.fields(table)
    rows = data.draw(st.lists(st.tuples(*map(cells, fields)), max_size=5))
    raw = files.render([field["name"] for field in fields], [[text for text, _ in row] for row in rows])
    rows.sort(key=lambda row: [text for text, _ in row])  # as the canonical form has them
    frame = tables._load_pandas(table, raw)
    assert list(frame.columns) == [field["name"] for field in fields]
    assert len(frame) == len(rows)
    for field, column in zip(fields, zip(*rows, strict=True), strict=False):
        loaded = [None if pd.isna(value) else value for value in frame[field["name"]].astype(object)]
        assert loaded == [value for _, value in column], field["name"]
    frame = tables._load_polars(table, raw)
    for field, column in zip(fields, zip(*rows, strict=True), strict=False):
        expected = [value.date() if isinstance(value, pd.Timestamp) else value for _, value in column]
        assert frame[field["name"]].to_list() == expected, field["name"]


def damaged(raw, random):
    """Bytes with a few of them dropped, doubled, changed or moved."""
    spoilt = bytearray(raw)
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(spoilt))
        size = random.choice([1, 1, 2, 40, 4000])
        piece = spoilt[at : at + size]
        spoilt[at : at + size] = random.choice(
            [
                b"",
                piece * 2,
                bytes(random.randbytes(len(piece))),
                random.choice([b'"', b",", b"\n", b"\r", b"\0", b"\xff", "٣".encode()]),
            ]
        )
    return bytes(spoilt)


def test_validate_never_raises_whatever_the_files_hold():
    random = Random(5)
    read = files.reader(REPOSITORY)
    names = [tables.DESCRIPTOR, *(f"data/{table}.csv" for table in TABLES)]
    for _ in range(ROUNDS):
        name = random.choice(names)
        raw = damaged(read(name), random)
        report = judge(files.reader(REPOSITORY, {name: raw}))
        assert raw == read(name) or not report.ok, f"{name}: a change of bytes went unseen"


def test_damaged_batches_land_whole_or_change_nothing(tmp_path):
    random = Random(6)
    root = copy_package(tmp_path / "package")
    example = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0].encode()
    before = {file: file.read_bytes() for file in root.rglob("*") if file.is_file()}
    path = tmp_path / "batch.yaml"
    for _ in range(ROUNDS):
        path.write_bytes(damaged(example, random))
        try:
            add([path], root)
        except CurationError:
            pass
        else:
            assert judge(files.reader(root)).ok
            for file, raw in before.items():
                file.write_bytes(raw)
        assert {file: file.read_bytes() for file in before} == before


def test_no_command_gives_a_traceback(tmp_path, monkeypatch, capsys):
    random = Random(7)
    words = ["add", "retire", "diff", "export", "resolve", "show", "describe", "cite", "validate", "check-release", "plot"]
    words += ["--reason", "--replaced-by", "--format", "csv", "--view", "--tables", "--style", "--json", "--", "-", "..", ""]
    words += ["E00001", "events", "../x", "/dev/null", "/nowhere", str(tmp_path), "\udcff", "--output=x", "C:\\x", "a" * 300]
    monkeypatch.chdir(tmp_path)
    root = copy_package(tmp_path / "package")
    monkeypatch.setattr(tables, "data_root", lambda: root)
    for _ in range(ROUNDS):
        arguments = random.choices(words, k=random.randint(1, 4))
        try:
            status = cli.main(arguments)
        except SystemExit as stopped:
            status = stopped.code
        assert status in (0, 1, 2), arguments
    assert "Traceback" not in capsys.readouterr().err
