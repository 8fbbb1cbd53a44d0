"""``resolve``: the actor or location that a name, in any spelling of the data, stands for."""

import difflib
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from iraq_coalition_data.tables import load

ARTICLES = {"al", "el", "the", "of", "and"}
APOSTROPHES = re.compile("['’‘ʼʿʾ`ʻ]")
ARABIC = str.maketrans("ىةی", "يهي")


@dataclass(frozen=True)
class Resolution:
    """What a name stands for.

    ``id`` is set when exactly one record has the name. Else ``candidates`` are those that have it (``ambiguous``), or, when
    none has it, those with the nearest spellings.
    """

    name: str
    id: str | None
    candidates: tuple[str, ...] = ()
    ambiguous: bool = False

    def __str__(self) -> str:
        if self.id:
            return self.id
        if self.ambiguous:
            return f"{self.name!r} may be {' or '.join(self.candidates)}"
        near = f"; near misses: {', '.join(self.candidates)}" if self.candidates else ""
        return f"nothing is called {self.name!r}{near}"


def normal(name: str) -> str:
    """A name without what spellings differ in: case, accents, apostrophes, articles, punctuation, Arabic letter variants."""
    text = unicodedata.normalize("NFKD", APOSTROPHES.sub("", name.casefold())).translate(ARABIC).replace("\u0640", "")
    words = re.findall(r"\w+", "".join(c for c in text if not unicodedata.combining(c)))
    kept = [word.removeprefix("ال") if len(word) > 4 else word for word in words if word not in ARTICLES]
    return " ".join(kept or words)


def resolve(name: str) -> Resolution:
    """The actor or location of that name, id or spelling; never raises for a name, look at ``.id``.

    >>> resolve("Kataeb Hezbollah").id
    'kataib-hizballah'
    """
    found = _ids().get(name) or _index().get(normal(name), frozenset())
    if len(found) == 1:
        return Resolution(name, next(iter(found)))
    if found:
        return Resolution(name, None, tuple(sorted(found)), ambiguous=True)
    sound = _skeleton(normal(name))
    near = [spelling for spelling in _index() if sound and _skeleton(spelling) == sound]
    near += difflib.get_close_matches(normal(name), _index(), n=5, cutoff=0.75)
    return Resolution(name, None, tuple(dict.fromkeys(record for spelling in near for record in sorted(_index()[spelling]))))


def _skeleton(text: str) -> str:
    """The consonants, doubled ones once: what transliterations of one Arabic name share."""
    return re.sub(r"([a-z])\1+", r"\1", re.sub("[aeiouyw ]", "", text))


@cache
def _ids() -> dict[str, frozenset[str]]:
    """The records by id, retired ids included."""
    ids = [*load("actors")["actor_id"], *load("locations")["location_id"]]
    retired = load("retired_ids").dropna()
    moved = dict(zip(retired["retired_id"], retired["replaced_by"], strict=True))
    return {record: frozenset([record]) for record in ids} | {old: frozenset([new]) for old, new in moved.items() if new in ids}


@cache
def _index() -> dict[str, frozenset[str]]:
    """The records that each normal spelling stands for."""
    index: dict[str, set[str]] = defaultdict(set)
    for table, id_column in (("actors", "actor_id"), ("locations", "location_id")):
        frame = load(table)  # type: ignore[call-overload]
        for record, name in zip(frame[id_column], frame["name"], strict=True):
            index[normal(name)].add(record)
            index[normal(record)].add(record)
    names = load("names")
    for record, name in zip(names["record_id"], names["name"], strict=True):
        index[normal(name)].add(record)
    return {spelling: frozenset(records) for spelling, records in index.items() if spelling}
