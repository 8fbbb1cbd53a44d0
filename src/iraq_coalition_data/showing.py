"""``show``: a record with everything linked to it and its sources, as text."""

from typing import Any

from iraq_coalition_data.tables import TABLES, TableName, fields, load, resources

MOST = 25  # rows of one table shown with a record


def show(record_id: str) -> str:
    """The record of that id, the rows that point to it, and its sources; for a retired id, what took its place.

    Raises KeyError for an id that nothing has.
    """
    for gone in load("retired_ids").fillna("").to_dict("records"):
        if gone["retired_id"] == record_id:
            said = f"{record_id} was retired in {gone['release']}: {gone['reason']}"
            return f"{said}\n{show(gone['replaced_by'])}" if gone["replaced_by"] else said
    table = _home(record_id)
    frame = load(table)
    row = frame[frame.iloc[:, 0] == record_id].iloc[0]
    names = _labels()
    lines = [f"{record_id}  ({table})", ""]
    lines += [
        f"  {column:<20}{_said(value, names)}" for column, value in row.items() if _given(value) and column != frame.columns[0]
    ]
    for other in TABLES:
        if other != "citations":
            lines += _pointing(other, record_id, names)
    return "\n".join(lines + _sources(record_id))


def _home(record_id: str) -> TableName:
    for table in TABLES:
        key = resources()[table]["schema"].get("primaryKey", [])
        if len(key) == 1 and table != "retired_ids" and (load(table)[key[0]] == record_id).any():
            return table
    raise KeyError(f"no record has the id {record_id!r}")


def _labels() -> dict[str, str]:
    """A short label for each id."""
    labels: dict[str, str] = {}
    for table, columns in {
        "actors": ["name"],
        "locations": ["name"],
        "episodes": ["title"],
        "events": ["start_date", "title"],
        "statements": ["date", "summary"],
        "sources": ["publisher", "title"],
    }.items():
        frame = load(table)  # type: ignore[call-overload]
        text = frame[columns].astype("string").fillna("").agg(" ".join, axis=1)
        labels |= dict(zip(frame.iloc[:, 0], text, strict=True))
    return labels


def _given(value: Any) -> bool:
    return str(value) not in ("<NA>", "nan", "NaT", "None")


def _said(value: Any, names: dict[str, str]) -> str:
    text = str(value).removesuffix(" 00:00:00")
    return f"{text}  {names[text]}" if text in names else text


def _pointing(table: TableName, record_id: str, names: dict[str, str]) -> list[str]:
    """The rows of a table that point to a record, under a heading."""
    frame = load(table)
    columns = [field["name"] for field in fields(table) if "references" in field]
    rows = frame[(frame[columns] == record_id).any(axis=1)]
    if rows.empty:
        return []
    lines = ["", f"{table} ({len(rows)})"]
    for _, row in rows.head(MOST).iterrows():
        shown = [_said(value, names) for value in row if _given(value) and str(value) != record_id]
        lines.append("  " + " | ".join(shown))
    if len(rows) > MOST:
        lines.append(f"  and {len(rows) - MOST} more")
    return lines


def _sources(record_id: str) -> list[str]:
    """The sources of a record, what each supports or contradicts."""
    citations = load("citations")
    cited = citations[citations["record_id"] == record_id].merge(load("sources"), on="source_id")
    lines = ["", f"sources ({cited['source_id'].nunique()})"]
    for row in cited.fillna({"field": "", "wire": "", "published": "", "note": ""}).to_dict("records"):
        wire = f", {row['wire']}" if row["wire"] else ""
        what = f" {row['relation']}{' ' + row['field'] if row['field'] else ''}"
        note = f" ({row['note']})" if row["note"] else ""
        lines.append(
            f"  {row['source_id']}{what}: {row['publisher']}{wire} {row['published']}: {row['title']}{note}\n        {row['url']}"
        )
    return lines
