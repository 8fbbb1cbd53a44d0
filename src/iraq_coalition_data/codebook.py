"""``describe``, and the generated pages docs/codebook.md and docs/rules.md."""

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from iraq_coalition_data import views
from iraq_coalition_data.files import Row
from iraq_coalition_data.tables import TableName, fields, load, resources
from iraq_coalition_data.views import ViewName

if TYPE_CHECKING:
    import pandas as pd


def describe(table: TableName | ViewName | None = None) -> "pd.DataFrame":
    """The columns of a table or view, one row each; without one, the tables.

    Columns: column, type, unit, required, allowed (the terms with their definitions, as a dict), references (tables that
    the column points to), description. Without a table: table, rows, key, description.
    """
    import pandas as pd

    if table is None:
        listed = [
            {"table": name, "rows": len(load(name)), "key": _key(resource), "description": resource["description"]}
            for name, resource in resources().items()
        ]
        return pd.DataFrame(listed)
    terms = load("terms").groupby("vocabulary")
    rows = []
    for field in views.fields(table) if table in views.VIEWS else fields(cast("TableName", table)):
        vocabulary = field.get("vocabulary")
        known = terms.get_group(vocabulary).sort_values("position") if vocabulary else None
        rows.append(
            {
                "column": field["name"],
                "type": field["type"],
                "unit": field.get("unit"),
                "required": bool(field.get("constraints", {}).get("required")),
                "allowed": None if known is None else dict(zip(known["term"], known["definition"], strict=True)),
                "references": ", ".join(field.get("references", [])) or None,
                "description": field["description"],
            }
        )
    return pd.DataFrame(rows, dtype=object)  # else pandas 3 makes NaN, which is true, of None


def _key(resource: dict[str, Any]) -> str:
    schema = resource["schema"]
    return ", ".join(schema.get("primaryKey") or schema["uniqueKeys"][0])


def page(package: dict[str, Any], terms: list[Row]) -> str:
    """The codebook as Markdown."""
    lines = ["# Codebook", "", f"{package['title']}, version {package['version']}. Generated from the schema; do not edit.", ""]
    lines += ["Blank cells are missing values. Text is UTF-8. Terms are explained under [Vocabularies](#vocabularies).", ""]
    for resource in package["resources"]:
        lines += [f"## {resource['name']}", "", f"{resource['description']} Key: {_key(resource)}.", ""]
        lines += ["| column | type | required | rule | meaning |", "|---|---|---|---|---|"]
        for field in resource["schema"]["fields"]:
            constraints = field.get("constraints", {})
            required = "yes" if constraints.get("required") else ""
            lines.append(f"| {field['name']} | {field['type']} | {required} | {_rule(field)} | {field['description']} |")
        lines.append("")
    schemas = {resource["name"]: resource for resource in package["resources"]}
    lines += ["## Views", "", "Frames made from the tables, in `iraq_coalition_data.views` and in exports.", ""]
    for view in views.VIEWS:
        lines += [
            f"### {view}",
            "",
            views.summary(view),
            "",
            views.remarks(view),
            "",
            "| column | type | rule | meaning |",
            "|---|---|---|---|",
        ]
        lines += [f"| {f['name']} | {f['type']} | {_rule(f)} | {f['description']} |" for f in views.fields(view, schemas)] + [""]
    lines += ["## Vocabularies", ""]
    by_vocabulary: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(terms, key=lambda row: (row["vocabulary"], int(row["position"]))):
        by_vocabulary[row["vocabulary"]].append(row)
    for vocabulary, listed in by_vocabulary.items():
        lines += [f"### {vocabulary}", "", "| term | parent | definition |", "|---|---|---|"]
        lines += [f"| {row['term']} | {row['parent']} | {row['definition']} |" for row in listed] + [""]
    return "\n".join(lines)


def _rule(field: Mapping[str, Any]) -> str:
    constraints = field.get("constraints", {})
    parts = []
    if "vocabulary" in field:
        parts.append(f"a term of [{field['vocabulary']}](#{field['vocabulary']})")
    if "references" in field:
        parts.append("id in " + ", ".join(field["references"]))
    if "pattern" in constraints:
        parts.append("`" + constraints["pattern"].replace("|", "\\|") + "`")
    if "maxLength" in constraints:
        parts.append(f"at most {constraints['maxLength']} characters")
    if "minimum" in constraints or "maximum" in constraints:
        parts.append(f"{constraints.get('minimum', '')} to {constraints.get('maximum', '')}".strip())
    if "unit" in field:
        parts.append(field["unit"])
    return "; ".join(parts)


def rules_page() -> str:
    """The rules that ``validate`` checks, as Markdown."""
    from iraq_coalition_data.rules import RULES
    from iraq_coalition_data.validation import FILE_RULES

    lines = ["# Rules", "", "What `iraq-coalition-data validate` checks. Generated from the code; do not edit.", ""]
    lines += ["## Files and columns", "", "| rule | what it asks |", "|---|---|"]
    lines += [f"| {name} | {text} |" for name, text in FILE_RULES.items()]
    lines += ["", "## Between tables", "", "| rule | what it asks |", "|---|---|"]
    lines += [f"| {name} | {' '.join((check.__doc__ or '').split())} |" for name, check in RULES.items()]
    return "\n".join(lines) + "\n"
