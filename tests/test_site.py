"""The explorer, built from the real data and driven in a real Chromium."""

import contextlib
import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections import defaultdict
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pandas as pd
import pytest
from conftest import REPOSITORY, copy_package, write_tables

import iraq_coalition_data as icd
from iraq_coalition_data import files, names, tables

playwright = pytest.importorskip("playwright.sync_api", reason="the tests of the site need playwright: pip install -e '.[dev]'")

SITE = REPOSITORY / "site"
ROWS = {table: files.read_rows(REPOSITORY / "data" / f"{table}.csv") for table in tables.TABLES}
PAGES = [
    f"{name}.html"
    for name in ("index", "events", "statements", "actors", "places", "talks", "troops", "data", "codebook", "methods", "changes")
]
SERIOUS = {"serious", "critical"}
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def absent(what):
    """Where these tests must run they fail, elsewhere they are skipped."""
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


def build(root, target):
    """Run the command on the data of a checkout."""
    environment = os.environ | {"PYTHONPATH": str(root / "src")}
    done = subprocess.run(
        [sys.executable, root / "site" / "build.py", target], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture(scope="module")
def libraries():
    """The pinned libraries of site/package-lock.json."""
    if not (SITE / "node_modules" / "axe-core").is_dir():
        npm = shutil.which("npm")
        if npm is None:
            absent("npm is not installed, the site needs one library of its registry")
        subprocess.run([npm, "ci", "--silent"], cwd=SITE, check=True)
    return SITE / "node_modules"


@pytest.fixture(scope="module")
def site(libraries, tmp_path_factory):
    return build(REPOSITORY, tmp_path_factory.mktemp("site") / "explorer")


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as engine:
        launched = None
        for found in (shutil.which("chromium"), shutil.which("chromium-browser"), shutil.which("google-chrome")):
            if found and not launched:
                launched = engine.chromium.launch(executable_path=found)
        if not launched:
            with contextlib.suppress(playwright.Error):
                launched = engine.chromium.launch(channel="chrome")
        if not launched:
            absent("no Chromium is installed: apt-get install chromium")
        yield launched
        launched.close()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@contextlib.contextmanager
def served(folder):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def address(site):
    with served(site) as origin:
        yield origin


@contextlib.contextmanager
def tab(browser, origin, **options):
    """A page of its own; on leaving it, nothing may have been logged or asked of anybody else."""
    context = browser.new_context(viewport=options.pop("viewport", DESKTOP), **options)
    context.set_default_timeout(15_000)
    page = context.new_page()
    problems = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("dialog", lambda dialog: (problems.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: request.url.startswith((origin, "blob:")) or problems.append(request.url))
    yield page
    context.close()
    assert not problems


@pytest.fixture
def page(browser, address):
    with tab(browser, address, base_url=address) as opened:
        yield opened


def ids(page):
    """The records of the selection, in the order of the table."""
    return page.locator("#rows tbody tr").evaluate_all("rows => rows.map(row => row.id)")


def selected(page, query, table="events"):
    page.goto(f"{table}.html?{query}&page=all")
    page.wait_for_selector("html[data-ready]")
    return set(ids(page))


# --- what a filter should find, worked out anew from the tables -----------------------------------------------------------


def frame(table):
    return pd.DataFrame(ROWS[table])


def inside(place):
    return {place}.union(*(inside(row["location_id"]) for row in ROWS["locations"] if row["parent_id"] == place))


def grouped(number):
    return f"{number:,}".replace(",", "\u202f")


def confirmed(rows):
    listed = [row["confirmation"] for row in rows]
    return len(listed) - listed.count("claimed_only") - listed.count("discounted"), listed.count("claimed_only")


def events_where(test):
    return {row["event_id"] for row in ROWS["events"] if test(row)}


def country(event):
    return PLACES.get(event["location_id"], {}).get("country")


PLACES = {row["location_id"]: row for row in ROWS["locations"]}
LABELS = {row[f"{kind}_id"]: row["name"] for kind in ("actor", "location") for row in ROWS[f"{kind}s"]}
COMMON = {
    column: frame("events")[column][frame("events")[column] != ""].mode()[0]
    for column in ("category", "kind", "confirmation", "disputed", "outcome", "episode_id", "location_id")
}
CLAIMED = {row["event_id"] for row in ROWS["participants"] if row["role"] == "claimant"}
TARGET = frame("participants")["actor_id"].mode()[0]


@pytest.mark.parametrize(
    ("query", "test"),
    [
        *[(f"{name}={COMMON[name]}", lambda row, n=name: row[n] == COMMON[n]) for name in ("category", "kind", "outcome")],
        *[
            (f"confirmation={term}", lambda row, t=term: row["confirmation"] == t)
            for term in sorted({row["confirmation"] for row in ROWS["events"]})
        ],
        ("disputed=detail&disputed=occurrence", lambda row: row["disputed"] in ("detail", "occurrence")),
        ("landmark=yes", lambda row: row["landmark"] == "true"),
        ("country=SYR", lambda row: country(row) == "SYR"),
        ("division=IQ-AN", lambda row: PLACES.get(row["location_id"], {}).get("admin1") == "IQ-AN"),
        (f"episode={COMMON['episode_id']}", lambda row: row["episode_id"] == COMMON["episode_id"]),
        (f"place={COMMON['location_id']}", lambda row: row["location_id"] in inside(COMMON["location_id"])),
        ("place=iraq-country", lambda row: row["location_id"] in inside("iraq-country")),
        ("from=2024-01-20&to=2024-01-31", lambda row: row["end_date"] >= "2024-01-20" and row["start_date"] <= "2024-01-31"),
        ("from=2024-02-01", lambda row: row["end_date"] >= "2024-02-01"),
        (
            "kind=drone&country=IRQ&confirmation=official",
            lambda row: (row["kind"], row["confirmation"], country(row)) == ("drone", "official", "IRQ"),
        ),
        (
            f"actor={TARGET}&ties=exact",
            lambda row: row["event_id"] in {p["event_id"] for p in ROWS["participants"] if p["actor_id"] == TARGET},
        ),
        (
            f"actor={TARGET}&ties=exact&role=target",
            lambda row: {"event_id": row["event_id"], "actor_id": TARGET, "role": "target"} in ROWS["participants"],
        ),
        ("role=claimant", lambda row: row["event_id"] in CLAIMED),
    ],
)  # fmt: skip
def test_a_deep_link_shows_what_the_tables_say(page, query, test):
    wanted = events_where(test)
    assert wanted
    assert selected(page, query) == wanted
    known, claimed = confirmed(row for row in ROWS["events"] if row["event_id"] in wanted)
    assert page.inner_text("#count").startswith(f"{grouped(known)} confirmed or reported · {grouped(claimed)} claimed only")


@pytest.mark.parametrize(
    ("query", "test"),
    [
        ("act=claim_responsibility", lambda row: row["act"] == "claim_responsibility"),
        ("issue=presence", lambda row: ("issue", "presence") in STANCES[row["statement_id"]]),
        ("stance=end_now", lambda row: ("stance", "end_now") in STANCES[row["statement_id"]]),
        ("attribution=anonymous", lambda row: row["attribution"] == "anonymous"),
        ("channel=interview", lambda row: row["channel"] == "interview"),
        ("bloc=iran", lambda row: BLOCS[row["on_behalf_of_id"] or row["speaker_id"]] == "iran"),
        ("to=2023-10-31", lambda row: row["date"] <= "2023-10-31"),
    ],
)
def test_a_deep_link_shows_the_statements_that_the_tables_have(page, query, test):
    wanted = {row["statement_id"] for row in ROWS["statements"] if test(row)}
    assert wanted
    assert selected(page, query, "statements") == wanted


STANCES = defaultdict(set)
for position in ROWS["positions"]:
    STANCES[position["statement_id"]] |= {("issue", position["issue"]), ("stance", position["stance"])}
BLOCS = {row["actor_id"]: row["bloc"] for row in ROWS["actors"]}


def padded(date, last):
    year, *rest = date.split("-")
    if len(rest) == 2:
        return date
    start = pd.Period(date)
    return str((start.end_time if last else start.start_time).date()) if year else ""


def counted_in(actor):
    """Who counts in with an actor, from when to when, by ties of the kinds that the switch names."""
    kinds = {"member_of", "part_of", "facade_of", "holds_office", "leads", "commands", "speaks_for"}
    reached = {(actor, "", "9999")}
    front = set(reached)
    for _ in range(4):
        step = set()
        for whole, start, end in front:
            for tie in ROWS["affiliations"]:
                if tie["related_actor_id"] == whole and tie["relation"] in kinds and tie["actor_id"] != actor:
                    begin = max(start, padded(tie["start"], last=False) if tie["start"] else "")
                    finish = min(end, padded(tie["end"], last=True) if tie["end"] else "9999")
                    if begin <= finish:
                        step.add((tie["actor_id"], begin, finish))
        front = step - reached
        reached |= step
    return reached


@pytest.mark.parametrize("actor", ["popular-mobilization-forces", "islamic-resistance-in-iraq", "us-department-of-defense"])
def test_an_actor_counts_in_members_brands_and_office_holders(page, actor):
    reached = counted_in(actor)
    parts = {(row["event_id"], row["actor_id"]) for row in ROWS["participants"]}
    wanted = events_where(
        lambda row: any(
            (row["event_id"], who) in parts and start <= row["end_date"] and end >= row["start_date"]
            for who, start, end in reached
        )
    )
    own = {event for event, who in parts if who == actor}
    assert wanted > own
    assert selected(page, f"actor={actor}") == wanted
    assert page.locator("#rows .tie").count() == len(wanted - own), "a row that came in by a tie names it"
    assert selected(page, f"actor={actor}&ties=exact") == own


@pytest.mark.parametrize(
    ("spelling", "record"),
    [
        ("Ayn al Asad", "ain-al-asad-air-base"),
        ("عين الأسد", "ain-al-asad-air-base"),
        ("Kataeb Hezbollah", "kataib-hizballah"),
        ("كتائب حزب الله", "kataib-hizballah"),
    ],
)
def test_the_text_search_knows_every_spelling(page, spelling, record):
    within = inside(record) if record in PLACES else set()
    own = events_where(lambda row: row["location_id"] in within) | {
        row["event_id"] for row in ROWS["participants"] if row["actor_id"] == record
    }
    assert own
    assert own <= selected(page, f"q={spelling}")


def test_script_and_package_compare_names_alike(page):
    page.goto("events.html")
    listed = [*LABELS, *LABELS.values(), *(row["name"] for row in ROWS["names"]), "Straße", "Ḥarakat an-Nujabāʾ", "كـتـائب"]
    assert page.evaluate("names => names.map(ICDnormal)", listed) == [names.normal(name) for name in listed]


# --- every page ----------------------------------------------------------------------------------------------------------


def sample():
    """A record of each kind: the first of each table, and those with most to show."""
    linked = frame("links")["related_id"].mode()[0]
    folders = {"E": "event", "S": "statement"}
    yield f"{folders.get(linked[0], 'episode')}/{linked}.html"
    yield f"event/{ROWS['events'][0]['event_id']}.html"
    yield f"statement/{ROWS['positions'][0]['statement_id']}.html"
    yield f"actor/{ROWS['affiliations'][0]['actor_id']}.html"
    yield "actor/kataib-hizballah.html"
    yield f"place/{COMMON['location_id']}.html"
    yield "episode/higher-military-commission-2023-2026.html"


EXAMPLES = [*PAGES, *dict.fromkeys(sample())]


def serious(page, libraries, **options):
    """What axe-core finds grave, as rule and place."""
    page.evaluate((libraries / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("options => axe.run(options)", {"resultTypes": ["violations"], **options})
    return [
        (violation["id"], node["target"], node["failureSummary"])
        for violation in found["violations"]
        if violation["impact"] in SERIOUS
        for node in violation["nodes"][:3]
    ]


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_page_is_whole_and_open_to_everybody(page, libraries, name):
    page.goto(name)
    assert page.locator("h1").count() == 1
    assert page.locator("h1").inner_text()
    said = json.loads(page.locator("script[type='application/ld+json']").text_content())
    assert said["@context"].rstrip("/") == "https://schema.org"
    assert said["@type"]
    assert "script-src 'self'" in page.get_attribute("meta[http-equiv]", "content")
    if name in ("events.html", "statements.html"):
        page.wait_for_selector("html[data-ready]")
    assert serious(page, libraries) == []
    page.emulate_media(color_scheme="dark")
    assert serious(page, libraries, runOnly=["color-contrast"]) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_page_fits_a_phone(browser, address, libraries, name):
    with tab(browser, address, viewport=PHONE, has_touch=True, is_mobile=True, base_url=address) as page:
        page.goto(name)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert serious(page, libraries, runOnly=["target-size", "scrollable-region-focusable"]) == []


def test_a_page_prints_without_controls(page):
    page.goto("events.html?kind=drone")
    page.emulate_media(media="print")
    assert not page.locator("nav[aria-label=Pages]").is_visible()
    assert not page.locator("#filters").is_visible()
    assert page.locator("#rows table").is_visible()


class Targets(HTMLParser):
    """The links and the fragments of a page."""

    def __init__(self, text):
        super().__init__()
        self.links, self.fragments = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.fragments |= {given["id"]} if "id" in given else set()
        self.links += [given[key] for key in ("href", "src", "action") if given.get(key)]
        assert not any(key.startswith("on") or key == "style" for key in given), (tag, given)


@pytest.fixture(scope="module")
def pages(site):
    return {path: Targets(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}


def test_every_link_leads_somewhere(site, pages):
    broken = set()
    for path, targets in pages.items():
        for link in targets.links:
            if re.match(r"https?://", link):
                continue
            file, _, fragment = link.partition("#")
            target = (path.parent / file.partition("?")[0]).resolve() if file else path
            if not target.is_file() or (fragment and fragment not in pages[target].fragments):
                broken.add((str(path.relative_to(site)), link))
    assert not broken


def test_nothing_is_loaded_from_elsewhere(site):
    loads = re.compile(r"""<(?:script|img|iframe|link|source|object|embed)\b[^>]*(?:src|href)="(?:https?:)?//""")
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8").replace('<link rel="canonical"', "")
        assert not loads.search(text), path
        assert re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", text) == [' type="application/ld+json"'], path


def test_every_record_has_a_page_of_its_own(site):
    for table, folder in (
        ("events", "event"),
        ("statements", "statement"),
        ("actors", "actor"),
        ("locations", "place"),
        ("episodes", "episode"),
    ):
        wanted = {next(iter(row.values())) for row in ROWS[table]}
        assert wanted <= {path.stem for path in (site / folder).iterdir()}, table


def text_of(site, name):
    from html import unescape

    return " ".join(unescape(re.sub(r"<[^>]+>", " ", (site / name).read_text(encoding="utf-8"))).split())


def test_a_record_page_says_what_the_tables_say(site):
    sources = {row["source_id"]: row for row in ROWS["sources"]}
    for event in ROWS["events"][::17]:
        record = event["event_id"]
        text = text_of(site, f"event/{record}.html")
        wanted = [record, event["title"], event["summary"], event["confirmation"].replace("_", " ")]
        wanted += [LABELS[part["actor_id"]] for part in ROWS["participants"] if part["event_id"] == record]
        wanted += [sources[row["source_id"]]["title"] for row in ROWS["citations"] if row["record_id"] == record]
        for said in wanted:
            assert " ".join(said.split()) in text, (record, said)
        if record not in {row["event_id"] for row in ROWS["casualties"]}:
            assert "That is not zero." in text, record


def test_what_a_contradicting_source_says_is_marked(site):
    contradicting = [row for row in ROWS["citations"] if row["relation"] == "contradicts" and row["record_id"][0] == "E"]
    assert contradicting
    for row in contradicting:
        html = (site / f"event/{row['record_id']}.html").read_text(encoding="utf-8")
        assert html.count('<li class="contradicts">') >= 1


def test_downloads_are_the_files_that_the_page_describes(site):
    html = (site / "data.html").read_text(encoding="utf-8")
    listed = re.findall(
        r'<a href="([^"]+)" download>[^<]+</a></td>.*?<td class="n">([\d\u202f]+)</td><td><code>(\w{64})', html, re.DOTALL
    )
    assert len(listed) == len(tables.TABLES) + len(list((site / "downloads").iterdir()))
    for name, _, digest in listed:
        assert hashlib.sha256((site / name).read_bytes()).hexdigest() == digest, name
    for table in tables.TABLES:
        assert (site / "data" / f"{table}.csv").read_bytes() == icd.path(table).read_bytes()


def test_the_same_data_give_the_same_site(site, tmp_path):
    again = build(REPOSITORY, tmp_path / "again")
    for path in site.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (again / path.relative_to(site)).read_bytes(), path


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path):
    (tmp_path / "thesis.doc").write_text("mine", encoding="utf-8")
    done = subprocess.run([sys.executable, SITE / "build.py", tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "holds something else" in done.stderr
    assert (tmp_path / "thesis.doc").read_text(encoding="utf-8") == "mine"


# --- using it ------------------------------------------------------------------------------------------------------------


def test_filters_live_in_the_address_and_back_and_forward_work(page):
    page.goto("events.html")
    everything = page.inner_text("#count")
    page.locator("input[value=attack]").check()
    assert "category=attack" in page.url
    attacks = page.inner_text("#count")
    assert attacks != everything
    page.locator("input[value=claimed_only]").check()
    assert page.url.endswith("confirmation=claimed_only")
    page.go_back()
    assert page.inner_text("#count") == attacks
    assert page.locator("input[value=attack]").is_checked()
    page.go_back()
    assert page.inner_text("#count") == everything
    assert not page.locator("input[value=attack]").is_checked()
    page.go_forward()
    assert page.inner_text("#count") == attacks
    page.get_by_role("button", name="Clear filters").click()
    assert page.inner_text("#count") == everything
    assert page.url.endswith("events.html")


def test_a_facet_counts_what_choosing_it_would_show(page):
    page.goto("events.html?confirmation=official&country=SYR")
    for label in page.locator("#facets details").first.locator("label").all()[:4]:
        known, claimed = map(int, label.locator(".n").inner_text().split(" + "))
        label.locator("input").check()
        assert page.inner_text("#count").startswith(f"{grouped(known)} confirmed or reported · {grouped(claimed)} claimed only")
        label.locator("input").uncheck()


def test_the_keyboard_alone_suffices(page):
    page.goto("events.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "q":
            break
    page.keyboard.type("tower 22")
    assert "q=tower+22" in page.url
    found = ids(page)
    assert 0 < len(found) < len(ROWS["events"])
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('#rows td') !== null"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{found[0]}.html")


def test_an_actor_is_chosen_by_any_spelling(page):
    page.goto("events.html")
    page.fill("#actor", "Kataeb Hezbollah")
    page.keyboard.press("Enter")
    page.wait_for_url("**actor=kataib-hizballah")
    assert "Kata'ib Hizballah" in page.inner_text("#chips")
    page.fill("#actor", "nobody of that name")
    page.press("#actor", "Tab")
    assert "Nothing in the data has that name" in page.evaluate("document.getElementById('actor').validationMessage")
    assert "actor=kataib-hizballah" in page.url


def test_an_empty_result_says_so_and_offers_a_way_back(page):
    page.goto("events.html?q=zzzz&kind=drone")
    assert page.inner_text("#count").startswith("0 confirmed or reported")
    assert page.get_by_role("heading", name="Nothing matches").is_visible()
    page.get_by_role("link", name=re.compile("without text")).click()
    assert set(ids(page)) <= events_where(lambda row: row["kind"] == "drone")
    page.goto("events.html?q=zzzz")
    page.get_by_role("link", name="or all of them").click()
    assert len(ids(page)) == min(100, len(ROWS["events"]))


def test_a_term_that_nobody_knows_does_no_harm(page):
    page.goto("events.html?category=nonsense&from=notadate&sort=nonsense&page=-3&country=%3Cb%3E")
    assert page.inner_text("#count").startswith("0 confirmed or reported")
    page.get_by_role("link", name="or all of them").click()
    assert page.locator("#rows tbody tr").count()


def test_the_table_is_a_hundred_rows_a_page_and_sorts(page):
    page.goto("events.html")
    total = len(ROWS["events"])
    first = ids(page)
    assert len(first) == min(100, total)
    assert page.locator("#rows").locator("role=table").count() == 1
    if total > 100:
        page.get_by_role("link", name="Next →").click()
        assert len(ids(page)) == min(100, total - 100)
        assert not set(ids(page)) & set(first)
        page.get_by_role("link", name=re.compile("Show all")).click()
        assert len(ids(page)) == total
    page.goto("events.html?sort=date&page=all")
    starts = {row["event_id"]: row["start_date"] for row in ROWS["events"]}
    dates = [starts[record] for record in ids(page)]
    assert dates == sorted(dates)
    page.get_by_role("button", name="Date").click()
    assert starts[ids(page)[0]] == max(starts.values())
    assert page.locator("th[aria-sort=descending]").inner_text().startswith("Date")


def totals(labels):
    found = [re.search(r"([\d\u202f]+) confirmed or reported · ([\d\u202f]+) claimed only", label) for label in labels]
    return sum(int(m[1].replace("\u202f", "")) for m in found if m), sum(int(m[2].replace("\u202f", "")) for m in found if m)


@pytest.mark.parametrize("query", ["", "?from=2023-10-01&to=2024-03-01", "?country=SYR"])
def test_table_timeline_and_map_are_one_selection_and_coarse_facts_stand_apart(page, query):
    page.goto(f"events.html{query}")
    known, claimed = totals([page.inner_text("#count")])
    labels = page.locator("#timeline a").evaluate_all("marks => marks.map(mark => mark.getAttribute('aria-label'))")
    bars = totals(labels)
    bands = len(labels) - sum("confirmed or reported" in label for label in labels)
    undrawn = re.search(r"(\d+) more are not drawn", page.inner_text("#timeline-note"))
    assert sum(bars) + bands + (int(undrawn[1]) if undrawn else 0) == known + claimed
    marks = page.locator("#map-marks > *").evaluate_all("marks => marks.map(mark => mark.getAttribute('aria-label'))")
    tray = page.locator("#map-note summary").all_inner_texts()
    assert tuple(map(sum, zip(totals(marks), totals(tray), strict=True))) == (known, claimed)


def test_no_point_stands_for_a_governorate_or_a_country(page):
    page.goto("events.html")
    spots = page.evaluate("Object.keys(ICD.map.spots)")
    assert spots
    assert not [place for place in spots if PLACES[place]["kind"] in ("governorate", "district", "region", "country", "area")]


def test_a_bar_and_a_place_open_their_events(page):
    page.goto("events.html?from=2023-10-01&to=2024-03-01")
    bar = page.locator("#timeline a").first
    wanted = sum(totals([bar.get_attribute("aria-label")]))
    bar.focus()
    page.keyboard.press("Enter")
    assert sum(totals([page.inner_text("#count")])) >= wanted
    page.goto("events.html")
    mark = page.locator("#map-marks a:has(path)").first
    wanted = totals([mark.get_attribute("aria-label")])
    mark.focus()
    page.keyboard.press("Enter")
    found = totals([page.inner_text("#count")])
    assert "place=" in page.url
    assert found >= wanted


def test_the_stances_of_the_tables_are_those_of_the_matrix(page):
    page.goto("statements.html?issue=presence")
    assert page.input_value("#issue") == "presence"
    wanted = frame("positions").query("issue == 'presence'")
    shown = page.locator("#matrix tbody tr").count()
    assert shown == min(20, wanted["actor_id"].nunique())
    chips = page.locator("#matrix tbody .chip").all_text_contents()
    counted = sum(int(match[1]) if (match := re.search(r" (\d+)$", chip)) else 1 for chip in chips)
    assert counted == wanted["actor_id"].value_counts().head(20).sum()


def test_the_phone_has_its_filters_on_a_sheet(browser, address):
    with tab(browser, address, viewport=PHONE, has_touch=True, is_mobile=True, base_url=address) as page:
        page.goto("events.html")
        assert not page.locator("#filters").is_visible()
        page.get_by_role("button", name="Filters", exact=True).tap()
        page.locator("input[value=attack]").check()
        page.get_by_role("button", name="Done").tap()
        assert not page.locator("#filters").is_visible()
        assert "category=attack" in page.url


def test_lists_narrow_by_any_spelling(page):
    page.goto("actors.html")
    page.fill("#narrow", "كتائب حزب الله")
    shown = page.locator("tr[data-names]:visible a").all_inner_texts()
    assert "Kata'ib Hizballah" in shown
    assert len(shown) < len(ROWS["actors"])
    page.fill("#narrow", "zzzz")
    assert "Nothing has that name" in page.inner_text("#narrowed")


# --- what is taken away --------------------------------------------------------------------------------------------------


def taken(page):
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download this selection").click()
    with zipfile.ZipFile(waiting.value.path()) as archive:
        contents = {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    return contents, {name: list(csv.DictReader(io.StringIO(text))) for name, text in contents.items() if name.endswith(".csv")}


def own(rows, table):
    columns = list(ROWS[table][0])
    return sorted(({column: row[column] for column in columns} for row in rows), key=str)


def kept(table, column, wanted):
    return sorted((row for row in ROWS[table] if row[column] in wanted), key=str)


@pytest.mark.parametrize("query", ["kind=drone&country=SYR&from=2024-01-01", "q="])
def test_a_selection_of_events_downloads_with_all_that_belongs_to_it(page, query):
    wanted = selected(page, query)
    contents, rows = taken(page)
    assert own(rows["events.csv"], "events") == kept("events", "event_id", wanted)
    assert own(rows["participants.csv"], "participants") == kept("participants", "event_id", wanted)
    assert own(rows["casualties.csv"], "casualties") == kept("casualties", "event_id", wanted)
    cited = wanted | {row["casualty_id"] for row in rows["casualties.csv"]}
    assert rows["citations.csv"] == [row for row in ROWS["citations"] if row["record_id"] in cited]
    assert rows["sources.csv"] == kept("sources", "source_id", {row["source_id"] for row in rows["citations.csv"]})
    assert contents["sources.bib"].strip() == icd.bibliography(sorted(wanted), "bibtex").strip()
    for row in rows["events.csv"]:
        assert row["place"] == LABELS.get(row["location_id"], "")
    flat = icd.chronology().set_index("event_id")
    for column in ("initiators", "targets", "claimants", "accused"):
        assert {row["event_id"]: set(filter(None, row[column].split("; "))) for row in rows["events.csv"]} == {
            record: set(flat[column].fillna("")[record].split("; ")) - {""} for record in wanted
        }, column
    readme = contents["README.txt"]
    assert f"version {icd.__version__}" in readme
    assert "CC BY 4.0" in readme
    known, claimed = confirmed(row for row in ROWS["events"] if row["event_id"] in wanted)
    assert f"{grouped(known)} confirmed or reported · {grouped(claimed)} claimed only" in readme
    if "kind=drone" in query:
        assert "kind: drone" in readme
        assert "country: Syria" in readme
        assert "from 1 January 2024" in readme


def test_a_selection_of_statements_downloads_with_all_that_belongs_to_it(page):
    wanted = selected(page, "act=condemn", "statements")
    contents, rows = taken(page)
    assert own(rows["statements.csv"], "statements") == kept("statements", "statement_id", wanted)
    assert own(rows["positions.csv"], "positions") == kept("positions", "statement_id", wanted)
    assert rows["citations.csv"] == [row for row in ROWS["citations"] if row["record_id"] in wanted]
    assert "act: condemn" in contents["README.txt"]


def test_a_selection_cites_itself(page):
    wanted = selected(page, "kind=drone&actor=islamic-resistance-in-iraq&ties=exact")
    page.get_by_role("button", name="Cite it").click()
    said = page.inner_text("#cite-text")
    for part in (
        f"Version {icd.__version__}",
        "kind: drone",
        "Islamic Resistance in Iraq alone",
        f"{len(wanted)} events",
        page.url,
    ):
        assert part in said, part
    assert page.inner_text("#cite-bibtex").startswith("@misc{iraq_coalition_data_")
    page.keyboard.press("Escape")
    assert not page.locator("#cite-dialog").is_visible()


# --- from disk, and with hostile data ------------------------------------------------------------------------------------


def test_it_works_from_disk(browser, site):
    origin = site.as_uri() + "/"
    with tab(browser, origin) as page:
        page.goto(f"{origin}index.html")
        page.fill("#ask", "tower 22")
        page.keyboard.press("Enter")
        page.wait_for_url("**/events.html?q=tower+22")
        page.wait_for_selector("html[data-ready]")
        assert ids(page)
        page.locator("input[value=attack]").check()
        assert "category=attack" in page.url
        contents, _ = taken(page)
        assert "events.csv" in contents
        page.locator("#rows td a").first.click()
        page.wait_for_url("**/event/*.html")


HOSTILE = '</script><script>window.hacked = 1</script><img src=x onerror="window.hacked=1"> {{7*7}} & "q" \'a\''


@pytest.fixture(scope="module")
def hostile(libraries, tmp_path_factory):
    """The site of a copy of the data whose texts are markup and script, with an id that was retired."""
    root = copy_package(tmp_path_factory.mktemp("hostile") / "package")
    shutil.copytree(REPOSITORY / "src", root / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(SITE, root / "site", ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    shutil.copytree(libraries / "fflate", root / "site" / "node_modules" / "fflate")
    shutil.copytree(REPOSITORY / "docs", root / "docs", dirs_exist_ok=True)
    (root / "CHANGELOG.md").write_text(f"# Changelog\n\n{HOSTILE}\n\n[a](javascript:alert(1))\n", encoding="utf-8")
    data = {table: files.read_rows(root / "data" / f"{table}.csv") for table in tables.TABLES}
    texts = {"actors": ["name", "description"], "events": ["title", "summary"], "statements": ["summary"], "figures": ["note"]}
    texts |= {"locations": ["name"], "episodes": ["title", "summary"], "sources": ["title", "publisher"], "names": ["name"]}
    texts |= {"affiliations": ["title"], "terms": ["definition"], "citations": ["note"]}
    for table, columns in texts.items():
        for number, row in enumerate(data[table]):
            for column in columns:
                row[column] = HOSTILE if table != "names" else f"{HOSTILE} {number}"
    gone = data["events"][-1]["event_id"]
    data["retired_ids"].append({"retired_id": "E99999", "replaced_by": gone, "release": "0.1.0", "reason": HOSTILE})
    write_tables(root, data)
    return build(root, tmp_path_factory.mktemp("hostile-site") / "explorer")


@pytest.mark.parametrize("name", [*PAGES, *dict.fromkeys(sample()), "event/E99999.html"])
def test_markup_in_the_data_is_text(browser, hostile, name):
    with served(hostile) as origin, tab(browser, origin, base_url=origin) as page:
        page.goto(name)
        assert page.evaluate("window.hacked") is None
        assert page.locator("img").count() == 0
        assert page.locator("[href^='javascript:' i]").count() == 0
        if name not in ("data.html", "methods.html"):
            assert "<script>window.hacked = 1</script>" in page.inner_text("main")
        json.loads(page.locator("script[type='application/ld+json']").text_content())


def test_markup_in_a_filter_is_text(browser, hostile):
    with served(hostile) as origin, tab(browser, origin, base_url=origin) as page:
        page.goto("events.html?q=%3Cimg%20src%3Dx%20onerror%3D%22window.hacked%3D1%22%3E&kind=%3Cb%3Ex")
        page.get_by_role("button", name="Cite it").click()
        assert page.evaluate("window.hacked") is None
        assert page.locator("img").count() == 0
        assert "<img src=x" in page.inner_text("#cite-text")


def test_a_retired_id_says_what_took_its_place(hostile):
    html = (hostile / "event" / "E99999.html").read_text(encoding="utf-8")
    assert "no longer stands" in html
    assert f'href="../event/{ROWS["events"][-1]["event_id"]}.html"' in html
