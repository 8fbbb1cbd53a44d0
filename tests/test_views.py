import pandas as pd
import pytest
from conftest import REPOSITORY

import iraq_coalition_data as icd
from iraq_coalition_data import views


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
    ours = counted[(counted["harm"] == "killed") & (counted["actor_id"].map(bloc) == "coalition")]
    ours = ours[~ours["event_id"].isin(ours.loc[ours["best"].isna(), "event_id"])]
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


def days(precision, date, end=None):
    """First and last day on which something began."""
    if precision == "day":
        return date, date
    spans = {"days": pd.Timedelta(days=5), "week": pd.Timedelta(days=6)}
    if end is not None:
        return date, end
    if precision in spans:
        return date, date + spans[precision]
    return date, {"month": date + pd.offsets.MonthEnd(0), "year": date + pd.offsets.YearEnd(0)}[precision]


@pytest.mark.parametrize("name", views.VIEWS)
def test_a_view_has_the_columns_it_describes(name):
    frame = views.view(name)
    assert len(frame), "a view of nothing tests nothing"
    described = icd.describe(name)
    assert list(described["column"]) == list(frame)
    types = {"string": "string", "integer": "Int64", "number": "float64", "boolean": "boolean", "date": "datetime64[s]"}
    for row in described.itertuples():
        expected = "category" if row.allowed else types[row.type]
        assert str(frame[row.column].dtype) == expected, row.column
        assert row.description
    assert f"### {name}\n" in (REPOSITORY / "docs" / "codebook.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", views.VIEWS)
def test_rows_of_a_view_are_found_by_their_ids(name):
    frame = views.view(name)
    homes = {"event_id": "events", "figure_id": "figures", "statement_id": "statements"}
    first = next(column for column in frame if column in homes)
    assert frame[first].isin(icd.load(homes[first])[first]).all()
    assert icd.bibliography(frame)


def test_troop_levels_are_the_figures_with_their_ranges():
    figures = icd.load("figures").set_index("figure_id")
    countries = icd.load("actors").set_index("actor_id")["country"]
    frame = views.troop_levels()
    levels = figures[figures["measure"].isin(["troops_present", "troops_authorised", "troops_planned"])]
    assert sorted(frame["figure_id"]) == sorted(levels.index)
    assert frame["end_date"].is_monotonic_increasing
    for row in frame.itertuples():
        figure = figures.loc[row.figure_id]
        low, high = (figure["best"],) * 2 if figure["qualifier"] == "exact" else (figure["low"], figure["high"])
        assert str((row.low, row.best, row.high)) == str((low, figure["best"], high))
        assert str(row.country) == str(countries[row.actor_id])


def test_troop_levels_of_a_country_and_place():
    american = views.troop_levels("USA")
    assert set(american["country"]) == {"USA"}
    pd.testing.assert_frame_equal(american, views.troop_levels("United States"))
    in_iraq = views.troop_levels("usa", "Iraq")
    assert set(in_iraq["location_id"]) == {"iraq-country"}
    assert 0 < len(in_iraq) <= len(american)


def test_positions_name_the_stance_before():
    frame = views.positions_over_time()
    positions = icd.load("positions").merge(icd.load("statements"), on="statement_id")
    assert len(frame) == len(positions)
    for row in frame.itertuples():
        before = positions[
            (positions["actor_id"] == row.actor_id) & (positions["issue"] == row.issue) & (positions["date"] < row.date)
        ]
        last = before[before["date"] == before["date"].max()]["stance"]
        assert (row.previous_stance in set(last)) if len(last) else pd.isna(row.previous_stance)


def test_positions_of_one_actor_on_one_issue():
    whole = views.positions_over_time()
    actor, issue = whole.iloc[-1][["actor_id", "issue"]]
    frame = views.positions_over_time(whole.loc[whole["actor_id"] == actor, "actor"].iloc[0], issue)
    pd.testing.assert_frame_equal(
        frame, whole[(whole["actor_id"] == actor) & (whole["issue"] == issue)].reset_index(drop=True), check_like=True
    )
    assert frame["date"].is_monotonic_increasing


def test_responses_are_the_links_with_the_days_between():
    links, events = icd.load("links"), icd.load("events").set_index("event_id")
    statements = icd.load("statements").set_index("statement_id")
    expected = links[(links["relation"] == "responds_to") & links["related_id"].isin(events.index)]
    frame = views.responses()
    assert sorted(zip(frame["response_id"], frame["event_id"], strict=True)) == sorted(
        zip(expected["record_id"], expected["related_id"], strict=True)
    )
    for row in frame.itertuples():
        event = events.loc[row.event_id]
        first, last = days(event["date_precision"], event["start_date"], event["end_date"])
        if row.response_id in events.index:
            answer = events.loc[row.response_id]
            begin, finish = days(answer["date_precision"], answer["start_date"], answer["end_date"])
        else:
            answer = statements.loc[row.response_id]
            begin, finish = days(answer["date_precision"], answer["date"])
        assert (row.days_low, row.days_high) == ((begin - last).days, (finish - first).days)
        exact = event["date_precision"] == answer["date_precision"] == "day"
        assert row.days == row.days_low == row.days_high if exact else pd.isna(row.days)


@pytest.mark.parametrize(
    ("precision", "date", "last"),
    [
        ("day", "2024-01-31", "2024-01-31"),
        ("days", "2024-01-31", "2024-02-05"),
        ("week", "2024-01-31", "2024-02-06"),
        ("month", "2024-02-01", "2024-02-29"),
        ("quarter", "2024-01-01", "2024-03-31"),
        ("year", "2024-01-01", "2024-12-31"),
    ],
)
def test_the_last_day_a_statement_can_be_of(precision, date, last):
    statements = icd.load("statements").head(1)
    statements["date"], statements["date_precision"] = pd.Timestamp(date), precision
    assert [f"{day:%Y-%m-%d}" for day in views.last_day(statements)] == [last]


def test_responses_of_other_relations():
    frame = views.responses(["claims"])
    assert set(frame["relation"]) == {"claims"}
    assert set(frame["response_kind"]) >= {"claim_responsibility"}


def test_talks_are_in_order_and_complete():
    frame = views.talks()
    events, episodes = icd.load("events"), icd.load("episodes").set_index("episode_id")
    negotiations = episodes.index[episodes["kind"] == "negotiation"]
    expected = events[events["episode_id"].isin(negotiations) & events["category"].isin(["talks", "agreement"])]
    assert sorted(frame["event_id"]) == sorted(expected["event_id"])
    for episode, rows in frame.groupby("episode_id"):
        assert list(rows["number"]) == list(range(1, len(rows) + 1))
        assert rows["start_date"].is_monotonic_increasing
        pd.testing.assert_frame_equal(rows.reset_index(drop=True), views.talks(episode))
    category = events.set_index("event_id")["category"]
    for row in frame.itertuples():
        milestone = row.kind.startswith("milestone_")
        assert row.step == ("milestone" if milestone else {"talks": "round", "agreement": "text"}[category[row.event_id]])


def test_attacks_are_counted_as_the_reporter_counts():
    """Recount every figure event by event."""
    frame = views.attacks_against_counts()
    figures, events = icd.load("figures").set_index("figure_id"), icd.load("events").set_index("event_id")
    assert sorted(frame["figure_id"]) == sorted(figures.index[figures["measure"] == "attacks"])
    actors, parents = icd.load("actors").set_index("actor_id"), icd.load("locations").set_index("location_id")["parent_id"]
    targets = {
        event: list(rows) for event, rows in icd.load("participants").query("role == 'target'").groupby("event_id")["actor_id"]
    }

    def holds(place, outer):
        while isinstance(place, str) and place != outer:
            place = parents[place]
        return isinstance(place, str)

    for row in frame.itertuples():
        figure, sure, possible, on_actor = figures.loc[row.figure_id], 0, 0, 0
        for event, aimed in targets.items():
            attack = events.loc[event]
            first, last = days(attack["date_precision"], attack["start_date"], attack["end_date"])
            of_side = [actor for actor in aimed if actors["bloc"][actor] == actors["bloc"][figure["actor_id"]]]
            there = pd.isna(figure["location_id"]) or (
                pd.notna(attack["location_id"]) and holds(attack["location_id"], figure["location_id"])
            )
            if attack["category"] != "attack" or attack["confirmation"] == "discounted" or not of_side or not there:
                continue
            within = figure["start_date"] <= first and last <= figure["end_date"]
            sure += within
            possible += first <= figure["end_date"] and last >= figure["start_date"]
            on_actor += within and figure["actor_id"] in aimed
        assert (row.events, row.events_possible, row.events_on_actor) == (sure, possible, on_actor), row.figure_id
        counted = figure["low"] if pd.isna(figure["best"]) else figure["best"]
        if pd.notna(counted) and counted > 0:
            assert row.share == round(sure / counted, 3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: views.troop_levels("Atlantis"), "nothing is called 'Atlantis'"),
        (lambda: views.troop_levels("North Atlantic Treaty Organization"), "belongs to no single country|nothing is called"),
        (lambda: views.troop_levels(place="US Armed Forces"), "'US Armed Forces' is none of locations"),
        (lambda: views.positions_over_time(issue="weather"), "no issue 'weather'; there are: presence"),
        (lambda: views.positions_over_time("Ain al-Asad Air Base"), "'Ain al-Asad Air Base' is none of actors"),
        (lambda: views.responses(["answers"]), "no relation 'answers'; there are: claims"),
        (lambda: views.talks("no-such-talks"), "no episode 'no-such-talks'; there are: "),
        (lambda: views.view("nothing"), "no view 'nothing'; there are: chronology, troop_levels"),
    ],
)
def test_wrong_use_of_a_view_names_what_would_be_right(call, message):
    with pytest.raises(KeyError, match=message):
        call()


def test_no_event_stands_at_the_centre_of_an_area():
    places = icd.load("locations").set_index("location_id")["precision"]
    frame = views.chronology()
    assert (places == "centre").any()
    assert frame.loc[frame["location_id"].map(places) == "centre", ["latitude", "longitude"]].isna().all(axis=None)
