"""Kill the commands that write, at random moments, and see that each left the old state or the new one.

    python benchmarks/kills.py [--kills 240] [--seed 1] [--write]

Half of the kills come at a random time of the run, half at a random step of the writing itself (the opening, renaming or
removal of a file), since that takes a few thousandths of a second and a random time seldom meets it. After each kill the folder
is looked at as it lies, then the next command comes (``validate``, or the same export), and the files must be those of
before or those of after, byte for byte; both were validated. Exit status 1: some kill left anything else.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from page import REPOSITORY, table, write

EXAMPLE = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
MAIN = "import sys; from iraq_coalition_data.cli import main; sys.exit(main(sys.argv[1:]))"
# counts what the process does to files below the root, and kills it at the step that was drawn; -1 counts only
WATCHED = """
import os, signal, sys
root, last, log = sys.argv[1], int(sys.argv[2]), sys.argv[3]
del sys.argv[1:4]
steps = 0
def watch(event, given):
    global steps
    if event in ("open", "os.rename", "os.remove", "os.rmdir", "os.mkdir") and ".iraq-coalition-data-" in str(given[0]):
        steps += 1
        if steps == last:
            os.kill(os.getpid(), signal.SIGKILL)
import iraq_coalition_data.cli
sys.addaudithook(watch)
status = iraq_coalition_data.cli.main(sys.argv[1:])
open(log, "w").write(str(steps))
sys.exit(status)
"""


class Case:
    """A command, and the files of a folder before and after it."""

    def __init__(self, name: str, work: Path, arguments: list[str], spoil: bool = False) -> None:
        self.name, self.arguments = name, arguments
        self.home = work / name
        for part in ("src", "data", "docs"):
            shutil.copytree(REPOSITORY / part, self.home / part, ignore=shutil.ignore_patterns("__pycache__"))
        for part in ("datapackage.json", "pyproject.toml", "CITATION.cff"):
            shutil.copy(REPOSITORY / part, self.home)
        (self.home / "event.yaml").write_text(EXAMPLE, encoding="utf-8")
        self.root = self.home / "out" if name == "export" else self.home
        self.root.mkdir(exist_ok=True)
        if name == "export":
            (self.root / "events.jsonl").write_text("an older export\n", encoding="utf-8")
        if spoil:  # rows in another order, so that format has something to write
            for file in (self.home / "data").iterdir():
                header, *rows = file.read_bytes().splitlines(keepends=True)
                file.write_bytes(b"".join([header, *reversed(rows)]))
        self.before = self.files()
        started = time.perf_counter()
        self.run().check_returncode()
        self.seconds = time.perf_counter() - started
        self.after = self.files()
        self.reset()
        log = work / "steps"
        self.run(-1, log).check_returncode()
        self.steps = int(log.read_text())
        if name == "export":
            assert len(self.after) > len(self.before)
        else:
            self.validate()
        self.reset()
        if name not in ("export", "format"):
            self.validate()
        assert self.before != self.after

    def files(self) -> dict[str, bytes]:
        """What a reader of the folder finds: no hidden names, nothing of Python's."""
        found = {}
        for part in ["data", "docs", "datapackage.json"] if self.root == self.home else ["."]:
            place = self.root / part
            for file in [place] if place.is_file() else place.rglob("*"):
                name = str(file.relative_to(self.root))
                if file.is_file() and ".iraq-coalition-data-" not in name:
                    found[name] = file.read_bytes()
        return found

    def reset(self) -> None:
        for name in self.files().keys() - self.before.keys():
            (self.root / name).unlink()
        for name, raw in self.before.items():
            (self.root / name).write_bytes(raw)

    def start(self, last: int | None = None, log: Path | None = None) -> "subprocess.Popen[bytes]":
        watched = [WATCHED, str(self.root), str(last), str(log)] if last is not None else [MAIN]
        command = [sys.executable, "-c", *watched, *self.arguments]
        environment = os.environ | {"PYTHONPATH": str(self.home / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.Popen(command, cwd=self.home, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def run(self, last: int | None = None, log: Path | None = None) -> "subprocess.CompletedProcess[bytes]":
        process = self.start(last, log)
        _, error = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, b"", error)

    def validate(self) -> None:
        """Ask the copy's own command whether its data are valid; what a killed command left is put in order on the way."""
        environment = os.environ | {"PYTHONPATH": str(self.home / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-c", MAIN, "validate", str(self.home)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{self.name}: {done.stdout[-500:]}{done.stderr[-500:]}")

    def state(self) -> str:
        found = self.files()
        return "old" if found == self.before else "new" if found == self.after else "mixed"

    def kill(self, random: Random, at_step: bool) -> tuple[str, str, bool]:
        """Kill one run; returns the state as it lay, the state after the next command, and whether the kill came in time."""
        if at_step:
            process = self.start(random.randint(1, self.steps), self.home / "steps")
            process.communicate()
        else:
            process = self.start()
            try:
                process.wait(random.uniform(0, self.seconds * 1.1))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
            process.communicate()
        as_it_lay = self.state()
        from iraq_coalition_data import files

        with files.writing(self.root):  # what every command that writes or reads does first
            pass
        settled = self.state()
        left = [name for name in (files.STAGED, files.READY) if (self.root / name).exists()]
        if left:
            settled = f"left {left}"
        self.reset()
        return as_it_lay, settled, process.returncode == -signal.SIGKILL


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=240)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    options = parser.parse_args()
    random = Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        cases = [
            Case("add", work, ["add", "event.yaml"]),
            Case("format", work, ["format"], spoil=True),
            Case("retire", work, ["retire", "E00002", "--replaced-by", "E00001", "--reason", "a test"]),
            Case("export", work, ["export", "out", "--format", "jsonl", "--force"]),
        ]
        counts: Counter[tuple[str, str, str]] = Counter()
        kills: Counter[str] = Counter()
        turn = 0
        while sum(kills.values()) < options.kills:
            case = cases[turn % len(cases)]
            as_it_lay, settled, killed = case.kill(random, at_step=turn // len(cases) % 2 == 0)
            turn += 1
            if killed:
                kills[case.name] += 1
                counts[case.name, as_it_lay, settled] += 1
            elif settled != "new":
                counts[case.name, "not killed", settled] += 1
    rows = []
    wrong = 0
    for case in cases:
        mine = {key[1:]: number for key, number in counts.items() if key[0] == case.name}
        bad = sum(number for (_, settled), number in mine.items() if settled not in ("old", "new"))
        finished = sum(number for (lay, settled), number in mine.items() if lay == "mixed" and settled == "new")
        bad += sum(number for (lay, settled), number in mine.items() if lay == "mixed" and settled == "old")
        lay = [mine.get((state, state), 0) + (mine.get(("old", "new"), 0) if state == "old" else 0) for state in ("old", "new")]
        rows.append([case.name, *map(str, (kills[case.name], *lay, finished, bad))])
        wrong += bad
    verdict = f"{sum(kills.values())} kills, {wrong} of them left anything but the old or the new state"
    print(verdict)
    if options.write:
        header = ["command", "kills", "found old", "found new", "half moved, then finished", "anything else"]
        text = (
            f"`python benchmarks/kills.py --kills {options.kills} --seed {options.seed} --write`: commands that write, killed at "
        )
        text += f"random moments (`format` writes the descriptor too). {verdict}.\n\n"
        write("kills", text + table(header, rows))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
