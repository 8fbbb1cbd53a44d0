"""``add``: nested records from YAML become canonical rows, all of them or none.

A file holds lists under ``sources``, ``actors``, ``locations``, ``episodes``, ``affiliations``, ``events``, ``statements``
and ``figures``. A record's keys are the columns of its table (``location`` for ``location_id``), plus rows that belong to it:
``participants``, ``casualties``, ``links``, ``positions``, ``co_speakers``, ``figures``, ``names``, ``external_ids`` and
``sources``. A ``key`` lets other records of the same call refer to it. CONTRIBUTING.md shows one of each.
"""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from iraq_coalition_data import files, tables
from iraq_coalition_data.files import Row
from iraq_coalition_data.tables import DESCRIPTOR, TABLES, TableName, extra

Record = dict[str, Any]
NESTED = (dict, list)

# in this order, so that what a record refers to is known before it
SECTIONS: tuple[TableName, ...] = (
    "sources",
    "locations",
    "actors",
    "episodes",
    "affiliations",
    "events",
    "statements",
    "figures",
)
LETTERS = {"events": "E", "statements": "S", "figures": "F", "casualties": "C", "affiliations": "T", "sources": "R"}
CHILDREN = {
    "participants": "participants",
    "casualties": "casualties",
    "links": "links",
    "positions": "positions",
    "co_speakers": "statement_speakers",
    "figures": "figures",
    "names": "names",
    "external_ids": "external_ids",
}
DEFAULTS = {
    "events": {"date_precision": "day", "disputed": "none", "landmark": "false"},
    "statements": {"date_precision": "day"},
    "figures": {"date_precision": "day", "attribution": "office"},
    "links": {"basis": "stated"},
}


class CurationError(ValueError):
    """A curation file that cannot be added; the message holds one line per problem, and nothing was written."""


def add(paths: Iterable[str | Path], root: Path | None = None, dry_run: bool = False) -> list[str]:
    """Add the records of YAML files to the data of a checkout; returns one line for each id given and each remark.

    Either everything is added, valid, formatted and described anew, or CurationError is raised and nothing is written.
    """
    root = root or checkout()
    with files.writing(root):
        batch = Batch(root)
        for path in paths:
            batch.read(Path(path))
        batch.resolve()
        if batch.problems:
            raise CurationError("\n".join(batch.problems))
        commit(root, batch.rendered(), dry_run)
    return batch.log


def checkout() -> Path:
    """The repository whose data are in use; an installed copy is not for editing."""
    root = tables.data_root()
    if isinstance(root, Path) and (root / "pyproject.toml").is_file():
        return root
    raise CurationError("the data in use are an installed copy; work in a checkout, installed with: pip install -e '.[validate]'")


def format_data(root: Path | None = None) -> list[str]:
    """Rewrite the CSVs in canonical form, then datapackage.json and the generated pages; returns the names that changed."""
    root = root or checkout()
    with files.writing(root):
        contents = {}
        for table in TABLES:
            name = f"data/{table}.csv"
            header, *rows = files.parse((root / name).read_bytes().removeprefix(b"\xef\xbb\xbf"))
            contents[name] = files.render(header, rows)
        return files.replace(root, contents | _derived(root, contents))


def commit(root: Path, contents: dict[str, bytes], dry_run: bool = False) -> None:
    """Validate a checkout as it would be with new contents, and write them only if nothing is found."""
    from iraq_coalition_data.validation import judge

    contents = contents | _derived(root, contents)
    report = judge(files.reader(root, contents))
    if not report.ok:
        raise CurationError(str(report))
    if not dry_run:
        files.replace(root, contents)


def _derived(root: Path, contents: dict[str, bytes]) -> dict[str, bytes]:
    """The files that follow from the tables, as they are with new contents."""
    from iraq_coalition_data import codebook, descriptor

    package = descriptor.build(root, contents)
    terms = files.rows(contents["data/terms.csv"])
    pages = {"docs/codebook.md": codebook.page(package, terms), "docs/rules.md": codebook.rules_page()}
    return {name: text.encode("utf-8") for name, text in pages.items()} | {DESCRIPTOR: descriptor.render(package)}


class Batch:
    """The tables of a checkout with the records of some files added."""

    def __init__(self, root: Path) -> None:
        self.header = {table: [field["name"] for field in tables.fields(table)] for table in TABLES}
        self.rows = {table: files.read_rows(root / "data" / f"{table}.csv") for table in TABLES}
        self.problems: list[str] = []
        self.log: list[str] = []
        self.pending: list[tuple[str, TableName, Record]] = []
        self.keys: dict[str, str] = {}
        self.category = {row["term"]: row["parent"] for row in self.rows["terms"] if row["vocabulary"] == "event_kind"}
        self.known: dict[str, dict[str, Row]] = {
            table: {row[self.header[table][0]]: row for row in self.rows[table]}
            for table in (*SECTIONS, "casualties")  # tables whose first column is an id
        }
        self.next_number: dict[str, int] = {}
        for table, letter in LETTERS.items():
            used = [*self.known[table], *(r["retired_id"] for r in self.rows["retired_ids"] if r["retired_id"][0] == letter)]
            self.next_number[table] = 1 + max((int(record[1:]) for record in used), default=0)
        from iraq_coalition_data.rules import canonical_url

        self.canonical_url = canonical_url
        self.pages = {canonical_url(row["url"]): row["source_id"] for row in self.rows["sources"]}
        self.cited = {tuple(row.values()) for row in self.rows["citations"]}
        self.spellings = self._spellings()

    def _spellings(self) -> dict[str, dict[str, set[str]]]:
        from iraq_coalition_data.names import normal

        index: dict[str, dict[str, set[str]]] = {"actors": defaultdict(set), "locations": defaultdict(set)}
        for table, spellings in index.items():
            for record, row in self.known[table].items():
                spellings[normal(row["name"])].add(record)
        for row in self.rows["names"]:
            for table, spellings in index.items():
                if row["record_id"] in self.known[table]:
                    spellings[normal(row["name"])].add(row["record_id"])
        return index

    # --- reading: every record gets its id -------------------------------------------------------------------------

    def read(self, path: Path) -> None:
        """Take the records of a file in; their references are resolved later, by ``resolve``."""
        yaml = extra("yaml", "validate")
        try:
            # BaseLoader leaves every scalar the text it is: no dates, booleans or numbers guessed
            content = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            self.problems.append(f"{path}: cannot be read: {' '.join(str(error).split())}")
            return
        if not isinstance(content, dict):
            self.problems.append(f"{path}: must hold lists under {', '.join(SECTIONS)}")
            return
        self.accessed = content.pop("accessed", "")
        for section in content:
            if section not in SECTIONS:
                self.problems.append(f"{path}: unknown section {section!r}; there are: accessed, {', '.join(SECTIONS)}")
        for section in SECTIONS:
            records = content.get(section) or []
            if not isinstance(records, list):
                self.problems.append(f"{path}: {section} must be a list")
                continue
            for number, record in enumerate(records, start=1):
                where = f"{path}: {section}[{number}]"
                if not isinstance(record, dict):
                    self.problems.append(f"{where}: must be a mapping, not {record!r}")
                elif nested := [
                    name for name in ("key", "id", self.header[section][0], "url") if isinstance(record.get(name), NESTED)
                ]:
                    self.problems.append(f"{where}: {nested[0]} must be one value, not {record[nested[0]]!r}")
                else:
                    self._identify(where, section, record)

    def _identify(self, where: str, table: TableName, record: Record) -> None:
        record = dict(record)
        id_column = self.header[table][0]
        key = record.pop("key", "")
        given = record.pop("id", record.pop(id_column, ""))
        if table == "sources":
            record.setdefault("accessed", self.accessed)
            given = given or self.pages.get(self.canonical_url(str(record.get("url", ""))), "")
        if given and given in self.known[table]:
            record_id = str(given)
        elif given and table not in LETTERS:
            record_id = str(given)
            self.known[table][record_id] = {}
        elif given:
            self.problems.append(f"{where}: there is no {given}; leave the id out of a new record")
            return
        elif table in LETTERS:
            record_id = self._allocate(table)
        else:
            self.problems.append(f"{where}: needs an id")
            return
        if table == "sources":
            self.pages[self.canonical_url(str(record.get("url", "")))] = record_id
        for name in filter(None, (key, where)):
            if self.keys.setdefault(name, record_id) != record_id:
                self.problems.append(f"{where}: the key {name!r} is used twice")
        self.pending.append((where, table, {id_column: record_id} | record))

    def _allocate(self, table: str) -> str:
        number = self.next_number[table]
        self.next_number[table] += 1
        record_id = f"{LETTERS[table]}{number:05d}"
        self.known[table][record_id] = {}
        return record_id

    # --- resolving: every record becomes rows ----------------------------------------------------------------------

    def resolve(self) -> None:
        """Turn what was read into rows."""
        for where, table, record in self.pending:
            record_id = record[self.header[table][0]]
            children = {name: record.pop(name) for name in (*CHILDREN, "sources") if name in record and name != table}
            self._put(where, table, record)
            for name, rows in children.items():
                if name != "sources":
                    self._belonging(where, record_id, name, rows, children.get("sources", []))
            self._cite(where, record_id, children.get("sources", []))

    def _put(self, where: str, table: TableName, record: Record) -> str:
        """Add one row, or check it against the row that already has its id; returns the id."""
        row = self._row(where, table, record)
        record_id = row[self.header[table][0]]
        known = self.known.get(table, {}).get(record_id)
        if known:
            for column, value in row.items():
                if value and value != known[column] and column != "accessed":
                    problem = f"{where}: {record_id} is known with {column} {known[column]!r}, not {value!r}"
                    # a page described in other words is still that page; anything else must be settled by hand
                    (self.log if table == "sources" else self.problems).append(problem)
        else:
            for column, value in self._defaults(table, row).items():
                row[column] = row[column] or value
            self.rows[table].append(row)
            if table in self.known:
                self.known[table][record_id] = row
                self.log.append(
                    f"{record_id} {row.get('title') or row.get('name') or row.get('summary') or row.get('measure') or ''}"
                )
        return record_id

    def _defaults(self, table: TableName, row: Row) -> Row:
        defaults = dict(DEFAULTS.get(table, {}))
        if table == "events":
            defaults |= {"end_date": row["start_date"], "category": self.category.get(row["kind"], "")}
        if table == "figures":
            defaults |= {"start_date": row["end_date"], "end_date": row["start_date"]}
        return defaults

    def _row(self, where: str, table: TableName, record: Record) -> Row:
        row = dict.fromkeys(self.header[table], "")
        for name, value in record.items():
            column = name if name in row else f"{name}_id"
            if column not in row:
                allowed = ", ".join(column.removesuffix("_id") for column in row)
                self.problems.append(f"{where}: {table} have no {name!r}; there are: {allowed}")
            elif not isinstance(value, str):
                self.problems.append(f"{where}: {name} must be one value, not {value!r}")
            elif value:
                row[column] = self._reference(where, table, column, value)
        return row

    def _reference(self, where: str, table: TableName, column: str, value: str) -> str:
        targets = next(field.get("references", []) for field in tables.fields(table) if field["name"] == column)
        if not targets or any(value in self.known[target] for target in targets):
            return value
        if value in self.keys:
            return self.keys[value]
        found = set().union(*(self._by_name(target, value) for target in targets))
        if len(found) == 1:
            return str(found.pop())
        hint = f"; it may be any of {', '.join(sorted(found))}" if found else ""
        self.problems.append(f"{where}: {column}: nothing in {' or '.join(targets)} is called {value!r}{hint}")
        return value

    def _by_name(self, table: str, value: str) -> set[str]:
        from iraq_coalition_data.names import normal

        if table == "sources":
            return {self.pages[page] for page in (self.canonical_url(value),) if page in self.pages}
        return self.spellings.get(table, {}).get(normal(value), set())

    def _belonging(self, where: str, record_id: str, name: str, given: Any, sources: Any) -> None:
        """Add the rows that belong to a record. Participants come as {role: actor or list of actors}."""
        table: TableName = CHILDREN[name]  # type: ignore[assignment]
        if name == "participants" and isinstance(given, dict):
            pairs = [
                (role, actor) for role, actors in given.items() for actor in (actors if isinstance(actors, list) else [actors])
            ]
            given = [{"role": role, "actor_id": actor} for role, actor in pairs]
        if not isinstance(given, list):
            self.problems.append(f"{where}: {name} must be a list")
            return
        for number, child in enumerate(given, start=1):
            place = f"{where}.{name}[{number}]"
            if not isinstance(child, dict):
                self.problems.append(f"{place}: must be a mapping, not {child!r}")
                continue
            row = dict(child)
            cited = row.pop("sources", [])
            if table == "links" and "to" in row:
                row["related_id"] = row.pop("to")
            if table in LETTERS:
                row[self.header[table][0]] = self._allocate(table)
                cited = cited or (sources if table == "figures" else [])
            if table != "figures":
                row[next(c for c in self.header[table] if c in ("record_id", "event_id", "statement_id"))] = record_id
            child_id = self._put(place, table, row)
            if cited:
                self._cite(place, child_id, cited)

    def _cite(self, where: str, record_id: str, given: Any) -> None:
        if not isinstance(given, list):
            self.problems.append(f"{where}: sources must be a list")
            return
        for entry in given:
            citation = {"source": entry} if isinstance(entry, str) else dict(entry) if isinstance(entry, dict) else {}
            fields = citation.pop("fields", [citation.pop("field", "")])
            if "source" not in citation and "url" in citation:
                citation["source"] = citation.pop("url")
            for field in fields if isinstance(fields, list) else [fields]:
                row = self._row(f"{where}.sources", "citations", {"record_id": record_id, "field": field} | citation)
                row["relation"] = row["relation"] or "supports"
                if tuple(row.values()) not in self.cited:
                    self.cited.add(tuple(row.values()))
                    self.rows["citations"].append(row)

    def rendered(self) -> dict[str, bytes]:
        """The canonical bytes of every table."""
        return {f"data/{table}.csv": files.render_rows(header, self.rows[table]) for table, header in self.header.items()}
