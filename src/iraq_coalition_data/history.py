"""What changed between two releases, row by row, and the version step that this asks for."""

import io
import json
import re
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

from iraq_coalition_data import files
from iraq_coalition_data.tables import DESCRIPTOR

Step = Literal["none", "patch", "minor", "major"]
STEPS: tuple[Step, ...] = ("none", "patch", "minor", "major")
Key = tuple[str, ...]


class Added(NamedTuple):
    """A row that is new."""

    table: str
    record: str


class Changed(NamedTuple):
    """A cell of a row that stands in both releases."""

    table: str
    record: str
    column: str
    old: str
    new: str


class Removed(NamedTuple):
    """A row that is gone; ``record`` has an id of its own only where the table has one."""

    table: str
    record: str


class Retired(NamedTuple):
    """An id that was moved to retired_ids."""

    record: str
    replaced_by: str
    reason: str


@dataclass(frozen=True)
class Diff:
    """The differences of two releases; ``step`` is the version step they ask for, ``problems`` what no release may have."""

    old_version: str
    new_version: str
    added: list[Added] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)
    retired: list[Retired] = field(default_factory=list)
    structure: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def step(self) -> Step:
        """Patch for corrections, minor for rows added or gone, major for a table, column or term added or removed."""
        if self.structure:
            return "major"
        if self.added or self.removed or self.retired:
            return "minor"
        return "patch" if self.changed else "none"

    def to_json(self) -> str:
        """Everything as JSON; tuples become lists."""
        return json.dumps({"step": self.step} | asdict(self), indent=1, ensure_ascii=False)

    def to_markdown(self, most: int = 20) -> str:
        """For a changelog: counts by table, and up to ``most`` single changes of each kind."""
        lines = [f"From {self.old_version} to {self.new_version}: asks for a step of kind {self.step}.", ""]
        for title, rows in (("Rows added", self.added), ("Cells changed", self.changed), ("Rows removed", self.removed)):
            if rows:
                tables = dict.fromkeys(row.table for row in rows)
                lines.append(f"- {title}: " + ", ".join(f"{sum(r.table == t for r in rows)} in {t}" for t in tables))
        lines += [f"- Retired {row.record}, see {row.replaced_by or 'nothing'}: {row.reason}" for row in self.retired]
        lines += [f"- {text}" for text in self.structure]
        if self.changed:
            lines += ["", "| table | record | column | old | new |", "|---|---|---|---|---|"]
            lines += ["| " + " | ".join(cell.replace("|", "\\|") or " " for cell in row) + " |" for row in self.changed[:most]]
            if len(self.changed) > most:
                lines += ["", f"and {len(self.changed) - most} more cells"]
        return "\n".join([*lines, ""])


class Release:
    """The descriptor and tables of a package root, wheel, sdist, zip of an export, or git revision."""

    def __init__(self, place: str | Path, repository: Path | None = None) -> None:
        contents = _contents(str(place), repository or Path.cwd())
        names = sorted((name for name in contents if Path(name).name == DESCRIPTOR), key=len)
        if not names:
            raise ValueError(f"{place} holds no {DESCRIPTOR}")
        prefix = names[0].removesuffix(DESCRIPTOR)
        self.package: dict[str, Any] = json.loads(contents[names[0]])
        self.version = str(self.package.get("version", ""))
        self.keys: dict[str, list[str]] = {}
        self.columns: dict[str, list[str]] = {}
        self.rows: dict[str, dict[Key, files.Row]] = {}
        for resource in self.package["resources"]:
            table, schema = resource["name"], resource["schema"]
            path = prefix + resource["path"]
            if path not in contents:
                raise ValueError(f"{place} holds no {resource['path']}")
            header, *rows = files.parse(contents[path])
            self.keys[table] = schema.get("primaryKey") or schema["uniqueKeys"][0]
            self.columns[table] = header
            listed = (dict(zip(header, row, strict=True)) for row in rows)
            self.rows[table] = {tuple(row[column] for column in self.keys[table]): row for row in listed}

    def ids(self) -> set[str]:
        """The ids of all tables of records."""
        return {
            key[0] for table, rows in self.rows.items() if len(self.keys[table]) == 1 and table != "retired_ids" for key in rows
        }

    def retired(self) -> dict[str, files.Row]:
        """The retired ids."""
        return {key[0]: row for key, row in self.rows.get("retired_ids", {}).items()}

    def terms(self) -> set[str]:
        """The terms as ``vocabulary: term``."""
        return {": ".join(key) for key in self.rows.get("terms", {})}


def diff(old: str | Path, new: str | Path, repository: Path | None = None) -> Diff:
    """Compare two releases, each a package root, wheel, sdist, zip of an export, or git revision of ``repository``.

    Rows are matched by the key of their table. Raises ValueError for a place that is none of these.
    """
    before, after = Release(old, repository), Release(new, repository)
    found = Diff(before.version, after.version)
    shared = [table for table in after.rows if table in before.rows]
    for kind, here, there in (("added", after, before), ("removed", before, after)):
        found.structure.extend(f"Table {table} {kind}" for table in here.rows if table not in there.rows)
        found.structure.extend(
            f"Column {table}.{column} {kind}"
            for table in shared
            for column in here.columns[table]
            if column not in there.columns[table]
        )
        found.structure.extend(f"Term {term} {kind}" for term in sorted(here.terms() - there.terms()))
    retired = after.retired()
    found.retired.extend(
        Retired(record, row["replaced_by"], row["reason"]) for record, row in retired.items() if record not in before.retired()
    )
    for table in shared:
        if table != "retired_ids" and before.keys[table] == after.keys[table]:
            _compare(table, before, after, found)
    found.problems.extend(_problems(before, after, found))
    return found


def last_release(repository: Path) -> str | None:
    """The git revision of the last release: the newest tag ``v…``, else the last commit that had another version than now."""
    tags = _git(repository, "tag", "--list", "v*", "--sort=-version:refname", "--merged", "HEAD").split()
    if tags:
        return tags[0]
    version = re.compile(r'^version = "(.+)"$', re.MULTILINE)
    current = version.findall((repository / "pyproject.toml").read_text(encoding="utf-8"))
    for revision in _git(repository, "log", "--format=%H", "--", "pyproject.toml").split():
        if version.findall(_git(repository, "show", f"{revision}:pyproject.toml")) != current:
            # that commit brought the older version; the release is the last commit before the newer one came
            return _last_with_version(repository, revision)
    return None


def _last_with_version(repository: Path, revision: str) -> str:
    newer = _git(repository, "log", "--format=%H", "--reverse", f"{revision}..HEAD", "--", "pyproject.toml").split()
    return f"{newer[0]}^" if newer else revision


def _compare(table: str, before: Release, after: Release, found: Diff) -> None:
    old, new = before.rows[table], after.rows[table]
    retired = after.retired()
    if table != "terms":  # a term that comes or goes is a change of structure
        found.added.extend(Added(table, " ".join(key)) for key in new if key not in old)
        found.removed.extend(Removed(table, " ".join(key)) for key in old if key not in new and key[0] not in retired)
    columns = [column for column in after.columns[table] if column in before.columns[table]]
    for key in old.keys() & new.keys():
        found.changed.extend(
            Changed(table, " ".join(key), column, old[key][column], new[key][column])
            for column in columns
            if old[key][column] != new[key][column]
        )
    found.changed.sort()


def _problems(before: Release, after: Release, found: Diff) -> Iterator[str]:
    ids, retired = after.ids(), after.retired()
    for record in sorted(before.ids() - ids - set(retired)):
        yield f"{record} vanished; retire it: iraq-coalition-data retire {record} --reason ..."
    for record in sorted(set(before.retired()) & ids):
        yield f"{record} was retired and is in use again"
    for record in sorted(set(before.retired()) - set(retired)):
        yield f"{record} vanished from retired_ids"
    numbered = re.compile(r"[A-Z][0-9]{5,7}")
    highest: dict[str, str] = {}
    for record in sorted(before.ids() | set(before.retired()), key=_order):
        if numbered.fullmatch(record):
            highest[record[0]] = record
    for record in sorted(ids - before.ids() - set(before.retired())):
        if numbered.fullmatch(record) and _order(record) < _order(highest.get(record[0], "")):
            yield f"{record} is new but lower than {highest[record[0]]}; ids are given in order and never again"
    taken, asked = step_of(before.version, after.version), found.step
    if STEPS.index(taken) < STEPS.index(needed(before.version, asked)):
        step = needed(before.version, asked)
        yield f"the version went from {before.version} to {after.version}, but the changes ask for a {step} step"


def _order(record: str) -> tuple[int, str]:
    return len(record), record


def needed(version: str, asked: Step) -> Step:
    """The step that a change asks for: before 1.0.0, as semver has it, a minor step stands for a major one."""
    return "minor" if asked == "major" and version.startswith("0.") else asked


def step_of(old: str, new: str) -> Step:
    """The step between two versions ``X.Y.Z``."""
    before, after = ([int(part) for part in version.split(".")] for version in (old, new))
    for step, position in (("major", 0), ("minor", 1), ("patch", 2)):
        if before[position] != after[position]:
            return step if after > before else "none"  # type: ignore[return-value]
    return "none"


def _git(repository: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(repository), *arguments], capture_output=True, check=False)
    if done.returncode:
        raise ValueError(f"git {arguments[0]}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode(errors="replace")


def _contents(place: str, repository: Path) -> dict[str, bytes]:
    """The files of a release by name, read into memory; nothing is unpacked."""
    path = Path(place)
    wanted = re.compile(rf"(?:^|/)(?:{re.escape(DESCRIPTOR)}|data/[a-z_]+\.csv)$")
    if path.is_dir():
        names = [path / DESCRIPTOR, *(path / "data").glob("*.csv")]
        return {str(file.relative_to(path).as_posix()): file.read_bytes() for file in names if file.is_file()}
    if path.is_file() and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist() if wanted.search(name)}
    if path.is_file() and tarfile.is_tarfile(path):
        return _untarred(path.read_bytes(), wanted)
    if path.exists() or place.startswith("-"):
        raise ValueError(f"{place} is no package folder, wheel, sdist, zip or git revision")
    done = subprocess.run(["git", "-C", str(repository), "archive", place, DESCRIPTOR, "data"], capture_output=True, check=False)
    if done.returncode:
        raise ValueError(f"{place} is no package folder, wheel, sdist or zip, and no git revision with {DESCRIPTOR}")
    return _untarred(done.stdout, wanted)


def _untarred(raw: bytes, wanted: re.Pattern[str]) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
        members = [member for member in archive.getmembers() if member.isfile() and wanted.search(member.name)]
        return {member.name: file.read() for member in members if (file := archive.extractfile(member))}
