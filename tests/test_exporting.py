"""Every export is read back with a program of the kind it is for, and compared with what ``load`` gives."""

import io
import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import duckdb
import frictionless
import openpyxl
import pandas as pd
import polars as pl
import pyreadstat
import pytest
from geojson_pydantic import FeatureCollection

import iraq_coalition_data as icd
from iraq_coalition_data import cli, exporting, files, tables, validation, views
from iraq_coalition_data.exporting import FORMATS, export, render

CHECKED = (*icd.TABLES, *views.VIEWS)


def plain(name):
    """A table or view as rows of Python values: dates and terms as text, None where there is nothing."""
    sheet = exporting._view(name) if name in views.VIEWS else exporting._table(name)
    dates = {field["name"] for field in sheet.fields if field["type"] == "date"}
    rows = []
    for row in sheet.frame.itertuples(index=False):
        values = zip(sheet.frame, row, strict=True)
        rows.append([None if pd.isna(value) else f"{value:%Y-%m-%d}" if name in dates else value for name, value in values])
    return rows


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    """Everything in every format."""
    root = tmp_path_factory.mktemp("exports")
    for kind in FORMATS:
        chosen = (None, ()) if kind == "geojson" else (icd.TABLES, views.VIEWS)
        export(root / kind, kind, *chosen)
    return root


@pytest.mark.parametrize("name", CHECKED)
def test_parquet_is_read_by_polars_and_duckdb(exports, name):
    file = exports / "parquet" / f"{name}.parquet"
    frame = pl.read_parquet(file)
    assert [[str(v) if hasattr(v, "isoformat") else v for v in row] for row in frame.rows()] == plain(name)
    fields = views.fields(name) if name in views.VIEWS else tables.fields(name)
    types = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE"}
    relation = duckdb.read_parquet(str(file))
    assert dict(zip(relation.columns, map(str, relation.types), strict=True)) == {f["name"]: types[f["type"]] for f in fields}
    assert [[str(v) if hasattr(v, "isoformat") else v for v in row] for row in relation.fetchall()] == plain(name)


def test_parquet_keeps_what_columns_mean(exports):
    import pyarrow.parquet as pq

    schema = pq.read_schema(exports / "parquet" / "figures.parquet")
    field = schema.field("best")
    described = icd.describe("figures").set_index("column")
    assert field.metadata[b"description"].decode() == described.loc["best", "description"]
    assert field.metadata[b"unit"].decode() == described.loc["best", "unit"]
    assert icd.__version__ in schema.metadata[b"source"].decode()


@pytest.mark.parametrize("name", CHECKED)
def test_json_lines_are_the_rows(exports, name):
    lines = (exports / "jsonl" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    assert [list(json.loads(line, parse_constant=pytest.fail).values()) for line in lines] == plain(name)


@pytest.fixture(scope="module")
def database(exports):
    with closing(sqlite3.connect(exports / "sqlite" / "iraq-coalition-data.sqlite")) as connection:
        yield connection


@pytest.mark.parametrize("name", CHECKED)
def test_sqlite_holds_the_rows(database, name):
    assert [list(row) for row in database.execute(f'SELECT * FROM "{name}"')] == plain(name)  # noqa: S608


def test_sqlite_has_the_keys_and_they_hold(database):
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    for table, resource in tables.resources().items():
        schema = resource["schema"]
        found = {row[3]: (row[2], row[4]) for row in database.execute(f"PRAGMA foreign_key_list({table})")}
        keys = schema.get("foreignKeys", [])
        expected = {k["fields"][0]: (k["reference"].get("resource", table), k["reference"]["fields"][0]) for k in keys}
        assert found == expected
        primary = [row[1] for row in sorted(database.execute(f"PRAGMA table_info({table})"), key=lambda row: row[5]) if row[5]]
        assert primary == schema.get("primaryKey", [])
    kinds = dict(database.execute("SELECT name, type FROM sqlite_master"))
    assert {kinds[view] for view in views.VIEWS} == {"view"}


def test_sqlite_refuses_what_breaks_a_key(exports, tmp_path):
    copy = tmp_path / "copy.sqlite"
    copy.write_bytes((exports / "sqlite" / "iraq-coalition-data.sqlite").read_bytes())
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"), connection:
            connection.execute("UPDATE events SET location_id = 'nowhere'")
        with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"), connection:
            connection.execute("INSERT INTO actors SELECT * FROM actors LIMIT 1")


@pytest.fixture(scope="module")
def workbook(exports):
    return openpyxl.load_workbook(exports / "xlsx" / "iraq-coalition-data.xlsx")


@pytest.mark.parametrize("name", CHECKED)
def test_excel_holds_the_rows(workbook, name):
    header, *rows = workbook[name].iter_rows(values_only=True)
    fields = views.fields(name) if name in views.VIEWS else tables.fields(name)
    assert list(header) == [field["name"] for field in fields]
    read = [[f"{v:%Y-%m-%d}" if hasattr(v, "isoformat") else v for v in row] for row in rows]
    assert read == plain(name)


def test_no_excel_cell_is_a_formula_or_a_link(workbook):
    kinds = {cell.data_type for page in workbook for row in page.iter_rows() for cell in row}
    assert kinds <= {"s", "n", "b", "d"}
    assert not any(cell.hyperlink for page in workbook for row in page.iter_rows() for cell in row)


def test_excel_explains_every_column_and_the_dataset(workbook):
    _, *rows = workbook["codebook"].iter_rows(values_only=True)
    explained = {(row[0], row[1]): row for row in rows}
    for name in CHECKED:
        for column in icd.describe(name).to_dict("records"):
            row = explained[name, column["column"]]
            assert row[5] == column["description"]
            assert (row[4] or "").split(", ") == list(column["allowed"] or [""])
    about = dict(workbook["about"].iter_rows(values_only=True))
    assert about["cite"] == icd.cite()


def sheet_of(text):
    """A sheet of one text column."""
    frame = pd.DataFrame({"note": pd.Series([text], dtype="string")})
    return exporting.Sheet("notes", "Notes.", frame, [{"name": "note", "type": "string", "description": "A note."}])


@pytest.mark.parametrize("text", ["=1+1", "+1", "@x", "https://x.org", "007", "1e5", "TRUE", "-2003"])
def test_text_that_excel_would_take_for_something_else_stays_text(text):
    (raw,) = exporting._xlsx([sheet_of(text)]).values()
    cell = openpyxl.load_workbook(io.BytesIO(raw))["notes"]["A2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_text_too_long_for_a_cell_is_refused_and_not_cut():
    with pytest.raises(ValueError, match="notes row 1, note: 32768 characters do not fit"):
        exporting._xlsx([sheet_of("x" * 32_768)])


@pytest.mark.parametrize("name", CHECKED)
def test_stata_is_read_by_pyreadstat_and_pandas(exports, name):
    file = exports / "dta" / f"{name}.dta"
    fields = views.fields(name) if name in views.VIEWS else tables.fields(name)
    frame, meta = pyreadstat.read_dta(file, apply_value_formats=True)
    assert meta.column_names == [exporting.RESERVED.get(field["name"], field["name"]) for field in fields]
    for label, field in zip(meta.column_labels, fields, strict=True):
        assert field["description"].startswith(label.removesuffix("…"))
        assert len(label) <= 80
    expected = plain(name)
    for position, field in enumerate(fields):
        column = exporting.RESERVED.get(field["name"], field["name"])
        found = [None if pd.isna(value) or value == "" else value for value in frame[column].astype(object)]
        wanted = [row[position] for row in expected]
        if field["type"] == "boolean":
            wanted = [None if value is None else str(value).lower() for value in wanted]
        if field["type"] == "date":
            found = [None if value is None else f"{value:%Y-%m-%d}" for value in found]
        assert found == wanted, column
        if "categories" in field and len(frame):
            assert list(meta.variable_value_labels[column].values()) == field["categories"]
    pandas = pd.read_stata(file)
    assert list(pandas.columns) == meta.column_names
    assert len(pandas) == len(expected)


def test_stata_is_version_118_and_keeps_long_and_arabic_text():
    for text in ("قاعدة عين الأسد", "x" * 2_046, "ع" * 2_000):
        (raw,) = exporting._dta([sheet_of(text)]).values()
        assert b"<release>118</release>" in raw[:100]
        assert pd.read_stata(io.BytesIO(raw))["note"].tolist() == [text]


def test_geojson_holds_events_at_a_site_or_town_alone(exports):
    text = (exports / "geojson" / "events.geojson").read_text(encoding="utf-8")
    collection = FeatureCollection.model_validate_json(text)
    events = icd.chronology().set_index("event_id")
    places = icd.load("locations").set_index("location_id")
    found = set()
    for feature in collection.features:
        event = events.loc[feature.id]
        assert event["location_precision"] in ("site", "town")
        place = places.loc[event["location_id"]]
        assert tuple(feature.geometry.coordinates) == (place["longitude"], place["latitude"])
        assert place["precision"] in ("site", "town")
        assert feature.properties["title"] == event["title"]
        found.add(feature.id)
    known = places.index[places["latitude"].notna() & places["precision"].isin(["site", "town"])]
    assert found == set(events.index[events["location_precision"].isin(["site", "town"]) & events["location_id"].isin(known)])
    assert found


def test_csv_is_a_package_of_its_own(tmp_path):
    export(tmp_path, "csv")
    assert validation.validate(tmp_path).ok
    assert (tmp_path / "datapackage.json").read_bytes() == tables.data_root().joinpath("datapackage.json").read_bytes()


def test_a_part_and_views_are_a_package_too(tmp_path):
    export(tmp_path, "csv", ["events", "locations"], views.VIEWS)
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])[:5]
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert [resource["name"] for resource in package["resources"]] == ["events", "locations", *views.VIEWS]
    (keys,) = [r["schema"]["foreignKeys"] for r in package["resources"] if r["name"] == "events"]
    assert [key["reference"]["resource"] for key in keys] == ["locations"]
    for view in views.VIEWS:
        header, *rows = files.parse((tmp_path / "data" / f"{view}.csv").read_bytes())
        assert header == [field["name"] for field in views.fields(view)]
        assert len(rows) == len(plain(view))


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_release_gives_the_same_bytes(exports, kind, tmp_path):
    time.sleep(1.1)  # a stamp would show
    chosen = (None, ()) if kind == "geojson" else (icd.TABLES, views.VIEWS)
    for file in export(tmp_path, kind, *chosen):
        assert file.read_bytes() == (exports / kind / file.relative_to(tmp_path)).read_bytes(), file.name


def test_without_tables_all_are_written_and_with_a_view_it_alone():
    assert set(render("jsonl")) == {f"{table}.jsonl" for table in icd.TABLES}
    assert set(render("jsonl", views=["talks"])) == {"talks.jsonl"}
    assert set(render("jsonl", ["events"], ["talks"])) == {"events.jsonl", "talks.jsonl"}


def test_export_by_command(tmp_path, capsys):
    target = tmp_path / "new" / "folder"
    command = ["export", str(target), "--format", "jsonl", "--tables", "events", "--view", "chronology"]
    assert cli.main(command) == 0
    assert capsys.readouterr().out.splitlines() == [str(target / "events.jsonl"), str(target / "chronology.jsonl")]
    assert cli.main(command) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"iraq-coalition-data: {target / 'events.jsonl'} is there already; use --force (force=True) to replace it"
    ]
    (target / "events.jsonl").write_text("old")
    assert cli.main([*command, "--force"]) == 0
    assert (target / "events.jsonl").read_bytes() == render("jsonl", ["events"])["events.jsonl"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--tables", "nothing"], "no table 'nothing'; there are: actors"),
        (["--view", "nothing"], "no view 'nothing'; there are: chronology"),
        (["--format", "geojson", "--tables", "events"], "geojson is of events alone: leave out tables and views"),
    ],
)
def test_wrong_use_is_one_line_and_writes_nothing(arguments, message, tmp_path, capsys):
    assert cli.main(["export", str(tmp_path / "out"), *arguments]) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="the system words it otherwise")
def test_a_folder_that_cannot_be_written_is_one_line(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert cli.main(["export", str(tmp_path / "file" / "out")]) == 1
    assert capsys.readouterr().err == f"iraq-coalition-data: cannot write to {tmp_path / 'file' / 'out'}: Not a directory\n"


def test_a_disk_that_fills_leaves_nothing_under_the_final_names(tmp_path, monkeypatch, capsys):
    written = []

    def full(handle):
        written.append(handle)
        if len(written) > 3:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    assert cli.main(["export", str(tmp_path), "--format", "jsonl"]) == 1
    assert (
        capsys.readouterr().err
        == f"iraq-coalition-data: cannot write to {tmp_path}: No space left on device; nothing was changed\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_an_export_killed_while_writing_leaves_nothing_under_the_final_names(tmp_path):
    """The process kills itself, as by kill -9, after the third of the files was written."""
    script = """
import os, signal, sys
from iraq_coalition_data import exporting, files
count = [0]
def dying(handle):
    count[0] += 1
    if count[0] > 3: os.kill(os.getpid(), signal.SIGKILL)
files.os.fsync = dying
exporting.export(sys.argv[1], "jsonl")
"""
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    assert done.returncode == -9
    assert [file.name for file in tmp_path.iterdir() if not file.name.startswith(".")] == []


def test_a_missing_extra_names_the_command_that_brings_it(monkeypatch, tmp_path, capsys):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    assert cli.main(["export", str(tmp_path), "--format", "xlsx"]) == 1
    assert "pip install 'iraq-coalition-data[export]'" in capsys.readouterr().err
