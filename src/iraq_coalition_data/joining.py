"""``with_codes`` and ``with_external_ids``: the codes and ids by which other datasets know the same things."""

from typing import TYPE_CHECKING, Any

from iraq_coalition_data.tables import TABLES, fields, load

if TYPE_CHECKING:
    import pandas as pd


def with_codes(frame: "pd.DataFrame", system: str) -> "pd.DataFrame":
    """A copy of a frame of events or statements with the codes that another system has for its terms.

    For each column of terms that the system has codes for (kind, act, date_precision, location_precision) two columns are
    added: ``kind_cameo`` (``string``, codes joined by "; " where there are several) and ``kind_cameo_fit`` (exact; narrow: our
    term is narrower than the code; broad: it is broader). Blank: the system has no code for the term.

    Raises ValueError for an unknown system, or where no column has codes in it.
    """
    crosswalk = load("crosswalk")
    _check(system, crosswalk["system"], "code system")
    crosswalk = crosswalk[crosswalk["system"] == system].astype("string")
    added = frame.copy()
    for column, vocabulary in _coded(frame, set(crosswalk["vocabulary"])).items():
        known = crosswalk[crosswalk["vocabulary"] == vocabulary].groupby("term", sort=False)
        for name, code in ((f"{column}_{system}", "code"), (f"{column}_{system}_fit", "fit")):
            codes: dict[Any, str] = {term: "; ".join(rows[code].unique()) for term, rows in known}
            added[name] = frame[column].astype("string").map(codes).astype("string")
    if len(added.columns) == len(frame.columns):
        raise ValueError(
            f"no column of the frame has codes in {system}; it wants kind, act, date_precision or location_precision"
        )
    return added


def _coded(frame: "pd.DataFrame", vocabularies: set[str]) -> dict[str, str]:
    """The columns of a frame that hold terms of these vocabularies; several tables have a ``kind``, so its values decide."""
    terms = load("terms")
    found = {}
    for field in (field for table in TABLES for field in fields(table)):
        column, vocabulary = field["name"], field.get("vocabulary")
        if column in frame and vocabulary in vocabularies:
            known = terms.loc[terms["vocabulary"] == vocabulary, "term"]
            if frame[column].dropna().astype("string").isin(known).all():
                found[column] = vocabulary
    return found


def with_external_ids(frame: "pd.DataFrame", system: str) -> "pd.DataFrame":
    """A copy of a frame with the ids of its actors and places elsewhere.

    For each column ``…_id`` of which any record has an id in the system a column is added, as ``actor_id_wikidata`` (``string``).
    Blank: nobody has looked the id up; none is guessed.

    Raises ValueError for an unknown system, or where no record of the frame has an id in it.
    """
    external = load("external_ids")
    _check(system, external["system"], "system of ids")
    ids = external[external["system"] == system].set_index("record_id")["external_id"]
    added = frame.copy()
    for column in frame:
        if str(column).endswith("_id") and frame[column].isin(ids.index).any():
            added[f"{column}_{system}"] = frame[column].map(ids).astype("string")
    if len(added.columns) == len(frame.columns):
        raise ValueError(f"no actor or place of the frame has an id in {system}")
    return added


def _check(system: str, column: "pd.Series[Any]", what: str) -> None:
    if system not in column.cat.categories:
        raise ValueError(f"no {what} {system!r}; there are: {', '.join(column.cat.categories)}")
