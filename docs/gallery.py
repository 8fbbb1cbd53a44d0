"""Draw the pictures of docs/gallery.md: ``python docs/gallery.py``. The same data give the same bytes.

The lines of Python in the page are run in order; the figure that a block leaves is saved as the next picture of the page.
"""

import re
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt

HERE = Path(__file__).parent
DPI = 180  # of print; pictures stay readable at the width of a page and small


def draw(target: Path = HERE) -> list[Path]:
    """Write every picture of the page below a folder; returns their paths."""
    page = (HERE / "gallery.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    written = []
    for code, picture in re.findall(r"```python\n(.*?)```|!\[.*?\]\((.*?)\)", page, re.DOTALL):
        if picture:
            path = target / picture
            path.parent.mkdir(parents=True, exist_ok=True)
            plt.gcf().savefig(path, dpi=DPI, metadata={"Software": None})
            plt.close("all")
            written.append(path)
        else:
            exec(code, names)  # noqa: S102 the page of this repository
    return written


if __name__ == "__main__":
    for path in draw(*map(Path, sys.argv[1:])):
        print(path)
