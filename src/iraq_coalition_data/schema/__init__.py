"""The pandera models: the one place where a column is defined. Needs the extra ``validate``."""

from iraq_coalition_data.schema.actors import Actors, Affiliations, Names
from iraq_coalition_data.schema.events import Casualties, Events, Participants
from iraq_coalition_data.schema.fields import Table
from iraq_coalition_data.schema.figures import Figures
from iraq_coalition_data.schema.places import Episodes, Locations
from iraq_coalition_data.schema.sources import Citations, Sources
from iraq_coalition_data.schema.statements import Links, Positions, Statements, StatementSpeakers
from iraq_coalition_data.schema.vocabularies import Crosswalk, ExternalIds, RetiredIds, Terms
from iraq_coalition_data.tables import TableName

__all__ = [
    "MODELS",
    "Actors",
    "Affiliations",
    "Casualties",
    "Citations",
    "Crosswalk",
    "Episodes",
    "Events",
    "ExternalIds",
    "Figures",
    "Links",
    "Locations",
    "Names",
    "Participants",
    "Positions",
    "RetiredIds",
    "Sources",
    "StatementSpeakers",
    "Statements",
    "Terms",
]

MODELS: dict[TableName, type[Table]] = {
    "actors": Actors,
    "names": Names,
    "affiliations": Affiliations,
    "locations": Locations,
    "episodes": Episodes,
    "events": Events,
    "participants": Participants,
    "casualties": Casualties,
    "statements": Statements,
    "statement_speakers": StatementSpeakers,
    "links": Links,
    "positions": Positions,
    "figures": Figures,
    "sources": Sources,
    "citations": Citations,
    "terms": Terms,
    "crosswalk": Crosswalk,
    "external_ids": ExternalIds,
    "retired_ids": RetiredIds,
}
