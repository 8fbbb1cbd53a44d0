"""Draw what is coded a second time: ``python reliability/sample.py SLICE SEED [--events N] [--statements N] [--citations N]``.

``--balance COLUMN`` draws half of the events from those that do not have the commonest value of a column which hardly varies.

Prints JSON: for each drawn event or statement its id, its title or summary (so that the unit can be found in a page that reports
several) and its pages; for the audit, citations with what they are said to support. The codes themselves are left out.
"""

import argparse
import json
from random import Random

import iraq_coalition_data as icd

SLICES = {
    "A": ("2003-01-01", "2014-05-31"),
    "B": ("2014-06-01", "2019-11-30"),
    "C": ("2019-12-01", "2023-09-30"),
    "D": ("2023-10-01", "2024-02-29"),
    "E": ("2024-03-01", "2099-12-31"),
}


def main() -> None:
    """Draw and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("slice", choices=SLICES)
    parser.add_argument("seed", type=int)
    parser.add_argument("--events", type=int, default=30)
    parser.add_argument("--statements", type=int, default=30)
    parser.add_argument("--citations", type=int, default=40)
    parser.add_argument("--after", default="", help="leave out records up to this date (a slice that landed in parts)")
    parser.add_argument("--balance", default="", help="column of events of which half the units shall have a rare value")
    options = parser.parse_args()
    first, last = SLICES[options.slice]
    first = max(first, options.after)
    random = Random(options.seed)  # noqa: S311
    sources = icd.load("sources").set_index("source_id").fillna("")
    citations = icd.load("citations").fillna("")
    citations = citations[citations["relation"] != "context"]  # such a page explains a name or place, not the record
    dates = {"events": "start_date", "statements": "date"}
    drawn: dict[str, list[dict[str, object]]] = {}
    inside: set[str] = set()
    for table, column in dates.items():
        frame = icd.load(table)  # type: ignore[call-overload]
        frame = frame[(frame[column] >= first) & (frame[column] <= last)]
        inside |= set(frame.iloc[:, 0])
        number = min(getattr(options, table), len(frame))
        if options.balance and table == "events":
            common = frame[options.balance] == frame[options.balance].mode()[0]
            halves = [(frame[~common], number // 2), (frame[common], number - number // 2)]
        else:
            halves = [(frame, number)]
        wanted = [record for half, count in halves for record in random.sample(sorted(half.iloc[:, 0]), count)]
        drawn[table] = [
            {
                "record_id": row.iloc[0],
                "unit": row["title" if table == "events" else "summary"],
                "pages": sources.loc[
                    sorted(set(citations.loc[citations["record_id"] == row.iloc[0], "source_id"])),
                    ["publisher", "published", "title", "url"],
                ].to_dict("records"),
            }
            for _, row in frame[frame.iloc[:, 0].isin(wanted)].iterrows()
        ]
    labels = {}
    for table in dates:
        frame = icd.load(table)  # type: ignore[call-overload]
        text = frame[dates[table]].dt.strftime("%Y-%m-%d") + " " + frame["summary"]
        labels |= dict(zip(frame.iloc[:, 0], text, strict=True))
    cited = citations[citations["record_id"].isin(inside)].to_dict("records")
    drawn["citations"] = [
        row
        | {
            "record": labels[row["record_id"]],
            "page": f"{sources.at[row['source_id'], 'title']} {sources.at[row['source_id'], 'url']}",
        }
        for row in random.sample(cited, min(options.citations, len(cited)))
    ]
    print(json.dumps(drawn, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
