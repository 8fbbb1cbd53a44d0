"""Flat frames for analysis, made from the tables."""

from typing import TYPE_CHECKING, Any

from iraq_coalition_data.tables import load

if TYPE_CHECKING:
    import pandas as pd

ROLES = {
    "initiators": ("initiator", "suspected_initiator"),
    "targets": ("target",),
    "claimants": ("claimant",),
    "accused": ("accused",),
}
WOUNDED = {"killed": ("killed",), "wounded": ("wounded", "traumatic_brain_injury")}


def chronology() -> "pd.DataFrame":
    """One row per event, ready for analysis, in order of date.

    Columns, beside those of events: place, country (ISO 3166-1 alpha-3), governorate, latitude and longitude (decimal degrees;
    blank where the place is no nearer than a governorate); initiators (confirmed or suspected), targets, claimants, accused
    (names, joined by "; "); coalition_, militia_ and civilian_killed and _wounded, each _low, _best, _high (people; blank: no
    figure, which is not zero; brain injuries count as wounds); sources (independent supporting ones: copies of one agency
    are one); responds_to (ids, joined by "; ").
    """
    events = load("events").sort_values(["start_date", "event_id"], ignore_index=True)
    joined = [_places(events["location_id"]), *_parties(events["event_id"]), _casualties(events["event_id"])]
    for frame in joined:
        events = events.merge(frame, on=frame.columns[0], how="left", validate="many_to_one")
    vague = events["location_precision"].isin(["governorate", "region", "country", "withheld"])
    events.loc[vague, ["latitude", "longitude"]] = float("nan")
    events["sources"] = events["event_id"].map(independent_sources()).fillna(0).astype("Int64")
    links = load("links").query("relation == 'responds_to'").groupby("record_id")["related_id"].agg("; ".join)
    events["responds_to"] = events["event_id"].map(links).astype("string")
    return events


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
