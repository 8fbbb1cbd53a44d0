"""``validate``: files, schema and the rules between tables, all findings at once, whatever the files look like."""

import csv
import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from iraq_coalition_data import files, tables
from iraq_coalition_data.tables import DESCRIPTOR, Finding, TableName, extra

if TYPE_CHECKING:
    import pandas as pd
    from pandera.pandas import DataFrameSchema

BOM = b"\xef\xbb\xbf"
SCHEMA_RULES = {
    "not_nullable": ("required", "is required"),
    "field_uniqueness": ("unique", "stands in more than one row"),
    "str_matches": ("pattern", "must have the form {}"),
    "str_length": ("length", "may have {} characters at the most"),
    "greater_than_or_equal_to": ("range", "must be at least {}"),
    "less_than_or_equal_to": ("range", "may be at most {}"),
}
FILE_RULES = {
    "missing-file": "Every table has its file under data/, and datapackage.json stands beside it.",
    "encoding": "Files are UTF-8 without byte order mark or NUL.",
    "csv": "Files are well-formed CSV: every row has as many cells as the header.",
    "header": "The columns are those of the schema, each once and in order.",
    "canonical": "Files are as `iraq-coalition-data format` writes them: LF, minimal quotes, sorted rows, final newline.",
    "descriptor": "datapackage.json is the one that schema, vocabularies and files give (hashes, sizes, columns, terms).",
    "type": "A cell is of its column's type: date, whole number, number, true or false.",
    "vocabulary": "A coded cell is a term of its vocabulary in data/terms.csv.",
    "required": "A required cell is filled.",
    "unique": "An id stands in one row only.",
    "pattern": "A cell has the form its column asks for (ids, codes, partial dates, addresses).",
    "length": "A text is not longer than its column allows.",
    "range": "A number lies within the bounds of its column.",
}


class Report:
    """What ``validate`` found: ``ok``, and ``findings`` as a frame with the columns of Finding."""

    def __init__(self, findings: list[Finding]) -> None:
        self._findings = findings

    @property
    def ok(self) -> bool:
        """True when nothing was found."""
        return not self._findings

    @property
    def findings(self) -> "pd.DataFrame":
        """One row per finding: table, record_id, column, value, rule, message (all ``string``)."""
        import pandas as pd

        return pd.DataFrame(self._findings, columns=list(Finding._fields), dtype="string")

    def __str__(self) -> str:
        lines = [
            f"{f.table} {f.record_id or '-'} {f.column or '-'}: {f.message} [{f.rule}]"
            + (f" (found {f.value[:80]!r})" if f.value else "")
            for f in self._findings
        ]
        return "\n".join([*lines, f"{len(lines)} findings" if lines else "valid: no findings"])


def validate(root: str | Path | None = None) -> Report:
    """Judge the data folder of a checkout or export (default: the installed data) by schema and rules.

    Never raises for what the files hold: whatever is wrong with them becomes a finding. Needs the extra ``validate``.
    """
    if root is None:
        return judge(files.reader(tables.data_root()))
    files.recover(Path(root))
    return judge(files.reader(Path(root)))


def judge(read: files.Read) -> Report:
    """``validate`` for the files that a function reads."""
    extra("pandera", "validate")
    from iraq_coalition_data import rules

    findings: list[Finding] = []
    with _uncollected():
        frames = _read(read, findings)
        if "terms" in frames:
            findings += _descriptor(read)
        findings += rules.check(frames)
    return Report(findings)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector from going again and again through rows by the million, which hold no cycles."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _read(read: files.Read, findings: list[Finding]) -> "dict[TableName, pd.DataFrame]":
    """The tables that could be read, typed; cells that are no value of their type are missing and reported."""
    from iraq_coalition_data.descriptor import fields, vocabularies

    headers = {table: _header(read, table, findings) for table in tables.TABLES}
    try:
        terms = vocabularies(read)
    except (OSError, ValueError, KeyError, csv.Error) as error:
        findings.append(Finding("terms", "", "", "", "vocabulary", f"the vocabularies cannot be read: {error}"))
        headers["terms"], terms = None, None
    frames = {}
    for table, header in headers.items():
        if header is not None and terms is not None:
            listed = fields(table, terms)
            if header != [field["name"] for field in listed]:
                names = [field["name"] for field in listed]
                findings.append(Finding(table, "", "", ",".join(header), "header", f"the columns must be {','.join(names)}"))
            else:
                frames[table] = _typed(table, read(f"data/{table}.csv").removeprefix(BOM), listed, findings)
    return frames


def _header(read: files.Read, table: TableName, findings: list[Finding]) -> list[str] | None:
    """The columns of a file whose cells can be told apart, else None."""

    def report(rule: str, message: str, record_id: str = "", value: str = "") -> None:
        findings.append(Finding(table, record_id, "", value, rule, message))

    raw = b""
    try:
        raw = read(f"data/{table}.csv")
        if raw.startswith(BOM):
            report("encoding", "the file begins with a byte order mark; save it as plain UTF-8")
            raw = raw.removeprefix(BOM)
        cells = files.parse(raw)
    except OSError as error:
        report("missing-file", f"data/{table}.csv cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        report("encoding", f"line {line} is not UTF-8: {error.reason}", value=repr(raw[error.start : error.end]))
    except csv.Error as error:
        report("csv", f"not well-formed CSV: {error}")
    else:
        problems = list(_misshapen(raw, cells))
        for problem in problems:
            report(*problem)
        if not problems:
            if raw != files.render(cells[0], cells[1:]):
                report("canonical", "the file is not in canonical form; run: iraq-coalition-data format")
            return cells[0]
    return None


def _misshapen(raw: bytes, cells: list[list[str]]) -> Iterator[tuple[str, str, str]]:
    """Why the cells of a file are no table: rule, message, record id."""
    if b"\0" in raw:
        yield "encoding", "the file holds NUL characters", ""
    elif not cells:
        yield "header", "the file is empty; its first line must name the columns", ""
    else:
        width = len(cells[0])
        for number, row in enumerate(cells[1:], start=2):
            if len(row) != width:
                yield "csv", f"row {number} has {len(row)} cells, the header {width}", row[0] if row else ""


def _typed(table: TableName, raw: bytes, listed: list[tables.Field], findings: list[Finding]) -> "pd.DataFrame":
    import pandas as pd

    text, columns = tables.read_text(raw), {}
    for field in listed:
        cells = text[field["name"]]
        columns[field["name"]], bad = tables.convert(cells, field)
        if bad.any():
            rule = "vocabulary" if "categories" in field else "type"
            findings += [
                Finding(table, _text(text.iat[i, 0]), field["name"], cells[i], rule, f"must be {tables.expectation(field)}")
                for i in bad[bad].index
            ]
    frame = pd.DataFrame(columns)
    reported = {(finding.record_id, finding.column) for finding in findings if finding.table == table}
    findings += [finding for finding in _schema(table, frame) if (finding.record_id, finding.column) not in reported]
    return frame


def _schema(table: TableName, frame: "pd.DataFrame") -> Iterator[Finding]:
    """What pandera says of a typed frame."""
    from pandera.errors import SchemaErrors

    try:
        _constraints(table).validate(frame, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases.sort_values(["column", "index"], kind="stable")
        for case in cases.itertuples():
            name, _, statistic = str(case.check).partition("(")
            rule, message = SCHEMA_RULES.get(name, ("schema", str(case.check)))
            bound = (
                statistic.removesuffix(")").replace(r"\Z", "").split(", ")[-1]
                if name == "str_length"
                else statistic.removesuffix(")")
            )
            row = None if case.index is None else int(case.index)
            yield Finding(
                table,
                "" if row is None else _text(frame.iat[row, 0]),
                _text(case.column),
                "" if row is None else _text(frame.at[row, case.column]),
                rule,
                message.format(bound),
            )


@cache
def _constraints(table: TableName) -> "DataFrameSchema":
    """The model of a table without its dtypes, which ``convert`` gave and reported where cells did not fit."""
    from iraq_coalition_data.schema import MODELS

    schema = MODELS[table].to_schema()
    return schema.update_columns({column: {"dtype": None} for column in schema.columns})


def _text(value: Any) -> str:
    import pandas as pd

    return "" if pd.isna(value) else str(value)


def _descriptor(read: files.Read) -> Iterator[Finding]:
    """Where datapackage.json differs from what schema and files give."""
    from iraq_coalition_data.descriptor import resources

    try:
        given = json.loads(read(DESCRIPTOR))
        committed = {resource["name"]: resource for resource in given["resources"]}
    except OSError as error:
        yield Finding(DESCRIPTOR, "", "", "", "missing-file", f"cannot be read: {error.strerror}")
        return
    except (ValueError, KeyError, TypeError) as error:
        yield Finding(DESCRIPTOR, "", "", "", "descriptor", f"is not a data package descriptor: {error!r}")
        return
    try:
        expected = resources(read)
    except OSError:
        return  # a missing table is reported as such
    for resource in expected:
        found = committed.get(resource["name"], {})
        for key in resource:
            if found.get(key) != resource[key]:
                value = str(found.get(key, ""))
                message = f"{key} is not what the files give; run: iraq-coalition-data format"
                yield Finding(resource["name"], "", key, value[:80], "descriptor", message)
