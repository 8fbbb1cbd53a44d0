import gc
import json
from pathlib import Path
from random import Random

import pytest
from conftest import REPOSITORY
from faults import FAULTS, FILE_FAULTS, SPOILT

from iraq_coalition_data import cli, curation, rules, validation
from iraq_coalition_data.tables import TABLES
from iraq_coalition_data.validation import FILE_RULES, validate

SEEDS = 2
COLUMNS = ["table", "record_id", "column", "value", "rule", "message"]


def test_the_data_are_valid():
    report = validate()
    assert report.ok, str(report)
    assert list(report.findings.columns) == COLUMNS
    assert set(report.findings.dtypes.astype(str)) == {"string"}


@pytest.mark.parametrize("collecting", [True, False])
def test_the_garbage_collector_is_left_as_it_was(tmp_path, collecting):
    (gc.enable if collecting else gc.disable)()
    try:
        validate(tmp_path)
        assert gc.isenabled() == collecting
    finally:
        gc.enable()


@pytest.mark.parametrize("name", FAULTS)
def test_planted_fault_is_found(spoil, name):
    expected = []
    for seed in range(SEEDS):
        root = spoil(lambda data, seed=seed: expected.append(FAULTS[name](data, Random(seed))))
        findings = validate(root).findings
        table, record, rule = expected[-1]
        found = findings[(findings["table"] == table) & (findings["rule"] == rule) & (findings["record_id"] == record)]
        assert len(found), f"{name}, seed {seed}: {expected[-1]} not among\n{findings.to_string()}"
        _restore(root)


def _restore(root: Path) -> None:
    for table in TABLES:
        (root / "data" / f"{table}.csv").write_bytes((REPOSITORY / "data" / f"{table}.csv").read_bytes())


def test_every_rule_is_broken_by_a_fault():
    source = Path(__file__).with_name("faults.py").read_text(encoding="utf-8")
    assert [rule for rule in rules.RULES if f'"{rule}"' not in source] == []
    assert len(FAULTS) >= 60


@pytest.mark.parametrize("name", FILE_FAULTS)
def test_spoilt_file_is_found(root, name):
    change, rule = FILE_FAULTS[name]
    file = root / "data" / SPOILT
    if change:
        file.write_bytes(change(file.read_bytes()))
    else:
        file.unlink()
    findings = validate(root).findings
    assert ((findings["table"] == SPOILT.removesuffix(".csv")) & (findings["rule"] == rule)).any(), findings.to_string()


@pytest.mark.parametrize("table", TABLES)
def test_each_missing_table_is_named_and_nothing_raises(root, table):
    (root / "data" / f"{table}.csv").unlink()
    findings = validate(root).findings
    assert ((findings["table"] == table) & (findings["rule"] == "missing-file")).any()


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"resources": 3}', "\x00"])
def test_spoilt_descriptor_is_found(root, text):
    descriptor = root / "datapackage.json"
    if text is None:
        descriptor.unlink()
    else:
        descriptor.write_text(text)
    assert set(validate(root).findings["rule"]) <= {"missing-file", "descriptor"}
    assert not validate(root).ok


def test_an_empty_folder_is_reported_table_by_table(tmp_path):
    findings = validate(tmp_path).findings
    assert set(TABLES) <= set(findings["table"])


def test_harmless_edits_raise_no_alarm(root, spoil):
    def add_a_figure(data):
        figure = dict(data["figures"][0], figure_id="F99999", note="another count")
        figure |= {"low": "", "best": "12345", "high": "", "qualifier": "exact"}
        data["figures"].append(figure)
        cited = next(row for row in data["citations"] if row["record_id"] == data["figures"][0]["figure_id"])
        data["citations"].append(dict(cited, record_id="F99999"))

    assert validate(spoil(add_a_figure)).ok
    file = root / "data" / "events.csv"
    header, *rows = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([header, *reversed(rows)]))
    curation.format_data(root)
    assert validate(root).ok


def test_all_findings_come_at_once(spoil):
    chosen = ["unknown role", "flag as yes", "link to nothing", "negative level", "term in capitals"]
    expected = []
    root = spoil(lambda data: expected.extend(FAULTS[name](data, Random(7)) for name in chosen))
    found = {(f.table, f.rule) for f in validate(root).findings.itertuples()}
    assert {(table, rule) for table, _, rule in expected} <= found


def test_every_rule_that_a_finding_may_have_is_documented(root):
    documented = set(rules.RULES) | set(FILE_RULES)
    names = {rule for _, rule in FILE_FAULTS.values()} | {rule for rule, _ in validation.SCHEMA_RULES.values()}
    assert names <= documented


def test_cli_says_what_is_wrong(root, capsys):
    assert cli.main(["validate", str(root)]) == 0
    assert "valid" in capsys.readouterr().out
    (root / "data" / "links.csv").unlink()
    assert cli.main(["validate", str(root), "--json"]) == 1
    findings = json.loads(capsys.readouterr().out)
    assert list(findings[0]) == COLUMNS
    assert cli.main(["validate", str(root / "nowhere")]) == cli.WRONG_USE
