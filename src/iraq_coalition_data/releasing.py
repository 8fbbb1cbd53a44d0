"""``release``: what must hold before a version is given out, and the files that are given out. Nothing is published from here."""

import hashlib
import io
import re
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

from iraq_coalition_data import files
from iraq_coalition_data.history import Diff, diff, last_release

CHANGELOG = "CHANGELOG.md"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date a zip can hold, so that equal contents are equal bytes


def problems(root: Path, tests: bool = True) -> list[str]:
    """What stands in the way of a release: one line each, none if nothing does.

    Looks at the work tree, the four places that name the version, the data, the step since the last release, and, unless told
    otherwise, the tests.
    """
    from iraq_coalition_data.validation import validate

    found = []
    if changed := _git(root, "status", "--porcelain"):
        found.append(f"the work tree is not clean: {', '.join(line[3:] for line in changed.splitlines()[:5])}")
    versions = stated_versions(root)
    if len(set(versions.values())) > 1:
        found.append("versions differ: " + ", ".join(f"{name} has {version}" for name, version in versions.items()))
    report = validate(root)
    if not report.ok:
        found.append(f"the data are not valid: {len(report.findings)} findings; run: iraq-coalition-data validate .")
    if (change := since_last_release(root)) is not None:
        found += change.problems
    if tests and subprocess.run([sys.executable, "-m", "pytest", "-q"], cwd=root, check=False).returncode:
        found.append("the tests fail")
    return found


def stated_versions(root: Path) -> dict[str, str]:
    """The version as each file that names it has it."""
    from iraq_coalition_data.history import Release

    citation = re.search(r"^version: (.+)$", (root / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)
    heading = re.search(r"^## (\S+)", (root / CHANGELOG).read_text(encoding="utf-8"), re.MULTILINE)
    return {
        "pyproject.toml": tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"],
        "CITATION.cff": citation[1] if citation else "none",
        "datapackage.json": Release(root).version,
        CHANGELOG: heading[1] if heading else "none",
    }


def since_last_release(root: Path) -> Diff | None:
    """The differences from the last release to this checkout; None before the first."""
    released = last_release(root)
    return None if released is None else diff(released, root, root)


def changelog(root: Path) -> str:
    """The changelog with the counts of the differences under "Data" of its top entry, where they are not there yet."""
    text = (root / CHANGELOG).read_text(encoding="utf-8")
    change = since_last_release(root)
    if change is None:
        return text
    counts = [line for line in change.to_markdown(most=0).splitlines() if line.startswith("- ")]
    before, heading, after = text.partition("### Data\n")
    if not heading or not counts or counts[0] in after.split("\n## ")[0]:
        return text
    first, rest = after.split("\n### ", 1) if "\n### " in after.split("\n## ")[0] else after.split("\n## ", 1)
    mark = after[len(first) : len(after) - len(rest)]
    return f"{before}{heading}{first.rstrip()}\n\n" + "\n".join(counts) + f"\n{mark}{rest}"


def artifacts(root: Path) -> dict[str, bytes]:
    """The sdist, the wheel, the export and SHA256SUMS by file name; ValueError if two builds differ."""
    one, other = _built(root), _built(root)
    for name, raw in one.items():
        if other.get(name) != raw:
            raise ValueError(f"{name} came out differently in two builds")
    version = stated_versions(root)["pyproject.toml"]
    one[f"iraq-coalition-data-{version}.zip"] = _zipped()
    sums = "".join(f"{hashlib.sha256(raw).hexdigest()}  {name}\n" for name, raw in sorted(one.items()))
    return one | {"SHA256SUMS": sums.encode()}


def _built(root: Path) -> dict[str, bytes]:
    """Sdist and wheel, made by hatchling, which stamps all with one date unless told otherwise."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, str(root)]
        subprocess.run(command, check=True, capture_output=True)
        return {file.name: file.read_bytes() for file in Path(folder).iterdir()}


def _zipped() -> bytes:
    from iraq_coalition_data.exporting import render

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in sorted(render("csv").items()):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), raw, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def write(root: Path) -> list[str]:
    """Write the changelog and dist/; returns the names of the files written."""
    with files.writing(root):
        changed = files.replace(root, {CHANGELOG: changelog(root).encode()})
        return changed + files.replace(root, {f"dist/{name}": raw for name, raw in artifacts(root).items()})


def _git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, check=True, text=True).stdout
