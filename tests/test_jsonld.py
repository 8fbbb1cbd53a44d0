"""The descriptor and what is generated from it, judged by the programs that others use."""

import json
import logging
from importlib.resources import files

import jsonschema
import mlcroissant
import pandas as pd
import pytest
from conftest import REPOSITORY

import iraq_coalition_data as icd
from iraq_coalition_data import jsonld, tables
from iraq_coalition_data.exporting import export

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # of rdflib, on mlcroissant
PACKAGE = json.loads((REPOSITORY / "datapackage.json").read_text(encoding="utf-8"))


def profile(name):
    """A JSON Schema of Data Package v2 as its authors publish it, from their library dplib."""
    return json.loads((files("dplib") / "profiles" / "2.0" / f"{name}.json").read_text(encoding="utf-8"))


def test_the_published_schemas_of_data_package_accept_the_descriptor():
    assert PACKAGE["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    jsonschema.validate(PACKAGE, profile("datapackage"))
    for resource in PACKAGE["resources"]:
        jsonschema.validate(resource, profile("dataresource"))
        jsonschema.validate(resource["schema"], profile("tableschema"))


@pytest.mark.parametrize("change", [{"resources": []}, {"contributors": [{}]}, {"keywords": []}])
def test_the_published_schemas_refuse_a_wrong_descriptor(change):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(PACKAGE | change, profile("datapackage"))


def test_a_part_with_views_is_accepted_too(tmp_path):
    export(tmp_path, "csv", ["events"], ["chronology", "talks"])
    jsonschema.validate(json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8")), profile("datapackage"))
    croissant = mlcroissant.Dataset(jsonld=str(tmp_path / "croissant.json"))
    assert len(list(croissant.records("talks"))) == len(pd.read_csv(tmp_path / "data" / "talks.csv"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """All tables as CSV with their Croissant."""
    return export(tmp_path_factory.mktemp("croissant"), "csv")[-1].parent


def test_mlcroissant_validates_without_remark(folder, caplog):
    with caplog.at_level(logging.WARNING):
        metadata = mlcroissant.Dataset(jsonld=str(folder / "croissant.json")).metadata
    assert not caplog.records
    assert not metadata.ctx.issues.errors
    assert not metadata.ctx.issues.warnings
    assert (metadata.name, str(metadata.version)) == (PACKAGE["title"], icd.__version__)


@pytest.mark.parametrize("table", [table for table in icd.TABLES if len(icd.load(table))])
def test_croissant_records_are_the_data(folder, table):
    """Text comes as bytes; the words NA and None of a cell would come as missing, so no cell may be one."""
    dataset = mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))
    frame = icd.load(table)
    expected = [[None if pd.isna(value) else value for value in row] for row in frame.itertuples(index=False)]
    found = []
    for record in dataset.records(table):
        assert list(record) == [f"{table}/{column}" for column in frame]
        values = [value.decode() if isinstance(value, bytes) else value for value in record.values()]
        found.append([None if pd.isna(value) else value for value in values])
    assert found == expected


def test_a_changed_file_does_not_pass_for_the_data(folder, tmp_path):
    for name in ("croissant.json", "data/terms.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / "data" / "terms.csv").write_bytes((tmp_path / "data" / "terms.csv").read_bytes() + b"x,y,,z,1\n")
    with pytest.raises(mlcroissant.GenerationError, match=r"Download\(data/terms.csv\)"):
        list(mlcroissant.Dataset(jsonld=str(tmp_path / "croissant.json")).records("terms"))


def test_schema_org_says_what_the_descriptor_says():
    dataset = jsonld.dataset()
    assert (dataset["@context"], dataset["@type"]) == ("https://schema.org/", "Dataset")
    # what search engines ask for: a name, and a description of 50 to 5000 characters
    assert dataset["name"] == PACKAGE["title"]
    assert 50 <= len(dataset["description"]) <= 5_000
    assert dataset["license"] == [licence["path"] for licence in PACKAGE["licenses"]]
    assert [creator["name"] for creator in dataset["creator"]] == [person["title"] for person in PACKAGE["contributors"]]
    assert len(dataset["distribution"]) == len(icd.TABLES)
    for download, resource in zip(dataset["distribution"], tables.descriptor()["resources"], strict=True):
        assert download["contentUrl"] == resource["path"]
        assert download["sha256"] == resource["hash"].removeprefix("sha256:")
    events = icd.load("events")
    assert dataset["temporalCoverage"] == f"{events['start_date'].min():%Y-%m-%d}/{events['end_date'].max():%Y-%m-%d}"


def test_schema_org_is_json_ld_with_terms_of_schema_org():
    """Every property is one that schema.org has, expanded without fetching anything."""
    from rdflib import Graph

    dataset = jsonld.dataset() | {"@context": {"@vocab": "https://schema.org/"}}
    graph = Graph().parse(data=json.dumps(dataset), format="json-ld")
    known = {
        "name", "alternateName", "description", "version", "datePublished", "license", "keywords", "inLanguage", "creator",
        "temporalCoverage", "spatialCoverage", "isAccessibleForFree", "variableMeasured", "distribution", "contentUrl",
        "encodingFormat", "contentSize", "sha256",
    }  # fmt: skip
    used = {str(predicate).removeprefix("https://schema.org/") for predicate in graph.predicates()}
    assert used - known == {"http://www.w3.org/1999/02/22-rdf-syntax-ns#type"}
