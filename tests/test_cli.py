import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import iraq_coalition_data as icd
from iraq_coalition_data import cli


def test_the_bare_command_says_what_the_dataset_holds(capsys):
    assert cli.main([]) == 0
    out = capsys.readouterr().out
    for table in icd.TABLES:
        assert f"{table:<19}{len(icd.load(table)):>7} rows" in out
    latest = icd.load("events").sort_values(["start_date", "event_id"]).iloc[-1]
    for part in (latest["title"], "icd.load('events')", icd.cite(), icd.__version__):
        assert part in out


@pytest.mark.parametrize(("table", "column"), [("events", "title"), ("statements", "summary"), ("actors", "name")])
def test_show_prints_a_record_with_its_sources(capsys, table, column):
    record = icd.load(table).iloc[0]
    assert cli.main(["show", record.iloc[0]]) == 0
    out = capsys.readouterr().out
    assert record[column] in out
    cited = icd.load("citations").query("record_id == @record.iloc[0]").merge(icd.load("sources"), on="source_id")
    assert all(url in out for url in cited["url"])


@pytest.mark.parametrize("table", ["episodes", "locations", "figures", "sources", "casualties", "affiliations"])
def test_show_works_for_every_kind_of_record(capsys, table):
    for record in icd.load(table).iloc[:3, 0]:
        assert cli.main(["show", record]) == 0
        assert f"{record}  ({table})" in capsys.readouterr().out


def test_show_prints_what_answers_an_event(capsys):
    link = icd.load("links").query("relation == 'claims'").iloc[0]
    cli.main(["show", link["related_id"]])
    assert link["record_id"] in capsys.readouterr().out


def test_an_unknown_id_is_one_line(capsys):
    assert cli.main(["show", "E99999"]) == 1
    assert capsys.readouterr().err == "iraq-coalition-data: no record has the id 'E99999'\n"


def test_resolve_and_describe_and_cite(capsys):
    assert cli.main(["resolve", "Kataeb Hezbollah"]) == 0
    assert capsys.readouterr().out == "kataib-hizballah\n"
    assert cli.main(["resolve", "no such name at all"]) == 1
    assert cli.main(["describe"]) == 0
    assert cli.main(["describe", "events"]) == 0
    shown = capsys.readouterr().out
    assert "rocket_mortar: " in shown
    assert "event_id (string, required): " in shown
    assert cli.main(["describe", "responses"]) == 0
    assert "days (integer, days): " in capsys.readouterr().out
    assert cli.main(["describe", "nothing"]) == 1
    assert "there are: actors" in capsys.readouterr().err
    assert cli.main(["cite", "--style", "bibtex"]) == 0
    assert capsys.readouterr().out.startswith("@")


def test_output_into_a_closed_pipe_is_quiet():
    command = f"{sys.executable} -m iraq_coalition_data describe events | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == ""


words = st.sampled_from(
    ["show", "resolve", "describe", "cite", "validate", "--json", "--style", "bibtex", "events", "E00001", "..", "-x"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(words | st.text(max_size=6), max_size=4).filter(lambda given: "add" not in given and "format" not in given))
def test_no_input_gives_a_traceback(arguments):
    if arguments[:1] == ["validate"]:  # a whole validation each time would take minutes
        arguments = ["validate", "/nowhere", *arguments[1:]]
    try:
        status = cli.main(arguments)
    except SystemExit as stopped:  # argparse's own refusal, or --help
        status = stopped.code
    assert status in (0, 1, 2)
