import json
import shutil
import subprocess
import sys
import tomllib

import pandas as pd
import pytest
from conftest import REPOSITORY

import iraq_coalition_data as icd
from iraq_coalition_data import cli, descriptor, files, tables
from iraq_coalition_data.tables import TABLES, DataError

DTYPES = {"string": "string", "integer": "Int64", "number": "float64", "boolean": "boolean", "date": "datetime64[s]"}


@pytest.fixture
def data_in(root, monkeypatch):
    """The loader reading a copy of the data; call it again after an edit to describe the files anew."""

    def describe_anew():
        (root / "datapackage.json").write_bytes(descriptor.render(descriptor.build(root)))
        _forget()

    monkeypatch.setattr(tables, "data_root", lambda: root)
    _forget()
    yield root, describe_anew
    _forget()


def _forget():
    tables.descriptor.cache_clear()
    tables.resources.cache_clear()


@pytest.mark.parametrize("table", TABLES)
def test_load_gives_every_row_with_the_declared_types(table):
    frame = icd.load(table)
    rows = files.read_rows(icd.path(table))
    assert len(frame) == len(rows)
    for field in tables.fields(table):
        expected = "category" if "categories" in field else DTYPES[field["type"]]
        assert str(frame[field["name"]].dtype) == expected, field["name"]
        assert frame[field["name"]].notna().sum() == sum(row[field["name"]] != "" for row in rows), field["name"]


@pytest.mark.parametrize("table", TABLES)
def test_written_out_again_a_table_is_the_same_text(table):
    frame = icd.load(table)
    for row, (_, typed) in zip(files.read_rows(icd.path(table)), frame.astype(object).iterrows(), strict=True):
        for field in tables.fields(table):
            value = typed[field["name"]]
            text = "" if pd.isna(value) else str(value).removesuffix(" 00:00:00")
            if field["type"] == "number" and text:
                assert float(row[field["name"]]) == value
            else:
                assert row[field["name"]] == (text.lower() if field["type"] == "boolean" else text)


@pytest.mark.parametrize("table", TABLES)
def test_polars_gives_the_same_values(table):
    pl = pytest.importorskip("polars")
    ours, theirs = icd.load(table), icd.load(table, engine="polars")
    assert theirs.columns == list(ours.columns)
    for field in tables.fields(table):
        expected = {"string": pl.String, "integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean, "date": pl.Date}
        column = theirs[field["name"]]
        assert column.dtype == (pl.Enum(field["categories"]) if "categories" in field else expected[field["type"]])
        if field["type"] not in ("number", "date"):
            assert column.to_list() == [None if pd.isna(value) else value for value in ours[field["name"]].astype(object)]


def test_each_call_gives_a_fresh_frame():
    frame = icd.load("events")
    frame["title"] = "spoilt"
    assert not (icd.load("events")["title"] == "spoilt").any()


def test_unknown_table_or_engine_is_refused():
    with pytest.raises(KeyError, match="no table 'event'; there are: actors"):
        icd.load("event")
    with pytest.raises(ValueError, match="'pandas' or 'polars'"):
        icd.load("events", engine="spark")


@pytest.mark.parametrize("engine", ["pandas", "polars"])
@pytest.mark.parametrize(
    ("table", "column", "value", "message"),
    [
        ("events", "kind", "rocket", "is not a term of event_kind: rocket_mortar"),
        ("events", "start_date", "2024-02-30", "is not a date YYYY-MM-DD"),
        ("casualties", "best", "2.5", "is not a whole number"),
        ("casualties", "low", "two", "is not a whole number"),
        ("locations", "latitude", "north", "is not a number"),
        ("events", "landmark", "yes", "is not true or false"),
    ],
)
def test_a_wrong_cell_is_an_error_that_names_it(data_in, *, engine, table, column, value, message):
    root, describe_anew = data_in
    file = root / "data" / f"{table}.csv"
    header, *rows = files.parse(file.read_bytes())
    rows[3][header.index(column)] = value
    file.write_bytes(files.render(header, rows))
    describe_anew()
    with pytest.raises(DataError, match=message) as caught:
        icd.load(table, engine=engine)
    assert (caught.value.table, caught.value.record_id, caught.value.column, caught.value.value) == (
        table,
        rows[3][0],
        column,
        value,
    )


@pytest.mark.parametrize("engine", ["pandas", "polars"])
def test_wrong_columns_are_an_error_that_names_them(data_in, engine):
    root, describe_anew = data_in
    file = root / "data" / "episodes.csv"
    file.write_bytes(file.read_bytes().replace(b"summary", b"text", 1))
    describe_anew()
    with pytest.raises(DataError, match=r"missing \['summary'\], not expected \['text'\]"):
        icd.load("episodes", engine=engine)


def test_a_damaged_file_is_an_error_that_names_it(data_in):
    root, _ = data_in
    file = root / "data" / "episodes.csv"
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(DataError, match=r"data/episodes.csv is not the file that datapackage.json describes"):
        icd.load("episodes")
    file.unlink()
    with pytest.raises(DataError, match=r"data/episodes.csv cannot be read"):
        icd.load("episodes")


def test_words_that_pandas_takes_for_missing_stay_words(data_in):
    root, describe_anew = data_in
    file = root / "data" / "actors.csv"
    header, *rows = files.parse(file.read_bytes())
    for row, word in zip(rows, ["NA", "None", "null", "NaN", "n/a"], strict=False):
        row[header.index("name")] = word
    file.write_bytes(files.render(header, rows))
    describe_anew()
    assert icd.load("actors")["name"].head(5).tolist() == ["NA", "None", "null", "NaN", "n/a"]


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd="/").stdout


def test_import_brings_nothing_heavy():
    heavy = ["pandas", "numpy", "pandera", "frictionless", "polars", "yaml", "matplotlib", "shapely", "argparse"]
    assert (
        run(f"import sys, iraq_coalition_data as icd; icd.TABLES; print([m for m in {heavy} if m in sys.modules])").strip()
        == "[]"
    )


def test_loading_needs_no_extra():
    unwanted = ["pandera", "frictionless", "polars", "yaml", "shapely", "pycountry"]
    code = "import sys, iraq_coalition_data as icd; [icd.load(t) for t in icd.TABLES]; icd.chronology(); icd.describe('events')\n"
    assert run(code + f"print([m for m in {unwanted} if m in sys.modules])").strip() == "[]"


def test_a_missing_extra_names_the_command_that_brings_it():
    code = "import sys; sys.modules['pandera'] = None\nimport iraq_coalition_data as icd\n"
    code += "try: icd.validate()\nexcept ImportError as error: print(error)"
    assert "pip install 'iraq-coalition-data[validate]'" in run(code)


def test_a_pandas_that_is_too_old_is_one_line(monkeypatch, capsys):
    monkeypatch.setattr(pd, "__version__", "2.1.4")
    assert cli.main([]) == 1
    assert capsys.readouterr().err == (
        "iraq-coalition-data: pandas 2.1.4 is too old for this package; run: pip install --upgrade pandas\n"
    )
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"pandas>={'.'.join(map(str, tables.OLDEST_PANDAS))}" in project["dependencies"][0]


def test_every_public_name_is_there():
    assert [name for name in icd.__all__ if not hasattr(icd, name)] == []
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        icd.nothing  # noqa: B018


def test_the_wheel_holds_the_files_of_the_checkout(tmp_path):
    build = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(tmp_path), str(REPOSITORY)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    shutil.unpack_archive(wheel, tmp_path / "site", "zip")
    for table in TABLES:
        packed = tmp_path / "site" / "iraq_coalition_data" / "data" / f"{table}.csv"
        assert packed.read_bytes() == (REPOSITORY / "data" / f"{table}.csv").read_bytes()
    # imported from the zip itself, load works and path says why it cannot
    code = (
        f"import sys; sys.path.insert(0, {str(wheel)!r})\n"
        "import iraq_coalition_data as icd, json; assert '.whl' in icd.__file__\n"
        "print(json.dumps({t: len(icd.load(t)) for t in icd.TABLES}))\n"
        "try: icd.path('events')\nexcept icd.DataError as e: print(e)\n"
        "from iraq_coalition_data import cli; print(icd.validate()); cli.main(['format'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd="/")
    counts, message, verdict = done.stdout.splitlines()
    assert verdict == "valid: no findings"
    assert "the data in use are an installed copy" in done.stderr
    assert done.stderr.count("\n") == 1
    assert json.loads(counts) == {table: len(icd.load(table)) for table in TABLES}
    assert "imported from a zip file; use load()" in message
