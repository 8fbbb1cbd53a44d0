"""The command ``iraq-coalition-data``: what the dataset holds, and the tools to look things up, validate and curate."""

import argparse
import sys
from collections.abc import Callable, Sequence

WRONG_USE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status: 0 done, 1 something found or refused, 2 wrong use."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    command: Callable[[argparse.Namespace], int] = options.run
    try:
        return command(options)
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except (ValueError, KeyError, OSError, ImportError) as error:
        # the messages of this package say what is wrong and what to do; a KeyError would quote its own
        print(f"iraq-coalition-data: {error.args[0] if isinstance(error, KeyError) else error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="iraq-coalition-data", description=__doc__)
    parser.add_argument("--version", action="store_const", dest="run", const=_version, help="print the version")
    parser.set_defaults(run=_overview)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        return added

    command("describe", _describe, "explain the tables, or the columns of one").add_argument("table", nargs="?")
    command("show", _show, "print a record with everything linked to it and its sources").add_argument("id")
    command("resolve", _resolve, "find the id of an actor or location by any spelling").add_argument("name")
    cite = command("cite", _cite, "print the citation of this version, or the sources behind records")
    cite.add_argument("ids", nargs="*", metavar="ID", help="records whose sources to print (default: the dataset itself)")
    cite.add_argument("--style", choices=["apa", "bibtex", "ris", "csl-json"], default="apa")
    export = command("export", _export, "write tables and views for other programs")
    export.add_argument("directory", metavar="DIR")
    export.add_argument("--format", choices=["csv", "parquet", "xlsx", "dta", "sqlite", "geojson", "jsonl"], default="csv")
    export.add_argument("--tables", nargs="+", metavar="TABLE", help="only these tables (default: all)")
    export.add_argument("--view", nargs="+", default=[], metavar="VIEW", dest="views", help="these views, as chronology")
    export.add_argument("--force", action="store_true", help="replace files that are there")
    validate = command("validate", _validate, "check a data folder against schema and rules (exit status 1: findings)")
    validate.add_argument("root", nargs="?", help="folder that holds data/ and datapackage.json (default: the data in use)")
    validate.add_argument("--json", action="store_true", help="print the findings as JSON")
    add = command("add", _add, "add the records of YAML files to the data of this checkout")
    add.add_argument("files", nargs="+", metavar="FILE.yaml")
    add.add_argument("--dry-run", action="store_true", help="check everything, write nothing")
    retire = command("retire", _retire, "move an id to retired_ids, and every reference to what took its place")
    retire.add_argument("id")
    retire.add_argument("--replaced-by", default="", metavar="ID")
    retire.add_argument("--reason", required=True)
    diff = command("diff", _diff, "what changed between two package folders, wheels, sdists, zips or git revisions")
    diff.add_argument("old")
    diff.add_argument("new")
    form = diff.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="everything as JSON")
    form.add_argument("--markdown", action="store_true", help="for a changelog (the default)")
    command("check-release", _check_release, "hold this checkout against the last release: ids, and the step of the version")
    release = command("release", _release, "check that this checkout can be released; dry unless told to write")
    release.add_argument("--write", action="store_true", help="write the counts into CHANGELOG.md and the files into dist/")
    release.add_argument("--no-tests", action="store_true", help="leave out the tests, as where they have just run")
    command("verify", _verify, "hold the installed files against the release")
    command("format", _format, "rewrite the CSVs in canonical form, datapackage.json and the generated pages")
    return parser


def _version(_: argparse.Namespace) -> int:
    from iraq_coalition_data.tables import descriptor

    print(f"iraq-coalition-data {descriptor()['version']}")
    return 0


def _overview(_: argparse.Namespace) -> int:
    from iraq_coalition_data.citing import cite
    from iraq_coalition_data.tables import TABLES, descriptor, load, resources

    events = load("events").sort_values(["start_date", "event_id"])
    print(f"{descriptor()['title']}, version {descriptor()['version']}\n{descriptor()['description']}\n")
    print("Tables")
    for table in TABLES:
        print(f"  {table:<19}{len(load(table)):>7} rows  {resources()[table]['description']}")
    first, last = events["start_date"].min(), events["end_date"].max()
    print(f"\nEvents from {first:%Y-%m-%d} to {last:%Y-%m-%d}. The latest:")
    for event in events.tail(5).itertuples():
        print(f"  {event.event_id}  {event.start_date:%Y-%m-%d}  {event.title}")
    print("\nLoad\n  import iraq_coalition_data as icd\n  events = icd.load('events')          # or any table above")
    print("  icd.chronology()                     # one row per event, ready for analysis")
    print("  icd.describe('events')               # what each column means")
    print(f"\nCite\n  {cite()}\n\nMore: iraq-coalition-data --help")
    return 0


def _describe(options: argparse.Namespace) -> int:
    from iraq_coalition_data.codebook import describe

    for row in describe(options.table).to_dict("records"):
        if options.table is None:
            print(f"{row['table']:<19}{row['rows']:>7} rows  {row['description']}")
            continue
        unit = f", {row['unit']}" if row["unit"] else ""
        to = f", id in {row['references']}" if row["references"] else ""
        print(f"{row['column']} ({row['type']}{unit}{to}{', required' if row['required'] else ''}): {row['description']}")
        for term, definition in (row["allowed"] or {}).items():
            print(f"    {term}: {definition}")
    return 0


def _show(options: argparse.Namespace) -> int:
    from iraq_coalition_data.showing import show

    print(show(options.id))
    return 0


def _resolve(options: argparse.Namespace) -> int:
    from iraq_coalition_data.names import resolve

    found = resolve(options.name)
    print(found, file=sys.stdout if found.id else sys.stderr)
    return 0 if found.id else 1


def _cite(options: argparse.Namespace) -> int:
    from iraq_coalition_data.citing import bibliography, cite

    print(bibliography(options.ids, options.style) if options.ids else cite(options.style))
    return 0


def _export(options: argparse.Namespace) -> int:
    from iraq_coalition_data.exporting import export

    for file in export(options.directory, options.format, options.tables, options.views, options.force):
        print(file)
    return 0


def _validate(options: argparse.Namespace) -> int:
    from pathlib import Path

    from iraq_coalition_data.validation import validate

    if options.root is not None and not Path(options.root).is_dir():
        print(f"iraq-coalition-data: {options.root} is not a folder", file=sys.stderr)
        return WRONG_USE
    report = validate(options.root)
    print(report.findings.to_json(orient="records", indent=1, force_ascii=False) if options.json else report)
    return 0 if report.ok else 1


def _add(options: argparse.Namespace) -> int:
    from iraq_coalition_data.curation import add

    for line in add(options.files, dry_run=options.dry_run):
        print(line)
    print("nothing written (dry run)" if options.dry_run else "added")
    return 0


def _format(_: argparse.Namespace) -> int:
    from iraq_coalition_data.curation import format_data

    changed = format_data()
    print("\n".join(f"rewrote {name}" for name in changed) or "everything is as it should be")
    return 0


def _retire(options: argparse.Namespace) -> int:
    from iraq_coalition_data.retiring import retire

    print("\n".join(retire(options.id, options.reason, options.replaced_by)))
    return 0


def _diff(options: argparse.Namespace) -> int:
    from iraq_coalition_data.history import diff

    found = diff(options.old, options.new)
    print(found.to_json() if options.json else found.to_markdown())
    return _report(found.problems)


def _check_release(_: argparse.Namespace) -> int:
    from iraq_coalition_data.curation import checkout
    from iraq_coalition_data.history import diff, last_release

    root = checkout()
    released = last_release(root)
    if released is None:
        print("no release before this one")
        return 0
    print(f"held against {released}")
    return _report(diff(released, root, root).problems)


def _release(options: argparse.Namespace) -> int:
    from iraq_coalition_data import releasing
    from iraq_coalition_data.curation import checkout

    root = checkout()
    problems = releasing.problems(root, tests=not options.no_tests)
    if problems:
        return _report(problems)
    if options.write:
        print("\n".join(f"wrote {name}" for name in releasing.write(root)))
    else:
        change = releasing.since_last_release(root)
        print(change.to_markdown() if change else "the first release")
        print(f"version {releasing.stated_versions(root)['pyproject.toml']} can be released; nothing written (dry run)")
    return 0


def _verify(_: argparse.Namespace) -> int:
    from iraq_coalition_data.tables import verify

    problems = verify()
    if not problems:
        print("every file is that of the release")
    return _report(problems)


def _report(problems: list[str]) -> int:
    for problem in problems:
        print(f"iraq-coalition-data: {problem}", file=sys.stderr)
    return 1 if problems else 0
