"""The numbers of the documents are those of the data, and a changed one is caught."""

import re
import shutil
import sys

import pandas as pd
import pytest
from conftest import REPOSITORY

import iraq_coalition_data as icd
from iraq_coalition_data import views
from iraq_coalition_data.rules import Tables, check

sys.path[:0] = [str(REPOSITORY / "docs"), str(REPOSITORY / "reliability")]
import checks  # noqa: E402
import counts  # noqa: E402
import fill  # noqa: E402

DOCUMENTS = [REPOSITORY / "docs" / f"{name}.md" for name in fill.DOCUMENTS]


@pytest.fixture
def docs(tmp_path):
    """A copy of the documents and pictures to spoil."""
    shutil.copytree(REPOSITORY / "docs", tmp_path / "docs", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "docs"


def test_documents_and_pictures_are_as_the_data_make_them():
    assert fill.main(["--check"]) == 0


def test_what_drifted_is_named_and_only_written_when_asked(docs, capsys, monkeypatch):
    page, picture = docs / "datasheet.md", docs / "gallery" / "reliability.png"
    text = page.read_text(encoding="utf-8")
    right = f"<!-- n: rows events -->{len(icd.load('events')):,}<!-- /n -->"
    spoiled = text.replace(right, "<!-- n: rows events -->1<!-- /n -->").replace("| citations |", "| quotations |")
    page.write_text(spoiled, encoding="utf-8")
    picture.unlink()
    assert fill.update(docs, write=False) == [
        "datasheet.md: rows events",
        "datasheet.md: rows-by-table",
        "gallery/reliability.png",
    ]
    assert page.read_text(encoding="utf-8") == spoiled
    monkeypatch.setattr(fill, "update", lambda *, write: [] if write else ["datasheet.md: rows events"])
    assert fill.main(["--check"]) == 1
    assert "drifted: datasheet.md: rows events" in capsys.readouterr().out
    monkeypatch.undo()
    fill.update(docs)
    assert page.read_text(encoding="utf-8") == text
    assert picture.is_file()


def test_a_row_less_is_caught(monkeypatch):
    monkeypatch.setattr(counts, "frame", lambda name, kept=counts.frame: kept(name).iloc[1:])
    _, changed = fill.filled((REPOSITORY / "docs" / "methods.md").read_text(encoding="utf-8"))
    assert {"rows events", "rows statements", "rows sources"} <= set(changed)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x <!-- n: nonsense -->1<!-- /n -->", "no number 'nonsense'; there are: "),
        ("x\n<!-- n: total -->1<!-- /n -->", "may not start a line"),
        ("- <!-- n: total -->1<!-- /n -->", "may not start a line"),
        ("x <!-- n: total -->1", "as many numbers are opened as closed"),
    ],
)
def test_a_wrong_marker_is_refused(text, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        fill.filled(text)


def test_two_sources_are_independent_as_the_rule_of_landmarks_has_it():
    events = counts.frame("events")
    assert (events.loc[events["landmark"], "sources"] >= 2).all()
    frames = {table: icd.load(table) for table in icd.TABLES}
    event = events.loc[events["sources"] == 1, "event_id"].iloc[0]
    frames["events"].loc[frames["events"]["event_id"] == event, "landmark"] = True
    assert [f.record_id for f in check(frames) if f.rule == "landmark-sources"] == [event]
    assert Tables(frames).supports[event]


def test_slices_years_and_months_add_up_to_the_events():
    events = icd.load("events")
    for column in ("slice", "year"):
        lines = [line.split("|")[2:5] for line in counts.events_by(column).splitlines()[2:]]
        assert sum(int(cell.replace(",", "")) for line in lines for cell in line) == len(events)
    grid = [cell.strip() for line in counts.events_by_month().splitlines()[2:] for cell in line.split("|")[2:-1]]
    assert sum(int(cell) for cell in grid if cell.isdigit()) == (~events["date_precision"].isin(["quarter", "year"])).sum()


def test_the_fortnights_hold_what_the_view_counts():
    """What the table says of the day of a count is what ``attacks_against_counts`` says."""
    view = views.attacks_against_counts()
    view = view[(view["start_date"] == pd.Timestamp("2023-10-17")) & (view["reporter_id"] == "us-department-of-defense")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in checks.fortnights().splitlines()[2:]]
    compared = 0
    for country, _, _, _, said, data, *_ in rows:
        if found := re.search(r"(\d+) \((\d+ \w+)\)", said):
            same = view[(view["place"] == country) & (view["end_date"].dt.strftime("%-d %b") == found[2])]
            assert abs(int(data) - int(same["events"].iloc[-1])) <= int((same["events_possible"] - same["events"]).iloc[-1])
            compared += 1
    assert compared > 10


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_markers_close_and_no_placeholder_is_left(path):
    text = path.read_text(encoding="utf-8")
    assert "-->x<!--" not in text
    assert "<!-- numbers:" in text or "<!-- n:" in text


def test_the_descriptor_keeps_the_limits_of_data_papers():
    text = re.sub(r"<!--.*?-->", "", (REPOSITORY / "docs" / "data-descriptor.md").read_text(encoding="utf-8"))
    title, abstract = text.splitlines()[0].removeprefix("# "), text.split("## Abstract")[1].split("## ")[0]
    assert len(title) <= 110
    assert not set(":()") & set(title)
    assert len(abstract.split()) <= 170
    assert text.index("## Limits") < text.index("## Abstract")
