import pandas as pd
import pytest

import iraq_coalition_data as icd
from iraq_coalition_data.joining import with_codes, with_external_ids

CROSSWALK = icd.load("crosswalk").astype("string")


@pytest.mark.parametrize(
    ("system", "columns"),
    [
        ("plover", {"kind": "event_kind"}),
        ("cameo", {"kind": "event_kind"}),
        ("acled", {"kind": "event_kind", "date_precision": "date_precision", "location_precision": "location_precision"}),
        ("ucdp", {"kind": "event_kind", "date_precision": "date_precision", "location_precision": "location_precision"}),
    ],
)
def test_events_get_the_codes_of_the_crosswalk(system, columns):
    events = icd.chronology()
    coded = with_codes(events, system)
    added = {name for column in columns for name in (f"{column}_{system}", f"{column}_{system}_fit")}
    assert set(coded) == set(events) | added
    pd.testing.assert_frame_equal(coded[list(events)], events)
    for column, vocabulary in columns.items():
        rows = CROSSWALK[(CROSSWALK["system"] == system) & (CROSSWALK["vocabulary"] == vocabulary)]
        codes = {row.term: (row.code, row.fit) for row in rows.itertuples()}
        for term, code, fit in zip(coded[column], coded[f"{column}_{system}"], coded[f"{column}_{system}_fit"], strict=True):
            assert (None if pd.isna(code) else (code, fit)) == codes.get(term), term


def test_statements_get_codes_of_acts_as_text():
    coded = with_codes(icd.load("statements"), "cameo")
    assert coded["act_cameo"].dropna().str.fullmatch(r"\d{2,4}").all()  # leading zeros are part of CAMEO codes
    assert coded["act_cameo"].str.startswith("0").any()


def test_a_kind_of_something_else_gets_no_codes():
    with pytest.raises(ValueError, match="no column of the frame has codes in cameo"):
        with_codes(icd.load("actors"), "cameo")


def test_an_unknown_system_is_named_with_those_there_are():
    with pytest.raises(ValueError, match="no code system 'gdelt'; there are: plover, cameo, acled, ucdp"):
        with_codes(icd.load("events"), "gdelt")
    with pytest.raises(ValueError, match="no system of ids 'isni'; there are: wikidata, ucdp"):
        with_external_ids(icd.load("actors"), "isni")


def test_actors_and_places_get_their_ids_elsewhere():
    table = icd.load("external_ids").astype("string")
    for system, rows in table.groupby("system"):
        ids = dict(zip(rows["record_id"], rows["external_id"], strict=True))
        for name, column in (("actors", "actor_id"), ("locations", "location_id")):
            frame = icd.load(name)
            if not frame[column].isin(ids).any():
                continue
            found = with_external_ids(frame, system)
            pd.testing.assert_frame_equal(found[list(frame)], frame)
            assert {k: v for k, v in zip(found[column], found[f"{column}_{system}"], strict=True) if pd.notna(v)} == {
                k: v for k, v in ids.items() if k in set(frame[column])
            }


def test_a_frame_without_known_ids_is_an_error():
    with pytest.raises(ValueError, match="no actor or place of the frame has an id in wikidata"):
        with_external_ids(icd.load("sources"), "wikidata")
