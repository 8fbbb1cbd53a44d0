"""``retire``: an id leaves the tables for retired_ids, and what referred to it refers to what took its place."""

from pathlib import Path

from iraq_coalition_data import files, tables
from iraq_coalition_data.curation import CurationError, checkout, commit
from iraq_coalition_data.files import Row
from iraq_coalition_data.tables import TABLES, TableName


def retire(record_id: str, reason: str, replaced_by: str = "", root: Path | None = None) -> list[str]:
    """Move an id to retired_ids and every reference to it to ``replaced_by``; returns one line for each row touched.

    Without a replacement the rows that belong to the record (participants, links, citations …) go with it, and so do sources that
    nothing else cites; while another record refers to it, a replacement is needed. All or nothing, as ``add``, or CurationError.
    """
    root = root or checkout()
    with files.writing(root):
        return _retire(root, record_id, reason, replaced_by)


def _retire(root: Path, record_id: str, reason: str, replaced_by: str) -> list[str]:
    data = {table: files.read_rows(root / "data" / f"{table}.csv") for table in TABLES}
    home = next((table for table in TABLES if not _belongs(table) and _find(data[table], record_id)), None)
    if home is None or home in ("terms", "crosswalk", "retired_ids"):
        raise CurationError(f"there is no record {record_id!r} to retire")
    if replaced_by and (replaced_by == record_id or not _find(data[home], replaced_by)):
        raise CurationError(f"{replaced_by!r} is no other record of {home}")
    log: list[str] = []
    data[home] = [row for row in data[home] if _id(row) != record_id]
    for table in TABLES:
        if table != "retired_ids":
            data[table] = _without(table, data[table], record_id, replaced_by, log)
    for row in data["retired_ids"]:  # no redirect leads to another
        if row["replaced_by"] == record_id:
            row["replaced_by"] = replaced_by
    _record(data, record_id, replaced_by, reason)
    cited = {row["source_id"] for row in data["citations"]}
    for source in [row["source_id"] for row in data["sources"] if row["source_id"] not in cited]:
        data["sources"] = [row for row in data["sources"] if row["source_id"] != source]
        _record(data, source, "", f"only {record_id} cited it")
        log.append(f"sources: {source} retired, nothing else cites it")
    contents = {
        f"data/{table}.csv": files.render_rows([f["name"] for f in tables.fields(table)], data[table]) for table in TABLES
    }
    commit(root, contents)
    return [f"{record_id} retired", *log]


def _without(table: TableName, rows: list[Row], record_id: str, replaced_by: str, log: list[str]) -> list[Row]:
    """The rows of a table that no longer refer to a record."""
    kept: dict[tuple[str, ...], Row] = {}
    for row in rows:
        columns = [column for column in row if row[column] == record_id and column in _columns(table)]
        if columns:
            log.append(f"{table}: {' '.join(row.values())[:100]}")
        if columns and not replaced_by:
            if _belongs(table):  # a row of a link table belongs to the record
                continue
            raise CurationError(
                f"{table} {_id(row)} refers to {record_id} in {columns[0]}; retire it first, or name a replacement"
            )
        moved = row | dict.fromkeys(columns, replaced_by)
        if table != "links" or moved["record_id"] != moved["related_id"]:  # merged records are not linked to each other
            kept[tuple(moved.values())] = moved
    return list(kept.values())


def _record(data: dict[TableName, list[Row]], record_id: str, replaced_by: str, reason: str) -> None:
    release = str(tables.descriptor()["version"])
    data["retired_ids"].append({"retired_id": record_id, "replaced_by": replaced_by, "release": release, "reason": reason})


def _columns(table: TableName) -> list[str]:
    """The columns of a table that hold ids of records."""
    return [field["name"] for field in tables.fields(table) if "references" in field]


def _belongs(table: TableName) -> bool:
    """Whether the rows of a table have no id of their own but belong to the record in their first column."""
    return "references" in tables.fields(table)[0]


def _id(row: Row) -> str:
    return next(iter(row.values()))


def _find(rows: list[Row], record_id: str) -> bool:
    return any(_id(row) == record_id for row in rows)
