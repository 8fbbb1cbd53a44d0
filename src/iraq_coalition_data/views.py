"""Flat frames for analysis, made from the tables. ``describe("responses")`` explains the columns of a view.

Every row of a view names the rows of the tables it was made from by id, so that ``show`` and ``bibliography`` find them.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from iraq_coalition_data.tables import Field, TableName, load, resources

if TYPE_CHECKING:
    import pandas as pd

ViewName = Literal["chronology", "troop_levels", "positions_over_time", "responses", "talks", "attacks_against_counts"]
VIEWS: tuple[ViewName, ...] = get_args(ViewName)

ROLES = {
    "initiators": ("initiator", "suspected_initiator"),
    "targets": ("target",),
    "claimants": ("claimant",),
    "accused": ("accused",),
}
WOUNDED = {"killed": ("killed",), "wounded": ("wounded", "traumatic_brain_injury")}
LEVELS = ("troops_present", "troops_authorised", "troops_planned")
VAGUE = ("governorate", "region", "country", "withheld")
STEPS = {"talks": "round", "agreement": "text"}  # by category; the kinds milestone_… are milestones
SEQUELS = ("follows_up", "next_step_of", "implements", "extends", "postpones", "cancels", "blocks")

# of a view: its function, and its columns: "table.column", or type, meaning and unit of what is made here
Column = str | tuple[str, ...]
Described = Callable[..., "pd.DataFrame"]
SOURCES: Column = ("integer", "Independent supporting sources: copies of one agency are one.", "sources")
_DESCRIBED: dict[str, tuple[Described, str, dict[str, Column]]] = {}


def _view(start: str = "", **columns: Column) -> Callable[[Described], Described]:
    """Describe the columns of a view: those of the table ``start``, then the others."""

    def describe(function: Described) -> Described:
        _DESCRIBED[function.__name__] = function, start, columns
        return function

    return describe


def view(name: ViewName) -> "pd.DataFrame":
    """The whole of a view by its name."""
    return _described(name)[0]()


def summary(name: ViewName) -> str:
    """What one row of a view is, in a sentence."""
    return (_described(name)[0].__doc__ or "").split("\n", 1)[0]


def remarks(name: ViewName) -> str:
    """How a view is made and what it leaves out."""
    return " ".join((_described(name)[0].__doc__ or "").split("\n", 1)[1].split()).split(" Raises ")[0]


def fields(name: ViewName, schemas: "dict[TableName, dict[str, Any]] | None" = None) -> list[Field]:
    """The columns of a view, in order, as ``tables.fields`` gives those of a table."""
    _, start, columns = _described(name)
    schemas = schemas or resources()

    def of(table: Any, column: str, called: str) -> Field:
        field = next(field for field in schemas[table]["schema"]["fields"] if field["name"] == column)
        kept = {key: value for key, value in field.items() if key not in ("constraints", "format")}
        return cast("Field", kept | {"name": called})

    listed = [of(start, field["name"], field["name"]) for field in schemas[start]["schema"]["fields"]] if start else []  # type: ignore[index]
    for called, column in columns.items():
        if isinstance(column, str):
            listed.append(of(*column.split("."), called))  # type: ignore[call-arg]
        else:
            kind, description, *unit = column
            made = {"name": called, "type": kind, "description": description} | ({"unit": unit[0]} if unit else {})
            listed.append(cast("Field", made))
    return listed


def _described(name: ViewName) -> tuple[Described, str, dict[str, Column]]:
    if name not in VIEWS:
        raise KeyError(f"no view {name!r}; there are: {', '.join(VIEWS)}")
    return _DESCRIBED[name]


def _shaped(name: ViewName, frame: "pd.DataFrame") -> "pd.DataFrame":
    """A frame with the columns of a view, in order and typed, rows numbered anew."""
    import pandas as pd

    types: dict[str, Any] = {
        "string": "string",
        "integer": "Int64",
        "number": "float64",
        "boolean": "boolean",
        "date": "datetime64[s]",
    }
    listed = fields(name)
    dtypes = {f["name"]: pd.CategoricalDtype(f["categories"]) if "categories" in f else types[f["type"]] for f in listed}
    return frame[list(dtypes)].astype(dtypes).reset_index(drop=True)


def _bounds(side: str, what: str) -> dict[str, Column]:
    said = {"low": "Least number of", "best": "Number of", "high": "Greatest number of"}
    return {
        f"{side}_{what}_{bound}": ("integer", f"{text} {side} people {what}; blank: no figure, which is not zero.", "people")
        for bound, text in said.items()
    }


@_view(
    "events",
    place="locations.name",
    country="locations.country",
    governorate=("string", "Governorate or other first-level division it lies in."),
    latitude=("number", "Latitude; blank where the place is no nearer than a governorate.", "decimal degrees, WGS 84"),
    longitude=("number", "Longitude; blank where the place is no nearer than a governorate.", "decimal degrees, WGS 84"),
    initiators=("string", "Who did it, confirmed or suspected: names, joined by semicolons."),
    targets=("string", "At whom it was aimed: names, joined by semicolons."),
    claimants=("string", "Who said that they did it: names, joined by semicolons."),
    accused=("string", "Who was named as the doer by a party: names, joined by semicolons."),
    **_bounds("coalition", "killed"),
    **_bounds("coalition", "wounded"),
    **_bounds("militia", "killed"),
    **_bounds("militia", "wounded"),
    **_bounds("civilian", "killed"),
    **_bounds("civilian", "wounded"),
    sources=SOURCES,
    responds_to=("string", "Ids of what it responds to, joined by semicolons."),
)
def chronology() -> "pd.DataFrame":
    """One row per event, ready for analysis, in order of date.

    Brain injuries count as wounds; side and kind of casualties other than these three sides are left out, see casualties.
    """
    events = load("events").sort_values(["start_date", "event_id"], ignore_index=True)
    joined = [_places(events["location_id"]), *_parties(events["event_id"]), _casualties(events["event_id"])]
    for frame in joined:
        events = events.merge(frame, on=frame.columns[0], how="left", validate="many_to_one")
    vague = events["location_precision"].isin(VAGUE)
    events.loc[vague, ["latitude", "longitude"]] = float("nan")
    events["sources"] = events["event_id"].map(independent_sources()).fillna(0).astype("Int64")
    links = load("links").query("relation == 'responds_to'").groupby("record_id")["related_id"].agg("; ".join)
    events["responds_to"] = events["event_id"].map(links).astype("string")
    return _shaped("chronology", events)


@_view(
    figure_id="figures.figure_id",
    measure="figures.measure",
    start_date="figures.start_date",
    end_date="figures.end_date",
    date_precision="figures.date_precision",
    actor_id="figures.actor_id",
    actor=("string", "Name of the force."),
    country=("string", "Country the force belongs to (ISO 3166-1 alpha-3); blank: of several."),
    location_id="figures.location_id",
    place=("string", "Name of the place; blank: anywhere."),
    low=("integer", "Least: the number itself where it is exact; blank: the source sets no lower bound.", "troops"),
    best=("integer", "The number, where the source gives one, exact or about.", "troops"),
    high=("integer", "Greatest: the number itself where it is exact; blank: the source sets no upper bound.", "troops"),
    qualifier="figures.qualifier",
    reporter_id="figures.reporter_id",
    reporter=("string", "Name of who reported it."),
    attribution="figures.attribution",
    note="figures.note",
    sources=SOURCES,
)
def troop_levels(country: str | None = None, place: str | None = None) -> "pd.DataFrame":
    """One row per reported level of a force (present, authorised or planned), by country, place and date.

    ``country`` is the force's: an ISO 3166-1 alpha-3 code or any name ``resolve`` knows; ``place`` any name of a location: that
    location itself, since numbers of a base and of its country do not add up. Changes (troops_change) are left out: they
    are no levels. Reports that differ stand side by side; nothing is interpolated. Raises KeyError for an unknown name.
    """
    figures = load("figures")
    frame = figures[figures["measure"].isin(LEVELS)].sort_values(["end_date", "start_date", "figure_id"])
    actors = load("actors").set_index("actor_id")
    frame = _named(frame, actor="actor_id", reporter="reporter_id", place="location_id")
    frame["country"] = frame["actor_id"].map(actors["country"])
    if country is not None:
        frame = frame[frame["country"] == _country(country)]
    if place is not None:
        frame = frame[frame["location_id"] == _known(place, "locations")]
    frame = _ranges(frame)
    frame["sources"] = frame["figure_id"].map(independent_sources())
    return _shaped("troop_levels", frame)


@_view(
    statement_id="positions.statement_id",
    date="statements.date",
    date_precision="statements.date_precision",
    actor_id="positions.actor_id",
    actor=("string", "Name of the actor."),
    issue="positions.issue",
    stance="positions.stance",
    previous_stance=("string", "The actor's last stance on the issue before this date; blank: none in the data."),
    speaker_id="statements.speaker_id",
    speaker=("string", "Name of the speaker."),
    act="statements.act",
    attribution="statements.attribution",
    episode_id="statements.episode_id",
    summary="statements.summary",
    sources=SOURCES,
)
def positions_over_time(actor: str | None = None, issue: str | None = None) -> "pd.DataFrame":
    """One row per stance that a statement expresses on an issue, by actor, issue and date.

    ``actor`` is any name ``resolve`` knows, ``issue`` a term of position_issue. Only the actor itself: what its members or
    leaders said for themselves is under their own names. Raises KeyError for an unknown actor or issue.
    """
    frame = load("positions").merge(load("statements"), on="statement_id", validate="many_to_one")
    if issue is not None:
        if issue not in set(frame["issue"].cat.categories):
            raise KeyError(f"no issue {issue!r}; there are: {', '.join(frame['issue'].cat.categories)}")
        frame = frame[frame["issue"] == issue]
    if actor is not None:
        frame = frame[frame["actor_id"] == _known(actor, "actors")]
    frame = _named(frame, actor="actor_id", speaker="speaker_id")
    frame = frame.sort_values(["actor_id", "issue", "date", "statement_id"])
    # several stances of one day have the same predecessor: the last one of an earlier day
    keys = ["actor_id", "issue"]
    last = frame.drop_duplicates([*keys, "date"], keep="last")
    last = last.assign(
        previous_stance=last["stance"].astype("string").groupby([last[key] for key in keys], observed=True).shift()
    )
    frame = frame.merge(last[[*keys, "date", "previous_stance"]], on=[*keys, "date"], how="left", validate="many_to_one")
    frame["sources"] = frame["statement_id"].map(independent_sources())
    return _shaped("positions_over_time", frame)


@_view(
    event_id="events.event_id",
    event_date="events.start_date",
    event_date_precision="events.date_precision",
    event_kind="events.kind",
    event_title="events.title",
    response_id=("string", "Id of the event or statement that responds."),
    response_date=("date", "First day of the response, or the first on which it could have been.", "date, ISO 8601, local time"),
    response_date_precision="events.date_precision",
    response_kind=("string", "Kind of the event or act of the statement that responds."),
    response_text=("string", "Title of the event or summary of the statement that responds."),
    relation="links.relation",
    basis="links.basis",
    days=("integer", "Days from the first day of the event to that of the response; blank: not both known to the day.", "days"),
    days_low=("integer", "Fewest days that the precision of both dates allows.", "days"),
    days_high=("integer", "Most days that the precision of both dates allows.", "days"),
)
def responses(relations: Sequence[str] = ("responds_to",)) -> "pd.DataFrame":
    """One row per event and response to it, by date of the event, with the days between.

    A response is an event or statement linked to the event by one of ``relations`` (terms of link_relation; for example add
    ``"condemns"`` or ``"claims"``). Links to statements and episodes are left out, and responses no source calls so.
    Local dates are compared: across time zones a day may be one off. Raises KeyError for an unknown relation.
    """
    links = load("links")
    unknown = [relation for relation in relations if relation not in set(links["relation"].cat.categories)]
    if unknown:
        raise KeyError(f"no relation {unknown[0]!r}; there are: {', '.join(links['relation'].cat.categories)}")
    sides = {side: _dated().add_prefix(f"{side}_") for side in ("event", "response")}
    pairs = links[links["relation"].isin(relations) & links["related_id"].isin(load("events")["event_id"])]
    pairs = pairs.rename(columns={"record_id": "response_id", "related_id": "event_id"})
    for side, frame in sides.items():
        pairs = pairs.merge(frame, left_on=f"{side}_id", right_index=True, validate="many_to_one")
    pairs["days_low"] = (pairs["response_date"] - pairs["event_last"]).dt.days
    pairs["days_high"] = (pairs["response_last"] - pairs["event_date"]).dt.days
    to_the_day = (pairs["event_date_precision"] == "day") & (pairs["response_date_precision"] == "day")
    pairs["days"] = pairs["days_low"].where(to_the_day)
    pairs = pairs.rename(columns={"event_text": "event_title"})
    return _shaped("responses", pairs.sort_values(["event_date", "event_id", "response_date", "response_id", "relation"]))


def _dated() -> "pd.DataFrame":
    """Events and statements by id: date, last (the span in which they began), date_precision, kind, text."""
    import pandas as pd

    events = load("events").rename(columns={"event_id": "id", "start_date": "date", "end_date": "last", "title": "text"})
    # an event known to the day began on its first one, however long it lasted
    events["last"] = events["last"].where(events["date_precision"] != "day", events["date"])
    statements = load("statements").rename(columns={"statement_id": "id", "act": "kind", "summary": "text"})
    statements["last"] = last_day(statements)
    columns = ["id", "date", "last", "date_precision", "kind", "text"]
    return pd.concat([frame[columns].astype({"kind": "string"}) for frame in (events, statements)]).set_index("id")


def last_day(statements: "pd.DataFrame") -> "pd.Series[Any]":
    """The last day on which a statement could have been made: it gives one date and how exactly that is known."""
    import pandas as pd

    ends = {"month": "M", "quarter": "Q", "year": "Y"}
    precision, date = statements["date_precision"].astype("string"), statements["date"]
    last = date + pd.to_timedelta(precision.map({"days": 5, "week": 6}).fillna(0).astype("int64"), unit="D")
    for term, period in ends.items():
        last = last.where(precision != term, date.dt.to_period(period).dt.end_time.dt.normalize())
    return last.astype("datetime64[s]")


@_view(
    episode_id="events.episode_id",
    episode=("string", "Title of the negotiation."),
    number=("integer", "Place in the order of the negotiation.", "rank"),
    step=("string", "round (sides meet, speak or put talks off), text (of an agreement) or milestone (of a text)."),
    event_id="events.event_id",
    start_date="events.start_date",
    end_date="events.end_date",
    date_precision="events.date_precision",
    kind="events.kind",
    title="events.title",
    place=("string", "Name of the place; blank: at no place."),
    parties=("string", "Names of the sides, hosts, visitors, mediators and signatories, joined by semicolons."),
    follows=("string", "Ids of what it follows, carries out, extends, puts off or ends, joined by semicolons."),
    sources=SOURCES,
)
def talks(episode: str | None = None) -> "pd.DataFrame":
    """One row per round, text and milestone of a negotiation, in order.

    ``episode`` is an id of episodes; without it, all of the kind negotiation. Statements, votes, rulings and moves of forces of
    the same episode are left out, see ``chronology``. Raises KeyError for an unknown episode.
    """
    episodes = load("episodes").set_index("episode_id")
    if episode is not None and episode not in episodes.index:
        raise KeyError(f"no episode {episode!r}; there are: {', '.join(episodes.index)}")
    chosen = list(episodes.index[episodes["kind"] == "negotiation"]) if episode is None else [episode]
    events = load("events")
    events = events[events["episode_id"].isin(chosen) & events["category"].isin(STEPS)]
    events = events.sort_values(["episode_id", "start_date", "end_date", "event_id"])
    milestone = events["kind"].astype("string").str.startswith("milestone_")
    events["step"] = events["category"].astype("string").map(STEPS).mask(milestone, "milestone")
    events["number"] = events.groupby("episode_id").cumcount() + 1
    events["episode"] = events["episode_id"].map(episodes["title"])
    events = _named(events, place="location_id")
    present = load("participants").query("role in ['party', 'host', 'visitor', 'mediator', 'signatory', 'initiator']")
    present = _named(present, name="actor_id").drop_duplicates(["event_id", "actor_id"])
    events["parties"] = events["event_id"].map(present.groupby("event_id")["name"].agg("; ".join))
    before = load("links").query("relation in @SEQUELS").drop_duplicates(["record_id", "related_id"])
    events["follows"] = events["event_id"].map(before.groupby("record_id")["related_id"].agg("; ".join))
    events["sources"] = events["event_id"].map(independent_sources())
    return _shaped("talks", events)


@_view(
    figure_id="figures.figure_id",
    start_date="figures.start_date",
    end_date="figures.end_date",
    actor_id="figures.actor_id",
    actor=("string", "Name of the force."),
    location_id="figures.location_id",
    place=("string", "Name of the place; blank: anywhere."),
    low=("integer", "Least the reporter counts: the number itself where it is exact.", "attacks"),
    best=("integer", "The number the reporter counts, exact or about.", "attacks"),
    high=("integer", "Greatest the reporter counts: the number itself where it is exact.", "attacks"),
    qualifier="figures.qualifier",
    reporter_id="figures.reporter_id",
    reporter=("string", "Name of who reported it."),
    events=(
        "integer",
        "Attacks in the data that surely fall between the dates, in the place, on a target of the force's side.",
        "events",
    ),
    events_possible=("integer", "The same with attacks whose imprecise date may fall between the dates.", "events"),
    events_on_actor=("integer", "Those of events with the force itself as a target.", "events"),
    share=("number", "events divided by best, or by low where that is all the reporter gives.", "ratio"),
)
def attacks_against_counts() -> "pd.DataFrame":
    """One row per official count of attacks on a force, against the attacks of the data in the same time and place.

    An attack counts if its category is attack, it is not discounted, a target is of the same side (bloc) as the force, and
    it lies in the place or a place within it. A share below one shows what the data lack, or that one event of the data is
    several attacks of the count; above one, that the count leaves out what sources report. Attacks at a place that
    the source withholds count only where the figure names no place.
    """
    figures = load("figures").query("measure == 'attacks'").sort_values(["end_date", "start_date", "figure_id"])
    figures = _named(figures, actor="actor_id", reporter="reporter_id", place="location_id")
    blocs = load("actors").set_index("actor_id")["bloc"]
    targets = load("participants").query("role == 'target'")
    targets = targets.assign(bloc=targets["actor_id"].map(blocs))
    attacks = load("events").query("category == 'attack' and confirmation != 'discounted'")
    rows = []
    for figure in figures.to_dict("records"):
        aimed = targets[targets["bloc"] == blocs[figure["actor_id"]]]
        there = attacks[attacks["event_id"].isin(aimed["event_id"])]
        if isinstance(figure["location_id"], str):
            there = there[there["location_id"].isin(_within(figure["location_id"]))]
        # an attack known to the day counts on the day it began
        last = there["end_date"].where(there["date_precision"] != "day", there["start_date"])
        sure = there[(there["start_date"] >= figure["start_date"]) & (last <= figure["end_date"])]
        possible = there[(last >= figure["start_date"]) & (there["start_date"] <= figure["end_date"])]
        on_actor = sure["event_id"].isin(aimed.loc[aimed["actor_id"] == figure["actor_id"], "event_id"])
        rows.append((len(sure), len(possible), int(on_actor.sum())))
    import pandas as pd

    figures[["events", "events_possible", "events_on_actor"]] = pd.DataFrame(
        rows, index=figures.index, columns=range(3), dtype="Int64"
    )
    figures = _ranges(figures)
    counted = figures["best"].fillna(figures["low"]).astype("float64")
    figures["share"] = (figures["events"].astype("float64") / counted.where(counted > 0)).round(3)
    return _shaped("attacks_against_counts", figures)


def _ranges(figures: "pd.DataFrame") -> "pd.DataFrame":
    """Figures with an exact number as its own bounds."""
    exact = figures["qualifier"] == "exact"
    return figures.assign(**{bound: figures[bound].where(~exact, figures["best"]) for bound in ("low", "high")})


def _within(location: str) -> set[str]:
    """A location and all that lie in it."""
    parents = load("locations").set_index("location_id")["parent_id"]
    found, more = set(), {location}
    while more:
        found |= more
        more = set(parents.index[parents.isin(more)]) - found
    return found


def _named(frame: "pd.DataFrame", **columns: str) -> "pd.DataFrame":
    """A frame with the names of actors or locations whose ids stand in other columns."""
    import pandas as pd

    names = pd.concat([load("actors").set_index("actor_id")["name"], load("locations").set_index("location_id")["name"]])
    return frame.assign(**{name: frame[column].map(names) for name, column in columns.items()})


def _known(name: str, table: Literal["actors", "locations"]) -> str:
    """The id of the actor or location that a name stands for; KeyError where it is none or several."""
    from iraq_coalition_data.names import resolve

    found = resolve(name)
    ids = [record for record in (found.id, *found.candidates) if record in set(load(table).iloc[:, 0])]
    if len(ids) == 1 and (found.id or found.ambiguous):
        return str(ids[0])
    raise KeyError(f"{name!r} is none of {table}" if found.id else str(found))


def _country(name: str) -> str:
    """The ISO 3166-1 alpha-3 code that a code or the name of an actor stands for."""
    countries = load("actors").set_index("actor_id")["country"].dropna()
    if name.upper() in set(countries):
        return name.upper()
    actor = _known(name, "actors")
    if actor not in countries.index:
        raise KeyError(f"{actor} belongs to no single country")
    return str(countries[actor])


def independent_sources() -> "pd.Series[Any]":
    """How many independent sources support each record, by record id: copies of one agency, or of one publisher, are one."""
    cited = load("citations").query("relation == 'supports'").merge(load("sources"), on="source_id")
    voice = cited["wire"].fillna(cited["publisher"]).str.casefold()
    return voice.groupby(cited["record_id"]).nunique()


def _places(ids: "pd.Series[Any]") -> "pd.DataFrame":
    """Name, country, governorate and coordinates of each location."""
    locations = load("locations").set_index("location_id")
    division = locations[locations["kind"] == "governorate"]
    names = division.reset_index().drop_duplicates("admin1").set_index("admin1")["name"]
    frame = locations[["name", "country", "latitude", "longitude"]].rename(columns={"name": "place"})
    frame.loc[locations["precision"] == "centre", ["latitude", "longitude"]] = float("nan")  # no place of an event
    frame.insert(2, "governorate", locations["admin1"].map(names).astype("string"))
    return frame[frame.index.isin(ids)].reset_index()


def _parties(ids: "pd.Series[Any]") -> "list[pd.DataFrame]":
    """For each event the names of those who had a part in it, one frame per column of ROLES."""
    named = load("participants").merge(load("actors")[["actor_id", "name"]], on="actor_id")
    named = named[named["event_id"].isin(ids)]
    return [
        named[named["role"].isin(roles)].groupby("event_id")["name"].agg("; ".join).rename(column).astype("string").reset_index()
        for column, roles in ROLES.items()
    ]


def _casualties(ids: "pd.Series[Any]") -> "pd.DataFrame":
    """The killed and wounded of each event by side, low, best and high."""
    counted = load("casualties").merge(load("actors")[["actor_id", "bloc", "kind"]], on="actor_id")
    sides = {
        "coalition": counted["bloc"] == "coalition",
        "militia": (counted["bloc"] == "axis_of_resistance") | (counted["kind"] == "state_paramilitary"),
        "civilian": counted["kind"] == "population",
    }
    columns = {}
    for side, of_side in sides.items():
        for column, harms in WOUNDED.items():
            rows = counted[of_side & counted["harm"].isin(harms)]
            # what one bound leaves open, the next one fills: best alone means exactly that many
            low = rows["low"].fillna(rows["best"])
            best = rows["best"].fillna(rows["low"]).fillna(rows["high"])
            high = rows["high"].fillna(rows["best"])
            for bound, values in (("low", low), ("best", best), ("high", high)):
                columns[f"{side}_{column}_{bound}"] = values.groupby(rows["event_id"]).sum(min_count=1)
    import pandas as pd

    return pd.DataFrame(columns, dtype="Int64").reindex(ids.unique()).rename_axis("event_id").reset_index()
