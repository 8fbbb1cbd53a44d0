"""Fill the numbers, tables and pictures into the documents: ``python docs/fill.py``. The same data give the same bytes.

``<!-- n: NAME ARGUMENTS -->value<!-- /n -->`` holds a number, ``<!-- numbers: NAME ARGUMENTS -->`` to ``<!-- /numbers -->`` a
table. NAME is a function marked ``made`` in counts.py or checks.py, or ``output``: what the lines of Python above print.
docs/reliability.md is written with them, and so are the pictures. ``--check`` writes nothing, names what has drifted, exits 1.
"""

import contextlib
import inspect
import io
import re
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "reliability")]
import matplotlib as mpl  # noqa: E402
import pandas as pd  # noqa: E402
from checks import AIMED_AT, AIMED_HIGHER, latest, report  # noqa: E402
from counts import CONFIRMED, MADE, frame, months  # noqa: E402

mpl.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

DOCUMENTS = ("data-descriptor", "datasheet", "coverage", "methods")
PART = re.compile(
    r"```python\n(?P<code>.*?)```"
    r"|(?P<open><!-- (?P<kind>n|numbers): (?P<call>[^>]+?) -->)(?P<held>.*?)(?P<close><!-- /(?P=kind) -->)",
    re.DOTALL,
)
AT_START = re.compile(r"^\s*(?:(?:[-*>]|\d+\.)\s+)?<!-- n:.*", re.MULTILINE)
DPI = 180
INK, FAINT = "#333333", "#DDDDDD"
COLOURS = {"C": "#0072B2", "D": "#D55E00", "E": "#009E73", "B": "#7A1F5C", "A": "#555555"}


def filled(text: str) -> tuple[str, list[str]]:
    """A document with its numbers as the data have them now, and the calls of those that stood otherwise."""
    if found := AT_START.search(text):
        raise ValueError(f"a number may not start a line, as Markdown would end the paragraph there: {found[0].strip()}")
    if text.count("<!-- /n") != len(re.findall(r"<!-- n(?:umbers)?: ", text)):
        raise ValueError("as many numbers are opened as closed, but not here")
    changed: list[str] = []
    names: dict[str, Any] = {}
    printed = io.StringIO()

    def fill(part: re.Match[str]) -> str:
        if part["code"]:
            if "numbers: output" in text:
                with contextlib.redirect_stdout(printed):
                    exec(part["code"], names)  # noqa: S102 the documents of this repository
            return part[0]
        name, *arguments = part["call"].split()
        if name != "output" and name not in MADE:
            raise ValueError(f"no number {name!r}; there are: {', '.join(sorted(MADE))}")
        if name == "output":
            lines = [line.rstrip() for line in printed.getvalue().splitlines()]
            made: object = "\n".join(["```text", *lines, "```"])
            printed.truncate(printed.seek(0))
        else:
            made = MADE[name](*arguments)
        new = f"{made:,}" if isinstance(made, int) else str(made)
        if part["kind"] == "numbers":
            new = f"\n{new}\n"
        if new != part["held"]:
            changed.append(part["call"])
        return part["open"] + new + part["close"]

    return PART.sub(fill, text), changed


def by_month() -> tuple[pd.DataFrame, Any]:
    """Events by month, known and claimed apart, over the pages that were published in it; the numbers, and the figure."""
    events = frame("events")
    dated = events[~events["date_precision"].isin(["quarter", "year"])]
    numbers = pd.DataFrame(
        {
            "known": dated[dated["confirmation"].isin(CONFIRMED)].groupby("month").size(),
            "claimed": dated[dated["confirmation"] == "claimed_only"].groupby("month").size(),
        },
        index=months(),
    )
    published = frame("sources")["published"].str.extract(r"^(\d{4}-\d\d)")[0].value_counts()
    numbers["pages"] = published.reindex(months().astype(str)).to_numpy()
    numbers = numbers.fillna(0).astype(int)
    figure, (top, low) = plt.subplots(2, 1, figsize=(7.1, 4.4), sharex=True, height_ratios=[3, 1], layout="constrained")
    x = [month.year + (month.month - 0.5) / 12 for month in numbers.index]
    for place, count in zip(x, numbers["known"] + numbers["claimed"], strict=True):
        if not count:
            top.axvspan(place - 1 / 24, place + 1 / 24, color=FAINT, lw=0)
    top.bar(x, numbers["known"], 1 / 13, color=INK, label="confirmed or reported")
    top.bar(
        x, (-numbers["claimed"]).replace(0, float("nan")), 1 / 13, fc="white", ec=INK, lw=0.6, label="only claimed (downwards)"
    )
    top.fill_between([], [], color=FAINT, label="no event in the data, which is not peace")
    top.axhline(0, color=INK, lw=0.5)
    top.set_ylabel("events begun in the month")
    top.yaxis.set_major_formatter(lambda value, _: f"{abs(value):.0f}")
    top.legend(frameon=False, fontsize=8, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3)
    low.bar(x, numbers["pages"], 1 / 13, color="#0072B2")
    low.set_ylabel("cited pages\npublished")
    low.set_xlim(x[0] - 0.1, x[-1] + 0.1)
    low.set_xticks(range(months()[0].year + 1, months()[-1].year + 1, 2))
    return numbers, figure


def by_field() -> tuple[pd.DataFrame, Any]:
    """Alpha of the fields of events with its interval, by slice; the numbers, and the figure."""
    held = latest("Events").drop_duplicates(["slice", "field"], keep="last")[["slice", "field", "alpha", "interval"]]
    fields = list(dict.fromkeys(held["field"]))
    groups = list(held.groupby("slice"))
    figure, axes = plt.subplots(figsize=(7.1, 5.8), layout="constrained")
    for number, (key, group) in enumerate(groups):
        y = [fields.index(field) + (number - (len(groups) - 1) / 2) * 0.16 for field in group["field"]]
        low, high = (group["interval"].str.split(" to ").str[n].astype(float) for n in (0, 1))
        colour = COLOURS[str(key)]
        axes.hlines(y, low, high, color=colour, lw=1.4)
        axes.plot(group["alpha"].astype(float), y, "osD^v"[number], color=colour, ms=4.5, ls="none", label=f"slice {key}")
    for place, field in enumerate(fields):
        aim = AIMED_HIGHER.get(field, AIMED_AT)
        axes.vlines(aim, place - 0.5, place + 0.5, color=INK, lw=0.9, ls="--", label="" if place else "aimed at")
    axes.set_yticks(range(len(fields)), fields)
    axes.set_ylim(len(fields) - 0.5, -0.55)
    axes.set_xlim(-0.12, 1.03)
    axes.set_xlabel("Krippendorff's alpha of two machine codings, 95 % interval")
    axes.legend(frameon=False, fontsize=8, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3)
    return held, figure


PICTURES = {"gallery/events-by-month.png": by_month, "gallery/reliability.png": by_field}


def update(root: Path = HERE, *, write: bool = True) -> list[str]:
    """Bring documents and pictures below a folder up to date, or only look; returns what had drifted, with its place."""
    drifted = []
    for path in (root / f"{name}.md" for name in DOCUMENTS):
        try:
            text, changed = filled(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise ValueError(f"{path.name}: {error}") from error
        drifted += [f"{path.name}: {call}" for call in changed]
        if write and changed:
            path.write_text(text, encoding="utf-8")
    if (root / "reliability.md").read_text(encoding="utf-8") != (reliability := report()):
        drifted.append("reliability.md")
        if write:
            (root / "reliability.md").write_text(reliability, encoding="utf-8")
    for name, draw in PICTURES.items():
        numbers, figure = draw()
        # bytes differ between versions of matplotlib: the numbers drawn, and how, are what must not drift
        digest = sha256((numbers.to_csv() + inspect.getsource(draw)).encode()).hexdigest()
        if not (path := root / name).is_file() or digest.encode() not in path.read_bytes():
            drifted.append(name)
            if write:
                figure.savefig(path, dpi=DPI, metadata={"Software": None, "Description": digest})
        plt.close(figure)
    return drifted


def main(arguments: list[str]) -> int:
    """Run the command."""
    check = arguments == ["--check"]
    try:
        drifted = update(write=not check)
    except (OSError, ValueError) as error:
        print(f"fill.py: {error}", file=sys.stderr)
        return 2
    for what in drifted:
        print(f"{'drifted' if check else 'written'}: {what}")
    return int(check and bool(drifted))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
