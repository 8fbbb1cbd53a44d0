import json
import subprocess
import sys

import pytest
from conftest import REPOSITORY, copy_package, write_tables

from iraq_coalition_data import cli, files, history, tables
from iraq_coalition_data.curation import CurationError
from iraq_coalition_data.retiring import retire
from iraq_coalition_data.tables import TABLES
from iraq_coalition_data.validation import validate


def read(root):
    return {table: files.read_rows(root / "data" / f"{table}.csv") for table in TABLES}


@pytest.fixture
def newer(tmp_path):
    """A function that gives the data, changed, as a release of another version beside the present one."""

    def change(version, function):
        root = copy_package(tmp_path / "newer")
        project = root / "pyproject.toml"
        old = f'version = "{tables.descriptor()["version"]}"'
        project.write_text(project.read_text(encoding="utf-8").replace(old, f'version = "{version}"'), encoding="utf-8")
        data = read(root)
        function(data)
        write_tables(root, data)
        return history.diff(REPOSITORY, root)

    return change


def bumped(position):
    parts = [int(part) for part in tables.descriptor()["version"].split(".")]
    return ".".join(str(part + (place == position) if place <= position else 0) for place, part in enumerate(parts))


def test_a_release_and_itself_do_not_differ():
    found = history.diff(REPOSITORY, REPOSITORY)
    assert (found.step, found.problems, found.added, found.changed) == ("none", [], [], [])


def test_a_correction_asks_for_a_patch(newer):
    def correct(data):
        data["events"][4]["title"] = "Another title"

    found = newer(bumped(2), correct)
    assert (found.step, found.problems) == ("patch", [])
    ((table, record, column, old, new),) = found.changed
    before = read(REPOSITORY)["events"][4]
    assert (table, record, column, old, new) == ("events", before["event_id"], "title", before["title"], "Another title")


def test_a_row_more_asks_for_a_minor_step(newer):
    def add(data):
        data["names"].append(dict(data["names"][0], name="A Further Spelling"))

    found = newer(bumped(2), add)
    assert found.step == "minor"
    assert len(found.added) == 1
    assert any("ask for a minor step" in problem for problem in found.problems)
    assert history.step_of("0.1.0", "0.2.0") == "minor"


def test_a_term_less_is_a_change_of_structure(newer):
    def drop(data):
        data["terms"] = [row for row in data["terms"] if row["term"] != "sorties"]

    found = newer(bumped(1), drop)
    assert found.structure == ["Term measure: sorties removed"]
    assert found.step == "major"
    assert history.needed("0.9.1", "major") == "minor"
    assert history.needed("1.0.0", "major") == "major"


def test_an_id_that_vanished_is_named(newer):
    lost = read(REPOSITORY)["figures"][3]["figure_id"]

    def drop(data):
        data["figures"] = [row for row in data["figures"] if row["figure_id"] != lost]

    assert any(problem.startswith(f"{lost} vanished; retire it") for problem in newer(bumped(1), drop).problems)


def test_an_id_out_of_order_is_named(newer):
    def add(data):
        data["figures"] = [row for row in data["figures"] if row["figure_id"] != "F00002"]
        data["retired_ids"].append({"retired_id": "F00002", "replaced_by": "", "release": "0.1.0", "reason": "a test"})
        data["events"][-1]["event_id"] = "E99999"

    problems = newer(bumped(1), add).problems
    assert [problem for problem in problems if "F00002" in problem] == []
    assert any("vanished" in problem for problem in problems)


@pytest.fixture(scope="module")
def distributions(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(REPOSITORY)]
    subprocess.run(build, check=True, capture_output=True)
    return [next(folder.glob("*.whl")), next(folder.glob("*.tar.gz"))]


def test_wheel_and_sdist_are_read_as_they_are(distributions):
    for archive in distributions:
        found = history.diff(archive, REPOSITORY)
        assert (found.step, found.problems) == ("none", [])


def test_git_revisions_are_read(tmp_path, root):
    def git(*arguments):
        subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True)

    git("init", "-q")
    git("config", "user.email", "nobody@example.org")
    git("config", "user.name", "Nobody")
    git("add", ".")
    git("commit", "-qm", "first")
    assert history.last_release(root) is None
    data = read(root)
    data["events"][0]["title"] = "Another title"
    project = root / "pyproject.toml"
    project.write_text(project.read_text().replace(f'version = "{tables.descriptor()["version"]}"', f'version = "{bumped(2)}"'))
    write_tables(root, data)
    git("commit", "-qam", "second")
    revision = history.last_release(root)
    assert history.diff(revision, root, root).step == "patch"
    git("tag", "v" + bumped(2))
    assert history.last_release(root) == "v" + bumped(2)
    assert history.diff("HEAD~1", "HEAD", root).changed == history.diff(revision, root, root).changed


@pytest.mark.parametrize("place", ["no-such-revision", "--output=x", str(REPOSITORY / "README.md"), str(REPOSITORY / "tests")])
def test_a_place_that_is_no_release_is_one_clear_error(place):
    with pytest.raises(ValueError, match=r"no package folder|holds no datapackage\.json"):
        history.diff(place, REPOSITORY, REPOSITORY)


def test_diff_by_command(root, capsys):
    data = read(root)
    data["statements"][0]["summary"] = "Something | else"
    write_tables(root, data)
    assert cli.main(["diff", str(REPOSITORY), str(root)]) == 1  # the version should have stepped
    out = capsys.readouterr().out
    assert "asks for a step of kind patch" in out
    assert "Something \\| else" in out
    cli.main(["diff", str(REPOSITORY), str(root), "--json"])
    assert json.loads(capsys.readouterr().out)["changed"][0][4] == "Something | else"


def test_retiring_moves_every_reference(root):
    data = read(root)
    event = next(row["event_id"] for row in data["events"] if row["kind"] == "drone")
    other = next(row["event_id"] for row in data["events"] if row["kind"] == "drone" and row["event_id"] != event)
    log = retire(other, "the same attack", event, root)
    assert log[0] == f"{other} retired"
    after = read(root)
    assert validate(root).ok
    assert {row["retired_id"]: row["replaced_by"] for row in after["retired_ids"]}[other] == event
    for table in TABLES:
        assert table == "retired_ids" or not any(other in row.values() for row in after[table])
    moved = {(row["field"], row["source_id"]) for row in data["citations"] if row["record_id"] == other}
    assert moved <= {(row["field"], row["source_id"]) for row in after["citations"] if row["record_id"] == event}


def test_retiring_without_replacement_takes_what_belongs_to_the_record(root):
    data = read(root)
    counted = {row["event_id"] for row in data["casualties"]}
    event = next(row["event_id"] for row in data["events"] if row["event_id"] not in counted and row["landmark"] == "false")
    retire(event, "out of scope", root=root)
    assert validate(root).ok
    assert not any(event in row.values() for table in TABLES if table != "retired_ids" for row in read(root)[table])


def test_retiring_what_others_need_is_refused(root):
    before = read(root)
    event = next(row["event_id"] for row in before["casualties"])
    for record, replaced_by, message in (
        (event, "", "retire it first, or name a replacement"),
        ("iraq", "", "name a replacement"),
        (event, "iraq", "is no other record of events"),
        (event, event, "is no other record of events"),
        ("E99999", "", "there is no record 'E99999'"),
    ):
        with pytest.raises(CurationError, match=message):
            retire(record, "a test", replaced_by, root)
    assert read(root) == before


def test_show_and_resolve_follow_a_redirect(root, monkeypatch, capsys):
    data = read(root)
    brand, other = [row["actor_id"] for row in data["actors"] if row["kind"] == "facade_brand"][:2]
    retire(brand, "the same brand", other, root)
    monkeypatch.setattr(tables, "data_root", lambda: root)
    _forget()
    try:
        assert cli.main(["show", brand]) == 0
        assert f"{other}  (actors)" in capsys.readouterr().out
        assert cli.main(["resolve", brand]) == 0
        assert capsys.readouterr().out == f"{other}\n"
    finally:
        monkeypatch.undo()
        _forget()


def _forget():
    from iraq_coalition_data import names

    tables.descriptor.cache_clear()
    tables.resources.cache_clear()
    names._index.cache_clear()
    names._ids.cache_clear()


def test_verify_names_what_is_not_of_the_release(root, monkeypatch, capsys):
    assert cli.main(["verify"]) == 0
    monkeypatch.setattr(tables, "data_root", lambda: root)
    (root / "data" / "links.csv").unlink()
    events = root / "data" / "events.csv"
    raw = events.read_bytes()
    events.write_bytes(raw[:-1])
    actors = root / "data" / "actors.csv"
    actors.write_bytes(actors.read_bytes().replace(b"a", b"b", 1))
    capsys.readouterr()
    assert cli.main(["verify"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    assert any("data/links.csv: cannot be read" in line for line in lines)
    assert any(f"data/events.csv: has {len(raw) - 1} bytes" in line for line in lines)
    assert any("data/actors.csv: was changed" in line for line in lines)
