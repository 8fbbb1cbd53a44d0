"""``export``: tables and views in the form that other programs read, with types, labels and missing values kept.

- ``csv``: a data package of its own: data/*.csv, datapackage.json and croissant.json
- ``parquet``: one file per table, for R, Julia, DuckDB, polars, Arrow; terms are dictionaries, dates dates
- ``xlsx``: one workbook with a sheet per table and a codebook
- ``dta``: one Stata 118 file per table, terms with value labels, columns with variable labels
- ``sqlite``: one database with primary and foreign keys; views are views on tables of their rows
- ``geojson``: events whose place is known to the site or town (RFC 7946)
- ``jsonl``: one file per table, one JSON object per row

The same release gives the same bytes.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from iraq_coalition_data import views
from iraq_coalition_data.tables import DESCRIPTOR, TABLES, Field, TableName, data_root, descriptor, extra, fields, load, resources
from iraq_coalition_data.views import VIEWS, ViewName

if TYPE_CHECKING:
    import pandas as pd

Format = Literal["csv", "parquet", "xlsx", "dta", "sqlite", "geojson", "jsonl"]
FORMATS: tuple[Format, ...] = get_args(Format)

NAME = "iraq-coalition-data"
CELL = 32_767  # characters that an Excel cell holds
STRING = 2_045  # bytes that a Stata string holds; longer ones are strLs
LABEL = 80  # characters of a Stata label
RESERVED = {"end": "end_"}  # a word of Stata's language, and what the column is called there
CODEBOOK = ("table", "column", "type", "unit", "allowed", "description")


class Sheet(NamedTuple):
    """A table or view with what its columns are."""

    name: str
    about: str
    frame: "pd.DataFrame"
    fields: list[Field]


def export(
    directory: str | Path,
    format: Format,  # noqa: A002 the name of the option
    tables: Sequence[TableName] | None = None,
    views: Sequence[ViewName] = (),
    force: bool = False,
) -> list[Path]:
    """Write tables and views into a folder; returns the files.

    Without ``tables`` all of them, or none where ``views`` are named. ``sqlite`` of all tables holds all views, too; ``geojson``
    is of events alone. Everything is made before the first file takes its name, so that no file is ever half written.

    Raises FileExistsError for a file that is there, unless ``force``; OSError for a folder that cannot be written;
    KeyError for an unknown table or view; ValueError for an unknown format.
    """
    from iraq_coalition_data import files

    contents = render(format, tables, views)
    root = Path(directory)
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OSError(f"cannot write to {root}: {error.strerror}") from error
    with files.writing(root):
        present = [name for name in contents if (root / name).exists()]
        if present and not force:
            raise FileExistsError(f"{root / present[0]} is there already; use --force (force=True) to replace it")
        files.replace(root, contents)
    return [root / name for name in contents]


def render(
    format: Format,  # noqa: A002
    tables: Sequence[TableName] | None = None,
    views: Sequence[ViewName] = (),
) -> dict[str, bytes]:
    """What ``export`` writes: the bytes by file name."""
    writers = {"csv": _csv, "parquet": _parquet, "xlsx": _xlsx, "dta": _dta, "sqlite": _sqlite, "jsonl": _jsonl}
    if format not in FORMATS:
        raise ValueError(f"format must be one of {', '.join(FORMATS)}, not {format!r}")
    if format == "geojson":
        if tables or views:
            raise ValueError("geojson is of events alone: leave out tables and views")
        return {"events.geojson": _geojson()}
    if tables is None:
        tables = () if views else TABLES
        views = VIEWS if format == "sqlite" and not views else views
    return writers[format]([*map(_table, dict.fromkeys(tables)), *map(_view, dict.fromkeys(views))])


def _table(name: TableName) -> Sheet:
    frame = load(name)
    return Sheet(name, resources()[name]["description"], frame, fields(name))


def _view(name: ViewName) -> Sheet:
    return Sheet(name, views.summary(name), views.view(name), views.fields(name))


def _plain(sheet: Sheet) -> "pd.DataFrame":
    """The frame with dates and terms as text, for formats without either."""
    frame = sheet.frame.copy()
    for field in sheet.fields:
        if field["type"] == "date":
            frame[field["name"]] = frame[field["name"]].dt.strftime("%Y-%m-%d").astype("string")
        elif "categories" in field:
            frame[field["name"]] = frame[field["name"]].astype("string")
    return frame


def _rows(sheet: Sheet) -> Iterator[list[Any]]:
    """The rows as Python values; None is missing."""
    frame = _plain(sheet).astype(object)
    return (list(row) for row in frame.where(frame.notna(), None).itertuples(index=False, name=None))


def _csv(sheets: list[Sheet]) -> dict[str, bytes]:
    from iraq_coalition_data.jsonld import croissant

    contents = {f"data/{sheet.name}.csv": _csv_bytes(sheet) for sheet in sheets}
    package = descriptor() | {"resources": [_resource(sheet, contents, {sheet.name for sheet in sheets}) for sheet in sheets]}
    return contents | {DESCRIPTOR: _json(package), "croissant.json": _json(croissant(package))}


def _json(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def _csv_bytes(sheet: Sheet) -> bytes:
    if sheet.name in TABLES:
        return data_root().joinpath(resources()[sheet.name]["path"]).read_bytes()
    frame = _plain(sheet)
    for name in frame.columns[frame.dtypes == "boolean"]:
        frame[name] = frame[name].map({True: "true", False: "false"})
    return frame.to_csv(index=False, lineterminator="\n").encode()


def _resource(sheet: Sheet, contents: dict[str, bytes], present: set[str]) -> dict[str, Any]:
    """The resource descriptor of a table, without keys into tables that are not there, or of a view."""
    from hashlib import sha256

    path = f"data/{sheet.name}.csv"
    if sheet.name in TABLES:
        resource = dict(resources()[sheet.name])
        schema = dict(resource["schema"])
        keys = [key for key in schema.pop("foreignKeys", []) if key["reference"].get("resource", sheet.name) in present]
        return resource | {"schema": schema | ({"foreignKeys": keys} if keys else {})}
    described = [
        dict(field) | ({"constraints": {"enum": field["categories"]}} if "categories" in field else {}) for field in sheet.fields
    ]
    shared = {"type": "table", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
    return {
        "name": sheet.name,
        "path": path,
        "description": sheet.about,
        **shared,
        "bytes": len(contents[path]),
        "hash": "sha256:" + sha256(contents[path]).hexdigest(),
        "schema": {"fields": described, "missingValues": [""]},
    }


def _parquet(sheets: list[Sheet]) -> dict[str, bytes]:
    arrow, parquet = extra("pyarrow", "export"), extra("pyarrow.parquet", "export")
    types = {
        "string": arrow.string(),
        "integer": arrow.int64(),
        "number": arrow.float64(),
        "boolean": arrow.bool_(),
        "date": arrow.date32(),
    }
    contents = {}
    for sheet in sheets:
        columns, schema = [], []
        for field in sheet.fields:
            # an ordered dictionary would compare terms by rank, which most vocabularies have not
            kind = arrow.dictionary(arrow.int16(), arrow.string()) if "categories" in field else types[field["type"]]
            columns.append(arrow.Array.from_pandas(sheet.frame[field["name"]], type=kind))
            said = {key: field[key] for key in ("description", "unit", "vocabulary") if key in field}
            schema.append(arrow.field(field["name"], kind, metadata=said))
        about = {"description": sheet.about, "source": f"{descriptor()['title']}, version {descriptor()['version']}"}
        sink = arrow.BufferOutputStream()
        parquet.write_table(arrow.table(columns, schema=arrow.schema(schema, metadata=about)), sink)
        contents[f"{sheet.name}.parquet"] = sink.getvalue().to_pybytes()
    return contents


def _xlsx(sheets: list[Sheet]) -> dict[str, bytes]:
    import io
    from datetime import datetime

    from iraq_coalition_data.citing import cite

    package = descriptor()
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    book = extra("xlsxwriter", "export").Workbook(buffer, options)
    book.set_properties({"title": package["title"], "created": datetime.fromisoformat(package["created"]).replace(tzinfo=None)})
    bold = book.add_format({"bold": True})

    def fill(name: str, header: Iterable[str], rows: Iterable[Iterable[Any]], dates: Sequence[str] = ()) -> None:
        page = book.add_worksheet(name)
        header = list(header)
        page.write_row(0, 0, header, bold)
        page.freeze_panes(1, 1)
        widths = [len(text) for text in header]
        last = 0
        for last, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if value is None:
                    continue
                if header[column] in dates:
                    page.write_datetime(last, column, datetime.fromisoformat(value))
                elif isinstance(value, str):
                    if len(value) > CELL:
                        raise ValueError(f"{name} row {last}, {header[column]}: {len(value)} characters do not fit an Excel cell")
                    page.write_string(last, column, value)
                else:
                    page.write(last, column, value)
                widths[column] = max(widths[column], len(str(value)))
        page.autofilter(0, 0, last, len(header) - 1)
        for column, width in enumerate(widths):
            page.set_column(column, column, min(width + 2, 60))

    about = {name: package[name] for name in ("title", "version", "description")}
    about |= {"cite": cite(), "licence": package["licenses"][0]["title"]}
    fill("about", ["what", "text"], [*about.items(), *((sheet.name, sheet.about) for sheet in sheets)])
    for sheet in sheets:
        dates = [field["name"] for field in sheet.fields if field["type"] == "date"]
        fill(sheet.name, [field["name"] for field in sheet.fields], _rows(sheet), dates)
    fill("codebook", CODEBOOK, (_codebook_row(sheet.name, field) for sheet in sheets for field in sheet.fields))
    book.close()
    return {f"{NAME}.xlsx": buffer.getvalue()}


def _codebook_row(table: str, field: Field) -> list[str | None]:
    allowed = ", ".join(field["categories"]) if "categories" in field else None
    return [table, field["name"], field["type"], field.get("unit"), allowed, field["description"]]


def _dta(sheets: list[Sheet]) -> dict[str, bytes]:
    import io
    from datetime import datetime

    import pandas as pd

    package = descriptor()
    created = datetime.fromisoformat(package["created"]).replace(tzinfo=None)
    contents = {}
    for sheet in sheets:
        frame = sheet.frame.copy()
        # Any: the stubs know these by the type of the column labels
        labels: Any = {}
        dates: Any = {}
        long = []
        for field in sheet.fields:
            name = field["name"]
            if field["type"] == "boolean":
                labels[name] = {0: "false", 1: "true"}
            if field["type"] in ("boolean", "integer"):
                frame[name] = frame[name].astype("Int64").astype("float64")  # whose missing value Stata has
            elif field["type"] == "date":
                dates[name] = "td"
            elif field["type"] == "string" and ("categories" not in field or frame.empty):
                texts = [str(text) for text in frame[name].fillna("")]  # Stata's missing text is the empty one
                frame[name] = pd.Series(texts, index=frame.index, dtype=object)
                if any(len(text.encode()) > STRING for text in texts):
                    long.append(name)
        buffer = io.BytesIO()
        frame.rename(columns=RESERVED).to_stata(
            buffer,
            write_index=False,
            version=118,
            convert_dates=dates,
            convert_strl=long,
            value_labels=labels,
            variable_labels={
                RESERVED.get(field["name"], field["name"]): _shortened(field["description"]) for field in sheet.fields
            },
            data_label=_shortened(f"{NAME} {package['version']}: {sheet.about}"),
            time_stamp=created,
        )
        contents[f"{sheet.name}.dta"] = buffer.getvalue()
    return contents


def _shortened(text: str) -> str:
    return text if len(text) <= LABEL else text[: LABEL - 1].rsplit(" ", 1)[0] + "…"


def _sqlite(sheets: list[Sheet]) -> dict[str, bytes]:
    import sqlite3
    from contextlib import closing

    present: set[str] = {sheet.name for sheet in sheets if sheet.name in TABLES}
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("PRAGMA foreign_keys = ON")
        for sheet in sheets:
            database.execute(_ddl(sheet, present))
        for sheet in sheets:
            places = ", ".join("?" * len(sheet.fields))
            database.executemany(f'INSERT INTO "{_stored(sheet)}" VALUES ({places})', _rows(sheet))  # noqa: S608
            if sheet.name not in TABLES:
                database.execute(f'CREATE VIEW "{sheet.name}" AS SELECT * FROM "{_stored(sheet)}"')  # noqa: S608
        database.commit()
        return {f"{NAME}.sqlite": database.serialize()}


def _stored(sheet: Sheet) -> str:
    """The SQL table that holds the rows: those of a view are stored, so that it is defined once, in ``views``."""
    return sheet.name if sheet.name in TABLES else f"{sheet.name}_rows"


def _ddl(sheet: Sheet, present: set[str]) -> str:
    """CREATE TABLE with keys; the meaning of each column is a comment, which SQLite keeps."""
    types = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}
    schema = resources()[sheet.name]["schema"] if sheet.name in TABLES else {}
    lines = []
    for field in sheet.fields:
        constraints = field.get("constraints", {}) if schema else {}
        rules = " NOT NULL" * bool(constraints.get("required"))
        lines.append((f'"{field["name"]}" {types.get(field["type"], "TEXT")}{rules}', field["description"]))
    for kind, keys in (("PRIMARY KEY", [schema.get("primaryKey", [])]), ("UNIQUE", schema.get("uniqueKeys", []))):
        lines += [(f"{kind} ({', '.join(key)})", "") for key in keys if key]
    for key in schema.get("foreignKeys", []):
        target = key["reference"].get("resource", sheet.name)
        if target in present:
            there = ", ".join(key["reference"]["fields"])
            # deferred: rows of one table may point to later rows of it
            lines.append(
                (f"FOREIGN KEY ({', '.join(key['fields'])}) REFERENCES {target} ({there}) DEFERRABLE INITIALLY DEFERRED", "")
            )
    commas = [","] * (len(lines) - 1) + [""]
    body = [f"  {line}{comma}" + (f" -- {text}" if text else "") for (line, text), comma in zip(lines, commas, strict=True)]
    return "\n".join([f'CREATE TABLE "{_stored(sheet)}" ( -- {sheet.about}', *body, ")"])


def _jsonl(sheets: list[Sheet]) -> dict[str, bytes]:
    contents = {}
    for sheet in sheets:
        lines = (json.dumps(dict(zip(sheet.frame, row, strict=True)), ensure_ascii=False) for row in _rows(sheet))
        contents[f"{sheet.name}.jsonl"] = "".join(f"{line}\n" for line in lines).encode()
    return contents


def _geojson() -> bytes:
    """Events that a point can stand for: the place is known to the site or town, and so are its coordinates."""
    sheet = _view("chronology")
    places = load("locations").set_index("location_id")["precision"]
    frame = sheet.frame
    exact = frame["location_precision"].isin(["site", "town"]) & frame["location_id"].map(places).isin(["site", "town"])
    sheet = sheet._replace(frame=frame[exact & frame["latitude"].notna() & frame["longitude"].notna()])
    features = []
    for row in _rows(sheet):
        properties = dict(zip(frame, row, strict=True))
        point = [properties.pop("longitude"), properties.pop("latitude")]  # in this order, RFC 7946 3.1.1
        event = properties.pop("event_id")
        features.append(
            {"type": "Feature", "id": event, "geometry": {"type": "Point", "coordinates": point}, "properties": properties}
        )
    return _json({"type": "FeatureCollection", "features": features})
