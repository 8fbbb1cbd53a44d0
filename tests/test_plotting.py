import importlib.util
import re
import subprocess
import sys

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from conftest import REPOSITORY

import iraq_coalition_data as icd
from iraq_coalition_data import plotting, views
from iraq_coalition_data.plotting import MARKERS, PALETTE, RUNGS

DRAWN = {
    "timeline": views.chronology,
    "event_map": views.chronology,
    "stances": views.positions_over_time,
    "troops": views.troop_levels,
    "talks": views.talks,
}


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def events():
    frame = views.chronology()
    return frame[frame["confirmation"] != "discounted"].reset_index(drop=True)  # which no figure draws


def terms(vocabulary):
    known = icd.load("terms")
    return set(known.loc[known["vocabulary"] == vocabulary, "term"])


def recoded(frame, **values):
    """A frame with one value in categorical columns."""
    return frame.assign(**{c: pd.Categorical([v] * len(frame), frame[c].cat.categories) for c, v in values.items()})


@pytest.mark.parametrize("name", DRAWN)
def test_each_figure_takes_nothing_a_frame_or_an_ax_and_returns_the_axes(name):
    draw = getattr(plotting, name)
    assert f"iraq-coalition-data {icd.__version__}" in draw().get_xlabel()
    _, ax = plt.subplots()
    assert draw(DRAWN[name](), ax) is ax
    ax.figure.canvas.draw()


@pytest.mark.parametrize("name", DRAWN)
def test_an_empty_frame_is_drawn_as_such(name):
    ax = getattr(plotting, name)(DRAWN[name]().head(0))
    ax.figure.canvas.draw()
    assert re.search(r"\b0\s", ax.get_xlabel())


def test_events_are_taken_as_rows_of_the_chronology():
    attacks = icd.load("events").query("category == 'attack'")
    whole = views.chronology()
    drawn = plotting.event_map(attacks).get_xlabel()
    assert drawn == plotting.event_map(whole[whole["category"] == "attack"]).get_xlabel()


def test_every_term_has_a_colour_of_its_own():
    assert set(PALETTE["event_category"]) == terms("event_category")
    assert set(PALETTE["position_stance"]) == terms("position_stance")
    assert set(PALETTE["measure"]) == set(views.LEVELS)
    assert set(MARKERS) == set(PALETTE["position_stance"]) | set(PALETTE["measure"])
    kinds = icd.load("terms").query("vocabulary == 'event_kind' and parent in ['talks', 'agreement']")["term"]
    assert sorted(kind for rung in RUNGS.values() for kind in rung) == sorted(kinds)


# Machado, Oliveira and Fernandes 2009: what eyes without one kind of cone see, in linear RGB
EYES = {
    "usual": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab(colours, eyes):
    """CIE L*a*b* (D65) of hex colours as some eyes see them."""
    red = np.array([mpl.colors.to_rgb(colour) for colour in colours])
    linear = np.where(red <= 0.04045, red / 12.92, ((red + 0.055) / 1.055) ** 2.4)
    x, y, z = (np.clip(linear @ np.transpose(eyes), 0, 1) @ XYZ.T / [0.9505, 1, 1.089]).T
    x, y, z = (np.where(c > 0.008856, np.cbrt(c), 7.787 * c + 16 / 116) for c in (x, y, z))
    return np.column_stack([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("vocabulary", PALETTE)
def test_colours_are_told_apart_by_all_eyes(vocabulary, eyes):
    names = list(PALETTE[vocabulary])
    known = icd.load("terms").query("vocabulary == 'position_stance'").set_index("term")["parent"]
    seen = lab(PALETTE[vocabulary].values(), EYES[eyes])
    for i, one in enumerate(names):
        for j, other in enumerate(names[:i]):
            # stances for and against one practice are never drawn beside those on the stay of the coalition
            apart = vocabulary == "position_stance" and {known[one], known[other]} == {"coalition", "support"}
            assert apart or np.linalg.norm(seen[i] - seen[j]) >= 15, (one, other)


def bars(ax):
    """Heights of the bars that stand on a lane, and those of the strip, which are of one height."""
    strip = {label.get_text() for label in ax.get_yticklabels() if label.get_text().startswith("not known")}
    heights = [patch.get_height() for patch in ax.patches]
    return heights, int(strip.pop().rsplit(" ", 1)[1]) if strip else 0


def test_bars_and_strip_hold_every_event_once_claims_apart(events):
    ax = plotting.timeline(events)
    _, coarse = bars(ax)
    lanes = ax.patches[coarse:]
    claimed = events["confirmation"] == "claimed_only"
    month = events["start_date"].dt.to_period("M") == events["end_date"].dt.to_period("M")
    sure = (events["date_precision"] == "day") | (events["date_precision"].isin(["days", "week"]) & month)
    assert coarse == (~sure).sum() > 0
    assert sum(bar.get_height() for bar in lanes if bar.get_height() > 0) == pytest.approx((sure & ~claimed).sum())
    assert -sum(bar.get_height() for bar in lanes if bar.get_height() < 0) == pytest.approx((sure & claimed).sum())
    for bar in lanes:
        assert (bar.get_facecolor() == (1, 1, 1, 1)) == (bar.get_height() < 0)


@pytest.mark.parametrize("precision", ["month", "quarter", "year"])
def test_what_has_no_day_stands_in_no_bar(events, precision):
    """Not even if a month is what a bar stands for: no spike on 1 January."""
    coarse = recoded(events.head(3), date_precision=precision).assign(
        start_date=pd.Timestamp("2014-01-01"), end_date=pd.Timestamp("2014-12-31")
    )
    ax = plotting.timeline(pd.concat([coarse, events.tail(3)]).astype(events.dtypes))
    _, strip = bars(ax)
    assert strip >= 3
    lines = ax.patches[:strip]
    assert sum(bar.get_width() > 320 for bar in lines) == 3
    january = mpl.dates.date2num(np.datetime64("2014-01-01"))
    assert not [bar for bar in ax.patches[strip:] if abs(bar.get_x() - january) < 40]


@pytest.mark.parametrize(("last", "word"), [("2023-11-10", "day"), ("2024-03-31", "week"), ("2026-01-01", "month")])
def test_bars_are_as_long_as_the_span_allows(events, last, word):
    ax = plotting.timeline(events[events["start_date"].between("2023-10-01", last)])
    assert f"bars per {word}" in ax.get_xlabel().replace("\n", " ")


def offsets(ax):
    """Where the marks stand that lie in the coordinates of the data, not those of the key."""
    own = [marks for marks in ax.collections if marks.get_offset_transform() == ax.transData and len(marks.get_offsets())]
    return {tuple(point) for marks in own for point in marks.get_offsets()}


def test_only_places_known_to_a_point_are_marked(events):
    fine = events["location_precision"].isin(["site", "near", "town"])
    known = {tuple(row) for row in events.loc[fine, ["longitude", "latitude"]].dropna().to_numpy()}
    marked = offsets(plotting.event_map(events))
    assert marked
    assert marked <= known
    for precision in ("district", "governorate", "region", "country", "withheld"):
        vague = recoded(events[fine].head(40), location_precision=precision)
        assert not {point for point in offsets(plotting.event_map(vague)) if point != (0, 0)} & known


def test_a_country_is_shaded_and_bears_a_count(events):
    there = (events["location_id"] == "iraq-country") & ~events["location_precision"].isin(["site", "near", "town"])
    ax = plotting.event_map(events[there])
    claimed = (events[there]["confirmation"] == "claimed_only").sum()
    (text,) = [text.get_text() for text in ax.texts if text.get_text().startswith("Iraq,")]
    assert text.split("\n")[-1].split(" ")[0] == str(there.sum() - claimed)
    shaded = [patch for patch in ax.patches if patch.get_facecolor() == mpl.colors.to_rgba(plotting.SHADE)]
    assert len(shaded) == 1
    assert not offsets(ax)


def test_every_event_is_on_the_map_or_counted_below(events):
    ax = plotting.event_map(events)
    said = ax.get_xlabel().replace("\n", " ")
    point = int(re.search(r"(\d+) of them at", said)[1])
    shaded = [re.findall(r"\d+", text.get_text().split("\n")[-1]) for text in ax.texts if "no nearer place" in text.get_text()]
    below = [
        re.search(rf"{what} (\d+)(?: \+ (\d+) claimed)?", said)
        for what in ("region or country", "without coordinates here", "beyond the map")
    ]
    rest = sum(int(number or 0) for found in below if found for number in found.groups())
    nowhere = re.search(r"(\d+) at no place", said)
    total = point + sum(int(n) for numbers in shaded for n in numbers) + rest + (int(nowhere[1]) if nowhere else 0)
    assert total == len(events)


def test_discounted_events_are_left_out_and_said_to_be(events):
    gone = pd.concat([recoded(events.head(2), confirmation="discounted"), events.iloc[2:9]]).astype(events.dtypes)
    for draw in (plotting.timeline, plotting.event_map):
        assert "2 discounted left out" in draw(gone).get_xlabel().replace("\n", " ")


def test_claims_and_facts_share_no_mark(events):
    asad = events[(events["location_id"] == "ain-al-asad-air-base") & (events["location_precision"] == "site")]
    claimed = recoded(asad.head(3), confirmation="claimed_only")
    faces = [tuple(m.get_facecolor()[0][:3]) for m in plotting.event_map(claimed).collections if len(m.get_offsets())]
    assert faces[0] == (1, 1, 1)
    both = pd.concat([claimed, recoded(asad.tail(5), confirmation="official")]).astype(asad.dtypes)
    ax = plotting.event_map(both)
    known, hollow = [marks for marks in ax.collections if marks.get_offset_transform() == ax.transData][:2]
    assert known.get_sizes()[0] / hollow.get_sizes()[0] == pytest.approx(5 / 3)
    assert tuple(hollow.get_facecolor()[0][:3]) == (1, 1, 1) != tuple(known.get_facecolor()[0][:3])


def test_a_stance_is_a_mark_on_its_day_and_nothing_joins_two():
    frame = views.positions_over_time(issue="presence")
    ax = plotting.stances(frame, most=10**6)
    marks = [m for m in ax.collections if isinstance(m, mpl.collections.PathCollection)]
    assert len(marks) == len(frame)
    lines = [m for m in ax.collections if isinstance(m, mpl.collections.LineCollection)]
    assert len(lines) == (frame["date_precision"] != "day").sum()
    assert all(len(set(np.asarray(line.get_ydata()))) == 1 and len(line.get_xdata()) == 2 for line in ax.lines)  # rules
    days = {date.toordinal() for date in frame.loc[frame["date_precision"] == "day", "date"]}
    drawn = {int(mpl.dates.num2date(m.get_offsets()[0][0]).toordinal()) for m in marks}
    assert days <= drawn
    few = plotting.stances(frame, most=3).get_xlabel().replace("\n", " ")
    assert f"of {len(frame)} stances on presence by the 3 of {frame['actor_id'].nunique()} actors" in few


def test_stances_of_an_unknown_issue_are_an_error():
    with pytest.raises(KeyError, match="no issue 'weather'; there are: "):
        plotting.stances(issue="weather")


def test_troops_are_never_joined_and_none_is_lost():
    frame = views.troop_levels()
    ax = plotting.troops(frame, most=10**6)
    marks = [line for panel in ax.child_axes for line in panel.lines]
    assert all(len(line.get_xdata()) == 1 for line in marks)
    assert len(marks) == len(frame)
    values = frame["best"].fillna(frame["low"]).fillna(frame["high"]).astype(float)
    assert sorted(line.get_ydata()[0] for line in marks) == sorted(values)
    looks = {(line.get_marker(), line.get_color()) for line in marks}
    assert len(looks) == frame["measure"].nunique()
    for panel in ax.child_axes:  # a line is never longer than a report's own time
        for lines in panel.collections:
            for path in lines.get_paths():
                days = path.vertices[:, 0]
                assert days.max() - days.min() <= (frame["end_date"] - frame["start_date"]).dt.days.max()


def test_a_range_is_a_bar_and_an_open_one_an_arrow():
    frame = views.troop_levels("USA", "Iraq").query("start_date == end_date").head(3)
    frame = frame.assign(qualifier="between", low=[2000, 2500, pd.NA], best=pd.NA, high=[3000, pd.NA, 900])
    frame = frame.astype({"low": "Int64", "best": "Int64", "high": "Int64"})
    ax = plotting.troops(frame)
    (bar,) = [path.vertices[:, 1] for lines in ax.collections for path in lines.get_paths()]
    assert sorted(bar) == [2000, 3000]
    arrows = [text for text in ax.texts if text.arrow_patch]
    assert [np.sign(arrow.xyann[1]) for arrow in arrows] == [1, -1]


def test_talks_stand_on_the_rung_of_their_kind():
    frame = views.talks("higher-military-commission-2023-2026")
    ax = plotting.talks(frame)
    rungs = [label.get_text() for label in ax.get_yticklabels()]
    assert rungs == [rung for rung in RUNGS if frame["kind"].isin(RUNGS[rung]).any()]
    marks = [m.get_offsets()[0][1] for m in ax.collections if isinstance(m, mpl.collections.PathCollection)]
    expected = [-rungs.index(next(rung for rung, kinds in RUNGS.items() if kind in kinds)) for kind in frame["kind"]]
    assert sorted(marks) == sorted(expected)
    said = ax.get_xlabel()
    for step in frame[frame["step"].isin(["text", "milestone"])].itertuples():
        assert f"{step.number}  " in said
        assert step.title.split(" ")[0] in said


def test_the_year_stands_once_on_every_axis_of_dates(events):
    ax = plotting.timeline(events[events["start_date"].between("2024-03-01", "2024-11-30")])
    ax.figure.canvas.draw()
    low, high = ax.get_xlim()
    shown = [text.get_text() for at, text in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True) if low <= at <= high]
    assert [label for label in shown if "2024" in label] == shown[:1]


def test_without_matplotlib_the_error_names_the_extra():
    code = (
        "import sys; sys.modules['matplotlib.pyplot'] = None\n"
        "from iraq_coalition_data import plotting\n"
        "try: plotting.talks()\n"
        "except ModuleNotFoundError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pip install 'iraq-coalition-data[plot]'" in done.stdout


def gallery():
    spec = importlib.util.spec_from_file_location("gallery", REPOSITORY / "docs" / "gallery.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_gallery_is_drawn_from_its_page_and_the_same_twice(tmp_path):
    pictures = {name: gallery().draw(tmp_path / name) for name in ("one", "two")}
    text = (REPOSITORY / "docs" / "gallery.md").read_text(encoding="utf-8")
    for one, two in zip(pictures["one"], pictures["two"], strict=True):
        assert one.read_bytes() == two.read_bytes()
        assert (REPOSITORY / "docs" / one.relative_to(tmp_path / "one")).is_file()
    for name in DRAWN:
        assert f"plotting.{name}(" in text
    committed = {path.name for path in (REPOSITORY / "docs" / "gallery").iterdir()}
    described = re.findall(r"\(gallery/(.+?)\)", (REPOSITORY / "docs" / "data-descriptor.md").read_text(encoding="utf-8"))
    assert committed == {path.name for path in pictures["one"]} | set(described)
