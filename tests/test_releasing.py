import hashlib
import subprocess

import pytest
from conftest import REPOSITORY, copy_package, write_tables

from iraq_coalition_data import files, releasing, tables
from iraq_coalition_data.tables import TABLES

VERSION = tables.descriptor()["version"]


@pytest.fixture
def checkout(tmp_path):
    """A git repository with one release and a newer, unreleased version of the data."""
    root = copy_package(tmp_path / "checkout")
    (root / "CHANGELOG.md").write_text(f"# Changelog\n\n## {VERSION} (2026-01-01)\n\n### Data\n\nFirst.\n")

    def git(*arguments):
        subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True)

    git("init", "-q")
    git("config", "user.email", "nobody@example.org")
    git("config", "user.name", "Nobody")
    git("add", ".")
    git("commit", "-qm", "first")
    git("tag", f"v{VERSION}")
    return root, git


def newer(root, version, function):
    """Give the checkout another version and other rows."""
    for name, before in (("pyproject.toml", f'version = "{VERSION}"'), ("CITATION.cff", f"version: {VERSION}")):
        text = (root / name).read_text(encoding="utf-8")
        (root / name).write_text(text.replace(before, before.replace(VERSION, version)), encoding="utf-8")
    data = {table: files.read_rows(root / "data" / f"{table}.csv") for table in TABLES}
    function(data)
    write_tables(root, data)
    log = (root / "CHANGELOG.md").read_text()
    entry = f"## {version} (2026-01-02)\n\n### Data\n\nSecond.\n\n### Code\n\nNothing.\n\n## {VERSION}"
    (root / "CHANGELOG.md").write_text(log.replace(f"## {VERSION}", entry, 1))


def test_a_sound_step_has_nothing_in_its_way(checkout):
    root, git = checkout
    newer(root, "9.0.0", lambda data: data["names"].append(dict(data["names"][0], name="A Further Spelling")))
    git("commit", "-qam", "second")
    assert releasing.problems(root, tests=False) == []
    text = releasing.changelog(root)
    assert "Second.\n\n- Rows added: 1 in names\n\n### Code\n\nNothing.\n\n## " in text
    (root / "CHANGELOG.md").write_text(text)
    assert releasing.changelog(root) == text


def test_what_stands_in_the_way_is_named(checkout):
    root, _ = checkout
    newer(root, VERSION, lambda data: data["figures"].pop())
    lost = files.read_rows(REPOSITORY / "data" / "figures.csv")[-1]["figure_id"]
    citation = (root / "CITATION.cff").read_text().replace(f"version: {VERSION}", "version: 7.7.7")
    (root / "CITATION.cff").write_text(citation)
    found = "\n".join(releasing.problems(root, tests=False))
    for part in (
        "the work tree is not clean",
        "CITATION.cff has 7.7.7",
        "the data are not valid",
        f"{lost} vanished",
        "ask for a",
    ):
        assert part in found


def test_artifacts_are_equal_in_two_builds_and_summed():
    made = releasing.artifacts(REPOSITORY)
    sums = dict(reversed(line.split("  ")) for line in made["SHA256SUMS"].decode().splitlines())
    assert {name.rpartition(".")[2] for name in sums} == {"whl", "gz", "zip"}
    assert sums == {name: hashlib.sha256(raw).hexdigest() for name, raw in made.items() if name != "SHA256SUMS"}


def test_this_checkout_keeps_the_promise_of_its_version():
    try:
        change = releasing.since_last_release(REPOSITORY)
    except ValueError as error:  # an unpacked sdist has no history
        pytest.skip(str(error))
    assert change is None or change.problems == []
