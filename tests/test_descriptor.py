import hashlib
import json
import tomllib

import frictionless
import pytest
import yaml
from conftest import REPOSITORY

import iraq_coalition_data as icd
from iraq_coalition_data import codebook, curation, descriptor, files
from iraq_coalition_data.schema import MODELS
from iraq_coalition_data.tables import TABLES

PACKAGE = json.loads((REPOSITORY / "datapackage.json").read_text(encoding="utf-8"))


def test_what_is_committed_is_what_is_generated():
    package = descriptor.build(REPOSITORY)
    assert (REPOSITORY / "datapackage.json").read_bytes() == descriptor.render(package)
    terms = files.read_rows(REPOSITORY / "data" / "terms.csv")
    assert (REPOSITORY / "docs" / "codebook.md").read_text(encoding="utf-8") == codebook.page(package, terms)
    assert (REPOSITORY / "docs" / "rules.md").read_text(encoding="utf-8") == codebook.rules_page()


@pytest.mark.parametrize("table", TABLES)
def test_files_are_canonical_and_described(table):
    raw = (REPOSITORY / "data" / f"{table}.csv").read_bytes()
    header, *rows = files.parse(raw)
    assert raw == files.render(header, rows)
    resource = next(r for r in PACKAGE["resources"] if r["name"] == table)
    assert resource["bytes"] == len(raw)
    assert resource["hash"] == "sha256:" + hashlib.sha256(raw).hexdigest()


def test_format_changes_nothing_twice(root):
    curation.format_data(root)
    assert curation.format_data(root) == []


def test_the_models_are_the_tables():
    assert tuple(MODELS) == TABLES
    assert [resource["name"] for resource in PACKAGE["resources"]] == list(TABLES)


def test_versions_are_one():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = yaml.safe_load((REPOSITORY / "CITATION.cff").read_text(encoding="utf-8"))
    changelog = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
    heading = next(line for line in changelog.splitlines() if line.startswith("## "))
    assert {icd.__version__, project["version"], citation["version"], PACKAGE["version"], heading.split()[1]} == {icd.__version__}


def test_frictionless_calls_the_package_valid():
    report = frictionless.validate(str(REPOSITORY / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])[:5]


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("events", "location_id", "nowhere"), ("locations", "parent_id", "nowhere"), ("participants", "actor_id", "nobody")],
)
def test_frictionless_enforces_the_keys(spoil, table, column, value):
    def plant(data):
        next(row for row in data[table] if row[column])[column] = value

    report = frictionless.validate(str(spoil(plant) / "datapackage.json"))
    assert "foreign-key" in {row[0] for row in report.flatten(["type"])}


def test_frictionless_enforces_ids_and_terms(spoil):
    def plant(data):
        data["events"][1]["event_id"] = data["events"][0]["event_id"]
        data["events"][2]["kind"] = "rocket"

    found = {row[0] for row in frictionless.validate(str(spoil(plant) / "datapackage.json")).flatten(["type"])}
    assert {"primary-key", "constraint-error"} <= found


def test_every_term_is_defined_and_every_vocabulary_used():
    terms = icd.load("terms")
    assert terms["definition"].str.len().min() >= 7
    used = {f["vocabulary"] for r in PACKAGE["resources"] for f in r["schema"]["fields"] if "vocabulary" in f}
    assert used == set(terms["vocabulary"])


@pytest.mark.parametrize("table", TABLES)
def test_describe_explains_every_column(table):
    described = icd.describe(table)
    assert list(described["column"]) == list(icd.load(table).columns)
    assert described["description"].str.len().min() > 3
    for row in described.to_dict("records"):
        if row["allowed"] is not None:
            assert all(row["allowed"].values())


def test_describe_without_a_table_lists_the_tables():
    assert list(icd.describe()["table"]) == list(TABLES)
