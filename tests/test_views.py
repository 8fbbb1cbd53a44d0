import pandas as pd

import iraq_coalition_data as icd


def test_chronology_is_one_row_per_event_in_order():
    frame = icd.chronology()
    events = icd.load("events")
    assert sorted(frame["event_id"]) == sorted(events["event_id"])
    assert frame["start_date"].is_monotonic_increasing
    for column in ("place", "country", "governorate", "initiators", "targets", "claimants", "accused", "responds_to"):
        assert str(frame[column].dtype) == "string", column
    for column in ("sources", "coalition_killed_low", "militia_wounded_best", "civilian_killed_high"):
        assert str(frame[column].dtype) == "Int64", column


def test_chronology_counts_what_the_tables_say():
    """Recount the coalition's dead and the claimants row by row."""
    frame = icd.chronology().set_index("event_id")
    bloc = icd.load("actors").set_index("actor_id")["bloc"]
    names = icd.load("actors").set_index("actor_id")["name"]
    counted = icd.load("casualties")
    ours = counted[(counted["harm"] == "killed") & (counted["actor_id"].map(bloc) == "coalition") & counted["best"].notna()]
    recount = ours.groupby("event_id")["best"].sum()
    assert len(recount)
    assert (frame.loc[recount.index, "coalition_killed_best"] == recount).all()
    claims = icd.load("participants").query("role == 'claimant'")
    for event, row in claims.groupby("event_id"):
        assert set(frame.loc[event, "claimants"].split("; ")) == set(row["actor_id"].map(names))


def test_chronology_gives_no_point_for_a_governorate():
    frame = icd.chronology()
    vague = frame["location_precision"].isin(["governorate", "region", "country", "withheld"])
    assert vague.any()
    assert frame.loc[vague, ["latitude", "longitude"]].isna().all(axis=None)


def test_copies_of_one_agency_are_one_source():
    """Count the voices of each event by hand."""
    frame = icd.chronology().set_index("event_id")["sources"]
    sources = icd.load("sources").set_index("source_id")
    voices: dict[str, set[str]] = {}
    for row in icd.load("citations").query("relation == 'supports'").itertuples():
        source = sources.loc[row.source_id]
        wire = source["wire"]
        voices.setdefault(row.record_id, set()).add((source["publisher"] if pd.isna(wire) else wire).casefold())
    assert all(frame[event] == len(voices[event]) for event in frame.index)
