"""What the documentation tells readers to type works, and gives what it says."""

import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing

import duckdb
import pytest
from conftest import REPOSITORY

import iraq_coalition_data as icd
from iraq_coalition_data.exporting import FORMATS, export
from iraq_coalition_data.views import VIEWS

USING = (REPOSITORY / "docs" / "using.md").read_text(encoding="utf-8")
JOINING = (REPOSITORY / "docs" / "joining.md").read_text(encoding="utf-8")


def blocks(text, language):
    """The fenced code of a language."""
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_the_worked_example_of_joining_gives_what_it_shows(capsys):
    names = {}
    for block in blocks(JOINING, "python"):
        exec(block, names)  # noqa: S102 the document of this repository
    shown = "".join(blocks(JOINING, "text")).splitlines()
    printed = capsys.readouterr().out.splitlines()
    # rows that only we have grow with the data; what their made-up rows match may not change unnoticed
    ids = re.compile(r"(IRQ|JOR|SYR)\d{5}|90000\d")
    assert [line.split() for line in printed if ids.search(line)] == [line.split() for line in shown if ids.search(line)]
    for which in ("matched", "ours only", "theirs only"):
        assert any(line.strip().startswith(which) for line in printed)
    assert set(names["events"]) >= {"kind_acled", "location_id_geonames"}
    assert set(names["states"]) >= {"actor_id_gleditsch_ward"}


def test_the_python_of_using_works():
    names = {}
    for block in blocks(USING, "python"):
        exec(block, names)  # noqa: S102 the document of this repository
    assert names["text"].startswith("@misc{R")


def has_r():
    """Whether R and jsonlite are there."""
    command = ["Rscript", "-e", "quit(status = !requireNamespace('jsonlite', quietly = TRUE))"]
    return shutil.which("Rscript") is not None and subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not has_r(), reason="R with jsonlite is not installed")
def test_r_reads_the_package_with_the_types_of_the_descriptor():
    """The lines of the documentation, then a table of what came of them."""
    (code,) = blocks(USING, "r")
    report = """
for (name in vapply(package$resources, function(r) r$name, "")) {
  table <- read_table(name)
  for (column in names(table)) {
    values <- table[[column]]
    cat(name, column, class(values)[1], sum(is.na(values)), nrow(table), nlevels(values), sep = "\\t")
    cat("\\n")
  }
}
cat("sum", sum(read_table("casualties")$best, na.rm = TRUE), format(max(events$start_date)), sum(events$landmark), sep = "\\t")
cat("\\n", nrow(participants), "\\n", sep = "")
arabic <- read_table("names")
cat(arabic$name[arabic$language == "ar"], sep = "\\n")
"""
    done = subprocess.run(
        ["Rscript", "-e", code + report], cwd=REPOSITORY, capture_output=True, encoding="utf-8", check=False,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    classes = {"string": "character", "integer": "numeric", "number": "numeric", "boolean": "logical", "date": "Date"}
    expected = []
    for table in icd.TABLES:
        frame = icd.load(table)
        for row in icd.describe(table).itertuples():
            kind = "factor" if row.allowed else classes[row.type]
            missing = int(frame[row.column].isna().sum())
            expected.append([table, row.column, kind, str(missing), str(len(frame)), str(len(row.allowed or []))])
    assert lines[: len(expected)] == expected
    events, best = icd.load("events"), icd.load("casualties")["best"].sum()
    assert lines[len(expected)] == ["sum", str(best), f"{events['start_date'].max():%Y-%m-%d}", str(events["landmark"].sum())]
    assert lines[len(expected) + 1] == [str(len(icd.load("participants")))]
    names = icd.load("names")
    assert [line[0] for line in lines[len(expected) + 2 :]] == names.loc[names["language"] == "ar", "name"].tolist()


def test_the_sql_of_using_works(tmp_path, monkeypatch):
    export(tmp_path / "out", "parquet", ["events", "participants"])
    export(tmp_path / "out", "sqlite")
    monkeypatch.chdir(tmp_path)
    duck, lite = blocks(USING, "sql")
    with duckdb.connect() as connection:
        rows = connection.execute(duck).fetchall()
    ours = icd.load("participants").query("role == 'target' and actor_id == 'us-armed-forces'")["event_id"]
    events = icd.load("events")
    assert sum(row[2] for row in rows) == (events["event_id"].isin(ours) & (events["category"] == "attack")).sum()
    with closing(sqlite3.connect("out/iraq-coalition-data.sqlite")) as connection:
        found = {row[1] for row in connection.execute(lite)}
    assert found == set(events.loc[events["landmark"], "title"])


def test_every_format_and_view_is_documented():
    for name in (*FORMATS, *VIEWS):
        assert name in USING


def test_each_cell_about_a_peer_names_a_page_or_says_that_none_was_read():
    section = (REPOSITORY / "docs" / "data-descriptor.md").read_text(encoding="utf-8").split("### Peers")[1].split("\n## ")[0]
    pages = {int(number) for number in re.findall(r"^(\d+)\. ", section, re.MULTILINE)}
    lines = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| ")]
    peers = [cells for cells in lines[1:] if cells[0].strip() != "this dataset"]
    assert [cells[0].strip() for cells in peers] == ["ACLED", "UCDP GED", "GTD", "ICEWS", "PA-X", "troopdata"]
    for name, *cells in peers:
        for cell in cells:
            assert re.search(r"\[\d+\]|not read", cell), (name, cell)
    cited = {int(number) for number in re.findall(r"\[(\d+)\](?!\()", section)}
    assert cited == pages
