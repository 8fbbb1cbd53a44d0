"""``cite`` and ``bibliography``: how to name this dataset and the pages behind its records."""

from collections.abc import Iterable
from typing import Literal

from iraq_coalition_data.tables import descriptor, load

Style = Literal["apa", "bibtex"]


def cite(style: Style = "apa") -> str:
    """The citation of the installed version. A claim taken from the data should cite its own source as well."""
    package = descriptor()
    author = " and ".join(contributor["title"] for contributor in package["contributors"])
    year, title, version = package["created"][:4], package["title"], package["version"]
    if style == "apa":
        return f"{author}. ({year}). {title} (Version {version}) [Data set]."
    if style == "bibtex":
        key = f"iraq_coalition_data_{version.replace('.', '_')}"
        return _bibtex(key, {"author": f"{{{author}}}", "title": title, "year": year, "version": version, "note": "Data set"})
    raise ValueError(f"style must be 'apa' or 'bibtex', not {style!r}")


def bibliography(records: Iterable[str], style: Style = "apa") -> list[str]:
    """The sources cited for records (ids of events, statements, figures …), each once, in the order of their ids."""
    wanted = set(records)
    citations = load("citations")
    cited = citations.loc[citations["record_id"].isin(wanted), "source_id"]
    sources = load("sources")
    entries = []
    for row in sources[sources["source_id"].isin(cited)].fillna("").to_dict("records"):
        date = row["published"] or "n.d."
        if style == "apa":
            entries.append(f"{row['publisher']}. ({date}). {row['title']}. {row['url']}")
        else:
            year = date[:4] if row["published"] else ""
            said = {"title": row["title"], "organization": row["publisher"], "year": year, "url": row["url"]}
            entries.append(_bibtex(row["source_id"], said))
    return entries


def _bibtex(key: str, values: dict[str, str]) -> str:
    escaped = {
        name: value if name == "url" else value.replace("&", r"\&").replace("%", r"\%") for name, value in values.items() if value
    }
    return "\n".join([f"@misc{{{key},", *(f"  {name} = {{{value}}}," for name, value in escaped.items()), "}"])
