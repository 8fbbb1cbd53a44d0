"""The checks between tables. Each has a name, a sentence for docs/rules.md, and a test that breaks it."""

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache, cached_property
from importlib.resources import files
from itertools import filterfalse
from typing import Any, NamedTuple

import pandas as pd

from iraq_coalition_data.descriptor import key_columns
from iraq_coalition_data.schema import MODELS
from iraq_coalition_data.tables import Finding, TableName, extra

Check = Callable[["Tables"], Iterator[Finding]]
RULES: dict[str, Check] = {}

FIRST_DAY = pd.Timestamp("2003-01-01")
ONE_DAY = pd.Timedelta(days=1)
LATER = "9999"  # than any date
# rows of these tables belong to a record, so that a citation of it may name them as its field
BELONGING = {
    "events": ("participants", "casualties", "links"),
    "statements": ("statement_speakers", "positions", "links"),
    "actors": ("names", "external_ids"),
    "locations": ("names", "external_ids"),
}
FROM_EVENT = {"part_of", "implements", "next_step_of", "follows_up", "extends", "postpones", "cancels", "blocks", "distinct_from"}
TO_STATEMENT = {"supersedes", "retracts", "repeats"}
TO_EVENT = {"part_of", "distinct_from", "claims"}
INITIATORS = {"initiator", "suspected_initiator", "claimant", "accused"}
OFFICES = {"holds_office", "leads", "commands", "speaks_for", "member_of", "part_of"}
LONGEST = {"days": 6, "week": 10, "month": 31, "quarter": 92, "year": 366}
PLAIN = re.compile(r"(?![=+@])[!-~](?:[ -~]*[!-~])?").fullmatch  # ASCII text with nothing odd about it
AREAS = {"country", "region", "governorate", "district"}
COUNTRY_TOLERANCE = 0.1  # degrees: outlines are drawn at 1:50 million, and border posts stand on the line


def rule(check: Check) -> Check:
    """Register a check under its name; its docstring is its definition."""
    RULES[check.__name__.replace("_", "-")] = check
    return check


class Date(NamedTuple):
    """First and last day that a partial date can mean."""

    first: str
    last: str


def span(partial: str) -> Date:
    """The bounds of a partial date, as texts that sort."""
    missing = len(partial) - 4
    return Date(partial + "-01-01"[missing:], partial + "-12-31"[missing:])


class Tables(dict[str, pd.DataFrame]):
    """The readable tables by name; one that could not be read is an empty frame, so that no rule speaks of it."""

    def __init__(self, frames: "dict[TableName, pd.DataFrame]") -> None:
        self.readable = set(frames)
        self._rows: dict[str, list[dict[str, Any]]] = {}
        super().__init__({str(table): frame for table, frame in frames.items()})

    def __missing__(self, table: str) -> pd.DataFrame:
        columns = MODELS[table].to_schema().columns  # type: ignore[index]
        self[table] = pd.DataFrame({name: pd.Series(dtype="object") for name in columns})
        return self[table]

    @cached_property
    def ids(self) -> dict[str, set[str]]:
        """The ids of each table of records."""
        return {t: set(self[t].iloc[:, 0].dropna()) for t in MODELS if len(key_columns(t)) == 1 and t != "retired_ids"}

    @cached_property
    def home(self) -> dict[str, str]:
        """The table of each record id."""
        return {record: table for table, ids in self.ids.items() for record in ids}

    @cached_property
    def supports(self) -> dict[str, list[dict[str, Any]]]:
        """The supporting sources of each record."""
        sources = {row["source_id"]: row for row in self.rows("sources")}
        supports: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in self.rows("citations"):
            if row["relation"] == "supports" and row["source_id"] in sources:
                supports[row["record_id"]].append(sources[row["source_id"]])
        return supports

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table as dicts, None where a cell is blank; made once, as most rules read them."""
        if table not in self._rows:
            frame = self[table]
            names = [str(name) for name in frame]
            columns = [frame[name].to_numpy(dtype=object, na_value=None).tolist() for name in names]  # type: ignore[call-overload]
            self._rows[table] = [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
        return self._rows[table]

    def grouped(self, table: str, key: str, value: str) -> dict[str, set[str]]:
        """The values of one column by those of another, blanks left out."""
        groups: dict[str, set[str]] = defaultdict(set)
        for row in self.rows(table):
            if row[key] and row[value]:
                groups[row[key]].add(row[value])
        return groups


def check(frames: "dict[TableName, pd.DataFrame]") -> list[Finding]:
    """All findings of all rules."""
    tables = Tables(frames)
    return [
        Finding(f.table, f.record_id, f.column, f.value, name, f.message) for name, find in RULES.items() for f in find(tables)
    ]


def first(row: dict[str, Any]) -> Any:
    """The value of a row's first column, which names its record."""
    return next(iter(row.values()))


def at(table: str, record: Any, column: str, value: Any, message: str) -> Finding:
    """A finding; the rule's name is filled in by ``check``."""
    return Finding(table, str(record or ""), column, "" if value is None else str(value).removesuffix(" 00:00:00"), "", message)


# --- keys and references ---------------------------------------------------------------------------------------------


@rule
def unique_key(tables: Tables) -> Iterator[Finding]:
    """No two rows of a link table have the same key, and no id stands in two tables."""
    for table in MODELS:
        key, frame = key_columns(table), tables[table]
        if len(key) > 1:
            for _, row in frame[frame.duplicated(key)].iterrows():
                values = " ".join(str(row[column]) for column in key)
                yield at(table, row.iloc[0], key[-1], values, f"a row with the same {', '.join(key)} stands already")
    for record, number in Counter(record for ids in tables.ids.values() for record in ids).items():
        if number > 1:
            where = [table for table, ids in tables.ids.items() if record in ids]
            yield at(where[-1], record, key_columns(where[-1])[0], record, f"the id is used in {' and '.join(where)}")


@rule
def reference(tables: Tables) -> Iterator[Finding]:
    """Every reference points to a record that exists."""
    for table, model in MODELS.items():
        for name, column in model.to_schema().columns.items():
            targets = (column.metadata or {}).get("references")
            if not targets or not tables.readable.issuperset(targets):
                continue
            known = set().union(*(tables.ids[target] for target in targets))
            for row in tables.rows(table):
                if row[name] and row[name] not in known:
                    yield at(table, first(row), name, row[name], f"there is no such record in {' or '.join(targets)}")


@rule
def orphan(tables: Tables) -> Iterator[Finding]:
    """Every actor, location, source and episode is used by some other record."""
    used: dict[str, set[str]] = defaultdict(set)
    for table, model in MODELS.items():
        if table in ("names", "external_ids", "retired_ids"):
            continue
        for name, column in model.to_schema().columns.items():
            targets = (column.metadata or {}).get("references", [])
            if table == "citations" and name == "record_id":
                continue
            for target in targets:
                used[target].update(row[name] for row in tables.rows(table) if row[name])
    for table in ("actors", "locations", "sources", "episodes"):
        for record in sorted(tables.ids[table] - used[table]):
            yield at(table, record, key_columns(table)[0], record, "no other record uses it; use it or remove it")


@rule
def cycle(tables: Tables) -> Iterator[Finding]:
    """Nothing is its own parent, and nothing supersedes or follows itself, directly or round a circle."""
    chains: dict[tuple[str, str], dict[str, set[str]]] = {}
    for table in ("locations", "episodes"):
        pairs = zip(tables[table].iloc[:, 0], tables[table]["parent_id"], strict=True)
        chains[table, "parent_id"] = {child: {parent} for child, parent in pairs if pd.notna(parent)}
    for row in tables.rows("links"):
        if row["relation"] and row["relation"] != "distinct_from":
            chains.setdefault(("links", row["relation"]), defaultdict(set))[row["record_id"]].add(row["related_id"])
    for (table, column), ahead in chains.items():
        for start in ahead:
            seen, frontier = set(), set(ahead[start])
            while frontier and start not in frontier:
                seen |= frontier
                frontier = set().union(*(ahead.get(step, set()) for step in frontier)) - seen
            if start in frontier:
                yield at(table, start, column, "", "the chain leads back to the record itself")


@rule
def retired(tables: Tables) -> Iterator[Finding]:
    """A retired id is not in use again."""
    for row in tables.rows("retired_ids"):
        if row["retired_id"] in tables.home:
            yield at(
                "retired_ids", row["retired_id"], "retired_id", row["retired_id"], f"stands in {tables.home[row['retired_id']]}"
            )


# --- sources ---------------------------------------------------------------------------------------------------------


@rule
def citation(tables: Tables) -> Iterator[Finding]:
    """Every event, statement, figure and affiliation has a supporting citation."""
    cited = set(tables["citations"].loc[tables["citations"]["relation"] == "supports", "record_id"])
    for table in ("events", "statements", "figures", "affiliations"):
        for record in sorted(tables.ids[table] - cited):
            yield at(table, record, "", "", "no citation supports it")


@rule
def citation_field(tables: Tables) -> Iterator[Finding]:
    """A citation's field is a column of the record's table, or a table whose rows belong to the record."""
    for row in tables.rows("citations"):
        home = tables.home.get(row["record_id"])
        if row["field"] and home:
            known = {*MODELS[home].to_schema().columns, *BELONGING.get(home, ())}  # type: ignore[index]
            if row["field"] not in known:
                yield at(
                    "citations",
                    row["record_id"],
                    "field",
                    row["field"],
                    f"{home} have no such column; there are: {sorted(known)}",
                )


@rule
def published_before(tables: Tables) -> Iterator[Finding]:
    """A supporting source was not published before what it supports (a day is allowed for time zones)."""
    dates = {row["event_id"]: row["start_date"] for row in tables.rows("events")}
    dates |= {row["statement_id"]: row["date"] for row in tables.rows("statements")}
    dates |= {row["figure_id"]: row["end_date"] for row in tables.rows("figures") if row["measure"] != "troops_planned"}
    latest = {row["source_id"]: span(row["published"]).last for row in tables.rows("sources") if row["published"]}
    for record, happened in dates.items():
        day = str(happened)[:10]
        for source in tables.supports[record] if happened else ():
            last = latest.get(source["source_id"], LATER)
            if last < day and last < str(happened - ONE_DAY)[:10]:  # the day before is slow to work out, and rarely needed
                message = f"published {source['published']}, before {day}"
                yield at("citations", record, "source_id", source["source_id"], message)


@rule
def duplicate_source(tables: Tables) -> Iterator[Finding]:
    """A page is one source, whatever the spelling of its address."""
    seen: dict[str, str] = {}
    for row in tables.rows("sources"):
        first = seen.setdefault(canonical_url(row["url"] or row["source_id"]), row["source_id"])
        if first != row["source_id"]:
            yield at("sources", row["source_id"], "url", row["url"], f"is the page of {first}")


def canonical_url(url: str) -> str:
    """An address without what does not tell pages apart: scheme, www, fragment, tracking, last slash."""
    url = re.sub(r"^https?://(www\.)?", "", url.split("#", maxsplit=1)[0])
    url = re.sub(r"[?&](utm_[a-z]+|fbclid|gclid)=[^&]*", "", url)
    return url.rstrip("/?&").lower()


def independent(sources: list[dict[str, Any]]) -> int:
    """How many of some sources are independent: different publishers, and not copies of one agency."""
    voices = {str(source["wire"] or source["publisher"]).casefold() for source in sources}
    return min(len(voices), len({source["publisher"] for source in sources}))


@rule
def landmark_sources(tables: Tables) -> Iterator[Finding]:
    """A landmark has two independent supporting sources: different publishers, and not copies of one agency."""
    for row in tables.rows("events"):
        if row["landmark"] and independent(tables.supports[row["event_id"]]) < 2:
            yield at("events", row["event_id"], "landmark", "true", "a landmark needs two independent supporting sources")


@rule
def confirmation(tables: Tables) -> Iterator[Finding]:
    """Official needs a source other than party media; claimed_only a claimant or initiator, and no authority's own text."""
    claimed = set(tables["participants"].loc[tables["participants"]["role"].isin(INITIATORS), "event_id"])
    for row in tables.rows("events"):
        event, cited = row["event_id"], {source["kind"] for source in tables.supports[row["event_id"]]}
        if row["confirmation"] == "official" and cited and cited <= {"party_media"}:
            yield at("events", event, "confirmation", "official", "only party media are cited")
        if row["confirmation"] == "claimed_only" and event not in claimed:
            yield at("events", event, "confirmation", "claimed_only", "nobody who claims it is among the participants")
        if row["confirmation"] in ("claimed_only", "reported") and cited & {"inspector", "court"}:
            yield at("events", event, "confirmation", row["confirmation"], "an authority's own text supports it")


@rule
def disputed(tables: Tables) -> Iterator[Finding]:
    """A disputed event has a contradicting citation, or a statement that denies it."""
    contradicted = set(tables["citations"].loc[tables["citations"]["relation"] == "contradicts", "record_id"])
    denied = set(tables["links"].loc[tables["links"]["relation"] == "denies", "related_id"])
    counted = {row["event_id"] for row in tables.rows("casualties") if row["casualty_id"] in contradicted}
    contested = contradicted | denied | counted
    for row in tables.rows("events"):
        if row["disputed"] not in (None, "none") and row["event_id"] not in contested:
            yield at("events", row["event_id"], "disputed", row["disputed"], "nothing in the data contradicts it")


# --- dates -----------------------------------------------------------------------------------------------------------


@rule
def calendar(tables: Tables) -> Iterator[Finding]:
    """A partial date that names a day names one of the calendar."""
    columns = dict.fromkeys(("actors", "affiliations", "episodes"), ("start", "end")) | {"sources": ("published",)}
    for table, names in columns.items():
        for row in tables.rows(table):
            for column in names:
                if row[column] and len(row[column]) == len("YYYY-MM-DD") and not _is_day(row[column]):
                    yield at(table, row[key_columns(table)[0]], column, row[column], "is no day of the calendar")


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


@rule
def date_order(tables: Tables) -> Iterator[Finding]:
    """Nothing ends before it starts."""
    for table in ("events", "figures", "actors", "affiliations", "episodes"):
        start, end = ("start_date", "end_date") if table in ("events", "figures") else ("start", "end")
        for row in tables.rows(table):
            if row[start] and row[end] and str(row[end])[:10] < str(row[start])[: len(str(row[end])[:10])]:
                yield at(table, row[key_columns(table)[0]], end, row[end], f"is before {start}, {str(row[start])[:10]}")


@rule
def date_range(tables: Tables) -> Iterator[Finding]:
    """Events, statements and figures lie between 2003-01-01 and the day the latest source was read."""
    vintage = tables["sources"]["accessed"].max()
    columns = (
        ("events", "start_date"),
        ("events", "end_date"),
        ("statements", "date"),
        ("figures", "start_date"),
        ("figures", "end_date"),
    )
    for table, column in columns:
        for row in tables.rows(table):
            day = row[column]
            if day and (day < FIRST_DAY or (pd.notna(vintage) and day > vintage)) and row.get("measure") != "troops_planned":
                yield at(table, row[key_columns(table)[0]], column, day, f"lies outside 2003-01-01 to {str(vintage)[:10]}")


@rule
def date_precision(tables: Tables) -> Iterator[Finding]:
    """Start and end are no further apart than the precision says; a month, quarter or year is given by its first and last day."""
    for row in tables.rows("events"):
        start, end, precision = row["start_date"], row["end_date"], row["date_precision"]
        if not (start and end and precision in LONGEST):
            continue
        length = (end - start).days + 1
        if length < 2 or length > LONGEST[precision]:
            yield at("events", row["event_id"], "date_precision", precision, f"start and end span {length} days")
        elif precision in ("month", "year") and (start.day != 1 or (end + ONE_DAY).day != 1):
            yield at("events", row["event_id"], "start_date", start, f"a {precision} runs from its first to its last day")


@rule
def episode_dates(tables: Tables) -> Iterator[Finding]:
    """An event or statement lies within the dates of its episode."""
    bounds = {row["episode_id"]: row for row in tables.rows("episodes")}
    for table, column in (("events", "start_date"), ("statements", "date")):
        for row in tables.rows(table):
            episode, day = bounds.get(row["episode_id"]), str(row[column])[:10]
            if not episode or not row[column]:
                continue
            if (episode["start"] and day < span(episode["start"]).first) or (episode["end"] and day > span(episode["end"]).last):
                message = f"lies outside {episode['episode_id']}, {episode['start'] or ''} to {episode['end'] or ''}"
                yield at(table, row[key_columns(table)[0]], column, day, message)


@rule
def link_dates(tables: Tables) -> Iterator[Finding]:
    """Nothing claims, denies, condemns or answers what had not yet happened (a day is allowed for time zones, but for claims)."""
    dates = {row["event_id"]: row["start_date"] for row in tables.rows("events")}
    dates |= {row["statement_id"]: row["date"] for row in tables.rows("statements")}
    ends = dates | {row["event_id"]: row["end_date"] for row in tables.rows("events")}
    after = {"claims", "denies", "condemns", "reports", "explains", "responds_to", "supersedes", "retracts", "repeats"}
    for row in tables.rows("links"):
        later, earlier = ends.get(row["record_id"]), dates.get(row["related_id"])
        allowed = ONE_DAY if row["relation"] != "claims" else 0 * ONE_DAY
        if row["relation"] in after and later and earlier and later + allowed < earlier:
            message = f"{row['relation']} what happened later, on {str(earlier)[:10]}"
            yield at("links", row["record_id"], "related_id", row["related_id"], message)


@rule
def actor_lifetime(tables: Tables) -> Iterator[Finding]:
    """An affiliation lies within the life of both its actors."""
    lives = {row["actor_id"]: row for row in tables.rows("actors")}
    for row in tables.rows("affiliations"):
        for party in (lives.get(row["actor_id"]), lives.get(row["related_actor_id"])):
            if not party:
                continue
            if party["end"] and row["end"] and span(row["end"]).first > span(party["end"]).last:
                yield at("affiliations", row["affiliation_id"], "end", row["end"], f"{party['actor_id']} ended {party['end']}")
            if party["start"] and row["start"] and span(row["start"]).last < span(party["start"]).first:
                yield at(
                    "affiliations", row["affiliation_id"], "start", row["start"], f"{party['actor_id']} began {party['start']}"
                )


@rule
def office_dates(tables: Tables) -> Iterator[Finding]:
    """Who speaks for a body he or she holds an office in does so while holding it."""
    offices: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in tables.rows("affiliations"):
        if row["relation"] in OFFICES:
            offices[row["actor_id"], row["related_actor_id"]].append(row)
    for row in tables.rows("statements"):
        held, day = offices[row["speaker_id"], row["on_behalf_of_id"]], str(row["date"])[:10]
        inside = [
            office
            for office in held
            if (not office["start"] or span(office["start"]).first <= day)
            and (not office["end"] or day <= span(office["end"]).last)
        ]
        if held and row["date"] and not inside:
            message = f"{row['speaker_id']} did not hold the office at {row['on_behalf_of_id']} on that day"
            yield at("statements", row["statement_id"], "date", day, message)


# --- numbers, vocabulary, links --------------------------------------------------------------------------------------


@rule
def number_order(tables: Tables) -> Iterator[Finding]:
    """Low ≤ best ≤ high, and at least one of them is given."""
    for table in ("casualties", "figures"):
        for row in tables.rows(table):
            given = [row[column] for column in ("low", "best", "high") if row[column] is not None]
            record = row[key_columns(table)[0]]
            if not given:
                yield at(table, record, "best", "", "no number is given")
            elif given != sorted(given):
                yield at(
                    table,
                    record,
                    "best",
                    row["best"],
                    f"low {row['low']}, best {row['best']}, high {row['high']} are not in order",
                )


@rule
def number_sign(tables: Tables) -> Iterator[Finding]:
    """Only a troops_change may be negative."""
    for row in tables.rows("figures"):
        for column in ("low", "best", "high"):
            if row[column] is not None and row[column] < 0 and row["measure"] != "troops_change":
                yield at("figures", row["figure_id"], column, row[column], f"{row['measure']} cannot be negative")


@rule
def parent_term(tables: Tables) -> Iterator[Finding]:
    """An event's category is the parent of its kind; a stance is of the scale of its issue."""
    parents = {(row["vocabulary"], row["term"]): row["parent"] for row in tables.rows("terms")}
    for row in tables.rows("events"):
        expected = parents.get(("event_kind", row["kind"]))
        if row["kind"] and row["category"] and row["category"] != expected:
            yield at("events", row["event_id"], "category", row["category"], f"{row['kind']} belongs to {expected}")
    for row in tables.rows("positions"):
        scale = parents.get(("position_stance", row["stance"]))
        if scale and row["issue"] and scale != parents.get(("position_issue", row["issue"])):
            yield at("positions", row["statement_id"], "stance", row["stance"], f"is no stance on {row['issue']}")


@rule
def outcome(tables: Tables) -> Iterator[Finding]:
    """Only attacks by fire and strikes have an outcome."""
    for row in tables.rows("events"):
        fired = row["category"] == "strike" or row["kind"] in ("rocket_mortar", "missile", "drone", "rocket_and_drone")
        if row["outcome"] and not fired:
            yield at("events", row["event_id"], "outcome", row["outcome"], f"{row['kind']} has no outcome")


@rule
def terms_in_order(tables: Tables) -> Iterator[Finding]:
    """In each vocabulary positions run 1, 2, 3 …; parents and crosswalk name terms that exist."""
    known = {(row["vocabulary"], row["term"]) for row in tables.rows("terms")}
    words = {term for _, term in known}
    for vocabulary, frame in tables["terms"].groupby("vocabulary"):
        if sorted(frame["position"].dropna()) != list(range(1, len(frame) + 1)):
            yield at("terms", vocabulary, "position", "", f"positions must run from 1 to {len(frame)}")
    for row in tables.rows("terms"):
        if row["parent"] and row["parent"] not in words:
            yield at("terms", row["vocabulary"], "parent", row["parent"], "there is no such term")
    for row in tables.rows("crosswalk"):
        if (row["vocabulary"], row["term"]) not in known and "terms" in tables.readable:
            yield at("crosswalk", row["vocabulary"], "term", row["term"], "there is no such term")


@rule
def participant(tables: Tables) -> Iterator[Finding]:
    """Every event has a participant."""
    for record in sorted(tables.ids["events"] - set(tables["participants"]["event_id"])):
        yield at("events", record, "", "", "it has no participant")


@rule
def link_types(tables: Tables) -> Iterator[Finding]:
    """A relation fits what it links: part_of and the like start from events, claims point to events, supersedes to statements."""
    for row in tables.rows("links"):
        source, target = tables.home.get(row["record_id"]), tables.home.get(row["related_id"])
        relation = row["relation"]
        if not source or not target or not relation:
            continue
        if relation != "responds_to" and (relation in FROM_EVENT) != (source == "events"):
            yield at("links", row["record_id"], "relation", relation, f"does not start from {source}")
        if (relation in TO_STATEMENT and target != "statements") or (relation in TO_EVENT and target != "events"):
            yield at("links", row["record_id"], "related_id", row["related_id"], f"{relation} does not point to {target}")


@rule
def duplicate_event(tables: Tables) -> Iterator[Finding]:
    """No two events have the same date, kind, place and initiator, unless one is linked distinct_from the other."""
    links = (row for row in tables.rows("links") if row["relation"] in ("distinct_from", "part_of"))
    apart = {frozenset((row["record_id"], row["related_id"])) for row in links}
    initiators: dict[str, set[str]] = defaultdict(set)
    for row in tables.rows("participants"):
        if row["role"] in INITIATORS:
            initiators[row["event_id"]].add(row["actor_id"])
    alike: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for row in tables.rows("events"):
        alike[row["start_date"], row["kind"], row["location_id"]].append(row["event_id"])
    for same in alike.values():
        for position, later in enumerate(same):
            for earlier in same[:position]:
                mine, theirs = initiators[later], initiators[earlier]
                if (mine & theirs or not mine or not theirs) and frozenset((earlier, later)) not in apart:
                    yield at(
                        "events", later, "event_id", later, f"looks like {earlier}; if it is another one, link them distinct_from"
                    )


@rule
def duplicate_statement(tables: Tables) -> Iterator[Finding]:
    """No two statements have the same date, speaker and act and the same summary or the same linked record."""
    related = tables.grouped("links", "record_id", "related_id")
    seen: dict[tuple[Any, ...], str] = {}
    for row in tables.rows("statements"):
        said = row["date"], row["speaker_id"], row["act"], row["channel"]
        keys: list[tuple[Any, ...]] = [(*said, row["summary"])]
        if row["statement_id"] in related:
            keys.append((*said, frozenset(related[row["statement_id"]])))
        for key in keys:
            if seen.setdefault(key, row["statement_id"]) != row["statement_id"]:
                yield at("statements", row["statement_id"], "statement_id", row["statement_id"], f"looks like {seen[key]}")
                break


@rule
def duplicate_row(tables: Tables) -> Iterator[Finding]:
    """A reporter's number for one measure, actor, place and time stands once, and so does a tie with its title and dates."""
    keys = {
        "figures": ["measure", "start_date", "end_date", "actor_id", "location_id", "reporter_id", "low", "best", "high"],
        "affiliations": ["actor_id", "relation", "related_actor_id", "title", "start", "end"],
    }
    for table, key in keys.items():
        frame = tables[table]
        for record in frame.loc[frame.duplicated(key), frame.columns[0]]:
            yield at(table, record, frame.columns[0], record, "the same stands already under another id")


# --- places ----------------------------------------------------------------------------------------------------------


@rule
def country_code(tables: Tables) -> Iterator[Finding]:
    """Countries are codes of ISO 3166-1, first-level divisions of ISO 3166-2."""
    pycountry = extra("pycountry", "validate")
    for table in ("actors", "locations"):
        for row in tables.rows(table):
            record = row[key_columns(table)[0]]
            if row["country"] and not pycountry.countries.get(alpha_3=row["country"]):
                yield at(table, record, "country", row["country"], "is no code of ISO 3166-1 alpha-3")
            if row.get("admin1"):
                division = pycountry.subdivisions.get(code=row["admin1"])
                country = division and pycountry.countries.get(alpha_2=division.country_code)
                if not country:
                    yield at(table, record, "admin1", row["admin1"], "is no code of ISO 3166-2")
                elif country.alpha_3 != row["country"]:
                    yield at(table, record, "admin1", row["admin1"], f"lies in {country.alpha_3}, not {row['country']}")


@rule
def place_precision(tables: Tables) -> Iterator[Finding]:
    """An event with a place says how exactly it is known: an area is its own precision, a point has a finer one."""
    kinds = {row["location_id"]: row["kind"] for row in tables.rows("locations")}
    for row in tables.rows("events"):
        precision, kind = row["location_precision"], kinds.get(row["location_id"])
        if bool(precision) != bool(row["location_id"]):
            message = "location_id and location_precision come together"
        elif kind is None or precision == "withheld" or (precision == kind if kind in AREAS else precision not in AREAS):
            continue
        else:
            message = f"does not suit a place of the kind {kind}; name the area itself as the place"
        yield at("events", row["event_id"], "location_precision", precision, message)


@rule
def place_in_parent(tables: Tables) -> Iterator[Finding]:
    """A location's country and division are those of the location that holds it."""
    places = {row["location_id"]: row for row in tables.rows("locations")}
    for row in places.values():
        parent = places.get(row["parent_id"])
        for column in ("country", "admin1"):
            if parent and parent[column] and parent[column] != row[column]:
                yield at("locations", row["location_id"], column, row[column], f"{row['parent_id']} has {parent[column]}")


@rule
def coordinates(tables: Tables) -> Iterator[Finding]:
    """Latitude and longitude come together with their precision, and lie inside the location's country."""
    shapely = extra("shapely", "validate")
    outlines = country_outlines()
    for row in tables.rows("locations"):
        place = row["location_id"]
        given = [row[column] is not None for column in ("latitude", "longitude", "precision")]
        if any(given) and not all(given):
            yield at(
                "locations", place, "latitude", row["latitude"], "latitude, longitude and precision must all be given, or none"
            )
        elif all(given) and row["country"]:
            outline = outlines.get(row["country"])
            if outline is None:
                yield at("locations", place, "country", row["country"], "outlines.geojson has no outline of this country")
            elif outline.distance(shapely.Point(row["longitude"], row["latitude"])) > COUNTRY_TOLERANCE:
                yield at(
                    "locations", place, "latitude", f"{row['latitude']}, {row['longitude']}", f"lies outside {row['country']}"
                )


@cache
def country_outlines() -> dict[str, Any]:
    """The outlines of Natural Earth by ISO 3166-1 alpha-3 code, as shapely geometries."""
    from shapely.geometry import shape

    collection = json.loads(files("iraq_coalition_data").joinpath("outlines.geojson").read_text(encoding="utf-8"))
    outlines: dict[str, Any] = {}
    for feature in collection["features"]:  # Australia is two of them
        outline = shape(feature["geometry"])
        outlines[feature["id"]] = outlines[feature["id"]].union(outline) if feature["id"] in outlines else outline
    return outlines


# --- text ------------------------------------------------------------------------------------------------------------


@rule
def clean_text(tables: Tables) -> Iterator[Finding]:
    """Text is NFC, without formula starts (= + @), control or invisible characters, or space at either end."""
    for table in MODELS:
        rows = tables.rows(table)
        for column in (str(name) for name, dtype in tables[table].dtypes.items() if dtype == "string"):
            texts = {row[column] for row in rows} - {None}
            odd = {text: problem for text in filterfalse(PLAIN, texts) if (problem := text_problem(text))}
            for row in rows if odd else ():
                if row[column] in odd:
                    yield at(table, first(row), column, row[column], odd[row[column]])


def text_problem(value: str) -> str:
    """What is wrong with a text that is not plain, or nothing."""
    if value[0] in "=+@":
        return "begins like a formula"
    if value != value.strip():
        return "has space at its start or end"
    if unicodedata.normalize("NFC", value) != value:
        return "is not in Unicode normal form C"
    if odd := [c for c in value if unicodedata.category(c) in ("Cc", "Cf", "Co", "Cn", "Zl", "Zp") or c in "\ufffd\u00a0"]:
        return f"holds the character U+{ord(odd[0]):04X}"
    for encoding in ("cp1252", "latin-1"):
        try:
            meant = value.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        if meant != value:
            return f"is mojibake for {meant!r}"
    return ""
