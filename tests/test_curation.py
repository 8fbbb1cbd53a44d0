import json
import time

import pytest
import yaml
from conftest import REPOSITORY, copy_package
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iraq_coalition_data import cli, curation, files, tables
from iraq_coalition_data.curation import CurationError, add
from iraq_coalition_data.validation import validate

SOURCES = [
    {
        "key": "first",
        "url": "https://example.org/first",
        "title": "First page",
        "publisher": "One",
        "kind": "news",
        "language": "en",
    },
    {
        "key": "second",
        "url": "https://example.org/second",
        "title": "Second page",
        "publisher": "Two",
        "kind": "news",
        "language": "en",
    },
]
EVENT = {
    "key": "attack",
    "start_date": "2024-02-29",
    "kind": "rocket_mortar",
    "outcome": "missed",
    "title": "Rockets fired at an invented place",
    "summary": "Rockets fell short of the base.",
    "location": "Ain al-Assad",
    "location_precision": "site",
    "confirmation": "reported",
    "participants": {"suspected_initiator": "kataib-hizballah", "target": ["us-armed-forces", "iraqi-armed-forces"]},
    "casualties": [{"actor": "us-armed-forces", "harm": "wounded", "low": "1", "best": "2", "high": "2"}],
    "sources": ["first", {"source": "second", "field": "outcome", "relation": "contradicts", "note": "says one hit"}],
    "disputed": "detail",
}
STATEMENT = {
    "key": "claim",
    "date": "2024-02-29",
    "speaker": "islamic-resistance-in-iraq",
    "act": "claim_responsibility",
    "channel": "social_media",
    "attribution": "office",
    "summary": "Said that it had fired rockets at the base.",
    "positions": [{"actor": "islamic-resistance-in-iraq", "issue": "attacks_on_coalition", "stance": "support"}],
    "links": [{"relation": "claims", "to": "attack", "basis": "stated"}],
    "sources": ["first"],
}
BATCH = {"accessed": "2026-11-24", "sources": SOURCES, "events": [EVENT], "statements": [STATEMENT]}


def write(folder, *batches):
    paths = []
    for number, batch in enumerate(batches):
        paths.append(folder / f"batch{number}.yaml")
        paths[-1].write_text(yaml.safe_dump(batch, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return paths


def state(root):
    return {file.name: file.read_bytes() for file in [*(root / "data").iterdir(), root / "datapackage.json"]}


def test_nested_records_become_rows(root, tmp_path):
    log = add(write(tmp_path, BATCH), root)
    event = next(line.split()[0] for line in log if "invented place" in line)
    assert validate(root).ok
    row = next(row for row in files.read_rows(root / "data" / "events.csv") if row["event_id"] == event)
    assert (row["location_id"], row["category"], row["end_date"]) == ("ain-al-asad-air-base", "attack", "2024-02-29")
    of = {
        table: [row for row in files.read_rows(root / "data" / f"{table}.csv") if event in row.values()]
        for table in ("participants", "casualties", "citations", "links")
    }
    assert [len(rows) for rows in of.values()] == [3, 1, 2, 1]
    assert of["links"][0]["relation"] == "claims"


def test_ids_are_given_in_order_and_never_again(root, tmp_path):
    (root / "data" / "retired_ids.csv").write_text("retired_id,replaced_by,release,reason\nE09000,,0.1.0,a test\n")
    curation.format_data(root)
    log = add(write(tmp_path, BATCH), root)
    assert "E09001" in {line.split()[0] for line in log}


def test_dry_run_writes_nothing(root, tmp_path):
    before = state(root)
    assert add(write(tmp_path, BATCH), root, dry_run=True)
    assert state(root) == before


def test_a_known_page_is_used_again(root, tmp_path):
    known = next(row for row in files.read_rows(root / "data" / "sources.csv") if not row["published"])
    source = dict(SOURCES[0], url=known["url"].replace("https://", "http://") + "#part")
    add(write(tmp_path, BATCH | {"sources": [source, SOURCES[1]]}), root)
    event = next(row["event_id"] for row in files.read_rows(root / "data" / "events.csv") if "invented" in row["title"])
    cited = {row["source_id"] for row in files.read_rows(root / "data" / "citations.csv") if row["record_id"] == event}
    assert known["source_id"] in cited
    assert len(files.read_rows(root / "data" / "sources.csv")) == len(files.read_rows(REPOSITORY / "data" / "sources.csv")) + 1


def test_a_likely_duplicate_is_refused_unless_it_is_said_to_be_distinct(root, tmp_path):
    add(write(tmp_path, BATCH), root)
    before = state(root)
    again = dict(EVENT, key="again", title="The same told otherwise")
    with pytest.raises(CurationError, match="distinct_from"):
        add(write(tmp_path, {"accessed": "2026-11-24", "sources": SOURCES, "events": [again]}), root)
    assert state(root) == before
    first = next(row["event_id"] for row in files.read_rows(root / "data" / "events.csv") if "invented" in row["title"])
    apart = dict(again, links=[{"relation": "distinct_from", "to": first, "basis": "reported"}])
    add(write(tmp_path, {"accessed": "2026-11-24", "sources": SOURCES, "events": [apart]}), root)
    assert validate(root).ok


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"events": [dict(EVENT, location="Nowhere at all")]}, r"events\[1\]: location_id: nothing in locations is called"),
        ({"events": [dict(EVENT, weather="fine")]}, r"events\[1\]: events have no 'weather'; there are: event, start_date"),
        ({"events": [dict(EVENT, kind="rocket")]}, r"kind: must be a term of event_kind"),
        ({"events": [dict(EVENT, start_date="29 February")]}, r"start_date: must be a date"),
        ({"events": [dict(EVENT, sources=[])]}, r"no citation supports it"),
        ({"events": [dict(EVENT, participants={})]}, r"it has no participant"),
        ({"events": [dict(EVENT, id="E99999")]}, r"there is no E99999; leave the id out"),
        ({"events": {"one": EVENT}}, r"events must be a list"),
        ({"happenings": []}, r"unknown section 'happenings'; there are: accessed, sources"),
        ({"sources": SOURCES[:1]}, r"nothing in sources is called 'second'"),
        ({"sources": [*SOURCES, dict(SOURCES[0], url="https://example.org/third")]}, r"the key 'first' is used twice"),
        ({"actors": [{"name": "No Id", "kind": "armed_group", "bloc": "unknown"}]}, r"actors\[1\]: needs an id"),
        ({"actors": [{"id": "iraq", "name": "Another Iraq"}]}, r"iraq is known with name 'Iraq', not 'Another Iraq'"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(root, tmp_path, change, message):
    before = state(root)
    with pytest.raises(CurationError, match=message):
        add(write(tmp_path, BATCH | change), root)
    assert state(root) == before


@pytest.mark.parametrize("text", ["", "[", "- a", "events: 3", "\x00", "a: *b", "!!python/object:os.system {}"])
def test_a_file_that_is_no_batch_is_refused(root, tmp_path, text):
    before = state(root)
    path = tmp_path / "batch.yaml"
    path.write_text(text)
    with pytest.raises(CurationError):
        add([path, tmp_path / "missing.yaml"], root)
    assert state(root) == before


def test_records_of_several_files_refer_to_each_other(root, tmp_path):
    one = BATCH | {"statements": []}
    two = {"accessed": "2026-11-24", "statements": [STATEMENT]}
    add(write(tmp_path, two, one), root)
    assert validate(root).ok


def test_five_hundred_records_take_seconds(root, tmp_path):
    events = [
        dict(
            EVENT,
            key=f"attack-{n}",
            title=f"Rockets, case {n}",
            start_date=f"{2004 + n // 28 % 5}-02-{n % 28 + 1:02d}",
            kind=kind,
        )
        for n in range(125)
        for kind in ("rocket_mortar", "missile", "drone", "rocket_and_drone")
    ]
    for number, event in enumerate(events):
        event["key"] = f"event-{number}"
    start = time.perf_counter()
    add(write(tmp_path, {"accessed": "2026-11-24", "sources": SOURCES, "events": events}), root)
    assert time.perf_counter() - start < 60  # seconds on an idle machine take a few; this only bounds a blow-up
    assert validate(root).ok


leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.dates()
nested = st.recursive(
    leaves, lambda kids: st.lists(kids, max_size=3) | st.dictionaries(st.text(max_size=8), kids, max_size=3), max_leaves=8
)
mutated = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("sources", "events", "statements", "figures", "actors", "accessed", "other"), nested)
) | st.builds(
    lambda key, value: BATCH | {"events": [EVENT | {key: value}]}, st.sampled_from([*EVENT, "links", "id", "figures"]), nested
)


@pytest.fixture(scope="module")
def shared_root(tmp_path_factory):
    return copy_package(tmp_path_factory.mktemp("package") / "package")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batch=mutated)
def test_any_nested_input_lands_whole_or_changes_nothing(shared_root, tmp_path, batch):
    before = state(shared_root)
    path = tmp_path / "batch.yaml"
    path.write_text(yaml.safe_dump(batch), encoding="utf-8")
    try:
        add([path], shared_root)
    except CurationError:
        assert state(shared_root) == before
    else:
        assert validate(shared_root).ok
        for name, raw in before.items():
            (shared_root / ("" if name == "datapackage.json" else "data") / name).write_bytes(raw)


def test_contributing_walks_through_adding_an_event(root, tmp_path):
    """The example of CONTRIBUTING.md is added as it stands there."""
    text = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
    example = tmp_path / "event.yaml"
    example.write_text(text.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    assert add([example], root)
    assert validate(root).ok


def test_an_installed_copy_is_not_edited(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(tables, "data_root", lambda: tmp_path)
    assert cli.main(["format"]) == 1
    assert "work in a checkout" in capsys.readouterr().err


def test_add_by_command(root, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(tables, "data_root", lambda: root)
    (path,) = write(tmp_path, BATCH)
    assert cli.main(["add", str(path), "--dry-run"]) == 0
    assert "nothing written" in capsys.readouterr().out
    assert cli.main(["add", str(path)]) == 0
    assert "invented place" in capsys.readouterr().out
    assert cli.main(["add", str(path)]) == 1
    assert "distinct_from" in capsys.readouterr().err
    assert json.loads((root / "datapackage.json").read_text())["resources"]
