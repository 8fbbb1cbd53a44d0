"""The first coding of drawn records, as it stands in the data: ``python reliability/first.py ID ...`` prints CSV.

Run it when the sample is drawn, before anything is corrected. Columns as in events.csv and statements.csv.
"""

import csv
import sys

import pandas as pd

import iraq_coalition_data as icd


def joined(values: "pd.Series[str]") -> str:
    """Values in alphabetical order in one cell."""
    return "; ".join(sorted(set(values)))


def event(record: str) -> dict[str, str]:
    """The compared fields of an event."""
    row = icd.load("events").set_index("event_id").loc[record]
    parts = icd.load("participants").query("event_id == @record")
    counted = icd.load("casualties").query("event_id == @record")
    best = counted["best"].fillna(counted["low"])
    acting = parts["role"].isin(ACTING)
    hurt = {name: best[counted["harm"].isin(harms)] for name, harms in HARMS.items()}
    return {
        "start_date": f"{row['start_date']:%Y-%m-%d}",
        "kind": row["kind"],
        "location_id": "" if pd.isna(row["location_id"]) else row["location_id"],
        "initiators": joined(parts.loc[acting, "actor_id"]),
        "claimants": joined(parts.loc[parts["role"] == "claimant", "actor_id"]),
        "targets": joined(parts.loc[parts["role"] == "target", "actor_id"]),
        **{name: "" if values.empty else str(values.sum()) for name, values in hurt.items()},
        "confirmation": row["confirmation"],
        "disputed": row["disputed"],
        "landmark": str(row["landmark"]).lower(),
    }


def statement(record: str) -> dict[str, str]:
    """The compared fields of a statement."""
    row = icd.load("statements").set_index("statement_id").loc[record]
    taken = icd.load("positions").query("statement_id == @record")
    positions = taken["issue"].astype(str) + ":" + taken["stance"].astype(str)
    return {
        "date": f"{row['date']:%Y-%m-%d}",
        "speaker_id": row["speaker_id"],
        "act": row["act"],
        "positions": joined(positions),
    }


# who acts is a voter in a vote and a giver in a handover; the first samples compared without these two
ACTING = ["initiator", "suspected_initiator", "voter", "giver"]
HARMS = {"killed": ["killed"], "wounded": ["wounded", "traumatic_brain_injury"]}


def main() -> None:
    """Print the codes of the records named."""
    for letter, code in (("E", event), ("S", statement)):
        rows = [{"record_id": record, **code(record)} for record in sys.argv[1:] if record[0] == letter]
        if rows:
            writer = csv.DictWriter(sys.stdout, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    main()
