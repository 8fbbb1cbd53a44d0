"""Kinds of fault, planted one at a time in the real data, with the finding that each must lead to.

A fault takes the rows of all tables and a random generator, spoils them, and returns the table, the record and the rule that
``validate`` must name. Files are written anew and described anew afterwards, so that hashes do not give the fault away.
"""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from iraq_coalition_data import files
from iraq_coalition_data.files import Row

Data = dict[str, list[Row]]
Expected = tuple[str, str, str]  # table, record id (empty: the table as a whole), rule
Change = Callable[[bytes], bytes]
Fault = Callable[[Data, Random], Expected]
FAULTS: dict[str, Fault] = {}


def fault(plant: Fault) -> Fault:
    """Register a kind of fault."""
    FAULTS[plant.__name__.replace("_", " ")] = plant
    return plant


def first(row: Row) -> str:
    """The id in a row's first column."""
    return next(iter(row.values()))


def pick(data: Data, random: Random, table: str, **wanted: str) -> Row:
    """A random row of a table with the wanted values; a value ``*`` asks for any that is not blank."""
    rows = [
        row
        for row in data[table]
        if all(row[column] == value or (value == "*" and row[column] != "") for column, value in wanted.items())
    ]
    return random.choice(rows)


def set_cell(table: str, column: str, value: str, rule: str, **wanted: str) -> Fault:
    """The fault that a cell of one column holds a wrong value."""

    def plant(data: Data, random: Random) -> Expected:
        row = pick(data, random, table, **wanted)
        row[column] = value
        return table, first(row), rule

    return plant


def shifted(day: str, days: int) -> str:
    """A day some days later."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


# one wrong cell: every column type and every kind of text
for name, (table, column, value, rule) in {
    "unknown category": ("events", "category", "battle", "vocabulary"),
    "unknown kind": ("events", "kind", "rocket", "vocabulary"),
    "unknown role": ("participants", "role", "attacker", "vocabulary"),
    "unknown act": ("statements", "act", "said", "vocabulary"),
    "unknown stance": ("positions", "stance", "leave", "vocabulary"),
    "unknown relation": ("links", "relation", "answers", "vocabulary"),
    "term in capitals": ("events", "confirmation", "Official", "vocabulary"),
    "date in another order": ("events", "start_date", "28/01/2024", "type"),
    "date that no calendar has": ("statements", "date", "2024-02-30", "type"),
    "date without a day": ("figures", "end_date", "2024-01", "type"),
    "month as a word": ("events", "end_date", "January 2024", "type"),
    "fraction for a count": ("casualties", "low", "2.5", "type"),
    "number as a word": ("figures", "best", "forty", "type"),
    "thousands separator": ("figures", "best", "2,500", "type"),
    "flag as yes": ("events", "landmark", "yes", "type"),
    "flag with a capital": ("events", "landmark", "True", "type"),
    "coordinate with a comma": ("locations", "latitude", "33,79", "type"),
    "required title blank": ("events", "title", "", "required"),
    "required date blank": ("statements", "date", "", "required"),
    "required speaker blank": ("statements", "speaker_id", "", "required"),
    "required address blank": ("sources", "url", "", "required"),
    "id of another form": ("sources", "source_id", "R1", "pattern"),
    "slug with capitals": ("actors", "actor_id", "US-Army", "pattern"),
    "partial date of another form": ("affiliations", "start", "2023-13", "pattern"),
    "partial date that no calendar has": ("affiliations", "start", "2023-02-30", "calendar"),
    "page dated on no day": ("sources", "published", "2024-11-31", "calendar"),
    "digits of another script in an id": ("sources", "source_id", "R\u0660\u0660\u0660\u0660\u0661", "pattern"),
    "digits of another script in a count": ("casualties", "best", "\u0663", "type"),
    "digits of another script in a date": ("events", "start_date", "\u0662\u0660\u0662\u0664-01-20", "type"),
    "address without scheme": ("sources", "url", "example.org/page", "pattern"),
    "address with a template left in it": ("sources", "url", "https://example.org/{{link}}", "pattern"),
    "country as a name": ("actors", "country", "Iraq", "pattern"),
    "language as a name": ("sources", "language", "English", "pattern"),
    "title too long": ("events", "title", "x" * 141, "length"),
    "summary too long": ("statements", "summary", "x" * 301, "length"),
    "negative count": ("casualties", "low", "-1", "range"),
    "latitude beyond the pole": ("locations", "latitude", "133.8", "range"),
    "longitude beyond the date line": ("locations", "longitude", "442.4", "range"),
    "formula": ("events", "summary", "=1+1", "clean-text"),
    "formula by at sign": ("sources", "title", "@SUM(A1)", "clean-text"),
    "formula by plus": ("figures", "note", "+1", "clean-text"),
    "tab": ("statements", "summary", "a\tb", "clean-text"),
    "line break": ("events", "summary", "a\nb", "clean-text"),
    "zero-width space": ("actors", "name", "Iraq\u200b", "clean-text"),
    "right-to-left override": ("sources", "title", "page \u202eegap", "clean-text"),
    "no-break space": ("events", "title", "a\u00a0b", "clean-text"),
    "replacement character": ("sources", "title", "Kata\ufffdib", "clean-text"),
    "mojibake of an apostrophe": ("actors", "name", "Kata\u00e2\u20ac\u2122ib Hizballah", "clean-text"),
    "mojibake of an accent": ("sources", "publisher", "Al J\u00c3\u00a9zeera", "clean-text"),
    "decomposed accent": ("sources", "publisher", "Cafe\u0301", "clean-text"),
    "space at the end": ("episodes", "title", "Talks ", "clean-text"),
    "actor that nothing knows": ("participants", "actor_id", "nobody", "reference"),
    "location that nothing knows": ("events", "location_id", "nowhere", "reference"),
    "source that nothing knows": ("citations", "source_id", "R99999", "reference"),
    "episode that nothing knows": ("statements", "episode_id", "no-talks", "reference"),
    "record that nothing knows": ("citations", "record_id", "E99999", "reference"),
    "link to nothing": ("links", "related_id", "S99999", "reference"),
    "country code that does not exist": ("locations", "country", "XXX", "country-code"),
    "division that does not exist": ("locations", "admin1", "IQ-ZZ", "country-code"),
    "division of another country": ("locations", "admin1", "SY-HA", "country-code"),
    "event before the period": ("events", "start_date", "1999-01-01", "date-range"),
    "figure after the vintage": ("figures", "end_date", "2199-01-01", "date-range"),
    "citation of a column that is not there": ("citations", "field", "weapon", "citation-field"),
}.items():
    conditions = {}
    if column in ("latitude", "longitude"):
        conditions = {"latitude": "*", "longitude": "*"}
    elif column == "admin1":
        conditions = {"country": "IRQ"}
    elif name == "figure after the vintage":
        conditions = {"measure": "attacks"}
    FAULTS[name] = set_cell(table, column, value, rule, **conditions)


@fault
def id_used_twice(data: Data, random: Random) -> Expected:
    one, other = random.sample(data["events"], 2)
    other["event_id"] = one["event_id"]
    return "events", one["event_id"], "unique"


@fault
def row_used_twice(data: Data, random: Random) -> Expected:
    row = random.choice(data["participants"])
    data["participants"].append(dict(row))
    return "participants", row["event_id"], "unique-key"


@fault
def id_in_two_tables(data: Data, random: Random) -> Expected:
    actor = random.choice(data["actors"])["actor_id"]
    data["episodes"].append(dict(random.choice(data["episodes"]), episode_id=actor))
    return "episodes", actor, "unique-key"


@fault
def actor_without_use(data: Data, random: Random) -> Expected:
    data["actors"].append(dict(random.choice(data["actors"]), actor_id="never-used"))
    return "actors", "never-used", "orphan"


@fault
def source_without_use(data: Data, random: Random) -> Expected:
    data["sources"].append(dict(random.choice(data["sources"]), source_id="R99999", url="https://example.org/never-used"))
    return "sources", "R99999", "orphan"


@fault
def place_inside_itself(data: Data, random: Random) -> Expected:
    place = pick(data, random, "locations", parent_id="*")
    place["parent_id"] = place["location_id"]
    return "locations", place["location_id"], "cycle"


@fault
def places_inside_each_other(data: Data, random: Random) -> Expected:
    place = pick(data, random, "locations", parent_id="*")
    parent = next(row for row in data["locations"] if row["location_id"] == place["parent_id"])
    parent["parent_id"] = place["location_id"]
    return "locations", parent["location_id"], "cycle"


@fault
def event_that_answers_itself(data: Data, random: Random) -> Expected:
    event = random.choice(data["events"])["event_id"]
    data["links"].append({"record_id": event, "relation": "responds_to", "related_id": event, "basis": "stated"})
    return "links", event, "cycle"


@fault
def retired_id_in_use(data: Data, random: Random) -> Expected:
    event = random.choice(data["events"])["event_id"]
    data["retired_ids"].append({"retired_id": event, "replaced_by": "", "release": "0.1.0", "reason": "a test"})
    return "retired_ids", event, "retired"


def uncited(table: str) -> Fault:
    """The fault that a record has lost its citations."""

    def plant(data: Data, random: Random) -> Expected:
        record = first(random.choice(data[table]))
        data["citations"] = [row for row in data["citations"] if row["record_id"] != record]
        return table, record, "citation"

    return plant


for table in ("events", "statements", "figures", "affiliations"):
    FAULTS[f"{table} without citation"] = uncited(table)


@fault
def only_a_contradicting_citation(data: Data, random: Random) -> Expected:
    event = random.choice(data["events"])["event_id"]
    for row in data["citations"]:
        if row["record_id"] == event:
            row["relation"] = "contradicts"
    return "events", event, "citation"


def support(data: Data, random: Random, record: str) -> Row:
    """The source of one supporting citation of a record, made the only record that it supports."""
    cited = [row for row in data["citations"] if row["record_id"] == record and row["relation"] == "supports"]
    chosen = random.choice(cited)["source_id"]
    source = dict(next(row for row in data["sources"] if row["source_id"] == chosen))
    source |= {"source_id": "R99999", "url": "https://example.org/planted"}
    data["sources"].append(source)
    planted = {"record_id": record, "field": "", "source_id": "R99999", "relation": "supports", "note": ""}
    data["citations"].append(planted)
    return source


@fault
def page_older_than_the_event(data: Data, random: Random) -> Expected:
    event = pick(data, random, "events", date_precision="day")
    support(data, random, event["event_id"])["published"] = shifted(event["start_date"], -30)
    return "citations", event["event_id"], "published-before"


@fault
def page_older_than_the_statement(data: Data, random: Random) -> Expected:
    statement = random.choice(data["statements"])
    support(data, random, statement["statement_id"])["published"] = shifted(statement["date"], -400)[:7]
    return "citations", statement["statement_id"], "published-before"


@fault
def page_under_two_ids(data: Data, random: Random) -> Expected:
    source = random.choice(data["sources"])
    cited = next(row for row in data["citations"] if row["source_id"] == source["source_id"])
    data["sources"].append(dict(source, source_id="R99999", url=source["url"].replace("https://", "http://") + "#top"))
    data["citations"].append(dict(cited, source_id="R99999"))
    return "sources", "R99999", "duplicate-source"


def landmark(data: Data, random: Random, **sources: str) -> Expected:
    """A landmark whose supporting sources are two planted ones."""
    event = pick(data, random, "events", landmark="true")["event_id"]
    data["citations"] = [row for row in data["citations"] if row["record_id"] != event or row["relation"] != "supports"]
    for number in range(2):
        source = dict(random.choice(data["sources"]), source_id=f"R9999{number}", url=f"https://example.org/{number}", wire="")
        source |= {"published": "", "publisher": f"Publisher {number}", "kind": "news"} | sources
        data["sources"].append(source)
        cited = {"record_id": event, "field": "", "source_id": source["source_id"], "relation": "supports", "note": ""}
        data["citations"].append(cited)
    return "events", event, "landmark-sources"


@fault
def landmark_with_one_publisher(data: Data, random: Random) -> Expected:
    return landmark(data, random, publisher="The Same")


@fault
def landmark_with_two_copies_of_one_wire(data: Data, random: Random) -> Expected:
    return landmark(data, random, wire="Reuters")


@fault
def official_by_party_media_alone(data: Data, random: Random) -> Expected:
    event = pick(data, random, "events", confirmation="official", landmark="false")["event_id"]
    cited = {row["source_id"] for row in data["citations"] if row["record_id"] == event}
    for row in data["sources"]:
        if row["source_id"] in cited:
            row["kind"] = "party_media"
    return "events", event, "confirmation"


@fault
def claimed_only_without_claimant(data: Data, random: Random) -> Expected:
    event = pick(data, random, "events", category="talks")
    event["confirmation"] = "claimed_only"
    event_id = event["event_id"]
    for row in data["participants"]:
        if row["event_id"] == event_id and row["role"] in ("initiator", "claimant", "accused", "suspected_initiator"):
            row["role"] = "party"
    return "events", event_id, "confirmation"


@fault
def dispute_without_contradiction(data: Data, random: Random) -> Expected:
    contradicted = {row["record_id"] for row in data["citations"] if row["relation"] == "contradicts"}
    contradicted |= {row["related_id"] for row in data["links"] if row["relation"] == "denies"}
    contradicted |= {row["event_id"] for row in data["casualties"] if row["casualty_id"] in contradicted}
    event = random.choice([row for row in data["events"] if row["event_id"] not in contradicted])
    event["disputed"] = "occurrence"
    return "events", event["event_id"], "disputed"


@fault
def event_that_ends_before_it_starts(data: Data, random: Random) -> Expected:
    event = random.choice(data["events"])
    event["end_date"] = shifted(event["start_date"], -1)
    return "events", event["event_id"], "date-order"


@fault
def figure_that_ends_before_it_starts(data: Data, random: Random) -> Expected:
    figure = random.choice(data["figures"])
    figure["start_date"] = shifted(figure["end_date"], 1)
    return "figures", figure["figure_id"], "date-order"


@fault
def tie_that_ends_before_it_starts(data: Data, random: Random) -> Expected:
    tie = random.choice(data["affiliations"])
    tie["start"], tie["end"] = "2022-05", "2022-04"
    return "affiliations", tie["affiliation_id"], "date-order"


@fault
def month_that_is_a_fortnight(data: Data, random: Random) -> Expected:
    event = random.choice(data["events"])
    event |= {"date_precision": "month", "start_date": "2024-01-03", "end_date": "2024-01-17"}
    return "events", event["event_id"], "date-precision"


@fault
def days_that_are_weeks(data: Data, random: Random) -> Expected:
    event = random.choice(data["events"])
    event |= {"date_precision": "days", "end_date": shifted(event["start_date"], 20)}
    return "events", event["event_id"], "date-precision"


@fault
def event_outside_its_episode(data: Data, random: Random) -> Expected:
    event = pick(data, random, "events", episode_id="gaza-war-campaign-2023-2024")
    event |= {"start_date": "2022-01-01", "end_date": "2022-01-01"}
    return "events", event["event_id"], "episode-dates"


@fault
def claim_dated_before_its_event(data: Data, random: Random) -> Expected:
    link = pick(data, random, "links", relation="claims")
    statement = next(row for row in data["statements"] if row["statement_id"] == link["record_id"])
    event = next(row for row in data["events"] if row["event_id"] == link["related_id"])
    statement["date"] = shifted(event["start_date"], -1)
    return "links", link["record_id"], "link-dates"


@fault
def answer_dated_before_its_cause(data: Data, random: Random) -> Expected:
    link = pick(data, random, "links", relation="condemns")
    statement = next(row for row in data["statements"] if row["statement_id"] == link["record_id"])
    statement["date"] = "2010-01-01"
    return "links", link["record_id"], "link-dates"


@fault
def tie_that_outlives_its_actor(data: Data, random: Random) -> Expected:
    tie = random.choice(data["affiliations"])
    tie["start"], tie["end"] = "", "2024-05"
    actor = next(row for row in data["actors"] if row["actor_id"] == tie["related_actor_id"])
    actor["end"] = "2024-03"
    return "affiliations", tie["affiliation_id"], "actor-lifetime"


@fault
def tie_older_than_its_actor(data: Data, random: Random) -> Expected:
    tie = random.choice(data["affiliations"])
    tie["start"], tie["end"] = "2012", ""
    actor = next(row for row in data["actors"] if row["actor_id"] == tie["actor_id"])
    actor |= {"start": "2020-02-01", "end": ""}
    return "affiliations", tie["affiliation_id"], "actor-lifetime"


@fault
def statement_after_the_office(data: Data, random: Random) -> Expected:
    held = {(row["actor_id"], row["related_actor_id"]) for row in data["affiliations"] if row["relation"] == "holds_office"}
    statement = random.choice([row for row in data["statements"] if (row["speaker_id"], row["on_behalf_of_id"]) in held])
    for row in data["affiliations"]:
        if (row["actor_id"], row["related_actor_id"]) == (statement["speaker_id"], statement["on_behalf_of_id"]):
            row["start"], row["end"] = "2001", "2002"
    return "statements", statement["statement_id"], "office-dates"


@fault
def numbers_out_of_order(data: Data, random: Random) -> Expected:
    row = random.choice(data["casualties"])
    row |= {"low": "5", "best": "4", "high": "6"}
    return "casualties", row["casualty_id"], "number-order"


@fault
def count_without_a_number(data: Data, random: Random) -> Expected:
    row = random.choice(data["figures"])
    row |= {"low": "", "best": "", "high": ""}
    return "figures", row["figure_id"], "number-order"


@fault
def negative_level(data: Data, random: Random) -> Expected:
    row = pick(data, random, "figures", measure="troops_present")
    row |= {"low": "", "best": "-2500", "high": ""}
    return "figures", row["figure_id"], "number-sign"


@fault
def category_of_another_kind(data: Data, random: Random) -> Expected:
    event = pick(data, random, "events", category="attack")
    event["category"] = "talks"
    return "events", event["event_id"], "parent-term"


@fault
def stance_of_another_scale(data: Data, random: Random) -> Expected:
    row = pick(data, random, "positions", issue="presence")
    row["stance"] = "support"
    return "positions", row["statement_id"], "parent-term"


@fault
def talks_with_an_outcome(data: Data, random: Random) -> Expected:
    event = pick(data, random, "events", category="talks")
    event["outcome"] = "hit"
    return "events", event["event_id"], "outcome"


@fault
def term_with_a_gap_before_it(data: Data, random: Random) -> Expected:
    row = random.choice(data["terms"])
    row["position"] = "99"
    return "terms", row["vocabulary"], "terms-in-order"


@fault
def term_with_an_unknown_parent(data: Data, random: Random) -> Expected:
    row = pick(data, random, "terms", vocabulary="event_kind")
    row["parent"] = "violence"
    return "terms", "event_kind", "terms-in-order"


@fault
def code_of_an_unknown_term(data: Data, random: Random) -> Expected:
    row = random.choice(data["crosswalk"])
    row["term"] = "no_such_term"
    return "crosswalk", row["vocabulary"], "terms-in-order"


@fault
def event_without_participant(data: Data, random: Random) -> Expected:
    event = random.choice(data["events"])["event_id"]
    data["participants"] = [row for row in data["participants"] if row["event_id"] != event]
    return "events", event, "participant"


@fault
def claim_of_a_statement(data: Data, random: Random) -> Expected:
    link = pick(data, random, "links", relation="claims")
    link["related_id"] = next(row for row in data["statements"] if row["statement_id"] != link["record_id"])["statement_id"]
    return "links", link["record_id"], "link-types"


@fault
def event_that_claims(data: Data, random: Random) -> Expected:
    one, other = random.sample(data["events"], 2)
    data["links"].append({"record_id": one["event_id"], "relation": "claims", "related_id": other["event_id"], "basis": "stated"})
    return "links", one["event_id"], "link-types"


@fault
def event_copied_under_a_new_id(data: Data, random: Random) -> Expected:
    event = pick(data, random, "events", category="attack")
    data["events"].append(dict(event, event_id="E99999", title="The same told otherwise"))
    for table, column in (("participants", "event_id"), ("citations", "record_id")):
        data[table] += [dict(row, **{column: "E99999"}) for row in data[table] if row[column] == event["event_id"]]
    return "events", "E99999", "duplicate-event"


@fault
def statement_copied_under_a_new_id(data: Data, random: Random) -> Expected:
    statement = random.choice(data["statements"])
    data["statements"].append(dict(statement, statement_id="S99999"))
    data["citations"] += [
        dict(row, record_id="S99999") for row in data["citations"] if row["record_id"] == statement["statement_id"]
    ]
    return "statements", "S99999", "duplicate-statement"


@fault
def figure_copied_under_a_new_id(data: Data, random: Random) -> Expected:
    figure = random.choice(data["figures"])
    data["figures"].append(dict(figure, figure_id="F99999"))
    data["citations"] += [dict(row, record_id="F99999") for row in data["citations"] if row["record_id"] == figure["figure_id"]]
    return "figures", "F99999", "duplicate-row"


@fault
def tie_copied_under_a_new_id(data: Data, random: Random) -> Expected:
    tie = random.choice(data["affiliations"])
    data["affiliations"].append(dict(tie, affiliation_id="T99999"))
    data["citations"] += [dict(row, record_id="T99999") for row in data["citations"] if row["record_id"] == tie["affiliation_id"]]
    return "affiliations", "T99999", "duplicate-row"


@fault
def place_in_another_country_than_its_parent(data: Data, random: Random) -> Expected:
    parents = {row["location_id"] for row in data["locations"] if row["country"] == "IRQ"}
    place = random.choice([row for row in data["locations"] if row["parent_id"] in parents])
    place |= {"country": "JOR", "admin1": ""}
    return "locations", place["location_id"], "place-in-parent"


@fault
def governorate_as_a_site(data: Data, random: Random) -> Expected:
    event = pick(data, random, "events", location_precision="governorate")
    event["location_precision"] = "site"
    return "events", event["event_id"], "place-precision"


@fault
def place_without_precision(data: Data, random: Random) -> Expected:
    event = pick(data, random, "events", location_precision="site")
    event["location_precision"] = ""
    return "events", event["event_id"], "place-precision"


@fault
def swapped_coordinates(data: Data, random: Random) -> Expected:
    place = pick(data, random, "locations", latitude="*", country="IRQ")
    place["latitude"], place["longitude"] = place["longitude"], place["latitude"]
    return "locations", place["location_id"], "coordinates"


@fault
def coordinates_without_precision(data: Data, random: Random) -> Expected:
    place = pick(data, random, "locations", latitude="*")
    place["precision"] = ""
    return "locations", place["location_id"], "coordinates"


@fault
def coordinates_in_the_gulf(data: Data, random: Random) -> Expected:
    place = pick(data, random, "locations", latitude="*", country="IRQ")
    place["latitude"], place["longitude"] = "27.5", "51.5"
    return "locations", place["location_id"], "coordinates"


# --- spoilt files: what is done to the bytes of one of them (None: it is removed), and the rule that must be named

SPOILT = "participants.csv"


def swap_first_columns(raw: bytes) -> bytes:
    header, *rows = files.parse(raw)
    return files.render([header[1], header[0], *header[2:]], rows)


def repeat_a_column(raw: bytes) -> bytes:
    header, *rows = files.parse(raw)
    return files.render([header[0], *header[:-1]], rows)


FILE_FAULTS: dict[str, tuple[Change | None, str]] = {
    "missing file": (None, "missing-file"),
    "empty file": (lambda _: b"", "header"),
    "byte order mark": (lambda raw: b"\xef\xbb\xbf" + raw, "encoding"),
    "other encoding": (lambda raw: raw + "Kata\u00efb\n".encode("cp1252"), "encoding"),
    "UTF-16": (lambda raw: raw.decode().encode("utf-16"), "encoding"),
    "NUL": (lambda raw: raw[:40] + b"\0" + raw[40:], "encoding"),
    "CRLF": (lambda raw: raw.replace(b"\n", b"\r\n"), "canonical"),
    "no final newline": (lambda raw: raw.removesuffix(b"\n"), "canonical"),
    "blank line": (lambda raw: raw.replace(b"\n", b"\n\n", 1), "csv"),
    "rows in another order": (lambda raw: b"".join([*raw.splitlines(True)[:1], *raw.splitlines(True)[:0:-1]]), "canonical"),
    "truncated": (lambda raw: raw[: raw.rindex(b",")], "csv"),
    "truncated inside quotes": (lambda raw: raw + b'"', "csv"),
    "cell too many": (lambda raw: raw.replace(b"\n", b",more\n", 2).replace(b",more", b"", 1), "csv"),
    "column missing": (lambda raw: b"\n".join(line.rpartition(b",")[0] for line in raw.splitlines()), "header"),
    "column added": (lambda raw: b"\n".join(line + b",x" for line in raw.splitlines()), "header"),
    "column named twice": (repeat_a_column, "header"),
    "columns swapped": (swap_first_columns, "header"),
    "header missing": (lambda raw: raw.split(b"\n", 1)[1], "header"),
    "semicolons": (lambda raw: raw.replace(b",", b";"), "header"),
    "edited behind the descriptor": (lambda raw: raw.replace(b"initiator", b"claimant", 1), "descriptor"),
}
