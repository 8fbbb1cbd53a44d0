"""``cite`` and ``bibliography``: how to name this dataset and the pages behind its records, for any reference manager.

Both make CSL items (the data model of Zotero, pandoc and citeproc) and write them in a style:

- ``apa``: one paragraph per item, APA 7
- ``bibtex``: ``@misc`` entries whose keys are source ids; for BibTeX and biblatex with UTF-8
- ``ris``: for EndNote, Mendeley, Zotero
- ``csl-json``: one JSON array
"""

import json
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from iraq_coalition_data.tables import descriptor, load, resources

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

Style = Literal["apa", "bibtex", "ris", "csl-json"]
STYLES: tuple[Style, ...] = get_args(Style)
Item = dict[str, Any]

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
NEWS = ("agency", "news", "state_media", "party_media")
RIS_TYPES = {"dataset": "DATA", "article-newspaper": "NEWS", "webpage": "ELEC"}
NUMBERED = r"[A-Z][0-9]{5,7}"
# what TeX reads as a command; braces by name, since BibTeX counts them even when escaped
TEX = str.maketrans(
    {char: rf"\{char}" for char in "&%$#_"}
    | {"\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
    | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)


def cite(style: Style = "apa") -> str:
    """The citation of the installed version. A claim taken from the data should cite its own source as well."""
    from iraq_coalition_data import __version__

    package = descriptor()
    item = {
        "type": "dataset",
        "id": f"{package['name']}-{__version__}",
        "title": package["title"],
        "author": [{"literal": contributor["title"]} for contributor in package["contributors"]],
        "issued": _date(package["created"][:4]),
        "version": __version__,
    }
    return _written([item], style)


def bibliography(records: "Iterable[str] | pd.DataFrame", style: Style = "apa") -> str:
    """The sources behind records, each once, in the order of their ids, which serve as keys.

    ``records`` are ids of any kind (events, statements, figures, actors …, or sources themselves), or a frame: of a frame all
    numbered records in its columns ``…_id`` (``event_id``, ``response_id``, ``figure_id`` …), else its first column. An event
    stands for its casualty counts too. Sources that contradict a record or give its context are among them.

    Raises KeyError for an id that no record has.
    """
    wanted = _ids(records)
    casualties = load("casualties")
    wanted |= set(casualties.loc[casualties["event_id"].isin(wanted), "casualty_id"])
    citations, sources = load("citations"), load("sources")
    unknown = sorted(wanted - set(citations["record_id"]) - set(sources["source_id"]))
    unknown = [record for record in unknown if not _exists(record)]
    if unknown:
        raise KeyError(f"no record has the id {', '.join(map(repr, unknown[:5]))}")
    cited = wanted | set(citations.loc[citations["record_id"].isin(wanted), "source_id"])
    rows = sources[sources["source_id"].isin(cited)].sort_values("source_id").astype(object)
    return _written([_item(row) for _, row in rows.where(rows.notna(), None).iterrows()], style)


def _ids(records: "Iterable[str] | pd.DataFrame") -> set[str]:
    import pandas as pd

    if isinstance(records, str):
        return {records}
    if not isinstance(records, pd.DataFrame):
        return set(records)
    frame = records.reset_index() if str(records.index.name).endswith("_id") else records
    columns = [frame[name].dropna().astype(str) for name in frame if str(name).endswith("_id")]
    numbered = {record for column in columns for record in column[column.str.fullmatch(NUMBERED)]}
    return numbered or set(frame.iloc[:, 0].dropna().astype(str))


def _exists(record: str) -> bool:
    keys = {table: resource["schema"].get("primaryKey", []) for table, resource in resources().items()}
    return any(len(key) == 1 and (load(table)[key[0]] == record).any() for table, key in keys.items())


def _item(source: "pd.Series[Any]") -> Item:
    """The CSL item of a source: the agency wrote what carries its copy, else the publisher did."""
    item = {
        "type": "article-newspaper" if source["kind"] in NEWS else "webpage",
        "id": source["source_id"],
        "title": source["title"],
        "author": [{"literal": source["wire"] or source["publisher"]}],
        "container-title": source["publisher"] if source["wire"] not in (None, source["publisher"]) else None,
        "publisher": source["publisher"],
        "issued": _date(source["published"]) if source["published"] else None,
        "accessed": _date(f"{source['accessed']:%Y-%m-%d}"),
        "language": source["language"],
        "URL": source["url"],
    }
    return {name: value for name, value in item.items() if value is not None}


def _date(partial: str) -> dict[str, list[list[int]]]:
    return {"date-parts": [[int(part) for part in partial.split("-")]]}


def _parts(item: Item, name: str) -> list[int]:
    return cast("list[int]", item[name]["date-parts"][0]) if name in item else []


def _joined(parts: list[int], separator: str) -> str:
    return separator.join(f"{part:02d}" for part in parts)


def _authors(item: Item, separator: str) -> str:
    return separator.join(author["literal"] for author in item["author"])


def _written(items: list[Item], style: Style) -> str:
    if style == "csl-json":
        return json.dumps(items, indent=1, ensure_ascii=False)
    writers = {"apa": _apa, "bibtex": _bibtex, "ris": _ris}
    if style not in writers:
        raise ValueError(f"style must be one of {', '.join(STYLES)}, not {style!r}")
    return "\n\n".join(writers[style](item) for item in items)


def _apa(item: Item) -> str:
    version = f" (Version {item['version']}) [Data set]" if "version" in item else ""
    title = item["title"] + version
    parts = [f"{_authors(item, ', & ')}.", f"({_apa_date(item)}).", title if title.endswith(("?", "!", ".")) else f"{title}."]
    if "container-title" in item:
        parts.append(f"{item['container-title']}.")
    if "URL" in item:
        year, month, day = _parts(item, "accessed")
        # without a date of its own a page may change: APA then asks for the day it was read
        retrieved = "" if "issued" in item else f"Retrieved {MONTHS[month - 1]} {day}, {year}, from "
        parts.append(retrieved + item["URL"])
    return " ".join(parts)


def _apa_date(item: Item) -> str:
    year, month, day = [*_parts(item, "issued"), 0, 0, 0][:3]
    if not year:
        return "n.d."
    return f"{year}" + (f", {MONTHS[month - 1]}" if month else "") + (f" {day}" if day else "")


def _bibtex(item: Item) -> str:
    issued = _parts(item, "issued")
    values = {
        "author": " and ".join("{" + author["literal"].translate(TEX) + "}" for author in item["author"]),
        "title": "{" + item["title"].translate(TEX) + "}",
        "howpublished": "Data set" if item["type"] == "dataset" else "",
        "organization": item.get("publisher", "").translate(TEX),
        "year": _joined(issued[:1], ""),
        "month": _joined(issued[1:2], ""),
        "day": _joined(issued[2:], ""),
        "version": item.get("version", ""),
        "language": item.get("language", ""),
        # verbatim for the url packages, so only what would end the field is escaped
        "url": item.get("URL", "").replace("{", "%7B").replace("}", "%7D"),
        "urldate": _joined(_parts(item, "accessed"), "-"),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in values.items() if value]
    return "\n".join([f"@misc{{{item['id']},", *lines, "}"])


def _ris(item: Item) -> str:
    issued, accessed = _parts(item, "issued"), _parts(item, "accessed")
    tags = [
        ("TY", RIS_TYPES[item["type"]]),
        ("ID", item["id"]),
        *(("AU", author["literal"]) for author in item["author"]),
        ("TI", item["title"]),
        ("T2", item.get("container-title")),
        ("PB", item.get("publisher")),
        ("PY", _joined(issued[:1], "")),
        ("DA", _joined(issued, "/")),
        ("ET", item.get("version")),
        ("LA", item.get("language")),
        ("UR", item.get("URL")),
        ("Y2", _joined(accessed, "/")),
    ]
    return "\n".join([*(f"{tag}  - {value}" for tag, value in tags if value), "ER  - "])
