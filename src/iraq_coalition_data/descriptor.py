"""datapackage.json (Data Package v2), generated from the models, the vocabularies and the files."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from iraq_coalition_data.files import Read, reader, rows
from iraq_coalition_data.schema import MODELS
from iraq_coalition_data.schema.fields import Table
from iraq_coalition_data.tables import Field, TableName, extra

PROFILE = "https://datapackage.org/profiles/2.0/"
LICENSES = [
    {
        "name": "CC-BY-4.0",
        "title": "Creative Commons Attribution 4.0 (data)",
        "path": "https://creativecommons.org/licenses/by/4.0/",
    }
]


def vocabularies(read: Read) -> dict[str, list[str]]:
    """The terms of each vocabulary of data/terms.csv, in their order."""
    terms: dict[str, list[str]] = {}
    for row in sorted(rows(read("data/terms.csv")), key=lambda row: int(row["position"])):
        terms.setdefault(row["vocabulary"], []).append(row["term"])
    return terms


def table_schema(table: TableName, terms: dict[str, list[str]]) -> dict[str, Any]:
    """The Table Schema of one table."""
    model = MODELS[table]
    columns = model.to_schema().columns
    key = key_columns(table)
    described = {name: _field(name, column, terms) for name, column in columns.items()}
    schema: dict[str, Any] = {"$schema": PROFILE + "tableschema.json", "fields": list(described.values()), "missingValues": [""]}
    # a primary key takes no blank cell; citations.field may be blank
    whole = all(described[name].get("constraints", {}).get("required") for name in key)
    schema |= {"primaryKey": key} if whole else {"uniqueKeys": [key]}
    foreign = [
        {
            "fields": [name],
            "reference": ({} if target == [table] else {"resource": target[0]}) | {"fields": key_columns(target[0])},
        }
        for name, field in described.items()
        if len(target := field.get("references", [])) == 1
    ]
    return schema | ({"foreignKeys": foreign} if foreign else {})


def key_columns(table: Any) -> list[str]:
    """The columns that identify a row of a table."""
    return list(_config(MODELS[table])["key"])


def fields(table: TableName, terms: dict[str, list[str]]) -> list[Field]:
    """The columns of a table as the models define them."""
    listed: list[Field] = table_schema(table, terms)["fields"]
    return listed


def _config(model: type[Table]) -> dict[str, Any]:
    return dict(model.Config.metadata)  # type: ignore[attr-defined]


def _field(name: str, column: Any, terms: dict[str, list[str]]) -> dict[str, Any]:
    meta = {key: value for key, value in (column.metadata or {}).items() if value is not None}
    types = {"Int64": "integer", "float64": "number", "boolean": "boolean", "datetime64[ns]": "date"}
    categories = terms.get(meta["vocabulary"], []) if "vocabulary" in meta else None
    constraints = {
        "required": not column.nullable or None,
        "unique": column.unique or None,
        "pattern": meta.get("pattern"),
        "maxLength": meta.get("longest"),
        "minimum": meta.get("minimum"),
        "maximum": meta.get("maximum"),
        "enum": categories,
    }
    constraints = {rule: value for rule, value in constraints.items() if value is not None}
    field: dict[str, Any] = {"name": name, "type": types.get(str(column.dtype), "string"), "description": column.description}
    if "format" in meta:
        field["format"] = meta["format"]
    if constraints:
        field["constraints"] = constraints
    if categories is not None:
        field["categories"] = categories
    return field | {key: meta[key] for key in ("vocabulary", "unit", "references") if key in meta}


def resources(read: Read) -> list[dict[str, Any]]:
    """The resource descriptors of the tables."""
    terms = vocabularies(read)
    return [
        {
            "name": table,
            "type": "table",
            "path": f"data/{table}.csv",
            "description": (MODELS[table].__doc__ or "").strip(),
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "bytes": len(raw),
            "hash": "sha256:" + hashlib.sha256(raw).hexdigest(),
            "schema": table_schema(table, terms),
        }
        for table in MODELS
        for raw in [read(f"data/{table}.csv")]
    ]


def build(root: Path, contents: Mapping[str, bytes] | None = None) -> dict[str, Any]:
    """The whole descriptor of a checkout with new contents; what pyproject.toml and CITATION.cff say is taken from there."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = extra("yaml", "validate").load(
        (root / "CITATION.cff").read_text(encoding="utf-8"), extra("yaml", "validate").BaseLoader
    )
    return {
        "$schema": PROFILE + "datapackage.json",
        "name": project["name"],
        "title": citation["title"],
        "description": " ".join(citation["abstract"].split()),
        "version": project["version"],
        "created": f"{citation['date-released']}T00:00:00Z",
        "keywords": citation["keywords"],
        "contributors": [{"title": author["name"], "roles": ["author"]} for author in citation["authors"]],
        "licenses": LICENSES,
        "resources": resources(reader(root, contents)),
    }


def render(descriptor: dict[str, Any]) -> bytes:
    """The canonical bytes of a descriptor."""
    return (json.dumps(descriptor, indent=1, ensure_ascii=False) + "\n").encode("utf-8")
