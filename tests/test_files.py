"""What happens when writing goes wrong: kills at every step, two writers, full disks, folders that cannot be written."""

import errno
import os
import subprocess
import sys

import pytest
from conftest import REPOSITORY

from iraq_coalition_data import cli, files, tables
from iraq_coalition_data.files import READY, STAGED, recover, replace, writing
from iraq_coalition_data.validation import validate

BEFORE = {"one.txt": b"1", "data/two.txt": b"2", "data/three.txt": b"3"}
AFTER = {"one.txt": b"new 1", "data/two.txt": b"new 2", "docs/four.txt": b"new"}
# kills itself, as by kill -9, at the given step of what it does to files
DYING = """
import os, signal, sys
from pathlib import Path
from iraq_coalition_data import files
steps, last = 0, int(sys.argv[2])
def watch(event, given):
    global steps
    if event in ("open", "os.rename", "os.remove", "os.rmdir", "os.mkdir") and ".iraq-coalition-data-" in str(given[0]):
        steps += 1
        if steps == last:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(watch)
with files.writing(Path(sys.argv[1])):
    files.replace(Path(sys.argv[1]), {"one.txt": b"new 1", "data/two.txt": b"new 2", "docs/four.txt": b"new"})
"""
unix = pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")


@pytest.fixture
def place(tmp_path):
    files.write(tmp_path, BEFORE)
    return tmp_path


def found(place):
    return {file.relative_to(place).as_posix(): file.read_bytes() for file in place.rglob("*") if file.is_file()}


@unix
def test_a_kill_at_any_step_leaves_the_old_state_or_the_new_one(place):
    outcomes = []
    for step in range(1, 100):
        done = subprocess.run([sys.executable, "-c", DYING, str(place), str(step)], check=False)
        recover(place)
        if done.returncode == 0:  # it has fewer steps than that
            break
        with writing(place):  # what comes next puts in order what is left
            pass
        state = found(place)
        assert state in (BEFORE, BEFORE | AFTER), step
        outcomes.append(state == BEFORE)
        for name in AFTER.keys() - BEFORE.keys():
            (place / name).unlink(missing_ok=True)
        files.write(place, BEFORE)
    assert outcomes == sorted(outcomes, reverse=True)  # the old state up to one step, the new one from there
    assert 3 < sum(outcomes) < len(outcomes) - 3


@unix
def test_random_kills_of_the_commands():
    """The command that makes hundreds of kills, with few."""
    command = [sys.executable, str(REPOSITORY / "benchmarks" / "kills.py"), "--kills", "12", "--seed", "7"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "12 kills, 0 of them left anything but the old or the new state" in done.stdout


def test_a_half_moved_change_is_finished_by_whoever_reads(root, monkeypatch):
    changed = (root / "data" / "episodes.csv").read_bytes()
    files.write(root / READY, {"data/episodes.csv": changed})
    (root / "data" / "episodes.csv").write_bytes(b"half a change")
    assert validate(root).ok
    assert not (root / READY).exists()
    files.write(root / READY, {"data/episodes.csv": changed})
    monkeypatch.setattr(tables, "__file__", str(root / "src" / "iraq_coalition_data" / "tables.py"))
    assert tables.data_root() == root
    assert not (root / READY).exists()


def test_the_second_writer_is_told_so(root, monkeypatch, capsys):
    monkeypatch.setattr(tables, "data_root", lambda: root)
    with writing(root):
        for command in (["format"], ["add", "x.yaml"], ["retire", "E00001", "--reason", "a test"], ["export", str(root)]):
            assert cli.main(command) == 1
            message = f"iraq-coalition-data: another command is writing to {root}; try again when it is done\n"
            assert capsys.readouterr().err == message
    assert cli.main(["format"]) == 0


@unix
def test_a_writer_that_died_blocks_nobody(place):
    code = "import os, sys; from pathlib import Path; from iraq_coalition_data import files\n"
    code += "root = Path(sys.argv[1])\n"
    code += "with files.writing(root): files.write(root / files.STAGED, {'x': b'x'}); os.kill(os.getpid(), 9)"
    assert subprocess.run([sys.executable, "-c", code, str(place)], check=False).returncode == -9
    assert (place / STAGED).exists()
    with writing(place):
        assert found(place) == BEFORE


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EDQUOT])
def test_a_disk_that_is_full_or_read_only_is_one_line(root, monkeypatch, capsys, number):
    monkeypatch.setattr(tables, "data_root", lambda: root)
    events = root / "data" / "events.csv"
    header, *rows = events.read_bytes().splitlines(keepends=True)
    events.write_bytes(b"".join([header, *reversed(rows)]))
    before = found(root)

    def fails(_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(files.os, "fsync", fails)
    assert cli.main(["format"]) == 1
    message = f"iraq-coalition-data: cannot write to {root}: {os.strerror(number)}; nothing was changed\n"
    assert capsys.readouterr().err == message
    assert found(root) == before


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="this user may write everywhere")
def test_a_folder_without_the_right_to_write_is_one_line(place, capsys):
    place.chmod(0o555)
    try:
        assert cli.main(["export", str(place), "--format", "geojson"]) == 1
    finally:
        place.chmod(0o755)
    message = f"iraq-coalition-data: cannot write to {place}: Permission denied; nothing was changed\n"
    assert capsys.readouterr().err == message


def test_a_change_that_cannot_be_moved_is_finished_later(place, monkeypatch):
    move = files.Path.replace

    def refuse(source, target):
        if source.name == "two.txt":
            raise PermissionError(errno.EACCES, "Permission denied")
        return move(source, target)

    monkeypatch.setattr(files.Path, "replace", refuse)
    with pytest.raises(OSError, match="the next command will finish the change"), writing(place):
        replace(place, AFTER)
    monkeypatch.setattr(files.Path, "replace", move)
    recover(place)
    assert found(place) == BEFORE | AFTER


def test_what_does_not_change_is_not_written(place):
    with writing(place):
        assert replace(place, BEFORE) == []
        assert replace(place, BEFORE | {"one.txt": b"other"}) == ["one.txt"]
    assert found(place) == BEFORE | {"one.txt": b"other"}
