"""The field helpers every table is written with: type, rule, unit, meaning, reference and vocabulary in one line each.

What a helper stores in ``metadata`` is what ``descriptor`` renders into datapackage.json, so a column is described once.
"""

from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

Text = Series[pd.StringDtype]
Term = Series[pd.CategoricalDtype]
Count = Series[pd.Int64Dtype]
Number = Series[float]
Flag = Series[pd.BooleanDtype]
Day = Series[pa.DateTime]

# [0-9] and not \d, which is a digit of any script
SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
EDTF = r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"


class Table(pa.DataFrameModel):
    """A table: columns exactly as declared, in this order. ``Config.metadata["key"]`` names the columns that identify a row."""

    class Config:
        strict = True
        ordered = True


def _field(description: str, required: bool, pattern: str | None = None, unique: bool = False, **metadata: Any) -> Any:
    bounds = ("ge", metadata.get("minimum")), ("le", metadata.get("maximum"))
    checks: dict[str, Any] = {name: bound for name, bound in bounds if bound is not None}
    if pattern:
        checks["str_matches"] = rf"^(?:{pattern})\Z"  # str_matches anchors the start only
    if "longest" in metadata:
        checks["str_length"] = {"max_value": metadata["longest"]}
    return pa.Field(
        description=description, nullable=not required, unique=unique, metadata={"pattern": pattern, **metadata}, **checks
    )


def identifier(letter: str, description: str) -> Any:
    """The id of a numbered record: its letter and five digits, or more once they are used up."""
    return _field(description, True, rf"{letter}[0-9]{{5,7}}", unique=True)


def slug(description: str) -> Any:
    """The id of a named record: lower-case words joined by hyphens."""
    return _field(description, True, SLUG, unique=True)


def reference(*tables: str, description: str, required: bool = True) -> Any:
    """The id of a record of one table, or of any of several."""
    return _field(description, required, references=list(tables))


def coded(vocabulary: str, description: str, required: bool = True) -> Any:
    """A term of a vocabulary of data/terms.csv."""
    return _field(description, required, vocabulary=vocabulary)


def text(description: str, required: bool = True, pattern: str | None = None, **metadata: Any) -> Any:
    """Free text; ``longest`` characters at the most, or of a form (``pattern``), where given."""
    return _field(description, required, pattern, **metadata)


def partial_date(description: str) -> Any:
    """A date as far as it is known: YYYY, YYYY-MM or YYYY-MM-DD (EDTF level 0)."""
    return _field(description, False, EDTF, unit="date, EDTF level 0")


def day(description: str, required: bool = True) -> Any:
    """A full date, ISO 8601."""
    return _field(description, required, unit="date, ISO 8601, local time")


def count(description: str, unit: str, minimum: int | None = 0, required: bool = False) -> Any:
    """A whole number."""
    return _field(description, required, unit=unit, minimum=minimum)


def degrees(description: str, limit: int) -> Any:
    """A coordinate."""
    return _field(description, False, unit="decimal degrees, WGS 84", minimum=-limit, maximum=limit)


def flag(description: str) -> Any:
    """True or false."""
    return _field(description, True)
