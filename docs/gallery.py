"""Draw the figures of docs/gallery.md from the installed data: ``python docs/gallery.py``. The same data give the same bytes."""

from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt

from iraq_coalition_data import plotting, views

HERE = Path(__file__).parent / "gallery"


def main() -> None:
    """Draw each figure at the width of a page."""
    HERE.mkdir(exist_ok=True)
    chronology = views.chronology()
    recent = chronology[chronology["start_date"] >= "2023-10-01"]
    levels = views.troop_levels()
    steps = views.talks()
    figures = {
        "timeline": lambda: plotting.timeline(recent),
        "event_map": lambda: plotting.event_map(recent[recent["category"] == "attack"]),
        "stances": lambda: plotting.stances(views.positions_over_time().query("date >= '2023-10-01'")),
        "troops": lambda: plotting.troops(levels[levels["end_date"] >= "2014-01-01"]),
        "talks": lambda: plotting.talks(steps[steps["start_date"] >= "2023-01-01"]),
    }
    for name, draw in figures.items():
        draw().figure.savefig(HERE / f"{name}.png", dpi=150, metadata={"Software": None})
        plt.close("all")


if __name__ == "__main__":
    main()
