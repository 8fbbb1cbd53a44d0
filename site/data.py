"""The tables as the pages need them: rows by id, what points to what, and facts in words."""

import calendar
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from iraq_coalition_data import files, tables
from iraq_coalition_data.files import Row

FOLDERS = {"events": "event", "statements": "statement", "actors": "actor", "locations": "place", "episodes": "episode"}
ACRONYMS = {"un": "UN", "usd": "US dollars", "ied": "IED"}
LANGUAGES = {
    "ar": "Arabic", "ckb": "Sorani Kurdish", "da": "Danish", "de": "German", "en": "English", "es": "Spanish", "fa": "Persian",
    "fr": "French", "he": "Hebrew", "it": "Italian", "ja": "Japanese", "ku": "Kurdish", "nl": "Dutch", "pl": "Polish",
    "ru": "Russian", "tr": "Turkish", "zh": "Chinese",
}  # fmt: skip
RIGHT_TO_LEFT = {"ar", "fa", "he", "ckb", "ur"}
CHAIN = 3  # steps of answers that a record page follows in each direction


class Count(NamedTuple):
    """How many events are confirmed or reported, how many only claimed, how many shown not to have happened."""

    known: int
    claimed: int
    discounted: int

    def __str__(self) -> str:
        parts = [f"{number(self.known)} confirmed or reported", f"{number(self.claimed)} claimed only"]
        return " · ".join(parts + [f"{self.discounted} discounted"] * bool(self.discounted))


class Data:
    """Every table as text rows, with the indexes that the pages follow."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {name: files.read_rows(tables.path(name)) for name in tables.TABLES}
        self.by_id: dict[str, Row] = {}
        self.home: dict[str, str] = {}
        for table in (*FOLDERS, "figures", "casualties", "affiliations", "sources"):
            for row in self.rows[table]:
                record = next(iter(row.values()))
                self.by_id[record], self.home[record] = row, table
        self.names = self.index("names", "record_id")
        self.external = self.index("external_ids", "record_id")
        self.participants = self.index("participants", "event_id")
        self.parts = self.index("participants", "actor_id")
        self.casualties = self.index("casualties", "event_id")
        self.positions = self.index("positions", "statement_id")
        self.speakers = self.index("statement_speakers", "statement_id")
        self.links_from = self.index("links", "record_id")
        self.links_to = self.index("links", "related_id")
        self.citations = self.index("citations", "record_id")
        self.children = self.index("locations", "parent_id")
        self.events = sorted(self.rows["events"], key=lambda row: (row["start_date"], row["event_id"]))
        self.statements = sorted(self.rows["statements"], key=lambda row: (row["date"], row["statement_id"]))

    def index(self, table: str, column: str) -> dict[str, list[Row]]:
        """The rows of a table by the value of a column."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows[table]:
            found[row[column]].append(row)
        return found

    @cached_property
    def terms(self) -> dict[str, dict[str, Row]]:
        """The terms of each vocabulary, in their order."""
        found: dict[str, dict[str, Row]] = defaultdict(dict)
        for row in sorted(self.rows["terms"], key=lambda row: int(row["position"])):
            found[row["vocabulary"]][row["term"]] = row
        return found

    @cached_property
    def vocabularies(self) -> dict[tuple[str, str], str]:
        """The vocabulary of each coded column."""
        return {
            (table, field["name"]): field["vocabulary"]
            for table in tables.TABLES
            for field in tables.fields(table)
            if "vocabulary" in field
        }

    @cached_property
    def countries(self) -> dict[str, str]:
        """The names of the countries that the data have a location for, by code."""
        return {row["country"]: row["name"] for row in self.rows["locations"] if row["kind"] == "country"}

    @cached_property
    def governorates(self) -> dict[str, Row]:
        """The first-level divisions that the data have a location for, by ISO 3166-2 code."""
        return {row["admin1"]: row for row in self.rows["locations"] if row["kind"] == "governorate"}

    def label(self, record: str) -> str:
        """What a record is called."""
        row = self.by_id.get(record, {})
        return row.get("name") or row.get("title") or row.get("summary") or record

    def href(self, record: str) -> str:
        """The page of a record, from the root of the site; empty where it has none."""
        folder = FOLDERS.get(self.home.get(record, ""))
        return f"{folder}/{record}.html" if folder else ""

    def when(self, row: Row) -> str:
        """The date of an event, statement or figure in words, as precisely as it is known."""
        start = row.get("start_date") or row["date"]
        return span(start, row.get("end_date") or start, row["date_precision"])

    def sort_date(self, record: str) -> str:
        """The first date of an event, statement or episode."""
        row = self.by_id[record]
        return row.get("start_date") or row.get("date") or row.get("start") or ""

    def within(self, place: str) -> Iterator[str]:
        """A location and every location in it."""
        yield place
        for child in self.children[place]:
            yield from self.within(child["location_id"])

    def parents(self, place: str) -> Iterator[Row]:
        """The locations that hold a location, nearest first."""
        parent = self.by_id[place]["parent_id"]
        while parent:
            yield self.by_id[parent]
            parent = self.by_id[parent]["parent_id"]

    def spellings(self, record: str) -> list[str]:
        """Every name of an actor or location."""
        return [self.label(record), *(row["name"] for row in self.names[record])]

    def sources(self, record: str) -> list[tuple[Row, Row]]:
        """The citations of a record with their sources: the record as a whole first, then by field."""
        pairs = [(row, self.by_id[row["source_id"]]) for row in self.citations[record]]
        return sorted(pairs, key=lambda pair: (pair[0]["field"], pair[0]["relation"] == "context", pair[1]["published"]))

    def chain(self, record: str) -> tuple[list[tuple[int, Row]], list[tuple[int, Row]]]:
        """What a record answered, and what answered it, each with its distance."""
        return (
            list(self._walk(record, self.links_from, "related_id", {record}, 1)),
            list(self._walk(record, self.links_to, "record_id", {record}, 1)),
        )

    def _walk(self, record: str, links: dict[str, list[Row]], end: str, seen: set[str], depth: int) -> Iterator[tuple[int, Row]]:
        for link in sorted(links[record], key=lambda link: self.sort_date(link[end])):
            if link["relation"] == "responds_to" and link[end] not in seen:
                seen.add(link[end])
                yield depth, link
                if depth < CHAIN:
                    yield from self._walk(link[end], links, end, seen, depth + 1)

    def count(self, events: Iterable[Row]) -> Count:
        """Events by who says that they happened."""
        listed = [row["confirmation"] for row in events]
        claimed, discounted = listed.count("claimed_only"), listed.count("discounted")
        return Count(len(listed) - claimed - discounted, claimed, discounted)

    def position_of(self, location: Row) -> str:
        """Coordinates no finer than what they stand for, in words."""
        if not location["latitude"]:
            return ""
        digits = {"site": 3, "town": 2}.get(location["precision"], 1)
        latitude, longitude = float(location["latitude"]), float(location["longitude"])
        north, east = "N" if latitude >= 0 else "S", "E" if longitude >= 0 else "W"
        return f"{abs(latitude):.{digits}f}° {north}, {abs(longitude):.{digits}f}° {east}"


def words(term: str) -> str:
    """A term as people write it."""
    return " ".join(ACRONYMS.get(word, word) for word in term.split("_"))


def number(value: int | str) -> str:
    """A number with a thin space between thousands."""
    return f"{int(value):,}".replace(",", "\u202f")


def day(date: str) -> str:
    """A date, full or partial, in words: 20 January 2024, January 2024, 2024."""
    year, *rest = date.split("-")
    parts = [str(int(rest[1]))] if len(rest) == 2 else []
    return " ".join([*parts, *([calendar.month_name[int(rest[0])]] if rest else []), year])


def span(start: str, end: str, precision: str) -> str:
    """When something happened, in words that claim no more than is known."""
    if precision == "day":
        return day(start) if start == end else f"{day(start)} – {day(end)}"
    last = calendar.monthrange(int(end[:4]), int(end[5:7]))[1]
    if start[:7] == end[:7] and start.endswith("-01") and end.endswith(f"-{last}"):
        return f"{day(start[:7])}, day not known"
    if start.endswith("-01-01") and end.endswith("-12-31") and start[:4] == end[:4]:
        return f"{start[:4]}, day not known"
    if start == end:
        return f"about {day(start)}"
    return f"between {int(start[8:]) if start[:7] == end[:7] else day(start)} and {day(end)}"


def period(start: str, end: str, open_end: str = "end not known or not ended") -> str:
    """How long something lasted, from partial dates."""
    if not start and not end:
        return "dates not known"
    if start == end:
        return day(start)
    return f"{day(start) if start else 'start not known'} – {day(end) if end else open_end}"


def amount(row: Row) -> str:
    """The number of a figure or casualty row with how it is bounded."""
    low, best, high = (row[bound] for bound in ("low", "best", "high"))
    qualifier = row.get("qualifier", "")
    if qualifier in ("about", "at_least", "more_than", "at_most", "less_than"):
        return f"{words(qualifier)} {number(best or low or high)}"
    if not best:
        if low and high:
            return f"between {number(low)} and {number(high)}"
        return f"at least {number(low)}" if low else f"at most {number(high)}" if high else "not known"
    if (low or best) == best == (high or best):
        return number(best)
    return f"{number(best)} (from {number(low or best)} to {number(high or best)})"


def language(code: str) -> str:
    """A language by its name."""
    return LANGUAGES.get(code.split("-", maxsplit=1)[0], code)


def direction(code: str) -> str:
    """The direction its script runs in."""
    return "rtl" if code.split("-", maxsplit=1)[0] in RIGHT_TO_LEFT and "Latn" not in code else "ltr"


def normal_spellings(names: Iterable[str]) -> str:
    """Names in the form in which a search compares them, once each."""
    from iraq_coalition_data.names import normal

    return " | ".join(dict.fromkeys(normal(name) for name in names))


def slug(text: str) -> str:
    """A fragment identifier."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")
