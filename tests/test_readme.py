import contextlib
import io
import re
import subprocess
import sys

import pytest
from conftest import REPOSITORY

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def test_the_example_prints_what_the_readme_says():
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    (printed,) = re.findall(r"```text\n(.*?)```", README, re.DOTALL)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(code, {})  # noqa: S102
    assert out.getvalue() == printed


def test_start_has_two_commands_of_one_line():
    start = README.split("## Start")[1].split("## ")[0]
    commands = re.findall(r"```sh\n(.*?)\n```", start, re.DOTALL)
    assert commands == [
        "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/iraq-coalition-data",
        "python3 -m venv .venv && .venv/bin/pip install -e '.[dev]' && .venv/bin/pytest",
    ]


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", *(f"docs/{p.name}" for p in (REPOSITORY / "docs").glob("*.md"))]
)
def test_links_between_pages_lead_somewhere(page):
    text = (REPOSITORY / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert ((REPOSITORY / page).parent / target).exists(), target


def test_the_command_named_in_the_readme_runs():
    out = subprocess.run(
        [sys.executable, "-m", "iraq_coalition_data", "show", "E00001"], capture_output=True, text=True, check=True
    )
    assert out.stdout.startswith("E00001  (events)")
