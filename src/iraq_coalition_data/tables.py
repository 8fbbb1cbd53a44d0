"""Where the data lie, and ``load``: every table as a typed frame, converted strictly from text."""

import hashlib
import io
import json
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, NotRequired, TypedDict, cast, get_args, overload

from iraq_coalition_data.files import recover

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

TableName = Literal[
    "actors",
    "names",
    "affiliations",
    "locations",
    "episodes",
    "events",
    "participants",
    "casualties",
    "statements",
    "statement_speakers",
    "links",
    "positions",
    "figures",
    "sources",
    "citations",
    "terms",
    "crosswalk",
    "external_ids",
    "retired_ids",
]
TABLES: tuple[TableName, ...] = get_args(TableName)

DESCRIPTOR = "datapackage.json"
OLDEST_PANDAS = (2, 2)  # pyproject.toml asks for it, but an environment may have been changed since
BOOLEANS = {"true": True, "false": False}
# [0-9] and not \d, which is a digit of any script
INTEGER, NUMBER, DAY = r"-?[0-9]{1,15}", r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?", r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


class Field(TypedDict):
    """One column as datapackage.json describes it."""

    name: str
    type: Literal["string", "integer", "number", "boolean", "date"]
    description: str
    constraints: NotRequired[dict[str, Any]]
    categories: NotRequired[list[str]]
    vocabulary: NotRequired[str]
    unit: NotRequired[str]
    references: NotRequired[list[str]]


class Finding(NamedTuple):
    """One thing that validation finds wrong, and where."""

    table: str
    record_id: str
    column: str
    value: str
    rule: str
    message: str


class DataError(ValueError):
    """Data that are not what the descriptor says: names the table and, where there is one, record, column and value."""

    def __init__(self, table: str, message: str, record_id: str = "", column: str = "", value: str = "") -> None:
        self.table, self.record_id, self.column, self.value = table, record_id, column, value
        place = ", ".join(part for part in (table, record_id, column) if part)
        super().__init__(f"{place}: {message}")


def data_root() -> Traversable:
    """The folder that holds datapackage.json: the installed package, else the repository around it."""
    package = files("iraq_coalition_data")
    if package.joinpath(DESCRIPTOR).is_file():
        return package
    repository = Path(__file__).parents[2]
    if (repository / DESCRIPTOR).is_file():
        recover(repository)
        return repository
    raise DataError(
        DESCRIPTOR, "is missing from the installed package; reinstall it with: pip install --force-reinstall iraq-coalition-data"
    )


@cache
def descriptor() -> dict[str, Any]:
    """The shipped datapackage.json."""
    return cast("dict[str, Any]", json.loads(data_root().joinpath(DESCRIPTOR).read_text(encoding="utf-8")))


@cache
def resources() -> dict[TableName, dict[str, Any]]:
    """The resource descriptors by table name."""
    return {resource["name"]: resource for resource in descriptor()["resources"]}


def fields(table: TableName) -> list[Field]:
    """The columns of a table, in order."""
    return cast("list[Field]", _resource(table)["schema"]["fields"])


def path(table: TableName) -> Path:
    """The CSV file of a table, to open with any other tool."""
    location = data_root().joinpath(_resource(table)["path"])
    if not isinstance(location, Path):
        raise DataError(table, "has no path of its own, the package is imported from a zip file; use load()")
    return location


@overload
def load(table: TableName, engine: Literal["pandas"] = "pandas") -> "pd.DataFrame": ...
@overload
def load(table: TableName, engine: Literal["polars"]) -> "pl.DataFrame": ...
def load(table: TableName, engine: Literal["pandas", "polars"] = "pandas") -> "pd.DataFrame | pl.DataFrame":
    """A fresh frame of one table, one row per record, columns and types as in ``describe(table)``.

    Text is ``string``, counts ``Int64``, coordinates ``float64``, flags ``boolean``, controlled terms ordered as in the
    codebook are categories, full dates ``datetime64[s]``; partial dates (``2014``, ``2014-06``) stay text. With
    ``engine="polars"`` the equivalents: String, Int64, Float64, Boolean, Enum, Date.

    Raises KeyError for an unknown table, DataError for a file that is not the one the release describes.
    """
    raw = _verified(table)
    if engine == "pandas":
        return _load_pandas(table, raw)
    if engine == "polars":
        return _load_polars(table, raw)
    raise ValueError(f"engine must be 'pandas' or 'polars', not {engine!r}")


def _resource(table: TableName) -> dict[str, Any]:
    if table not in TABLES:
        raise KeyError(f"no table {table!r}; there are: {', '.join(TABLES)}")
    return resources()[table]


_checked: set[str] = set()  # hashes of files found whole in this process


def _verified(table: TableName) -> bytes:
    resource = _resource(table)
    try:
        raw = data_root().joinpath(resource["path"]).read_bytes()
    except OSError as error:
        raise DataError(table, f"{resource['path']} cannot be read ({error.strerror}); reinstall the package") from error
    if len(raw) != resource["bytes"] or (resource["hash"] not in _checked and _sha256(raw) != resource["hash"]):
        raise DataError(
            table,
            f"{resource['path']} is not the file that {DESCRIPTOR} describes; reinstall the package, or after an edit "
            "run: iraq-coalition-data format",
        )
    _checked.add(resource["hash"])
    return raw


def _sha256(raw: bytes) -> str:
    return "sha256:" + hashlib.sha256(raw).hexdigest()


def verify() -> list[str]:
    """Hold the installed files against the release: one line for each that is missing, damaged or edited, none if all are whole.

    The tables are held against the hashes of datapackage.json; datapackage.json itself, where the package was installed from a
    wheel, against the hash that the installer recorded.
    """
    from base64 import urlsafe_b64decode
    from importlib.metadata import files as installed

    problems = []
    for file in installed("iraq-coalition-data") or []:
        if file.name == DESCRIPTOR and file.hash:
            recorded = urlsafe_b64decode(file.hash.value + "=" * (-len(file.hash.value) % 4))
            if hashlib.new(file.hash.mode, data_root().joinpath(DESCRIPTOR).read_bytes()).digest() != recorded:
                problems.append(f"{DESCRIPTOR}: is not the file that was installed")
    for resource in resources().values():
        try:
            raw = data_root().joinpath(resource["path"]).read_bytes()
        except OSError as error:
            problems.append(f"{resource['path']}: cannot be read ({error.strerror})")
            continue
        if len(raw) != resource["bytes"]:
            problems.append(f"{resource['path']}: has {len(raw)} bytes, the release {resource['bytes']}")
        elif _sha256(raw) != resource["hash"]:
            problems.append(f"{resource['path']}: was changed, its hash is not that of the release")
    return problems


def _check_header(table: str, found: list[str], expected: list[str]) -> None:
    if found != expected:
        missing, extra = [c for c in expected if c not in found], [c for c in found if c not in expected]
        raise DataError(table, f"columns must be {expected}; missing {missing}, not expected {extra}, or in another order")


def _load_pandas(table: TableName, raw: bytes) -> "pd.DataFrame":
    import pandas as pd

    if tuple(map(int, pd.__version__.split(".")[:2])) < OLDEST_PANDAS:
        raise ImportError(f"pandas {pd.__version__} is too old for this package; run: pip install --upgrade pandas")
    text = read_text(raw)
    _check_header(table, list(text.columns), [field["name"] for field in fields(table)])
    columns = {}
    for field in fields(table):
        columns[field["name"]], bad = convert(text[field["name"]], field)
        if bad.any():
            _refuse(table, field, str(text.loc[bad].iloc[0, 0]), str(text.loc[bad, field["name"]].iloc[0]))
    return pd.DataFrame(columns)


def read_text(raw: bytes) -> "pd.DataFrame":
    """The cells of a CSV file as ``string`` columns, missing where blank."""
    import pandas as pd

    return pd.read_csv(io.BytesIO(raw), dtype="string", keep_default_na=False, na_values=[""])


def _refuse(table: str, field: Field, record_id: str, value: str) -> None:
    raise DataError(table, f"{value!r} is not {expectation(field)}", record_id, field["name"], value)


def expectation(field: Field) -> str:
    """What a cell of this column must look like, in words."""
    if "categories" in field:
        return f"a term of {field['vocabulary']}: {', '.join(field['categories'])}"
    return {
        "string": "text",
        "integer": "a whole number",
        "number": "a number",
        "boolean": "true or false",
        "date": "a date YYYY-MM-DD",
    }[field["type"]]


def convert(text: "pd.Series[Any]", field: Field) -> "tuple[pd.Series[Any], pd.Series[bool]]":
    """A text column as its declared type, and a mask of the cells that do not fit (missing in the result)."""
    import pandas as pd

    kind = field["type"]
    if "categories" in field:
        terms = _categorical(tuple(field["categories"]))
        codes = terms.categories.get_indexer(pd.Index(text))
        typed: pd.Series[Any] = pd.Series(pd.Categorical.from_codes(codes.tolist(), dtype=terms), index=text.index)
    elif kind == "string":
        return text, pd.Series(False, index=text.index)
    elif kind == "boolean":
        typed = text.map(BOOLEANS).astype("boolean")
    elif kind == "date":
        typed = pd.to_datetime(text.where(text.str.fullmatch(DAY)), format="%Y-%m-%d", errors="coerce").astype("datetime64[s]")
    else:
        dtype: Any = "Int64" if kind == "integer" else "float64"
        typed = pd.to_numeric(text.where(text.str.fullmatch(INTEGER if kind == "integer" else NUMBER))).astype(dtype)
    return typed, text.notna() & typed.isna()


@cache
def _categorical(categories: tuple[str, ...]) -> "pd.CategoricalDtype[Any]":
    """The dtype of a vocabulary, made once, as is what finds a term in it."""
    import pandas as pd

    return pd.CategoricalDtype(pd.Index(categories, dtype="string"))


def _load_polars(table: TableName, raw: bytes) -> "pl.DataFrame":
    polars = extra("polars", "polars")
    text = polars.read_csv(io.BytesIO(raw), infer_schema=False)
    _check_header(table, text.columns, [field["name"] for field in fields(table)])
    columns = []
    for field in fields(table):
        column = text[field["name"]]
        if "categories" in field:
            typed = column.cast(polars.Enum(field["categories"]), strict=False)
        elif field["type"] == "date":
            typed = column.str.to_date("%Y-%m-%d", strict=False)
        elif field["type"] == "boolean":
            typed = column.replace_strict(BOOLEANS, default=None, return_dtype=polars.Boolean)
        else:
            dtypes = {"string": polars.String, "integer": polars.Int64, "number": polars.Float64}
            typed = column.cast(dtypes[field["type"]], strict=False)
        bad = typed.is_null() & column.is_not_null()
        if bad.any():
            first = text.filter(bad)
            _refuse(table, field, str(first[0, 0]), str(first[0, field["name"]]))
        columns.append(typed)
    return cast("pl.DataFrame", polars.DataFrame(columns))


def extra(module: str, name: str) -> Any:
    """Import a module that comes with an extra; the error names the command that installs it."""
    from importlib import import_module

    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"{error}; it comes with: pip install 'iraq-coalition-data[{name}]'", name=error.name
        ) from error
