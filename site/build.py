"""Write the explorer: a folder of static pages that work from a web server and from disk. ``python site/build.py DIR``.

It stands beside the package, not in it: who installs the data needs no web pages, and the wheel stays small.
"""

import argparse
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import charts
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

import data as words
from data import Data
from iraq_coalition_data import citing, exporting, jsonld, tables, views
from iraq_coalition_data.files import Row
from iraq_coalition_data.views import ROLES

HERE = Path(__file__).parent
PAGES = [
    ("index.html", "Overview"),
    ("events.html", "Events"),
    ("statements.html", "Statements"),
    ("actors.html", "Actors"),
    ("places.html", "Places"),
    ("talks.html", "Talks"),
    ("troops.html", "Troop levels"),
    ("data.html", "Data"),
    ("codebook.html", "Codebook"),
    ("methods.html", "Methods"),
    ("changes.html", "Changes"),
]
DOCUMENTS = {
    "methods": "Methods",
    "coverage": "Coverage",
    "reliability": "Reliability",
    "rules": "Rules",
    "versions": "Versions",
    "using": "Using the data",
    "joining": "Joining it to other data",
    "data-descriptor": "Data descriptor",
    "datasheet": "Datasheet",
}
TALKS = ("talks", "agreement")
MILESTONES = ("milestone_met", "milestone_missed", "milestone_postponed")
BETWEEN = "2012"  # between the two coalitions; one scale for both would flatten the second
LEVELS = ("troops_present", "troops_authorised", "troops_planned")
STANDS_FOR = {"actors": "Organization", "locations": "Place", "events": "Event", "statements": "CreativeWork"}
# the ties that "members, brands and office-holders" follows; an umbrella is followed only on demand
TIES = ("member_of", "part_of", "facade_of", "holds_office", "leads", "commands", "speaks_for")
# what every selection needs, what each kind of selection needs, and what only a download needs
LOADED: dict[str, tuple[tables.TableName, ...]] = {
    "core": ("actors", "names", "locations", "affiliations", "episodes"),
    "events": ("events", "participants"),
    "statements": ("statements", "statement_speakers", "positions"),
    "download": ("casualties", "links", "citations", "sources"),
}
FORMATS = {
    "csv": "any program: CSV with datapackage.json",
    "parquet": "R, Julia, DuckDB, polars, Arrow: types kept",
    "xlsx": "Excel: one workbook, a sheet for each table, a codebook",
    "dta": "Stata 14 or later, with labels",
    "sqlite": "SQLite: one database with keys and views",
    "geojson": "maps: events whose place is known to the site or town",
    "jsonl": "any language: one JSON object a line",
}
EPOCH = (1980, 1, 1, 0, 0, 0)


class Site:
    """The pages of one release, in a folder."""

    def __init__(self, target: Path, url: str) -> None:
        self.target = target
        self.data = Data()
        self.map = charts.BaseMap(self.data)
        package = tables.descriptor()
        self.about = {
            "name": "The coalition in Iraq",
            "title": package["title"],
            "about": package["description"],
            "version": package["version"],
            "date": package["created"][:10],
            "year": package["created"][:4],
            "author": " and ".join(person["title"] for person in package["contributors"]),
            "citation": citing.cite("apa"),
            "bibtex": citing.cite("bibtex"),
            "url": url,
            "pages": PAGES,
        }
        self.environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.filters |= {
            name: getattr(words, name) for name in ("words", "number", "day", "amount", "language", "direction", "slug")
        }
        self.environment.globals |= {"data": self.data, "site": self.about, "period": words.period}

    # --- writing ------------------------------------------------------------------------------------------------------

    def write(self, name: str, content: str | bytes) -> None:
        """Put a file into the folder."""
        path = self.target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)

    def page(self, name: str, template: str, title: str, description: str, jsonld: dict[str, Any], **context: Any) -> None:
        """Render a page; its links start from ``root``."""
        root = "../" * name.count("/")
        context |= {"page": name, "root": root, "title": title, "description": description}
        context["jsonld"] = {"@context": "https://schema.org", **jsonld}
        self.write(name, self.environment.get_template(template).render(context))

    def build(self) -> int:
        """Write every page; returns how many."""
        self.assets()
        self.downloads()
        self.overview()
        self.lists()
        self.talks()
        self.troops()
        self.documents()
        for table in words.FOLDERS:
            getattr(self, table)()
        self.retired()
        return sum(1 for _ in self.target.rglob("*.html"))

    # --- what the pages load --------------------------------------------------------------------------------------------

    def assets(self) -> None:
        """Style, scripts and the tables as script files, since pages on disk may not fetch."""
        library = HERE / "node_modules" / "fflate" / "umd" / "index.js"
        if not library.is_file():
            npm = shutil.which("npm")
            if npm is None:
                raise FileNotFoundError(
                    f"{library} is missing and npm is not there to fetch it; install Node.js, run: npm ci --prefix site"
                )
            subprocess.run([npm, "ci", "--omit=dev", "--silent"], cwd=HERE, check=True)
        (self.target / "assets").mkdir(parents=True, exist_ok=True)
        shutil.copy(library, self.target / "assets" / "fflate.js")
        for file in (HERE / "assets").iterdir():
            shutil.copy(file, self.target / "assets" / file.name)
        for bundle, names in LOADED.items():
            held = {name: self.columnar(name) for name in names}
            said: dict[str, Any] = {"tables": held}
            if bundle == "core":
                said |= self.constants()
            if bundle == "download":
                entries = citing.bibliography((row["source_id"] for row in self.data.rows["sources"]), "bibtex").split("\n\n@")
                said["bibtex"] = {
                    entry.split("{", 1)[1].split(",", 1)[0]: "@" + entry.removeprefix("@").strip() for entry in entries
                }
            merge = "Object.assign(ICD.tables, more.tables); delete more.tables; Object.assign(ICD, more);"
            script = f"window.ICD = window.ICD || {{tables: {{}}}};\n((more) => {{ {merge} }})({_json(said)});\n"
            self.write(f"assets/{bundle}.js", script)

    def columnar(self, table: tables.TableName) -> dict[str, Any]:
        """A table as its header and rows."""
        return {
            "columns": [field["name"] for field in tables.fields(table)],
            "rows": [list(row.values()) for row in self.data.rows[table]],
        }

    def constants(self) -> dict[str, Any]:
        """What the scripts must know beside the tables."""
        terms = {
            vocabulary: {term: {"parent": row["parent"], "definition": row["definition"]} for term, row in rows.items()}
            for vocabulary, rows in self.data.terms.items()
            if vocabulary in ("event_category", "event_kind", "position_issue", "position_stance", "affiliation_relation")
        }
        placed = {
            place: spot for place in self.data.by_id if self.data.home[place] == "locations" and (spot := self.map.spot(place))
        }
        site = {key: self.about[key] for key in ("title", "version", "citation", "bibtex", "author", "year", "url")}
        return {
            "site": site,
            "terms": terms,
            "acronyms": words.ACRONYMS,
            "ties": TIES,
            "roles": ROLES,
            "precise": sorted(charts.POINTS),
            "map": {"width": charts.WIDTH, "height": round(charts.HEIGHT), "spots": placed, "centres": self.map.centres},
            "licence": tables.descriptor()["licenses"][0]["path"],
            "order": {name: list(rows) for name, rows in self.data.terms.items()},
        }

    def downloads(self) -> None:
        """The tables as they are, and the whole release in every format."""
        for resource in tables.resources().values():
            self.write(resource["path"], tables.data_root().joinpath(resource["path"]).read_bytes())
        self.write(tables.DESCRIPTOR, tables.data_root().joinpath(tables.DESCRIPTOR).read_bytes())
        listed = []
        for name, about, contents in self.formats():
            raw = _zip(contents | {"README.txt": self.readme()})
            self.write(f"downloads/{name}", raw)
            listed.append({"name": name, "about": about, "bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest()})
        self.page(
            "data.html",
            "data.html",
            "Data",
            f"Download the dataset, version {self.about['version']}, in every format.",
            self.dataset(),
            downloads=listed,
            resources=list(tables.resources().values()),
        )

    def formats(self) -> Iterator[tuple[str, str, dict[str, bytes]]]:
        """File name, purpose and contents of each whole download: what ``export`` writes, in every format."""
        name = f"iraq-coalition-data-{self.about['version']}"
        for form in exporting.FORMATS:
            yield f"{name}-{form}.zip", FORMATS[form], dict(exporting.render(form))

    def readme(self) -> bytes:
        """What goes with every whole download."""
        lines = [f"{self.about['title']}, version {self.about['version']}", "", self.about["about"], ""]
        lines += ["Cite", "", self.about["citation"], "", self.about["bibtex"], "", "Licence: CC BY 4.0", ""]
        lines += ["Claimed and confirmed are two numbers: do not add `claimed_only` to the rest. Blank is not zero."]
        lines += ["Dates and places are only as exact as date_precision and location_precision say."]
        return ("\n".join(lines) + "\n").encode()

    # --- pages ----------------------------------------------------------------------------------------------------------

    def dataset(self) -> dict[str, Any]:
        """The dataset for machines (schema.org), its files at the address of the site."""
        said = jsonld.dataset()
        files = [file | {"contentUrl": self.about["url"] + file["contentUrl"]} for file in said["distribution"]]
        return said | {"distribution": files}

    def part(self, title: str) -> dict[str, Any]:
        """A page of the site for machines."""
        whole = {"@type": "Dataset", "name": self.about["title"], "version": self.about["version"]}
        return {"@type": "WebPage", "name": title, "about": whole}

    def first(self) -> str:
        """The first day of the events."""
        return min((row["start_date"] for row in self.data.events), default="")

    def last(self) -> str:
        """The last day of the events."""
        return max((row["end_date"] for row in self.data.events), default="")

    def thing(self, record: str, kind: str = "CreativeWork", **more: Any) -> dict[str, Any]:
        """A record for machines (schema.org), with the pages that it rests on."""
        cited = [source["url"] for _, source in self.data.sources(record)]
        said: dict[str, Any] = {"@type": kind, "identifier": record, "name": self.data.label(record)}
        said |= {key: value for key, value in more.items() if value}
        part = {"@type": "Dataset", "name": self.about["title"], "version": self.about["version"]}
        if kind in ("CreativeWork", "Event"):
            return said | {"subjectOf": part} | ({"citation": cited} if kind == "CreativeWork" else {})
        return said | {"subjectOf": part}

    def overview(self) -> None:
        """What happened when and where, how many troops, what each side wants, how it ends."""
        data, events = self.data, [row for row in self.data.events if row["confirmation"] != "discounted"]
        levels: dict[tuple[str, str], Row] = {}
        for row in sorted(data.rows["figures"], key=lambda row: row["end_date"]):
            if row["measure"] == "troops_present":
                levels[row["actor_id"], row["location_id"]] = row
        stances: dict[str, tuple[Row, Row]] = {}
        for statement in data.statements:
            for position in data.positions[statement["statement_id"]]:
                if position["issue"] == "presence":
                    stances[position["actor_id"]] = statement, position
        talks = [row for row in data.rows["episodes"] if row["kind"] == "negotiation"]
        held = {row["episode_id"]: [event for event in events if event["episode_id"] == row["episode_id"]] for row in talks}
        talks.sort(key=lambda row: sum(event["category"] in TALKS for event in held[row["episode_id"]]))
        course = held[talks[-1]["episode_id"]] if talks else []
        # texts and what they set for a date show how talks end, whichever course they are counted to
        begun = course[0]["start_date"] if course else ""
        due = [
            event for event in events if event["category"] == "agreement" and event["start_date"] >= begun and event not in course
        ]
        course = sorted(course + due, key=_in_time)
        coarse = [row for row in events if row["date_precision"] != "day" and row["start_date"][:7] != row["end_date"][:7]]
        elsewhere = [row for row in events if not self.map.drawn_at(row)]
        self.page(
            "index.html",
            "index.html",
            "Overview",
            self.about["about"],
            self.dataset(),
            count=data.count(data.events),
            first=self.first(),
            last=self.last(),
            timeline=charts.timeline(data, events) if events else "",
            coarse=len(coarse),
            map=self.map.drawn(events),
            elsewhere=len(elsewhere),
            levels=sorted(levels.values(), key=lambda row: (row["end_date"], data.label(row["actor_id"])), reverse=True)[:12],
            stances=sorted(stances.values(), key=lambda pair: pair[0]["date"], reverse=True)[:14],
            talks=talks[-1] if talks else None,
            stairs=charts.staircase(data, course),
            steps=self.steps(course),
        )
        for table, title in (("events", "Events"), ("statements", "Statements")):
            self.page(
                f"{table}.html",
                "explorer.html",
                title,
                f"Search, filter, map, download and cite {table}.",
                self.part(title),
                table=table,
                map=self.map.frame(self.map.base() + '<g id="map-areas"></g><g id="map-marks"></g>', "Map of the selection"),
            )

    def steps(self, events: list[Row]) -> list[Row]:
        """The steps of a course: its landmarks and milestones, else all that is talks or texts."""
        marked = [row for row in events if row["landmark"] == "true" or row["kind"] in MILESTONES]
        talks = [row for row in events if row["category"] in TALKS]
        return marked if len(marked) > 7 else sorted({row["event_id"]: row for row in marked + talks}.values(), key=_in_time)

    def lists(self) -> None:
        """Actors by bloc, places by country."""
        data = self.data
        blocs: dict[str, list[tuple[Row, words.Count, int, str]]] = {bloc: [] for bloc in data.terms["actor_bloc"]}
        said: dict[str, int] = defaultdict(int)
        for row in data.rows["statements"]:
            for actor in {row["speaker_id"], row["on_behalf_of_id"]} - {""}:
                said[actor] += 1
        for row in data.rows["actors"]:
            actor = row["actor_id"]
            events = {part["event_id"]: data.by_id[part["event_id"]] for part in data.parts[actor]}
            names = words.normal_spellings([actor, *data.spellings(actor)])
            blocs[row["bloc"]].append((row, data.count(events.values()), said[actor], names))
        groups = [(bloc, sorted(listed, key=lambda item: item[0]["name"])) for bloc, listed in blocs.items() if listed]
        about = "Every actor of the record, under every name."
        self.page("actors.html", "actors.html", "Actors", about, self.part("Actors"), groups=groups)
        countries: dict[str, list[tuple[Row, words.Count, str]]] = defaultdict(list)
        at = data.index("events", "location_id")
        for row in data.rows["locations"]:
            events_there = [event for place in data.within(row["location_id"]) for event in at[place]]
            names = words.normal_spellings([row["location_id"], *data.spellings(row["location_id"])])
            country = data.countries.get(row["country"], row["country"]) or "Across borders"
            countries[country].append((row, data.count(events_there), names))
        places = sorted(countries.items(), key=lambda item: (-len(item[1]), item[0]))
        self.page(
            "places.html",
            "places.html",
            "Places",
            "Every place of the record, with what happened there.",
            self.part("Places"),
            groups=[(country, sorted(listed, key=lambda item: item[0]["name"])) for country, listed in places],
            map=self.map.drawn(row for row in data.events if row["confirmation"] != "discounted"),
        )

    def talks(self) -> None:
        """Each negotiation, and each agreement in force, step by step."""
        data, listed = self.data, list[dict[str, Any]]()
        for row in data.rows["episodes"]:
            events = [event for event in data.events if event["episode_id"] == row["episode_id"]]
            milestones = [event for event in events if event["kind"] in MILESTONES]
            if row["kind"] in ("negotiation", "agreement_regime") or milestones:
                stairs, steps = charts.staircase(data, events), self.steps(events)
                if steps:
                    listed.append({"row": row, "stairs": stairs, "milestones": milestones, "steps": steps})
        listed.sort(key=lambda talk: -sum(event["category"] in TALKS for event in talk["steps"]))
        self.page(
            "talks.html", "talks.html", "Talks", "Talks, texts and milestones, step by step.", self.part("Talks"), talks=listed
        )

    def troops(self) -> None:
        """Every reported level, drawn and listed."""
        data = self.data
        figures = sorted((row for row in data.rows["figures"] if row["measure"].startswith("troops_")), key=_in_time)
        grouped: dict[tuple[str, str, bool], list[Row]] = defaultdict(list)
        for row in figures:
            if row["measure"] in LEVELS:
                grouped[row["actor_id"], row["location_id"], row["start_date"] < BETWEEN].append(row)
        panels = [
            (
                f"{data.label(actor)}, {data.label(place) if place else 'anywhere'}, {_years(rows)}",
                charts.troops(data, rows, rows[0]["start_date"], max(row["end_date"] for row in rows)),
            )
            for (actor, place, _), rows in sorted(grouped.items(), key=lambda item: -len(item[1]))
            if len({row["end_date"] for row in rows}) > 1
        ]
        about = "Troops reported present, authorised and planned, by force and place."
        self.page("troops.html", "troops.html", "Troop levels", about, self.part("Troop levels"), panels=panels, figures=figures)

    def documents(self) -> None:
        """Codebook, methods with what belongs to them, changes."""
        data = self.data
        crosswalk = defaultdict(list)
        for row in data.rows["crosswalk"]:
            crosswalk[row["vocabulary"], row["term"]].append(row)
        about = "What every column and every term means."
        resources = list(tables.resources().values())
        flat = [(name, views.summary(name), views.remarks(name), views.fields(name)) for name in views.VIEWS]
        self.page(
            "codebook.html", "codebook.html", "Codebook", about, self.part("Codebook"),
            resources=resources, views=flat,
            usage=self.usage(), crosswalk=crosswalk,
        )  # fmt: skip
        root = Path(str(tables.data_root()))
        present = {f"{name}.html": title for name, title in DOCUMENTS.items() if (root / "docs" / f"{name}.md").is_file()}
        for file, title in present.items():
            source = (root / "docs" / file.replace(".html", ".md")).read_text(encoding="utf-8")
            for picture in re.findall(r"!\[[^]]*\]\((gallery/[^)]+)\)", source):
                self.write(picture, (root / "docs" / picture).read_bytes())
            self.page(
                file, "document.html", title, f"{title} of the record.", self.part(title),
                content=_rendered(source, {*present, "codebook.html"}), documents=list(present.items()), retired=[],
            )  # fmt: skip
        source = (root / "CHANGELOG.md").read_text(encoding="utf-8") + self.since(root)
        self.page(
            "changes.html", "document.html", "Changes", "What changed from version to version.", self.part("Changes"),
            content=_rendered(source, set(present)), documents=[], retired=data.rows["retired_ids"],
        )  # fmt: skip

    def since(self, root: Path) -> str:
        """What changed row by row since the last release, as Markdown; nothing where there is no history to look at."""
        from iraq_coalition_data import history

        try:
            released = history.last_release(root) if (root / ".git").exists() else None
        except (OSError, ValueError):  # no git, or a clone without its history
            released = None
        return f"\n\n## Row by row\n\n{history.diff(released, root, root).to_markdown(100)}" if released else ""

    def usage(self) -> dict[tuple[str, str], dict[str, Any]]:
        """How many cells hold each term, and a record that does."""
        used: dict[tuple[str, str], dict[str, Any]] = defaultdict(lambda: {"rows": 0, "example": ""})
        for (table, column), vocabulary in self.data.vocabularies.items():
            for row in self.data.rows[table]:
                if row[column]:
                    entry = used[vocabulary, row[column]]
                    entry["rows"] += 1
                    entry["example"] = entry["example"] or next((v for v in row.values() if self.data.href(v)), "")
        return used

    # --- a page for each record -------------------------------------------------------------------------------------------

    def related(self, record: str) -> list[tuple[Row, str, bool]]:
        """The links of a record other than answers, both ways."""
        out = [(link, link["related_id"], True) for link in self.data.links_from[record]]
        back = [(link, link["record_id"], False) for link in self.data.links_to[record]]
        return [item for item in out + back if item[0]["relation"] != "responds_to"]

    def events(self) -> None:
        """The pages of events."""
        data, listed = self.data, self.data.events
        order = list(data.terms["participant_role"])
        for position, row in enumerate(listed):
            event = row["event_id"]
            roles: dict[str, list[str]] = defaultdict(list)
            for part in sorted(data.participants[event], key=lambda part: order.index(part["role"])):
                roles[part["role"]].append(part["actor_id"])
            said: dict[str, list[Row]] = defaultdict(list)
            related = []
            for item in self.related(event):
                link, other, outgoing = item
                if data.home[other] == "statements" and not outgoing:
                    speaker = data.by_id[other]["on_behalf_of_id"] or data.by_id[other]["speaker_id"]
                    said[data.by_id[speaker]["bloc"]].append(link)
                else:
                    related.append(item)
            before, after = data.chain(event)
            place = data.by_id.get(row["location_id"])
            self.page(
                data.href(event),
                "event.html",
                row["title"],
                row["summary"],
                self.thing(
                    event,
                    "Event",
                    description=row["summary"],
                    startDate=row["start_date"],
                    endDate=row["end_date"],
                    location={"@type": "Place", "name": place["name"]} if place else None,
                ),
                row=row,
                roles=list(roles.items()),
                doer=any(role in roles for role in ("initiator", "suspected_initiator", "claimant", "accused")),
                before=before,
                after=after,
                said=sorted(said.items()),
                related=related,
                previous=listed[position - 1] if position else None,
                next=listed[position + 1] if position + 1 < len(listed) else None,
            )

    def statements(self) -> None:
        """The pages of statements."""
        data, listed = self.data, self.data.statements
        for position, row in enumerate(listed):
            statement = row["statement_id"]
            before, after = data.chain(statement)
            speaker = {"@type": "Thing", "name": data.label(row["speaker_id"])}
            self.page(
                data.href(statement),
                "statement.html",
                f"{data.label(row['speaker_id'])}, {data.when(row)}",
                row["summary"],
                self.thing(statement, datePublished=row["date"], description=row["summary"], about=speaker),
                row=row,
                before=before,
                after=after,
                related=self.related(statement),
                previous=listed[position - 1] if position else None,
                next=listed[position + 1] if position + 1 < len(listed) else None,
            )

    def actors(self) -> None:
        """The pages of actors."""
        data = self.data
        order = list(data.terms["participant_role"])
        spoken: dict[str, list[Row]] = defaultdict(list)
        wanted: dict[str, list[tuple[Row, Row]]] = defaultdict(list)
        for statement in data.statements:
            record = statement["statement_id"]
            joint = [row[column] for row in data.speakers[record] for column in ("actor_id", "on_behalf_of_id")]
            for actor in dict.fromkeys([statement["speaker_id"], statement["on_behalf_of_id"], *joint]):
                spoken[actor].append(statement)
            for position in data.positions[record]:
                wanted[position["actor_id"]].append((statement, position))
        ties = defaultdict(list)
        for tie in sorted(data.rows["affiliations"], key=lambda tie: (tie["relation"], tie["start"])):
            for actor in {tie["actor_id"], tie["related_actor_id"]}:
                ties[actor].append(tie)
        figures = data.index("figures", "actor_id")
        for row in data.rows["actors"]:
            actor = row["actor_id"]
            parts: dict[str, list[Row]] = defaultdict(list)
            for part in data.parts[actor]:
                parts[part["role"]].append(data.by_id[part["event_id"]])
            events = {event["event_id"]: event for listed in parts.values() for event in listed}
            names = [name["name"] for name in data.names[actor]]
            kind = "Person" if row["kind"] == "person" else "Organization"
            self.page(
                data.href(actor),
                "actor.html",
                row["name"],
                row["description"] or f"{row['name']}: ties, events, statements and stances, with sources.",
                self.thing(actor, kind, alternateName=names, description=row["description"]),
                row=row,
                ties=ties[actor],
                parts=[(role, sorted(parts[role], key=_in_time)) for role in sorted(parts, key=order.index)],
                count=data.count(events.values()),
                statements=spoken[actor],
                positions=wanted[actor],
                figures=sorted(figures[actor], key=_in_time),
            )

    def locations(self) -> None:
        """The pages of places."""
        data = self.data
        at, figures = data.index("events", "location_id"), data.index("figures", "location_id")
        for row in data.rows["locations"]:
            place = row["location_id"]
            events = sorted(at[place], key=_in_time)
            inner = [event for inside in data.within(place) if inside != place for event in at[inside]]
            fine = row["latitude"] and row["precision"] in ("site", "town")
            geo = {"@type": "GeoCoordinates", "latitude": row["latitude"], "longitude": row["longitude"]} if fine else None
            self.page(
                data.href(place),
                "place.html",
                row["name"],
                f"{row['name']}: what happened there, with sources.",
                self.thing(place, "Place", alternateName=[name["name"] for name in data.names[place]], geo=geo),
                row=row,
                events=events,
                inner=inner,
                figures=sorted(figures[place], key=_in_time),
            )

    def episodes(self) -> None:
        """The pages of episodes."""
        data = self.data
        for row in data.rows["episodes"]:
            episode = row["episode_id"]
            events = [event for event in data.events if event["episode_id"] == episode]
            shown = [event for event in events if event["confirmation"] != "discounted"]
            self.page(
                data.href(episode),
                "episode.html",
                row["title"],
                row["summary"],
                self.thing(episode, description=row["summary"], temporalCoverage=f"{row['start']}/{row['end'] or '..'}"),
                row=row,
                events=events,
                statements=[statement for statement in data.statements if statement["episode_id"] == episode],
                chart=charts.timeline(data, shown, "../") if shown else "",
                stairs=charts.staircase(data, shown, "../") if row["kind"] in ("negotiation", "agreement_regime") else "",
                landmarks=[event for event in events if event["landmark"] == "true"],
            )

    def retired(self) -> None:
        """A page for each id that no longer stands, where its page was."""
        letters = {"E": "event", "S": "statement"}
        for row in self.data.rows["retired_ids"]:
            record = row["retired_id"]
            successor = self.data.href(row["replaced_by"]).split("/")[0]
            folder = letters.get(record[0]) or ("" if record[0].isupper() else successor)
            if folder:
                about = f"{record} was retired in version {row['release']}."
                self.page(f"{folder}/{record}.html", "retired.html", record, about, self.part(record), row=row)


def _in_time(row: Row) -> tuple[str, str]:
    return row["start_date"], next(iter(row.values()))


def _years(rows: list[Row]) -> str:
    first, last = rows[0]["start_date"][:4], rows[-1]["end_date"][:4]
    return first if first == last else f"{first}–{last}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _zip(contents: dict[str, bytes]) -> bytes:
    """A zip file that is the same for the same contents."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in sorted(contents.items()):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), raw, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _rendered(markdown: str, pages: set[str]) -> Markup:
    """A document of docs/ as HTML: headings have the ids that links name, links to other documents lead to their pages."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(re.sub(r"^<!--[^>]*-->\n|<!--[^>]*-->", "", markdown, flags=re.MULTILINE))
    headings: Counter[str] = Counter()
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        if "right" in str(token.attrs.pop("style", "")):  # the page's policy forbids styles
            token.attrSet("class", "n")
        if token.type == "heading_open" and after:
            name = words.slug(after.content)
            token.attrSet("id", f"{name}-{headings[name]}" if headings[name] else name)
            headings[name] += 1
        for child in token.children or []:
            if child.type == "link_open" and "://" not in (href := str(child.attrGet("href"))):
                page, _, fragment = href.rsplit("/", maxsplit=1)[-1].replace(".md", ".html").partition("#")
                known = page in pages or not page
                child.attrSet("href", f"{page}#{fragment}" if known and fragment else page if known else "data.html")
    parser.add_render_rule("table_open", lambda *_: '<div class="scroll" role="region" aria-label="Table" tabindex="0"><table>\n')
    parser.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return Markup(parser.renderer.render(tokens, parser.options, {}))  # noqa: S704 raw HTML is off, so text is escaped


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=Path, help="folder to write; what an earlier run left there goes")
    parser.add_argument("--url", default="", help="address the site will stand at, for canonical links and citations")
    options = parser.parse_args()
    target: Path = options.directory
    if target.exists() and any(target.iterdir()) and not (target / "assets" / "names.js").is_file():
        print(f"build.py: {target} holds something else; name an empty or new folder", file=sys.stderr)
        return 2
    if problems := tables.verify():
        print(f"build.py: {problems[0]}", file=sys.stderr)
        return 1
    shutil.rmtree(target, ignore_errors=True)
    url = options.url.rstrip("/") + "/" if options.url else ""
    try:
        print(f"{Site(target, url).build()} pages in {target}")
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"build.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
