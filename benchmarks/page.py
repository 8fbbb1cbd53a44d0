"""docs/performance.md, a part of which each of these commands writes."""

import platform
from importlib.metadata import version
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
PAGE = REPOSITORY / "docs" / "performance.md"
PARTS = {
    "speed": "Speed and memory",
    "growth": "Growth",
    "faults": "Planted faults",
    "kills": "Kills",
}


def write(part: str, text: str) -> None:
    """Print one part of the page and put it in its place there."""
    print(text)
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    found = {name: page.split(f"<!-- {name} -->\n")[1] for name in PARTS if f"<!-- {name} -->\n" in page}
    found[part] = f"## {PARTS[part]}\n\n{text.strip()}\n\n"
    lines = (
        "# Performance\n\nMeasured by the commands in benchmarks/ on the data of this version; each part names its command.\n\n"
    )
    lines += "".join(f"<!-- {name} -->\n{found[name]}<!-- {name} -->\n" for name in PARTS if name in found)
    PAGE.write_text(lines, encoding="utf-8", newline="\n")


def setting() -> str:
    """On what it was measured."""
    names = ("pandas", "frictionless", "numpy")
    given = ", ".join(f"{name} {version(name)}" for name in names)
    return f"Python {platform.python_version()}, {given}, {platform.system()} {platform.machine()}"


def table(header: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
