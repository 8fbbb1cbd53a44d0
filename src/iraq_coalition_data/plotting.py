"""Figures for a paper in two lines: ``timeline``, ``event_map``, ``stances``, ``troops``, ``talks``. Needs the extra ``plot``.

Each takes a frame (of the view it names; without one, all of it) and an ``ax`` (without one, a new figure), and returns the Axes.
A term has the same colour in every figure. What is known coarsely is drawn apart: a month-precise event has no day, a governorate
no point. Filled marks are confirmed or reported, hollow ones only claimed.
"""

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from iraq_coalition_data import views
from iraq_coalition_data.tables import descriptor, extra

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

# Paul Tol's "muted" and "bright" schemes, told apart with every common colour blindness
MUTED = ("#332288", "#88CCEE", "#44AA99", "#117733", "#999933", "#DDCC77", "#CC6677", "#882255", "#AA4499")
BRIGHT = ("#4477AA", "#EE6677", "#228833", "#CCBB44", "#66CCEE", "#AA3377", "#BBBBBB")
GREY, PALE = "#555555", "#E8E8E8"
CATEGORIES = {  # of events; the others are grey
    "attack": BRIGHT[1],
    "strike": BRIGHT[0],
    "operation": BRIGHT[4],
    "force": BRIGHT[2],
    "talks": BRIGHT[3],
    "agreement": BRIGHT[5],
}
STANCES = {  # from away to stay, and from against to for
    "end_now": MUTED[7],
    "end_by_date": MUTED[6],
    "end_conditional": MUTED[8],
    "reduce": MUTED[5],
    "change_form": MUTED[4],
    "change_mission": MUTED[2],
    "defer_to_talks": "#BBBBBB",
    "ambiguous": "#DDDDDD",
    "keep_conditional": MUTED[1],
    "keep": MUTED[0],
    "increase": MUTED[3],
    "oppose": MUTED[7],
    "conditional": MUTED[5],
    "support": MUTED[0],
}
MEASURES = {"troops_present": "o", "troops_authorised": "s", "troops_planned": "^"}
STEPS = {"round": BRIGHT[3], "text": BRIGHT[5], "milestone": BRIGHT[2]}
MILESTONES = {"milestone_met": "o", "milestone_missed": "X", "milestone_postponed": ">"}
FINE = ("site", "town", "near")  # places that are points
WINDOW = (36.5, 49.0, 28.8, 38.0)  # longitudes and latitudes of Iraq, eastern Syria and eastern Jordan


def timeline(frame: "pd.DataFrame | None" = None, ax: "Axes | None" = None) -> "Axes":
    """Events per month by category, from ``chronology()``.

    Bars are events whose month is known, the hatched part of a bar those only claimed. Events known to the quarter or year stand
    as a count in the caption, in no bar.
    """
    frame = views.chronology() if frame is None else frame
    ax = _axes(ax, (7.2, 3.4))
    known = frame[~frame["date_precision"].isin(["quarter", "year"])]
    months = known["start_date"].dt.to_period("M")
    span = _months(months)
    below = [0] * len(span)
    groups = known["category"].astype("string").where(known["category"].isin(list(CATEGORIES)), "other")
    for category in [*CATEGORIES, "other"]:
        for claimed in (False, True):
            chosen = (groups == category) & ((known["confirmation"] == "claimed_only") == claimed)
            counts = months[chosen].value_counts()
            heights = [int(counts.get(month, 0)) for month in span]
            if any(heights):
                colour = CATEGORIES.get(category, GREY)
                look: dict[str, Any] = (
                    {"facecolor": "white", "edgecolor": colour, "hatch": "////"} if claimed else {"color": colour}
                )
                label = f"{category}, only claimed" if claimed else category
                ax.bar(range(len(span)), heights, bottom=below, width=0.85, linewidth=0.6, label=label, **look)
                below = [low + height for low, height in zip(below, heights, strict=True)]
    _month_axis(ax, span)
    ax.set_ylabel("events")
    _legend(ax, fontsize=6.5, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return _caption(ax, f"{len(known)} events", f"{len(frame) - len(known)} known to the quarter or year are not drawn")


def event_map(frame: "pd.DataFrame | None" = None, ax: "Axes | None" = None) -> "Axes":
    """Events by place, from ``chronology()``: one mark per place, its area by the number of events.

    Filled: at least one confirmed or reported; hollow: all only claimed. Events known to a district, governorate, region or
    country, and places without coordinates or outside the window, are counted at the foot and have no mark.
    """
    frame = views.chronology() if frame is None else frame
    ax = _axes(ax, (6.4, 5.4))
    west, east, south, north = WINDOW
    for name, rings in _outlines().items():
        face = "#F7F7F2" if name in ("IRQ", "SYR", "JOR") else PALE
        for ring in rings:
            ax.fill(*zip(*ring, strict=True), facecolor=face, edgecolor="#999999", lw=0.5)
    fine = frame[frame["location_precision"].isin(FINE) & frame["latitude"].notna()]
    labels = []
    inside = fine[fine["longitude"].between(west, east) & fine["latitude"].between(south, north)]
    for _, rows in inside.groupby(["longitude", "latitude"]):
        longitude, latitude = float(rows["longitude"].iloc[0]), float(rows["latitude"].iloc[0])
        claimed = (rows["confirmation"] == "claimed_only").all()
        size = 10 + 6 * len(rows)
        face = "none" if claimed else BRIGHT[1]
        ax.scatter(longitude, latitude, s=size, facecolor=face, edgecolor="#882255", alpha=0.75, lw=0.9, zorder=3)
        labels.append((len(rows), rows["place"].iloc[0], longitude, latitude))
    taken: list[float] = []
    for count, place, longitude, latitude in sorted(labels, reverse=True)[:8]:
        if all(abs(latitude - other) > 0.35 for other in taken):  # labels that would lie on each other are left out
            ax.annotate(f"{place} ({count})", (longitude, latitude), (7, 3), textcoords="offset points", fontsize=6.5)
            taken.append(latitude)
    ax.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[], aspect=1.2)
    coarse = frame[frame["location_id"].notna() & ~frame["location_precision"].isin(FINE)]
    places = coarse["place"].value_counts().head(4)
    listed = ", ".join(f"{place} {count}" for place, count in places.items())
    rest = len(frame) - len(inside) - len(coarse)
    return _caption(
        ax,
        f"{len(inside)} events at {inside['location_id'].nunique()} places",
        f"{len(coarse)} known less exactly ({listed} …), {rest} elsewhere or without a point",
    )


def stances(frame: "pd.DataFrame | None" = None, ax: "Axes | None" = None, issue: str = "presence", most: int = 14) -> "Axes":
    """Who wanted what on an issue, over time, from ``positions_over_time()``: a dot per statement, for those who spoke most."""
    frame = views.positions_over_time() if frame is None else frame
    frame = frame[frame["issue"] == issue]
    ax = _axes(ax, (7.2, 4.4))
    actors = frame["actor"].value_counts().head(most).index.tolist()[::-1]
    drawn = frame[frame["actor"].isin(actors)]
    for stance, colour in STANCES.items():
        rows = drawn[drawn["stance"] == stance]
        if len(rows):
            heights = [actors.index(actor) for actor in rows["actor"]]
            ax.scatter(
                rows["date"], heights, s=22, color=colour, label=stance.replace("_", " "), edgecolor="#666666", lw=0.3, zorder=3
            )
    ax.set_yticks(range(len(actors)), actors, fontsize=7)
    ax.grid(axis="y", color=PALE)
    _dates(ax)
    _legend(ax, fontsize=6.5, ncols=1, loc="center left", bbox_to_anchor=(1.0, 0.5))
    ax.set_title(f"Stances on {issue.replace('_', ' ')}", fontsize=9, loc="left")
    return _caption(ax, f"{len(drawn)} of {len(frame)} stances", f"the {len(actors)} actors that took most")


def troops(frame: "pd.DataFrame | None" = None, ax: "Axes | None" = None, most: int = 5) -> "Axes":
    """Levels of forces as they were reported, from ``troop_levels()``: one mark per report, a bar where it gives a range.

    Reports are not joined: nobody says what lay between two of them. An arrow marks "at least" or "at most". The number scale is
    logarithmic, so that partners are seen beside the United States.
    """
    frame = views.troop_levels() if frame is None else frame
    ax = _axes(ax, (7.2, 3.8))
    countries = frame["actor"].value_counts().head(most).index
    for actor, colour in zip(countries, BRIGHT, strict=False):
        for measure, marker in MEASURES.items():
            rows = frame[(frame["actor"] == actor) & (frame["measure"] == measure)]
            for row in rows.itertuples():
                low, best, high = _numbers(row)
                middle = best or low or high
                if not middle:
                    continue
                ends = [[middle - (low or middle)], [(high or middle) - middle]]
                at_least, at_most = best is None and high is None, best is None and low is None
                bars = [[middle * 0.12], [middle * 0.12]] if at_least or at_most else ends
                look: dict[str, Any] = {
                    "fmt": marker,
                    "ms": 4.5,
                    "color": colour,
                    "mfc": "white" if measure != "troops_present" else colour,
                }
                ax.errorbar(row.end_date, middle, yerr=bars, lolims=at_least, uplims=at_most, lw=0.9, **look)
        ax.plot([], [], "o", color=colour, label=actor)
    for measure, marker in MEASURES.items():
        ax.plot([], [], marker, color=GREY, mfc="white" if measure != "troops_present" else GREY, label=measure.replace("_", " "))
    ax.set_yscale("log")
    ax.set_ylabel("people")
    _dates(ax)
    _legend(ax, fontsize=6.5, loc="center left", bbox_to_anchor=(1.0, 0.5))
    drawn = frame[frame["actor"].isin(countries)]
    return _caption(ax, f"{len(drawn)} of {len(frame)} reported levels", "each by one reporter; no line joins them")


def talks(frame: "pd.DataFrame | None" = None, ax: "Axes | None" = None) -> "Axes":
    """Rounds, texts and milestones of negotiations, from ``talks()``: one row per episode, in the order of their beginnings.

    A bar spans the days in which a coarsely dated step lies.
    """
    frame = views.talks() if frame is None else frame
    ax = _axes(ax, (7.2, 3.6))
    episodes = frame.groupby("episode")["start_date"].min().sort_values(ascending=False).index.tolist()
    for step, colour in STEPS.items():
        rows = frame[frame["step"] == step].assign(height=lambda rows: rows["episode"].map(episodes.index))
        coarse, fine = rows[rows["date_precision"] != "day"], rows[rows["date_precision"] == "day"]
        ax.hlines(coarse["height"], coarse["start_date"], coarse["end_date"], colour, lw=4)
        markers = MILESTONES if step == "milestone" else {step: "o"}
        for kind, marker in markers.items():
            marked = fine[fine["kind"] == kind] if step == "milestone" else fine
            if len(marked):
                look: dict[str, Any] = {"s": 30, "color": colour, "edgecolor": "#444444", "lw": 0.4, "marker": marker}
                ax.scatter(marked["start_date"], marked["height"], label=kind.replace("_", " "), zorder=3, **look)
    ax.set_yticks(range(len(episodes)), [_wrapped(episode) for episode in episodes], fontsize=7)
    ax.set_ylim(-0.6, len(episodes) - 0.4)
    ax.grid(axis="y", color=PALE)
    _dates(ax)
    _legend(ax, fontsize=7, ncols=4, loc="lower right", bbox_to_anchor=(1.0, 1.0))
    return _caption(ax, f"{len(frame)} steps", "bars span coarse dates")


def _axes(ax: "Axes | None", size: tuple[float, float]) -> "Axes":
    if ax is not None:
        return ax
    plt = extra("matplotlib.pyplot", "plot")
    _, made = plt.subplots(figsize=size, layout="constrained")
    made.spines[["top", "right"]].set_visible(False)
    drawn: Axes = made
    return drawn


def _caption(ax: "Axes", count: str, remark: str) -> "Axes":
    """Under the axes: version, count, and what the figure leaves out."""
    text = f"iraq-coalition-data {descriptor()['version']}: {count}; {remark}"
    ax.set_xlabel(_wrapped(text, 105), fontsize=6.5, color=GREY, loc="left", labelpad=6)
    return ax


def _legend(ax: "Axes", **look: Any) -> None:
    if ax.get_legend_handles_labels()[0]:
        ax.legend(frameon=False, **look)


def _dates(ax: "Axes") -> None:
    """Name the months of a date axis without repeating the year."""
    dates = extra("matplotlib.dates", "plot")
    locator = dates.AutoDateLocator(minticks=3, maxticks=9)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(dates.ConciseDateFormatter(locator))
    ax.tick_params(labelsize=7)


def _months(months: "pd.Series[Any]") -> list[Any]:
    import pandas as pd

    return list(pd.period_range(months.min(), months.max(), freq="M")) if len(months) else []


def _month_axis(ax: "Axes", span: list[Any]) -> None:
    """Name years, and quarters where there are few of them."""
    step = 1 if len(span) <= 9 else 3 if len(span) <= 45 else 12
    ticks = [place for place, month in enumerate(span) if step == 1 or (month.month - 1) % step == 0]
    labels = [f"{span[t].year}" if step == 12 else f"{span[t]:%b %Y}" for t in ticks]
    ax.set_xticks(ticks, labels, fontsize=7, rotation=0 if len(ticks) < 9 else 45, ha="center" if len(ticks) < 9 else "right")
    ax.tick_params(axis="y", labelsize=7)


def _numbers(row: Any) -> list[float | None]:
    import pandas as pd

    return [None if pd.isna(value) else float(value) for value in (row.low, row.best, row.high)]


def _wrapped(text: str, width: int = 34) -> str:
    import textwrap

    return textwrap.fill(text, width)


def _outlines() -> dict[str, list[list[tuple[float, float]]]]:
    """The rings of the countries that the window shows, from Natural Earth."""
    collection = json.loads(files("iraq_coalition_data").joinpath("outlines.geojson").read_text(encoding="utf-8"))
    shown = {"IRQ", "SYR", "JOR", "IRN", "TUR", "SAU", "KWT", "LBN", "ISR", "ARM", "AZE"}
    rings: dict[str, list[list[tuple[float, float]]]] = {}
    for feature in collection["features"]:
        if feature["id"] in shown:
            shape = feature["geometry"]
            parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
            rings[feature["id"]] = [part[0] for part in parts]
    return rings
