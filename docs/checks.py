"""The data held against second codings, cited pages and the counts of others; ``fill.py`` writes it into the documents."""

import re
from functools import cache
from typing import Any

import agreement
import pandas as pd
from counts import made, markdown, percent, slice_of

import iraq_coalition_data as icd
from iraq_coalition_data import views

OFFICIAL = ("government_body", "armed_force", "multinational_command", "security_service")
CAMPAIGN = pd.Timestamp("2023-10-17"), pd.Timestamp("2024-02-10")
AIMED_AT = 0.8  # alpha that a field is asked to reach, and what is asked of some
AIMED_HIGHER = dict.fromkeys(("start_date", "kind", "location_id"), 0.9)


@cache
def report() -> str:
    """The page docs/reliability.md; drawing its intervals takes seconds."""
    return agreement.report()


@cache
def compared() -> Any:
    """The tables of docs/reliability.md as one: slice, sample, of, field, n, agree, alpha, interval; of the audit field and n."""
    out, place = [], {"slice": "", "sample": "", "of": ""}
    for line in report().splitlines():
        if found := re.match(r"## Slice (\w), (?:sample )?(\w+)", line):
            place = {"slice": found[1], "sample": found[2], "of": "Events"}
        elif line.startswith("### "):
            place["of"] = line[4:]
        elif place["slice"] and re.match(r"\| (?!field|judgement|-)", line):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if place["sample"] == "pooled":
                cells.pop(1)  # the samples pooled
            out.append(place | dict(zip(("field", "n", "agree", "alpha", "interval"), cells, strict=False)))
        elif found := re.match(r"(\d+) citations .* (\d+) found", line):
            out += [place | {"field": field, "n": n} for field, n in (("looked for", found[1]), ("found", found[2]))]
    return pd.DataFrame(out).astype({"n": int})


def latest(of: str) -> Any:
    """Of each slice the pooled samples where there are any, and the last sample that is a fair draw."""
    held = compared()
    balanced = {(part, str(number)) for part, number in agreement.BALANCED}
    fair = [key not in balanced for key in zip(held["slice"], held["sample"], strict=True)]
    held = held[fair]
    held = held[held["of"] == of]
    last = held[held["sample"] != "pooled"].groupby("slice")["sample"].transform("max").reindex(held.index)
    return held[(held["sample"] == "pooled") | (held["sample"] == last)]


@made
def reliability(of: str) -> str:
    """Alpha, its interval and the share of equal codes per field, a column for each slice."""
    held = latest(of)
    held = held.assign(
        cell=held["alpha"] + " (" + held["interval"] + "); " + held["agree"], column=held["slice"] + ", " + held["sample"]
    )
    wide = held.pivot_table(index="field", columns="column", values="cell", aggfunc="first", sort=False).fillna("–")
    size = held.groupby("column")["n"].max()
    wide = wide[sorted(wide)]
    named = [f"{c.replace(', ', ', sample ') if c[-1].isdigit() else c}, n = {size[c]}" for c in wide]
    return markdown("|".join(["field", *named]), wide.itertuples())


@made
def weak() -> str:
    """The fields that fall short of the alpha asked for, by slice, in words."""
    held = pd.concat([latest("Events"), latest("Statements")])
    held = held.sort_values(["slice", "sample"]).drop_duplicates(["slice", "of", "field"], keep="last")
    aimed = held["field"].map(AIMED_HIGHER).fillna(AIMED_AT)
    short = held[held["alpha"].astype(float) < aimed].groupby("slice", sort=True)
    return (
        "; ".join(f"{key}: " + ", ".join(f"{r.field} ({r.alpha})" for r in group.itertuples()) for key, group in short) or "none"
    )


@made
def citation_audit() -> str:
    """Citations that were opened again, by slice and sample."""
    counts = compared().query("of == 'Citation audit'").pivot_table(index=["slice", "sample"], columns="field", values="n")
    counts.loc[("all", ""), :] = counts.sum()
    order = ["looked for", "found", "supports", "partly", "does not support"]
    shown = [(*key, *(int(n) for n in row), percent(row["supports"], row["found"])) for key, row in counts[order].iterrows()]
    return markdown("|".join(["slice", "sample", *order, "supports, of those found"]), shown)


@cache
def against() -> Any:
    """Counts of attacks by others against the data, with slice and whether an authority counted."""
    counts = views.attacks_against_counts().dropna(subset="share")
    counts["slice"] = counts["start_date"].map(slice_of)
    counts["official"] = counts["reporter_id"].map(icd.load("actors").set_index("actor_id")["kind"].astype(str)).isin(OFFICIAL)
    counts["counted"] = counts["best"].fillna(counts["low"])
    return counts


@made
def official_counts() -> str:
    """The events of the data over the counts of others, by slice in which the count begins."""
    out = []
    for (key, official), g in against().groupby(["slice", "official"]):
        within = percent(g["share"].between(0.9, 1.1).sum(), len(g))
        numbers = [f"{g['share'].quantile(q):.2f}" for q in (0, 0.25, 0.5, 0.75, 1)]
        out.append((key, "authorities" if official else "media, monitors, others", len(g), *numbers, within))
    return markdown("slice|counted by|counts|least|quarter|median|three quarters|most|within a tenth of 1", out)


@made
def counts_short(top: str) -> str:
    """The counts of ten or more of which the data hold the least."""
    short = against().query("counted >= 10").sort_values(["share", "figure_id"]).head(int(top)).fillna({"place": "anywhere"})
    dated = [(r, f"{r.start_date:%Y-%m-%d} to {r.end_date:%Y-%m-%d}") for r in short.itertuples()]
    out = [
        (r.figure_id, when, r.actor, r.place, r.reporter, int(r.counted), int(r.events), f"{r.share:.2f}") for r, when in dated
    ]
    return markdown("figure|time|attacks on|where|counted by|count|events|share", out)


@made
def fortnights() -> str:
    """Attacks of the campaign of 2023 and 2024 by fortnight and country beside the Pentagon's running count."""
    first, last = CAMPAIGN
    aimed = (
        icd.load("participants").query("role == 'target'").merge(icd.load("actors").query("bloc == 'coalition'"), on="actor_id")
    )
    attacks = icd.chronology().query("category == 'attack' and confirmation != 'discounted' and start_date >= @first")
    attacks = attacks[attacks["event_id"].isin(aimed["event_id"])]
    counts = views.attacks_against_counts()
    counts = counts.query("reporter_id == 'us-department-of-defense' and start_date == @first").sort_values(["end_date", "low"])
    signs = {"at_least": "≥ ", "more_than": "> ", "about": "about "}
    out = []
    for country, name in (("IRQ", "Iraq"), ("SYR", "Syria"), ("JOR", "Jordan")):
        said, there = counts[counts["place"] == name], attacks[attacks["country"] == country]
        before, held, as_of = 0, 0, first
        for start in pd.date_range(first, last, freq="14D"):
            end = min(start + pd.Timedelta(days=13), last)
            now = there[there["start_date"].between(start, end)]
            claimed = int((now["confirmation"] == "claimed_only").sum())
            cells: tuple[object, ...] = ("none", "", "", "")
            if len(known := said[said["end_date"] <= end]):
                row: Any = known.iloc[-1]
                number = int(row["best"] if pd.notna(row["best"]) else row["low"])
                count = f"{signs.get(row['qualifier'], '')}{number} ({row['end_date'].day} {row['end_date']:%b})"
                to_date = int((there["start_date"] <= row["end_date"]).sum())
                new = row["end_date"] > as_of
                cells = (count, to_date, *((f"+{number - before}", f"+{to_date - held}") if new else ("no new count", "")))
                before, held, as_of = number, to_date, row["end_date"]
            out.append((name, f"{start.day} {start:%b} – {end.day} {end:%b %Y}", len(now) - claimed, claimed, *cells))
    theirs = "Pentagon since 17 Oct (as of)|data to that day|Pentagon, growth|data, growth between the same days"
    return markdown(f"country|fortnight|confirmed or reported|claimed only|{theirs}", out)
