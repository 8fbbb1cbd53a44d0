"""What the documents count in the data; ``fill.py`` writes it into them. What is ``made`` is a number, a text or a table."""

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeVar, cast

import pandas as pd
from sample import SLICES

import iraq_coalition_data as icd
from iraq_coalition_data import views
from iraq_coalition_data.rules import COUNTRY_TOLERANCE, RULES, Tables, country_outlines, independent
from iraq_coalition_data.tables import TableName, extra, resources

CONFIRMED = ("official", "reported")
MADE: dict[str, Callable[..., object]] = {}
Made = TypeVar("Made", bound=Callable[..., object])


def made(function: Made) -> Made:
    """Let documents name a function."""
    MADE[function.__name__.replace("_", "-")] = function
    return function


def slice_of(date: pd.Timestamp) -> str:
    """The letter of the slice that a date lies in."""
    return next(key for key, (first, last) in SLICES.items() if first <= f"{date:%Y-%m-%d}" <= last)


@cache
def frame(name: str) -> Any:
    """A table, events and statements with the columns ``slice`` and ``month``, events with ``sources`` that are independent."""
    rows = icd.load(cast("TableName", name))
    if (column := {"events": "start_date", "statements": "date"}.get(name)) is not None:
        rows["slice"] = rows[column].map(slice_of)
        rows["month"] = rows[column].dt.to_period("M")
    if name == "events":
        supports = Tables({"citations": icd.load("citations"), "sources": icd.load("sources")}).supports
        rows["sources"] = [independent(supports[event]) for event in rows["event_id"]]
    return rows


def chosen(name: str, *conditions: str) -> Any:
    """The rows of a table that meet conditions as ``slice=D`` or ``confirmation=official,reported``."""
    rows = frame(name)
    for column, value in (condition.split("=") for condition in conditions):
        rows = rows[rows[column].astype("string").str.casefold().isin(value.casefold().split(","))]
    return rows


def months() -> pd.PeriodIndex:
    """The months from the first event to the last page."""
    return pd.period_range(frame("events")["month"].min(), frame("sources")["published"].str[:7].max(), freq="M")


def empty(rows: Any) -> list[pd.Period]:
    """The months in which no event began that is known to the month or better."""
    held = set(rows.loc[~rows["date_precision"].isin(["quarter", "year"]), "month"])
    return [month for month in months() if month not in held]


def markdown(header: str, rows: Iterable[Iterable[object]]) -> str:
    """A table, numbers set to the right."""
    body = [[f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row] for row in rows]
    right = ["---:" if all(re.match(r"[\d.,%<]*$", row[n]) for row in body) else "---" for n in range(len(body[0]))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (header.split("|"), right, *body))


def percent(part: float, whole: float) -> str:
    """A share in whole per cent."""
    text = f"{part / whole:.0%}" if whole else "–"
    return "<1%" if text == "0%" and part else text


@made
def rows(name: str, *conditions: str) -> int:
    """How many rows of a table meet conditions."""
    return len(chosen(name, *conditions))


@made
def share(name: str, *conditions: str) -> str:
    """Their share; with the last condition among those that meet the others."""
    return percent(rows(name, *conditions), rows(name, *conditions[:-1]))


@made
def version() -> str:
    """The version of the data."""
    return icd.__version__


@made
def total() -> int:
    """Rows of all tables."""
    return sum(rows(name) for name in icd.TABLES)


@made
def count(what: str) -> int:
    """How many tables, rules, publishers, languages, countries or empty months there are."""
    counted: dict[str, Callable[[], int]] = {
        "tables": lambda: len(icd.TABLES),
        "rules": lambda: len(RULES),
        "publishers": frame("sources")["publisher"].nunique,
        "languages": frame("sources")["language"].nunique,
        "partners": views.troop_levels()["country"].nunique,
        "months": lambda: len(months()),
        "empty-months": lambda: len(empty(frame("events"))),
    }
    return counted[what]()


@made
def per_month() -> str:
    """Events per month of each slice, to the month of the last page."""
    parts = [key for key in SLICES for month in months() if SLICES[key][0][:7] <= str(month) <= SLICES[key][1][:7]]
    return ", ".join(f"{key} {rows('events', f'slice={key}') / parts.count(key):.1f}" for key in SLICES)


@made
def day(which: str) -> str:
    """The first or last date of an event, or the first or last day a page was read."""
    column = frame("sources")["accessed"] if which.startswith("read") else frame("events")["start_date"]
    date = column.min() if which.endswith("first") else column.max()
    return f"{date.day} {date:%B %Y}"


# --- tables of the data ----------------------------------------------------------------------------------------------


@made
def rows_by_table() -> str:
    """Rows and columns of each table, and what a row is."""
    listed = resources().items()
    return markdown(
        "table|rows|columns|one row", [(name, rows(name), len(r["schema"]["fields"]), r["description"]) for name, r in listed]
    )


@made
def events_by(column: str) -> str:
    """Events by slice or year, by how they are known."""
    events = frame("events").assign(year=frame("events")["month"].dt.year)
    published = frame("sources")["published"].str[:4].value_counts()
    out: list[tuple[object, ...]] = []
    for key, group in events.groupby(column):
        known = group["confirmation"].astype(str)
        numbers = [int(known.isin(CONFIRMED).sum()), *(int((known == term).sum()) for term in ("claimed_only", "discounted"))]
        numbers += [int((group["disputed"] != "none").sum()), int(group["landmark"].sum())]
        if column == "slice":
            first, last = (day[:7].replace("2099-12", "the end") for day in SLICES[key])
            out.append((f"{key}, {first} to {last}", *numbers, rows("statements", f"slice={key}")))
        else:
            out.append((str(key), *numbers, int(published.get(str(key), 0))))
    other = "statements" if column == "slice" else "pages published in it"
    return markdown(f"{column}|confirmed or reported|claimed only|discounted|of all, disputed|of all, landmarks|{other}", out)


@made
def events_of(column: str, top: str = "99") -> str:
    """Events by the terms of a column and slice, the commonest first."""
    counts = pd.crosstab(frame("events")[column].astype("string").fillna("(no place)"), frame("events")["slice"])
    counts = counts.assign(all=counts.sum(axis=1)).sort_values("all", ascending=False, kind="stable")
    kept = counts.head(int(top)).itertuples()
    return markdown("|".join([column, *counts, "share"]), [(*row, percent(row[-1], len(frame("events")))) for row in kept])


@made
def two_sources() -> str:
    """Events with two independent sources, by slice, all and landmarks."""
    events = frame("events")
    groups = [*events.groupby("slice"), ("all", events)]
    out = []
    for key, group in groups:
        marks, known = group[group["landmark"]], group[group["confirmation"].isin(CONFIRMED)]
        cells = [(len(g), percent((g["sources"] >= 2).sum(), len(g))) for g in (group, known, marks)]
        out.append((key, *(cell for pair in cells for cell in pair)))
    return markdown("slice|events|two sources|confirmed or reported|two sources|landmarks|two sources", out)


@made
def sources_by(column: str, top: str = "99") -> str:
    """Pages and supporting citations by publisher, language, kind or wire, the commonest first, the rest in one row."""
    cited = frame("citations").query("relation == 'supports'").merge(frame("sources"), on="source_id")
    pages = frame("sources")[column].astype("string").fillna("(none named)").value_counts().rename("pages")
    counts = pages.to_frame().join(cited[column].astype("string").fillna("(none named)").value_counts().rename("citations"))
    counts = counts.fillna(0).astype(int).rename_axis(column).reset_index()
    counts = counts.sort_values(["pages", column], ascending=[False, True])
    kept, rest = counts.head(int(top)), counts.iloc[int(top) :]
    out = [*kept.itertuples(index=False), *([(f"{len(rest)} others", *rest[["pages", "citations"]].sum())] if len(rest) else [])]
    shown = [(name, int(p), percent(p, pages.sum()), int(c), percent(c, len(cited))) for name, p, c in out]
    return markdown(f"{column}|pages|share|supporting citations|share", shown)


@made
def concentration() -> str:
    """How far few publishers, or voices (the agency that is copied, else the publisher), stand behind the data."""
    pages = frame("sources").assign(voice=lambda s: s["wire"].fillna(s["publisher"]).str.casefold())
    cited = frame("citations").query("relation == 'supports'").merge(pages, on="source_id")
    out = []
    for unit, held in (("pages", pages), ("supporting citations", cited)):
        for column in ("publisher", "voice"):
            shares = held[column].value_counts(normalize=True)
            out.append((unit, column, len(shares), f"{shares.head(10).sum():.1%}", f"{(shares**2).sum():.4f}"))
    return markdown("of|by|number|share of the top 10|Herfindahl index", out)


@made
def events_by_month() -> str:
    """Events by the month in which they began, a row for each year; a dot is a month without any."""
    events = frame("events")
    counts = events[~events["date_precision"].isin(["quarter", "year"])].groupby("month").size()
    names = [f"{month:%b}" for month in pd.period_range("2003-01", periods=12, freq="M")]
    years = range(months()[0].year, months()[-1].year + 1)
    grid = [
        [counts.get(pd.Period(f"{year}-{n:02}"), 0 if pd.Period(f"{year}-{n:02}") in months() else "") for n in range(1, 13)]
        for year in years
    ]
    return markdown(
        "|".join(["year", *names]),
        [(str(y), *("·" if n == 0 else str(n) for n in line)) for y, line in zip(years, grid, strict=True)],
    )


@made
def empty_months(key: str) -> str:
    """The months of a slice in which no event began, neighbours as a range."""
    first, last = SLICES[key]
    runs: list[list[pd.Period]] = []
    for month in (month for month in empty(frame("events")) if first[:7] <= str(month) <= last[:7]):
        if runs and runs[-1][-1] + 1 == month:
            runs[-1].append(month)
        else:
            runs.append([month])
    return ", ".join(f"{r[0]}" if len(r) == 1 else f"{r[0]} to {r[-1]}" for r in runs) or "none"


@made
def places() -> str:
    """Locations by what their coordinates stand for, where these lie, and the events there."""
    shapely = extra("shapely", "validate")
    outlines = country_outlines()
    located = frame("locations").copy()
    located["precision"] = located["precision"].astype("string").fillna("no coordinates")
    points = located[["country", "latitude", "longitude"]].itertuples(index=False)
    located["off"] = [
        outlines[c].distance(shapely.Point(x, y)) if pd.notna(x) and c in outlines else float("nan") for c, y, x in points
    ]
    events = frame("events")["location_id"].value_counts()
    located["events"] = located["location_id"].map(events).fillna(0).astype(int)
    out: list[tuple[object, ...]] = [
        (
            name, len(g), int((g["off"] == 0).sum()), int(((g["off"] > 0) & (g["off"] <= COUNTRY_TOLERANCE)).sum()),
            int((g["off"] > COUNTRY_TOLERANCE).sum()), int(g["events"].sum()),
        )
        for name, g in located.groupby("precision")
    ]  # fmt: skip
    out.append(("(event without a place)", *[""] * 4, int(frame("events")["location_id"].isna().sum())))
    near = f"within {COUNTRY_TOLERANCE}° of it"
    return markdown(f"coordinates stand for|locations|inside the country's outline|{near}|farther off|events there", out)


@made
def troops_by_partner() -> str:
    """Reported troop levels by the country of the force."""
    levels = views.troop_levels()
    names = frame("actors").query("kind == 'state'").drop_duplicates("country").set_index("country")["name"]
    levels["partner"] = levels["country"].map(names).fillna(levels["country"]).fillna("(several countries)")
    out: list[tuple[Any, ...]] = []
    for partner, g in levels.groupby("partner"):
        kinds = g["measure"].astype(str).value_counts()
        counts = [int(kinds.get(f"troops_{name}", 0)) for name in ("present", "authorised", "planned")]
        out.append((partner, len(g), *counts, f"{g['start_date'].min():%Y-%m}", f"{g['end_date'].max():%Y-%m}"))
    out.sort(key=lambda row: (-row[1], row[0]))
    return markdown("partner|reports|present|authorised|planned|first|last", out)
