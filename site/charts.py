"""Figures as SVG, drawn when the site is built: they need no script and print as they stand."""

import json
import math
from collections.abc import Callable, Iterable
from datetime import date
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from markupsafe import Markup

from data import Count, Data, amount, day, number, words
from iraq_coalition_data.files import Row

# the part of the world that the map shows, in degrees: west, south, east, north
FRAME = (34.2, 28.9, 49.6, 37.7)
WIDTH = 800.0
TICK = 58  # room for the label of a tick
LONG = 40  # months from which on a time axis names years
POLES = 85  # degrees; Mercator ends there
POINTS = {"site", "near", "town"}

STAGES = {
    "Carried out": ("milestone_met",),
    "Agreed": ("signed", "ratified", "entered_into_force", "extended", "amended"),
    "Announced": ("announced", "initialled"),
    "Round": ("round", "multilateral"),
    "Contact": ("meeting", "visit", "phone_call"),
    "Put off, missed": ("talks_postponed", "milestone_postponed", "milestone_missed"),
    "Broken off, ended": ("talks_suspended", "suspended", "terminated", "expired"),
}


def _y(latitude: float) -> float:
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)))


SCALE = WIDTH / (FRAME[2] - FRAME[0])
HEIGHT = (_y(FRAME[3]) - _y(FRAME[1])) * SCALE


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """A point of the map (Mercator)."""
    return round((longitude - FRAME[0]) * SCALE, 1), round((_y(FRAME[3]) - _y(latitude)) * SCALE, 1)


def inside(x: float, y: float) -> bool:
    """Whether a point of the map is in its frame."""
    return 0 <= x <= WIDTH and 0 <= y <= HEIGHT


def _outline(geometry: dict[str, Any]) -> str:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    parts = []
    for polygon in polygons:
        for ring in polygon:
            if all(x < FRAME[0] for x, _ in ring) or all(x > FRAME[2] for x, _ in ring):
                continue
            if all(y < FRAME[1] for _, y in ring) or all(y > FRAME[3] for _, y in ring):
                continue
            points = dict.fromkeys(project(*point) for point in ring if abs(point[1]) < POLES)
            parts.append("M" + "L".join(f"{x:g},{y:g}" for x, y in points) + "Z")
    return "".join(parts)


class BaseMap:
    """Country and division outlines of the frame, and where each location stands on it."""

    def __init__(self, data: Data) -> None:
        self.data = data
        outlines = json.loads(files("iraq_coalition_data").joinpath("outlines.geojson").read_text(encoding="utf-8"))
        divisions = json.loads(Path(__file__).with_name("divisions.geojson").read_text(encoding="utf-8"))
        self.countries = [path for feature in outlines["features"] if (path := _outline(feature["geometry"]))]
        self.divisions = {feature["properties"]["admin1"]: _outline(feature["geometry"]) for feature in divisions["features"]}
        self.centres = {feature["properties"]["admin1"]: _centre(feature["geometry"]) for feature in divisions["features"]}

    def spot(self, location: str) -> tuple[float, float] | None:
        """Where a location with coordinates of its own stands; None without, or outside the frame."""
        row = self.data.by_id[location]
        if not row["latitude"] or row["precision"] not in ("site", "town"):
            return None
        point = project(float(row["longitude"]), float(row["latitude"]))
        return point if inside(*point) else None

    def area(self, location: str) -> str:
        """The division that stands for a location without a spot: its ISO 3166-2 code; empty where there is none."""
        code = self.data.by_id[location]["admin1"]
        return code if code in self.divisions else ""

    def drawn_at(self, event: Row) -> str:
        """Where an event is drawn: at a location, in a division (its ISO 3166-2 code), or nowhere (empty)."""
        place, precision = event["location_id"], event["location_precision"]
        if place and precision in POINTS and self.spot(place):
            return place
        return self.area(place) if place and precision in (*POINTS, "district", "governorate") else ""

    def base(self) -> str:
        """The outlines as SVG."""
        land = "".join(f'<path d="{path}"/>' for path in self.countries)
        areas = "".join(f'<path data-area="{code}" d="{path}"/>' for code, path in self.divisions.items())
        return f'<g class="land">{land}</g><g class="areas">{areas}</g>'

    def frame(self, content: str, label: str) -> Markup:
        """A whole map."""
        return _svg("map", (WIDTH, HEIGHT), label, [content])

    def drawn(self, events: Iterable[Row], root: str = "") -> Markup:
        """Events by place: a split mark where a place is known, a count in the division where no more is."""
        spots: dict[str, list[Row]] = {}
        areas: dict[str, list[Row]] = {}
        for event in events:
            where = self.drawn_at(event)
            if where:
                (areas if where in self.divisions else spots).setdefault(where, []).append(event)
        shaded = "".join(
            f'<path class="area" d="{self.divisions[code]}"><title>{escape(self._area_name(code))}</title></path>'
            for code in areas
        )
        marks, counts = [], []
        for code, listed in sorted(areas.items()):
            x, y = self.centres[code]
            place = self.data.governorates.get(code, {}).get("location_id", "")
            count = self.data.count(listed)
            text = f'<text class="area-count" x="{x}" y="{y}">{count.known}+{count.claimed}</text>'
            name = f"{self._area_name(code)}, no nearer place known or placed: {count}"
            counts.append(_link(f"{root}events.html?place={place}" if place else "", name, text))
        for place, listed in sorted(spots.items(), key=lambda item: -len(item[1])):
            name = f"{self.data.label(place)}: {self.data.count(listed)}"
            marks.append(_link(f"{root}place/{place}.html", name, _split(self.spot(place) or (0, 0), self.data.count(listed))))
        return self.frame(self.base() + f"<g>{shaded}</g>" + "".join(marks + counts), "Map of events by place")

    def _area_name(self, code: str) -> str:
        return self.data.governorates.get(code, {}).get("name", code)


def _centre(geometry: dict[str, Any]) -> tuple[float, float]:
    """The centroid of the largest ring."""
    best, centre = -1.0, (0.0, 0.0)
    for polygon in geometry["coordinates"]:
        ring = [project(*point) for point in polygon[0]]
        area = cx = cy = 0.0
        for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True):
            cross = x0 * y1 - x1 * y0
            area, cx, cy = area + cross, cx + (x0 + x1) * cross, cy + (y0 + y1) * cross
        if abs(area) > best and area:
            best, centre = abs(area), (round(cx / (3 * area), 1), round(cy / (3 * area), 1))
    return centre


def radius(count: int) -> float:
    """The radius of a mark whose area goes with a count."""
    return round(3 + 2.2 * math.sqrt(count), 1) if count else 0


def _split(spot: tuple[float, float], count: Count) -> str:
    """Left half, filled: confirmed or reported; right half, hollow: claimed only."""
    (x, y), known, claimed = spot, radius(count.known), radius(count.claimed)
    parts = f'<path class="known" d="M{x},{y - known}a{known},{known} 0 0 0 0,{2 * known}z"/>' if known else ""
    return parts + (
        f'<path class="claimed" d="M{x},{y - claimed}a{claimed},{claimed} 0 0 1 0,{2 * claimed}z"/>' if claimed else ""
    )


def _svg(kind: str, size: tuple[float, float], label: str, parts: Iterable[str]) -> Markup:
    """A whole figure; every text in the parts has been escaped where it was put in."""
    box = f"0 0 {size[0]:g} {size[1]:.0f}"
    return Markup(f'<svg class="{kind}" viewBox="{box}" role="group" aria-label="{escape(label)}">{"".join(parts)}</svg>')  # noqa: S704


def _link(href: str, name: str, content: str) -> str:
    inner = f"<title>{escape(name)}</title>{content}"
    if not href:
        return f'<g role="img" aria-label="{escape(name)}">{inner}</g>'
    return f'<a href="{escape(href)}" aria-label="{escape(name)}">{inner}</a>'


def _months(first: str, last: str) -> list[str]:
    year, month = int(first[:4]), int(first[5:7])
    months = []
    while (key := f"{year}-{month:02d}") <= last[:7]:
        months.append(key)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return months


def timeline(data: Data, events: list[Row], root: str = "") -> Markup:
    """Events by month: confirmed or reported upwards, claimed only downwards; coarser dates are left to the text below."""
    months = _months(min(row["start_date"] for row in events), max(row["end_date"] for row in events))
    in_month: dict[str, list[Row]] = {month: [] for month in months}
    for row in events:
        if row["date_precision"] == "day" or row["start_date"][:7] == row["end_date"][:7]:
            in_month[row["start_date"][:7]].append(row)
    counts = {month: data.count(rows) for month, rows in in_month.items()}
    up, down = max(1, *(c.known for c in counts.values())), max(0, *(c.claimed for c in counts.values()))
    width, height, left, top = 800.0, 220.0, 34.0, 14.0
    unit = (height - top - 20) / (up + down)
    zero = top + up * unit
    step = (width - left) / len(months)
    parts = [_grid(left, width, zero, unit, up, down)]
    yearly = len(months) >= LONG
    labels = max(1, round(len(months) / 12)) if not yearly else 12 * max(1, round(len(months) / 144))
    for place, (month, count) in enumerate(counts.items()):
        x = left + place * step
        bars = _bar(x, zero - count.known * unit, step, count.known * unit, "known")
        bars += _bar(x, zero, step, count.claimed * unit, "claimed")
        if bars:
            first, last = f"{month}-01", f"{month}-31"
            parts.append(_link(f"{root}events.html?from={first}&to={last}", f"{day(month)}: {count}", bars))
        due = (int(month[:4]) * 12) % labels == 0 and month.endswith("-01") if yearly else place % labels == 0
        if due and x < width - TICK / 2:
            label = month[:4] if yearly else day(month)[:3] + " " + month[:4]
            parts.append(f'<text class="tick" x="{x:.1f}" y="{height - 4}">{label}</text>')
    return _svg("chart", (width, height), "Events by month", parts)


def _bar(x: float, y: float, width: float, height: float, kind: str) -> str:
    gap = min(2.0, width / 6)
    return (
        f'<rect class="{kind}" x="{x + gap / 2:.1f}" y="{y:.1f}" width="{width - gap:.1f}" height="{height:.1f}"/>'
        if height
        else ""
    )


def _grid(left: float, width: float, zero: float, unit: float, up: int, down: int) -> str:  # noqa: PLR0917 a drawing's measures
    lines = [f'<line class="axis" x1="{left}" x2="{width}" y1="{zero:.1f}" y2="{zero:.1f}"/>']
    for value in _ticks(up):
        y = zero - value * unit
        lines.append(f'<line class="grid" x1="{left}" x2="{width}" y1="{y:.1f}" y2="{y:.1f}"/>')
        lines.append(f'<text class="value" x="{left - 4}" y="{y + 4:.1f}">{number(value)}</text>')
    if down:
        lines.append(f'<text class="value" x="{left - 4}" y="{zero + down * unit:.1f}">{number(down)}</text>')
    return "".join(lines)


def _ticks(most: int) -> list[int]:
    step = next(
        s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10**4, 2 * 10**4, 5 * 10**4, 10**9) if most / s <= 5
    )
    return list(range(step, most + 1, step))


def _scale(first: str, last: str, left: float, right: float) -> Callable[[str], float]:
    low, high = date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal()
    return lambda iso: left + (date.fromisoformat(iso).toordinal() - low) / max(1, high - low) * (right - left)


def _years(first: str, last: str, x: Callable[[str], float], height: float) -> str:
    """Tick labels: years, or months where there are few."""
    months = _months(first, last)
    step = max(1, round(len(months) / 8)) if len(months) < 30 else 12 * max(1, round(len(months) / 96))
    marks = [
        m for i, m in enumerate(months) if (i % step == 0 if step < 12 else m.endswith("-01") and (int(m[:4]) * 12) % step == 0)
    ]
    labels, taken = [], 0.0
    for month in marks:
        at = max(x(first), x(f"{month}-01"))
        if taken <= at <= WIDTH - TICK:
            taken = at + TICK
            text = month[:4] if step >= 12 else f"{day(month)[:3]} {month[:4]}"
            labels.append(f'<text class="tick" x="{at:.1f}" y="{height - 3:g}">{text}</text>')
    return "".join(labels)


def troops(data: Data, figures: list[Row], first: str, last: str) -> Markup:
    """Reported troop levels of one force and place: a mark for each report, no line from one to the next."""
    width, height, left, top = 800.0, 190.0, 52.0, 12.0
    most = max(int(row[bound]) for row in figures for bound in ("low", "best", "high") if row[bound])
    x = _scale(first, last, left + 8, width - 10)
    unit = (height - top - 24) / (most or 1)
    zero = height - 24

    def y(value: int | str) -> float:
        return zero - int(value) * unit

    parts = [_grid(left, width, zero, unit, most, 0)]
    for row in figures:
        low, best, high = (row[bound] for bound in ("low", "best", "high"))
        at = y(best or low or high)
        start, end = x(row["start_date"]) - 3, x(row["end_date"]) + 3
        mark = f'<line class="level {row["measure"]}" x1="{start:.1f}" x2="{end:.1f}" y1="{at:.1f}" y2="{at:.1f}"/>'
        middle = (start + end) / 2
        if low and high and low != high:
            mark += f'<line class="range" x1="{middle:.1f}" x2="{middle:.1f}" y1="{y(low):.1f}" y2="{y(high):.1f}"/>'
        elif row["qualifier"] in ("at_least", "more_than"):
            mark += f'<path class="range" d="M{middle:.1f},{at:.1f}v-9m-3,3l3,-3l3,3"/>'
        elif row["qualifier"] in ("at_most", "less_than"):
            mark += f'<path class="range" d="M{middle:.1f},{at:.1f}v9m-3,-3l3,3l3,-3"/>'
        said = f"{data.when(row)}: {amount(row)}, {words(row['measure'])}, reported by {data.label(row['reporter_id'])}"
        parts.append(_link(f"#{row['figure_id']}", said, mark))
    parts.append(_years(first, last, x, height))
    return _svg("chart", (width, height), "Reported troop levels", parts)


def stage(kind: str) -> int | None:
    """The rung of the staircase that a kind of event stands on, from the top; None for other events."""
    return next((rung for rung, kinds in enumerate(STAGES.values()) if kind in kinds), None)


def staircase(data: Data, events: list[Row], root: str = "") -> Markup:
    """Talks as a course that goes up and down: each mark is an event and a link to its page."""
    steps = [(row, rung) for row in events if (rung := stage(row["kind"])) is not None]
    if len(steps) < 2:
        return Markup("")
    width, left, top, rise = 800.0, 118.0, 14.0, 26.0
    height = top + rise * len(STAGES) + 18
    x = _scale(steps[0][0]["start_date"], max(row["start_date"] for row, _ in steps), left + 10, width - 12)
    parts = []
    for rung, name in enumerate(STAGES):
        y = top + rise * rung
        parts.append(f'<line class="grid" x1="{left}" x2="{width}" y1="{y}" y2="{y}"/>')
        parts.append(f'<text class="value" x="{left - 6}" y="{y + 4}">{name}</text>')
    points = [(x(row["start_date"]), top + rise * rung) for row, rung in steps]
    path = f"M{points[0][0]:.1f},{points[0][1]}" + "".join(f"H{px:.1f}V{py}" for px, py in points[1:])
    parts.append(f'<path class="course" d="{path}"/>')
    for (row, rung), (px, py) in zip(steps, points, strict=True):
        kind = "claimed" if row["confirmation"] == "claimed_only" else "known"
        low = rung >= len(STAGES) - 2
        mark = (
            f'<path class="{kind}" d="M{px - 5:.1f},{py - 5}l10,10m-10,0l10,-10"/>'
            if low
            else f'<circle class="{kind}" cx="{px:.1f}" cy="{py}" r="{6 if row["landmark"] == "true" else 4}"/>'
        )
        name = f"{data.when(row)}: {row['title']} ({words(row['kind'])})"
        parts.append(_link(f"{root}event/{row['event_id']}.html", name, mark))
    parts.append(_years(steps[0][0]["start_date"], max(row["start_date"] for row, _ in steps), x, height))
    return _svg("chart", (width, height), "Course of the talks", parts)
