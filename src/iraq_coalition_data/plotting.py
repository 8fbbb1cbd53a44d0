"""Figures for a paper in two lines: ``timeline``, ``event_map``, ``stances``, ``troops``, ``talks``. Needs the extra ``plot``.

Each takes a frame (rows of the view it names; without one, the whole view) and an ``ax`` (without one, a figure of the width of a
page is made), and returns the Axes. The line under it names the version, counts what is drawn and says what is not. A term has
the same colour in every figure, whatever is selected. What is only claimed is hollow and shares no mark with what is confirmed
or reported. What is known coarsely is drawn as coarse: no month-precise event has a day, no governorate a point.
"""

import json
import math
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from itertools import cycle
from typing import TYPE_CHECKING, Any

from iraq_coalition_data import views
from iraq_coalition_data.tables import descriptor, extra, load

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

# by vocabulary and term; within a vocabulary any two differ by at least 15 (CIE 1976) in the eyes of all, with the three
# colour blindnesses as without; tests/test_plotting.py measures it
PALETTE = {
    "event_category": {
        "attack": "#D55E00",
        "strike": "#0072B2",
        "operation": "#44CCEE",
        "force": "#009E73",
        "support": "#AACC66",
        "talks": "#CC79A7",
        "agreement": "#7A1F5C",
        "truce": "#AA88EE",
        "political": "#6600CC",
        "legal": "#004400",
        "protest": "#EE0044",
        "group": "#220088",
        "incident": "#440066",
    },
    "position_stance": {  # from away to stay, then against and for
        "end_now": "#612700",
        "end_by_date": "#BC601F",
        "end_conditional": "#F5A083",
        "reduce": "#F5D60D",
        "change_form": "#2A704D",
        "change_mission": "#009DB2",
        "defer_to_talks": "#BBBBBB",
        "ambiguous": "#282828",
        "keep_conditional": "#A0A6F5",
        "keep": "#174BF5",
        "increase": "#3800A3",
        "oppose": "#7D006B",
        "conditional": "#DAAC30",
        "support": "#598680",
    },
    "measure": {"troops_present": "#0072B2", "troops_authorised": "#D55E00", "troops_planned": "#555555"},
}
# a second way to tell terms apart that share a scale; a term of no other figure needs one
MARKERS = {
    "end_now": "X",
    "end_by_date": "v",
    "end_conditional": "<",
    "reduce": "d",
    "change_form": "p",
    "change_mission": "h",
    "defer_to_talks": "s",
    "ambiguous": "*",
    "keep_conditional": ">",
    "keep": "o",
    "increase": "^",
    "oppose": "X",
    "conditional": "D",
    "support": "o",
    "troops_present": "o",
    "troops_authorised": "s",
    "troops_planned": "D",
}
RUNGS = {  # of the talks, from the top: the kinds of events that stand on each
    "carried out": ("milestone_met",),
    "in force": ("entered_into_force", "extended", "amended"),
    "signed": ("initialled", "signed", "ratified"),
    "announced": ("announced",),
    "round": ("round", "multilateral"),
    "contact": ("meeting", "visit", "phone_call"),
    "put off, missed": ("talks_postponed", "milestone_postponed", "milestone_missed"),
    "broken off, ended": ("talks_suspended", "suspended", "terminated", "expired"),
}
LEVEL = ("round", "contact")  # rungs whose steps are too many to be listed under the figure
FALLS = ("put off, missed", "broken off, ended")

INK, FAINT = "#333333", "#E4E4E4"
LAND, SHADE, COAST = "#F7F7F4", "#E3DCC4", "#AAAAAA"
SMALL, TINY = 7.0, 6.2  # points
WIDTH = 7.1  # inches: the text of an A4 page
WINDOW = (35.0, 49.4, 28.7, 37.8)  # degrees west, east, south, north: Iraq and the bases in Syria and Jordan
FINE = ("site", "near", "town")  # precisions of places that are points
KEY = (94, 58)  # points: width and height of the key of the map
AREA = 3.2  # square points of a mark per event
SPREAD = 0.27  # of a row: how far marks that would hide each other stand apart


def timeline(frame: "pd.DataFrame | None" = None, ax: "Axes | None" = None) -> "Axes":
    """Events over time, from ``chronology()``: a lane for each category, all on one scale.

    Bars are per day, week or month, by the time that the frame spans: upwards, filled, what is confirmed or reported; downwards,
    hollow, what is only claimed. An event counts when it began. One not surely within one bar, or known to the month or more
    coarsely, is a line over the time in which it lies, in the strip above. Discounted events are left out.
    """
    frame, out = _undiscounted(_events(frame))
    unit, word, days = _unit(frame)
    starts, ends = (frame[column].dt.to_period(unit) for column in ("start_date", "end_date"))
    within = frame["date_precision"].isin(["days", "week"]) & (starts == ends)
    sure = (frame["date_precision"] == "day") | within
    claimed = frame["confirmation"] == "claimed_only"
    present = [term for term in PALETTE["event_category"] if (frame["category"] == term).any()]

    counts = {}
    for term in present:
        mine = sure & (frame["category"] == term)
        counts[term] = [starts[mine & (claimed == hollow)].value_counts() for hollow in (False, True)]
    heights = {term: [int(bars.max()) if len(bars) else 0 for bars in pair] for term, pair in counts.items()}
    coarse = _packed(frame[~sure].assign(hollow=claimed[~sure]))
    total = sum(up + down for up, down in heights.values())
    least = max(1.0, total / 14)  # of a lane, so that its label fits
    row = max(1.0, total / 20) / 2.4

    ax = _axes(ax, 1.3 + 0.21 * len(present) + 0.03 * min(80, total) + 0.05 * len(coarse))
    place, labels = 0.0, []
    if len(coarse):
        for rank, rows in enumerate(coarse):
            for event in rows:
                _bar(ax, event.start_date, event.end_date, place - (rank + 0.85) * row, 0.7 * row, event.category, event.hollow)
        labels.append((place - len(coarse) * row / 2, f"not known\nto the {word}: {(~sure).sum()}"))
        place -= len(coarse) * row + least * 0.35
        ax.axhline(place + least * 0.2, color=COAST, lw=0.6)
    for term in present:
        up, down = heights[term]
        zero = place - max(up, least * 0.6) - least * 0.15
        ax.axhline(zero, color=FAINT, lw=0.6, zorder=0)
        for hollow, bars in enumerate(counts[term]):
            for period, count in bars.items():
                height = -count if hollow else count
                _bar(ax, period.start_time, period.start_time.normalize() + _days(days(period) - 1), zero, height, term, hollow)
        for value in {up, -down} - {0}:
            ax.text(
                1.005, zero + value, str(abs(value)), transform=ax.get_yaxis_transform(), fontsize=TINY, color=INK, va="center"
            )
        known, hollows = (int(bars.sum()) for bars in counts[term])
        labels.append(
            (zero + max(up, least * 0.6) / 2 - down / 2, f"{_words(term)} {known}" + (f" + {hollows}" if hollows else ""))
        )
        place = zero - down - least * 0.4
    ax.set_ylim(place - least * 0.1, least * 0.1)
    ax.set_yticks([at for at, _ in labels], [text for _, text in labels], fontsize=SMALL)
    ax.tick_params(axis="y", length=0)
    if len(frame):
        _legend(ax, [_patch("confirmed or reported (up)"), _patch("only claimed (down)", hollow=True)])
    _dates(ax)
    remarks = [
        f"bars per {word}, on one scale; numbers right: the highest",
        f"{(~sure).sum()} not known to the {word} as lines over the time in which they lie",
    ]
    return _caption(ax, _counted(frame, "events"), *remarks, *out)


def event_map(frame: "pd.DataFrame | None" = None, ax: "Axes | None" = None) -> "Axes":
    """Events by place, from ``chronology()``: at each place a split mark, its area by the number of events.

    Left half, filled: confirmed or reported; right half, hollow: only claimed. A place is one at or near which it was, as sources
    say. A country is shaded and bears a count where no more is known. What is known to a district, governorate or region, was at
    a place without coordinates in the data, or lies beyond the map is counted below. Marks of one category have its colour.
    Discounted events are left out.
    """
    frame, out = _undiscounted(_events(frame))
    ax = _axes(ax, 6.3)
    west, east, south, north = WINDOW
    ax.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[], aspect=1.19, anchor="N")  # 1 / cos 33°
    ax.spines[:].set(visible=True, color=COAST, lw=0.6)
    claimed = frame["confirmation"] == "claimed_only"
    fine = frame["location_precision"].isin(FINE)
    shown = fine & frame["longitude"].between(west, east) & frame["latitude"].between(south, north)
    kinds = frame["location_id"].map(load("locations").set_index("location_id")["kind"].astype("string"))
    inside = frame["country"].isin(set(_countries()))
    country = frame["location_id"].notna() & ~fine & (kinds == "country") & inside

    for code, rings in _countries().items():
        face = SHADE if (frame.loc[country, "country"] == code).any() else LAND
        for ring in rings:
            ax.fill(*zip(*ring, strict=True), facecolor=face, edgecolor=COAST, lw=0.5, zorder=1)
    colours = [PALETTE["event_category"][term] for term in frame["category"].unique()]
    colour = colours[0] if len(colours) == 1 else INK
    spots = frame[shown].assign(claimed=claimed[shown]).groupby(["place", "longitude", "latitude"])["claimed"]
    marks: list[Any] = [(*at, int((~hollow).sum()), int(hollow.sum())) for at, hollow in spots]
    marks.sort(key=lambda mark: (-mark[3] - mark[4], mark[0]))
    for _, x, y, known, hollow in marks:
        _split(ax, x, y, known, hollow, colour)
    if marks:
        _size_legend(ax, colour)
    texts = []
    for code in frame.loc[country, "country"].unique():
        mine = country & (frame["country"] == code)
        spot = _free_spot(_countries()[code], [(x, y) for _, x, y, *_ in marks])
        if spot is None:  # too little of the country is on the map
            country &= ~mine
        else:
            text = f"{frame.loc[mine, 'place'].iloc[0]},\nno nearer place:\n{_two(mine & ~claimed, mine & claimed)}"
            look: dict[str, Any] = {"fontsize": TINY, "style": "italic", "ha": "center", "va": "center", "color": INK}
            texts.append(ax.text(*spot, text, zorder=2, **look))
    _name_places(ax, marks, texts)
    rest = frame[~shown & ~country & frame["location_id"].notna()]
    located, named = rest["longitude"].notna(), rest["location_precision"].isin(FINE)
    remarks = [
        _listed("known to a district, governorate, region or country", rest[~named]),
        _listed("at places without coordinates here", rest[named & ~located]),
        _listed("beyond the map", rest[named & located]),
    ]
    nowhere = int(frame["location_id"].isna().sum())
    remarks.append(f"{nowhere} at no place" if nowhere else "")
    return _caption(ax, f"{_counted(frame, 'events')}, {shown.sum()} of them at {len(marks)} points", *remarks, *out)


def stances(frame: "pd.DataFrame | None" = None, ax: "Axes | None" = None, issue: str | None = None, most: int = 18) -> "Axes":
    """Who wanted what on an issue, over time, from ``positions_over_time()``: a row for each actor, a mark for each statement.

    ``issue`` is a term of position_issue; without it, that of the frame if it has one only, else ``presence``. Drawn are the
    ``most`` actors who spoke most, by side. A stance holds on the day of the statement; nothing joins two of them. Hollow: a
    third party reports what was said. A line is the time in which a statement of uncertain date lies, its mark in the middle.
    Raises KeyError for an unknown issue.
    """
    import pandas as pd

    frame = views.positions_over_time() if frame is None else frame
    given = frame["issue"].dropna().unique()
    issue = issue or (given[0] if len(given) == 1 else "presence")
    if issue not in frame["issue"].cat.categories:
        raise KeyError(f"no issue {issue!r}; there are: {', '.join(frame['issue'].cat.categories)}")
    frame = frame[frame["issue"] == issue].sort_values(["date", "statement_id"])
    counted = frame["actor_id"].value_counts().rename("count").reset_index()
    counted["bloc"] = counted["actor_id"].map(load("actors").set_index("actor_id")["bloc"])
    drawn = counted.sort_values(["count", "actor_id"], ascending=[False, True]).head(most)
    drawn = drawn.sort_values(["bloc", "count", "actor_id"], ascending=[True, False, True]).reset_index(drop=True)
    rows = {actor: -place for place, actor in enumerate(drawn["actor_id"])}
    names = frame.drop_duplicates("actor_id").set_index("actor_id")["actor"]

    ax = _axes(ax, 1.5 + 0.2 * max(4, len(rows)))
    shown = frame[frame["actor_id"].isin(rows)]
    shown = shown.assign(last=views.last_day(shown))
    span = (shown["date"].max() - shown["date"].min()) / 60 if len(shown) else pd.Timedelta(0)
    for actor, said in shown.groupby("actor_id"):
        statement: Any
        for statement, shift in zip(said.itertuples(), _apart(said["date"], span), strict=True):
            colour, height = PALETTE["position_stance"][str(statement.stance)], rows[actor] + shift
            if statement.date_precision != "day":
                ax.hlines(height, statement.date, statement.last, colour, lw=2.5, alpha=0.5, zorder=2)
            face = "white" if statement.attribution == "reported" else colour
            edge, width = (colour, 0.9) if face == "white" else (INK, 0.35)
            look: dict[str, Any] = {"marker": MARKERS[str(statement.stance)], "facecolor": face, "edgecolor": edge, "lw": width}
            ax.scatter(_middle(statement.date, statement.last), height, s=20, zorder=3, **look)
    ax.set_yticks([*rows.values()], [names[actor] for actor in rows], fontsize=SMALL)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(min(rows.values(), default=0) - 0.6, 0.6)
    for bloc, places in drawn.groupby("bloc", observed=True).groups.items():
        if places[0]:
            ax.axhline(0.5 - places[0], color=COAST, lw=0.6)
        middle = -(places[0] + places[-1]) / 2
        beside: dict[str, Any] = {"transform": ax.get_yaxis_transform(), "fontsize": TINY, "color": INK, "va": "center"}
        ax.text(1.01, middle, _wrapped(_words(str(bloc)), 11), **beside)
    for place in rows.values():
        ax.axhline(place, color=FAINT, lw=0.5, zorder=0)
    _dates(ax)
    used = [term for term in PALETTE["position_stance"] if (shown["stance"] == term).any()]
    _legend(ax, [_dot(_words(term), MARKERS[term], PALETTE["position_stance"][term]) for term in used])
    actors = (
        f"by {len(counted)} actors"
        if len(counted) == len(rows)
        else f"by the {len(rows)} of {len(counted)} actors who spoke most"
    )
    count = f"{len(shown)} of {len(frame)} stances on {_words(issue)} {actors}"
    reported = int((shown["attribution"] == "reported").sum())
    coarse = int((shown["date_precision"] != "day").sum())
    remarks = [
        f"{reported} as a third party reports (hollow)" if reported else "",
        f"{coarse} of uncertain date (line over the time in which it lies)" if coarse else "",
        "a stance holds on its day; nothing is said of the days between",
    ]
    return _caption(ax, count, *remarks)


def troops(frame: "pd.DataFrame | None" = None, ax: "Axes | None" = None, most: int = 6) -> "Axes":
    """Levels of forces as reported, from ``troop_levels()``: a panel for each force and place, the ``most`` with most reports.

    A mark for each report, with a bar for its range, an arrow where the report says "at least" or "at most", a line over its time
    where it holds for more than a day; no line from one report to the next. Troops present, authorised and planned differ by
    colour and shape. The scale of a panel is its own, and logarithmic where numbers differ more than fortyfold. With several
    panels the Axes given back holds them as ``child_axes``.
    """
    frame = views.troop_levels() if frame is None else frame
    groups = frame.assign(at=frame["place"].fillna("any place"))
    sizes = groups.groupby(["actor", "at"], sort=False).size().sort_values(ascending=False, kind="stable").head(most)
    heights = [1.0 if count > 4 else 0.6 for count in sizes]
    ax = _axes(ax, 1.0 + 1.1 * max(1, sum(heights)) + 0.2 * len(heights))
    span = (frame["start_date"].min(), frame["end_date"].max())
    margin = (span[1] - span[0]) * 0.03 if len(frame) else None
    panels = _panels(ax, heights)
    for panel, (actor, place) in zip(panels, sizes.index, strict=True):
        rows = groups[(groups["actor"] == actor) & (groups["at"] == place)]
        _levels(panel, rows)
        panel.set_title(f"{actor}, {place}", fontsize=SMALL, loc="left", pad=3, fontweight="bold")
        panel.set_xlim(span[0] - margin - _days(5), span[1] + margin + _days(5))
        _dates(panel)
        if panel is not panels[-1]:
            panel.tick_params(labelbottom=False)
    used = [term for term in PALETTE["measure"] if (frame["measure"] == term).any()]
    if panels:
        _legend(panels[0], [_dot(_words(term), MARKERS[term], PALETTE["measure"][term]) for term in used], up=13)
    count = f"{sizes.sum()} of {len(frame)} reported levels of troops"
    left = groups.groupby(["actor", "at"]).ngroups - len(sizes)
    remarks = [
        f"{left} forces and places with fewer reports are not drawn" if left else "",
        "scales that go up tenfold are logarithmic" if any(panel.get_yscale() == "symlog" for panel in panels) else "",
        "bars: ranges; arrows: at least, at most; nothing is known between two reports",
    ]
    return _caption(ax, count, *remarks)


def talks(frame: "pd.DataFrame | None" = None, ax: "Axes | None" = None) -> "Axes":
    """Rounds, texts and milestones, from ``talks()``: a panel for each negotiation, a rung for each stage.

    Texts, milestones and interruptions are numbered as in the view and listed below. A line is the time in which a step of
    uncertain date lies. Hollow: only claimed. Discounted events are left out. With several negotiations the Axes given back
    holds their panels as ``child_axes``.
    """
    frame = views.talks() if frame is None else frame
    confirmation = load("events").set_index("event_id")["confirmation"]
    frame, out = _undiscounted(frame.assign(confirmation=frame["event_id"].map(confirmation)))
    rungs = {kind: rung for rung, kinds in RUNGS.items() for kind in kinds}
    frame = frame.assign(rung=frame["kind"].astype("string").map(rungs))
    order = frame.groupby("episode")["start_date"].min().sort_values().index
    listed = [frame[frame["episode"] == episode] for episode in order]
    rows = [[rung for rung in RUNGS if (steps["rung"] == rung).any()] for steps in listed]
    keys = [steps[~steps["rung"].isin(LEVEL)] for steps in listed]
    ax = _axes(ax, 0.7 + sum(0.75 + 0.2 * len(names) + 0.1 * len(key) for names, key in zip(rows, keys, strict=True)))
    panels = _panels(ax, [1.5 + len(names) for names in rows], [len(key) for key in keys])
    for panel, episode, steps, names, key in zip(panels, order, listed, rows, keys, strict=True):
        for step in steps.itertuples():
            _step(panel, step, -names.index(step.rung))
        panel.set_yticks([-place for place in range(len(names))], names, fontsize=SMALL)
        panel.set_ylim(-len(names) + 0.3, 0.8)
        panel.grid(axis="y", color=FAINT, lw=0.6)
        panel.set_axisbelow(True)
        panel.tick_params(axis="y", length=0)
        panel.set_title(episode, fontsize=SMALL, loc="left", pad=3, fontweight="bold")
        panel.margins(x=0.04)
        _dates(panel)
        if panel is not ax:
            panel.set_xlabel(_fitted(panel, _key(key)), fontsize=TINY, loc="left", color=INK)
    lines = [*_key(keys[0]), ""] if len(panels) == 1 else []
    coarse = int((frame["date_precision"] != "day").sum())
    remarks = [f"{coarse} of uncertain date (line over the time in which it lies)" if coarse else ""]
    return _caption(ax, f"{len(frame)} steps of {len(order)} negotiation{'s'[: len(order) != 1]}", *remarks, *out, above=lines)


def _events(frame: "pd.DataFrame | None") -> "pd.DataFrame":
    """A selection of events as rows of the chronology."""
    if frame is not None and "latitude" in frame.columns:
        return frame
    whole = views.chronology()
    return whole if frame is None else whole[whole["event_id"].isin(frame["event_id"])]


def _undiscounted(frame: "pd.DataFrame") -> "tuple[pd.DataFrame, list[str]]":
    """The rows that nobody has shown not to have happened, and what to say of the others."""
    gone = frame["confirmation"] == "discounted"
    return frame[~gone], [f"{gone.sum()} discounted left out"] if gone.any() else []


def _unit(frame: "pd.DataFrame") -> tuple[str, str, Any]:
    """The period that one bar stands for: its code for pandas, in words, and its days."""
    days = (frame["end_date"].max() - frame["start_date"].min()).days if len(frame) else 0
    if days <= 100:
        return "D", "day", lambda _: 1
    if days <= 400:
        return "W", "week", lambda _: 7
    return "M", "month", lambda period: period.days_in_month


def _packed(frame: "pd.DataFrame") -> list[list[Any]]:
    """Events of coarse date in rows in which no two overlap, the widest first."""
    packed: list[list[Any]] = []
    frame = frame.assign(length=frame["end_date"] - frame["start_date"])
    for event in frame.sort_values(["length", "start_date", "event_id"], ascending=[False, True, True]).itertuples():
        gap = _days(5)
        free = (
            row
            for row in packed
            if all(event.start_date > other.end_date + gap or event.end_date + gap < other.start_date for other in row)
        )
        row = next(free, None)
        if row is None:
            packed.append(row := [])
        row.append(event)
    return packed


def _bar(ax: "Axes", first: Any, last: Any, base: float, height: float, category: str, hollow: int) -> None:  # noqa: PLR0917 a drawing's measures
    """A bar over whole days, a little narrower than they are."""
    days = (last - first).days + 1
    colour = PALETTE["event_category"][category]
    look: dict[str, Any] = {"facecolor": "white" if hollow else colour, "edgecolor": colour, "lw": 0.7 if hollow else 0}
    ax.bar(first, height, bottom=base, width=_days(days) * 0.9, align="edge", zorder=2, **look)


def _split(ax: "Axes", x: float, y: float, known: int, hollow: int, colour: str, **where: Any) -> None:  # noqa: PLR0917 a drawing's measures
    """A mark in two halves, the area of each by its count."""
    for count, angles, face in ((known, (90, 270), colour), (hollow, (-90, 90), "white")):
        if count:
            half = extra("matplotlib.path", "plot").Path.wedge(*angles)
            look: dict[str, Any] = {
                "facecolor": face,
                "edgecolor": colour if face == "white" else "white",
                "lw": 0.9 if face == "white" else 0.4,
            }
            ax.scatter(x, y, s=8 * AREA * count, marker=half, alpha=0.85, **({"zorder": 3} | where), **look)


def _name_places(ax: "Axes", marks: Sequence[tuple[Any, ...]], texts: Iterable[Any]) -> None:
    """Names beside the marks, largest first, where they lie on nothing; the others stay without."""
    _placed(ax)
    scale = ax.figure.dpi / 72
    halves = [[(AREA * 2 * count) ** 0.5 * scale for count in mark[3:]] for mark in marks]
    points: Any = ax.transData.transform([(x, y) for _, x, y, *_ in marks]) if marks else []
    boxes = [(px - a, py - max(a, b), px + b, py + max(a, b)) for (px, py), (a, b) in zip(points, halves, strict=True)]
    boxes += [tuple(text.get_window_extent().extents) for text in texts]
    frame = ax.get_window_extent()
    boxes.append((frame.x0, frame.y0, frame.x0 + KEY[0] * scale, frame.y0 + KEY[1] * scale))
    height = TINY * 1.15 * scale
    for (place, x, y, _, _), (px, py), (a, b) in zip(marks, points, halves, strict=True):
        text = place.split(" (")[0]
        width, gap = len(text) * TINY * 0.53 * scale, 2 * scale
        rise = max(a, b) + gap + height / 2
        for dx, dy, ha in ((b + gap, 0, "left"), (-a - gap, 0, "right"), (0, rise, "center"), (0, -rise, "center")):
            left = px + dx - {"left": 0, "right": width, "center": width / 2}[ha]
            box = (left, py + dy - height / 2, left + width, py + dy + height / 2)
            if frame.x0 < box[0] and box[2] < frame.x1 and not any(_overlap(box, other) for other in boxes):
                boxes.append(box)
                look: dict[str, Any] = {"fontsize": TINY, "ha": ha, "va": "center", "color": INK, "zorder": 4}
                ax.annotate(text, (x, y), (dx / scale, dy / scale), textcoords="offset points", **look)
                break


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _free_spot(rings: list[list[tuple[float, float]]], marks: list[tuple[float, float]]) -> tuple[float, float] | None:
    """Where in a country, on the map, a text is farthest from every mark and border; None where there is no room."""
    import numpy as np

    west, east, south, north = WINDOW
    x, y = (
        axis.ravel() for axis in np.meshgrid(np.linspace(west + 1.5, east - 1.5, 80), np.linspace(south + 0.4, north - 0.4, 60))
    )
    outline = max(rings, key=len)
    inside = extra("matplotlib.path", "plot").Path(outline).contains_points(np.column_stack([x, y]))
    inside &= (x > west + 4) | (y > south + 2.6)  # the key lies there
    if not inside.any():
        return None
    taken = np.array([*outline, *marks])
    # a text is wider than high
    distance = np.hypot((x[inside, None] - taken[:, 0]) / 1.8, y[inside, None] - taken[:, 1]).min(axis=1)
    best = int(distance.argmax())
    return (float(x[inside][best]), float(y[inside][best])) if distance[best] > 0.45 else None


def _size_legend(ax: "Axes", colour: str) -> None:
    """Marks of 1, 5 and 20 events, and what their halves mean, in a corner that is desert; of the same size on any map."""
    transforms = extra("matplotlib.transforms", "plot")
    corner = transforms.ScaledTranslation(0, 0, ax.transAxes)
    points = transforms.Affine2D().scale(1 / 72) + ax.figure.dpi_scale_trans + corner
    width, height = KEY
    ax.fill_between([0, width], 0, height, facecolor="white", edgecolor=COAST, lw=0.6, zorder=4, transform=points)
    for x, count in ((12, 1), (35, 5), (66, 20)):
        _split(ax, x, 42, count, count, colour, transform=points, zorder=5)
        ax.text(x, 23, str(count), fontsize=TINY, ha="center", color=INK, zorder=5, transform=points)
    for y, text in ((14, "left: confirmed, reported"), (5, "right: only claimed")):
        ax.text(4, y, text, fontsize=TINY, color=INK, zorder=5, transform=points)


def _two(known: Iterable[Any], claimed: Iterable[Any]) -> str:
    hollow = int(sum(claimed))
    return f"{int(sum(known))}" + (f" + {hollow} claimed" if hollow else "")


def _listed(what: str, rows: "pd.DataFrame", most: int = 6) -> str:
    """What is not on the map, by place, confirmed or reported and only claimed apart."""
    if rows.empty:
        return ""
    claimed = rows["confirmation"] == "claimed_only"
    sizes = rows["place"].value_counts()
    named = [
        f"{place.split(' (')[0]} {_two((rows['place'] == place) & ~claimed, (rows['place'] == place) & claimed)}"
        for place in sorted(sizes.index, key=lambda place: (-sizes[place], place))[:most]
    ]
    rest = f", {len(sizes) - most} more places {sizes.sum() - sizes.nlargest(most).sum()}" if len(sizes) > most else ""
    return f"{what} {_two(~claimed, claimed)}: {', '.join(named)}{rest}"


def _apart(dates: "pd.Series[Any]", span: Any) -> list[float]:
    """How far from the middle of its row each mark stands, so that none hides one of nearly the same day."""
    shifts: list[float] = []
    previous, steps = None, cycle((0.0, SPREAD, -SPREAD))
    for date in dates:
        if previous is None or date - previous > span:
            steps = cycle((0.0, SPREAD, -SPREAD))
        shifts.append(next(steps))
        previous = date
    return shifts


def _levels(panel: "Axes", rows: "pd.DataFrame") -> None:
    """The reports of one force at one place."""
    numbers = rows[["low", "best", "high"]].astype("float64")
    ticker = extra("matplotlib.ticker", "plot")
    positive = numbers.to_numpy()[numbers.to_numpy() > 0]
    least, most = (positive.min(), positive.max()) if len(positive) else (1.0, 1.0)
    if most > 40 * least:
        near = 10 ** math.floor(math.log10(least))  # from here on the scale is logarithmic, and below it reaches to zero
        panel.set_yscale("symlog", linthresh=near, linscale=0.5)
        panel.yaxis.set_major_locator(ticker.SymmetricalLogLocator(base=10, linthresh=near))
        panel.set_ylim(0, 2.2 * most)
    else:
        panel.set_ylim(0, 1.3 * most)
    row: Any
    for row, given in zip(rows.itertuples(), numbers.to_numpy(), strict=True):
        low, best, high = (None if math.isnan(number) else float(number) for number in given)
        at = next(number for number in (best, low, high) if number is not None)
        measure = str(row.measure)
        colour = PALETTE["measure"][measure]
        day = _middle(row.start_date, row.end_date)
        if row.end_date > row.start_date:
            panel.hlines(at, row.start_date, row.end_date, colour, lw=2.5, alpha=0.6)
        if low is not None and high is not None:
            panel.vlines(day, low, high, colour, lw=1)
        elif best is None:
            look: dict[str, Any] = {
                "arrowstyle": "<|-,head_width=0.12,head_length=0.25",
                "color": colour,
                "lw": 0.8,
                "shrinkA": 0,
                "shrinkB": 0,
            }
            panel.annotate("", (day, at), (0, -11 if low is None else 11), textcoords="offset points", arrowprops=look)
        panel.plot([day], [at], MARKERS[measure], ms=4, color=colour, mec="white", mew=0.4, zorder=3, clip_on=False)
    panel.yaxis.set_major_formatter(ticker.FuncFormatter(lambda value, _: f"{value:,.0f}"))
    panel.grid(axis="y", color=FAINT, lw=0.6)
    panel.set_axisbelow(True)
    panel.tick_params(labelsize=SMALL)


def _step(panel: "Axes", step: Any, height: float) -> None:
    """A step of talks on its rung."""
    colour = PALETTE["event_category"]["talks" if step.step == "round" else "agreement"]
    at = step.start_date if step.date_precision == "day" else _middle(step.start_date, step.end_date)
    face = "white" if step.confirmation == "claimed_only" else colour
    if step.date_precision != "day":
        panel.hlines(height, step.start_date, step.end_date, colour, lw=2.5, alpha=0.5, zorder=2)
    marker = "o" if step.rung not in FALLS else ">" if step.kind.endswith("postponed") else "X"
    edge = colour if face == "white" else "white"
    panel.scatter(at, height, s=26, marker=marker, facecolor=face, edgecolor=edge, lw=0.5, zorder=3)
    if step.rung not in LEVEL:
        look: dict[str, Any] = {"textcoords": "offset points", "fontsize": TINY, "ha": "center", "color": INK}
        panel.annotate(str(step.number), (at, height), (0, 4), **look)


def _key(steps: "pd.DataFrame") -> list[str]:
    """The numbered steps, a line each."""
    lines = []
    for step in steps.itertuples():
        first, last = f"{step.start_date:%Y-%m-%d}", f"{step.end_date:%Y-%m-%d}"
        when = first if first == last else f"{first} to {last}" if step.date_precision == "day" else f"between {first} and {last}"
        lines.append(f"{step.number}  {when}  {step.title} ({_words(str(step.kind))})")
    return lines


def _axes(ax: "Axes | None", height: float) -> "Axes":
    if ax is None:
        plt = extra("matplotlib.pyplot", "plot")
        _, ax = plt.subplots(figsize=(WIDTH, height), layout="constrained")
    assert ax is not None  # noqa: S101 for the type checker
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(labelsize=SMALL)
    return ax


def _panels(ax: "Axes", heights: Sequence[float], lines: Sequence[int] | None = None) -> "list[Axes]":
    """Axes under each other within one, of relative heights, with room for lines of text; that one itself where it will do."""
    if len(heights) <= 1:
        return [ax] * len(heights)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    rooms = [height + 2.9 + 0.62 * count for height, count in zip(heights, lines or [0] * len(heights), strict=True)]
    if lines is None:
        rooms = [height + 0.4 for height in heights]
    panels, top = [], 1.0
    for height, room in zip(heights, rooms, strict=True):
        share = 1 / sum(rooms)
        panel = ax.inset_axes((0, top - height * share, 1, height * share))
        panel.spines[["top", "right"]].set_visible(False)
        panels.append(panel)
        top -= room * share
    return panels


def _caption(ax: "Axes", count: str, *remarks: str, above: Sequence[str] = ()) -> "Axes":
    """Under the axes: version, count, and what the figure leaves out."""
    text = f"iraq-coalition-data {descriptor()['version']}: {'; '.join([count, *filter(None, remarks)])}."
    look: dict[str, Any] = {"fontsize": TINY, "color": INK, "loc": "left", "labelpad": 2 if ax.child_axes else 6}
    ax.set_xlabel(_fitted(ax, [*above, text]), **look)
    return ax


def _placed(ax: "Axes") -> None:
    """Have the layout put the axes where they will be drawn."""
    getattr(ax.figure, "draw_without_rendering", ax.figure.canvas.draw)()


def _fitted(ax: "Axes", lines: Iterable[str]) -> str:
    """Lines of small text broken at the width of the axes."""
    _placed(ax)
    room = max(30, int(ax.get_window_extent().width / ax.figure.dpi * 72 / (TINY * 0.54)))
    return "\n".join(_wrapped(line, room) for line in lines)


def _counted(frame: "pd.DataFrame", what: str) -> str:
    """Confirmed or reported and only claimed, never added up."""
    claimed = int((frame["confirmation"] == "claimed_only").sum())
    return f"{len(frame) - claimed} {what} confirmed or reported" + (f", {claimed} only claimed (hollow)" if claimed else "")


def _legend(ax: "Axes", handles: list[Any], up: float = 2) -> None:
    """Above the axes, which leaves it to them to be as wide as the page."""
    if handles:
        look: dict[str, Any] = {
            "loc": "lower right",
            "bbox_to_anchor": (1.0, 1.0),
            "borderaxespad": up / 20,
            "handletextpad": 0.4,
            "columnspacing": 1.2,
        }
        ax.legend(handles=handles, fontsize=SMALL, ncols=min(6, len(handles)), frameon=False, **look)


def _patch(label: str, *, hollow: bool = False) -> Any:
    face = "white" if hollow else INK
    return extra("matplotlib.patches", "plot").Patch(facecolor=face, edgecolor=INK, lw=0.7, label=label)


def _dot(label: str, marker: str, colour: str) -> Any:
    line = extra("matplotlib.lines", "plot").Line2D
    return line([], [], ls="none", marker=marker, color=colour, mec=INK, mew=0.3, ms=4.5, label=label)


def _dates(ax: "Axes") -> None:
    """Name days, months or years of a date axis, the year once."""
    dates = extra("matplotlib.dates", "plot")
    locator = dates.AutoDateLocator(minticks=4, maxticks=10, interval_multiples=True)

    def name(value: float, _: object) -> str:
        low, high = ax.get_xlim()
        seen = [dates.num2date(tick) for tick in locator() if low <= tick <= high]
        date = dates.num2date(value)
        step = (seen[1] - seen[0]).days if len(seen) > 1 else 366
        text = "" if step > 360 else f"{date:%b}" if step >= 28 else f"{date.day} {date:%b}"
        new = not any(other.year == date.year and other < date for other in seen)
        return f"{text}\n{date.year}".strip() if new else text

    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(extra("matplotlib.ticker", "plot").FuncFormatter(name))
    ax.tick_params(axis="x", labelsize=SMALL)


def _middle(first: Any, last: Any) -> Any:
    return first + (last - first) / 2


def _days(count: float) -> Any:
    import pandas as pd

    return pd.Timedelta(days=count)


def _words(term: str) -> str:
    return term.replace("_", " ")


def _wrapped(text: str, width: int) -> str:
    import textwrap

    return textwrap.fill(text, width, break_long_words=False)


@cache
def _countries() -> dict[str, list[list[tuple[float, float]]]]:
    """The rings of the countries of which the window shows something, by ISO 3166-1 alpha-3 code, from Natural Earth."""
    west, east, south, north = WINDOW
    collection = json.loads(files("iraq_coalition_data").joinpath("outlines.geojson").read_text(encoding="utf-8"))
    shown = {}
    for feature in collection["features"]:
        shape = feature["geometry"]
        parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        rings = [
            part[0]
            for part in parts
            if max(x for x, _ in part[0]) > west
            and min(x for x, _ in part[0]) < east
            and max(y for _, y in part[0]) > south
            and min(y for _, y in part[0]) < north
        ]
        if rings:
            shown[feature["id"]] = rings
    return shown
