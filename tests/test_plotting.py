import subprocess
import sys

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from conftest import REPOSITORY

import iraq_coalition_data as icd
from iraq_coalition_data import plotting, tables, views

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


@pytest.mark.parametrize("name", DRAWN)
def test_each_figure_takes_nothing_a_frame_or_an_ax_and_returns_the_axes(name):
    draw = getattr(plotting, name)
    drawn = draw()
    assert icd.__version__ in drawn.get_xlabel()
    _, ax = plt.subplots()
    assert draw(DRAWN[name](), ax) is ax
    ax.figure.canvas.draw()


@pytest.mark.parametrize("name", DRAWN)
def test_an_empty_frame_is_drawn_as_such(name):
    ax = getattr(plotting, name)(DRAWN[name]().head(0))
    ax.figure.canvas.draw()
    assert "0 " in ax.get_xlabel()


def test_bars_hold_every_event_whose_month_is_known_and_no_other():
    frame = views.chronology()
    ax = plotting.timeline(frame)
    drawn = sum(bar.get_height() for bars in ax.containers for bar in bars)
    assert drawn == (~frame["date_precision"].isin(["quarter", "year"])).sum()
    coarse = frame.head(5).assign(date_precision=pd.Categorical(["year"] * 5, frame["date_precision"].cat.categories))
    assert not plotting.timeline(coarse).containers


def test_only_places_known_to_a_point_are_marked():
    frame = views.chronology()
    ax = plotting.event_map(frame)
    points = {tuple(point) for marks in ax.collections for point in marks.get_offsets()}
    vague = frame[~frame["location_precision"].isin(plotting.FINE)]
    fine = frame[frame["location_precision"].isin(plotting.FINE)]
    assert points <= {tuple(row) for row in fine[["longitude", "latitude"]].dropna().to_numpy()}
    assert not plotting.event_map(vague).collections


def test_claimed_events_are_hollow():
    frame = views.chronology()
    claimed = frame[(frame["confirmation"] == "claimed_only") & frame["location_precision"].isin(plotting.FINE)]
    ax = plotting.event_map(claimed)
    assert ax.collections
    assert all(len(marks.get_facecolor()) == 0 for marks in ax.collections)


def test_no_line_joins_two_reports_of_troops():
    for line in plotting.troops().lines:
        assert line.get_linestyle() == "None" or len(line.get_xdata()) <= 1


def test_every_stance_and_measure_has_its_look():
    stance = next(field for field in tables.fields("positions") if field["name"] == "stance")
    assert set(stance["categories"]) == set(plotting.STANCES)
    assert set(views.troop_levels()["measure"].dropna()) <= set(plotting.MEASURES)
    assert set(views.talks()["step"]) <= set(plotting.STEPS)


def test_the_gallery_is_of_these_data(tmp_path):
    """The committed pictures are there, and the same data give the same bytes twice."""
    text = (REPOSITORY / "docs" / "gallery.md").read_text(encoding="utf-8")
    for name in DRAWN:
        assert f"gallery/{name}.png" in text
        assert (REPOSITORY / "docs" / "gallery" / f"{name}.png").stat().st_size > 10_000
    code = (
        "import matplotlib as m; m.use('Agg'); from iraq_coalition_data import plotting as p\n"
        f"for n in 'ab': p.talks().figure.savefig(r'{tmp_path}/' + n, format='png', metadata={{'Software': None}})"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
