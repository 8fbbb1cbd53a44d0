"""Citations are read back with the libraries that reference managers are built on."""

import io
import json
import warnings

import bibtexparser
import jsonschema
import pandas as pd
import pybtex.database
import pytest
import rispy
import yaml
from bibtexparser import middlewares
from conftest import REPOSITORY
from csl import SCHEMA

import iraq_coalition_data as icd
from iraq_coalition_data import citing, cli, views

CFF = yaml.safe_load((REPOSITORY / "CITATION.cff").read_text(encoding="utf-8"))
HARD = r"""100% of it: $5 & #1_a ~ b^c \d "said" قصف 'x' -"""


def sources(events):
    """The sources of events and of their casualties, found row by row."""
    ids = set(events["event_id"])
    ids |= {row.casualty_id for row in icd.load("casualties").itertuples() if row.event_id in ids}
    return {row.source_id for row in icd.load("citations").itertuples() if row.record_id in ids}


@pytest.fixture(scope="module")
def rows():
    frame = icd.load("sources").set_index("source_id", drop=False)
    return frame.loc[sorted(sources(icd.load("events")))]


@pytest.mark.parametrize("style", citing.STYLES)
def test_cite_says_what_citation_cff_says(style):
    text = icd.cite(style)
    year = CFF["date-released"][:4]
    for part in (CFF["title"], CFF["authors"][0]["name"], icd.__version__, year):
        assert part in text


def test_cite_is_read_back():
    entry = pybtex.database.parse_string(icd.cite("bibtex"), "bibtex").entries["iraq-coalition-data-" + icd.__version__]
    assert entry.fields["version"] == CFF["version"]
    assert str(entry.persons["author"][0]) == "{" + CFF["authors"][0]["name"] + "}"
    (data,) = rispy.loads(icd.cite("ris"))
    assert (data["type_of_reference"], data["title"], data["year"]) == ("DATA", CFF["title"], CFF["date-released"][:4])
    (item,) = json.loads(icd.cite("csl-json"))
    jsonschema.validate([item], SCHEMA)
    assert (item["type"], item["title"], item["version"]) == ("dataset", CFF["title"], CFF["version"])


def test_apa_names_every_source_once_in_order(rows):
    paragraphs = icd.bibliography(icd.load("events")).split("\n\n")
    assert len(paragraphs) == len(rows)
    for paragraph, source in zip(paragraphs, rows.itertuples(), strict=True):
        assert paragraph.endswith(source.url)
        assert source.title in paragraph
        assert ("(n.d.). " in paragraph and "Retrieved " in paragraph) == pd.isna(source.published)
        assert pd.isna(source.published) or f"({source.published[:4]}" in paragraph


def test_bibtex_is_read_back_by_pybtex(rows):
    entries = pybtex.database.parse_string(icd.bibliography(icd.load("events"), "bibtex"), "bibtex").entries
    assert list(entries) == list(rows["source_id"])
    for source in rows.itertuples():
        assert entries[source.source_id].fields["url"] == source.url
        assert entries[source.source_id].fields.get("year", "") == ("" if pd.isna(source.published) else source.published[:4])


def decoded(text):
    """BibTeX entries with LaTeX made plain again, by key."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pylatexenc, on itself
        library = bibtexparser.parse_string(text, append_middleware=[middlewares.LatexDecodingMiddleware()])
    assert not library.failed_blocks
    return {entry.key: entry.fields_dict for entry in library.entries}


def test_bibtex_is_read_back_by_bibtexparser(rows):
    entries = decoded(icd.bibliography(icd.load("events"), "bibtex"))
    assert list(entries) == list(rows["source_id"])
    for source in rows.itertuples():
        title = source.title.replace("---", "\u2014").replace("--", "\u2013")  # as TeX prints them
        assert entries[source.source_id]["title"].value.strip("{}") == title, source.source_id


def test_signs_that_tex_reads_as_commands_come_back():
    item = {"type": "webpage", "id": "R1", "title": HARD, "author": [{"literal": "A & B"}], "URL": "https://x.org/{a}?b=%20_c"}
    entry = decoded(citing._written([item], "bibtex"))["R1"]
    assert entry["title"].value.strip("{}").replace("\u02c6", "^") == HARD
    assert entry["author"].value.strip("{}") == "A & B"


def test_no_title_or_address_breaks_an_entry():
    items = [
        {"type": "webpage", "id": f"R{n}", "title": title, "author": [{"literal": title}], "URL": f"https://x.org/{title}"}
        for n, title in enumerate(["}", "{", "}{", "\\", "@misc{x,", '"', "%"])
    ]
    entries = pybtex.database.parse_string(citing._written(items, "bibtex"), "bibtex").entries
    assert list(entries) == [item["id"] for item in items]
    assert entries["R0"].fields["title"] == r"{\textbraceright{}}"
    assert entries["R2"].fields["url"] == "https://x.org/%7D%7B"


def test_ris_is_read_back(rows):
    entries = rispy.loads(icd.bibliography(icd.load("events"), "ris"))
    assert [entry["id"] for entry in entries] == list(rows["source_id"])
    for entry, source in zip(entries, rows.itertuples(), strict=True):
        assert (entry["title"], entry["urls"]) == (source.title, [source.url])
        voice = source.publisher if pd.isna(source.wire) else source.wire
        assert (entry["authors"], entry["publisher"]) == ([voice], source.publisher)
        assert entry.get("date", "").replace("/", "-") == ("" if pd.isna(source.published) else source.published)


def test_csl_json_is_what_the_specification_asks_and_citeproc_reads(rows):
    from citeproc.source.json import CiteProcJSON

    items = json.loads(icd.bibliography(icd.load("events"), "csl-json"))
    jsonschema.validate(items, SCHEMA)
    assert [item["id"] for item in items] == list(rows["source_id"])
    read = CiteProcJSON(items)
    # citeproc lowers the case of keys
    assert {str(read[key.lower()].title) for key in rows["source_id"]} == set(rows["title"])


def test_records_come_as_ids_or_as_frames():
    event = icd.load("events").iloc[[0]]
    text = icd.bibliography(event)
    assert text
    one = event["event_id"].iloc[0]
    assert icd.bibliography(one) == icd.bibliography([one, one]) == icd.bibliography(event["event_id"]) == text
    assert icd.bibliography(event.set_index("event_id")) == text
    assert icd.bibliography(icd.chronology().query("event_id == @one")) == text
    figures = views.troop_levels()
    assert icd.bibliography(figures) == icd.bibliography(figures["figure_id"])
    pairs = views.responses()
    assert icd.bibliography(pairs) == icd.bibliography([*pairs["event_id"], *pairs["response_id"]])
    assert icd.bibliography([]) == ""
    # records of which nothing is cited have no sources, which is no error
    assert icd.bibliography(icd.load("sources").head(3)).count("\n\n") == 2


def test_sources_that_contradict_a_record_are_in_its_bibliography():
    row = icd.load("citations").query("relation == 'contradicts'").iloc[0]
    assert row["source_id"] in icd.bibliography(row["record_id"], "bibtex")


def test_wrong_use_is_one_clear_error():
    with pytest.raises(KeyError, match="no record has the id 'E99999'"):
        icd.bibliography(["E00001", "E99999"])
    with pytest.raises(ValueError, match="style must be one of apa, bibtex, ris, csl-json, not 'mla'"):
        icd.cite("mla")


def test_cite_by_command(capsys):
    event = icd.load("events")["event_id"].iloc[0]
    assert cli.main(["cite", event, "--style", "ris"]) == 0
    assert rispy.load(io.StringIO(capsys.readouterr().out)) == rispy.loads(icd.bibliography(event, "ris"))
    assert cli.main(["cite", "E99999"]) == 1
    assert capsys.readouterr().err == "iraq-coalition-data: no record has the id 'E99999'\n"
