"""What happened: events, who took part, who was hurt."""

from iraq_coalition_data.schema.fields import (
    Count,
    Day,
    Flag,
    Table,
    Term,
    Text,
    coded,
    count,
    day,
    flag,
    identifier,
    reference,
    text,
)


class Events(Table):
    """Something that happened at a time and place."""

    event_id: Text = identifier("E", "Id of the event.")
    start_date: Day = day("First day it happened, or could have happened where date_precision is not day.")
    end_date: Day = day("Last day it happened, or could have happened where date_precision is not day.")
    date_precision: Term = coded(
        "date_precision", "day: it ran from start_date to end_date; else it lies somewhere between them."
    )
    category: Term = coded("event_category", "Group of kinds: the parent of kind.")
    kind: Term = coded("event_kind", "What happened.")
    outcome: Term = coded(
        "event_outcome", "What became of the weapons used; blank for anything but attacks and strikes by fire.", False
    )
    title: Text = text("What happened and where, in a few words.", longest=140)
    summary: Text = text("What happened, in one or two sentences of our own.", longest=300)
    location_id: Text = reference(
        "locations", description="Where it happened; blank: at no place, as a phone call.", required=False
    )
    location_precision: Term = coded("location_precision", "How exactly the place is known.", required=False)
    episode_id: Text = reference("episodes", description="The episode it belongs to; blank: none.", required=False)
    confirmation: Term = coded("confirmation", "Who says that it happened.")
    disputed: Term = coded("disputed", "Whether a party or source contradicts it.")
    landmark: Flag = flag("Whether it changed the coalition's mandate, size or bases, its talks, or was the gravest of its kind.")

    class Config(Table.Config):
        metadata = {"key": ["event_id"]}


class Participants(Table):
    """An actor's part in an event."""

    event_id: Text = reference("events", description="The event.")
    actor_id: Text = reference("actors", description="The actor.")
    role: Term = coded("participant_role", "Its part.")

    class Config(Table.Config):
        metadata = {"key": ["event_id", "actor_id", "role"]}


class Casualties(Table):
    """People of one actor killed, wounded, captured or missing in an event."""

    casualty_id: Text = identifier("C", "Id of the count.")
    event_id: Text = reference("events", description="The event.")
    actor_id: Text = reference("actors", description="Whose people.")
    harm: Term = coded("harm", "What befell them.")
    low: Count = count("Least of the last figures the sources give.", "people")
    best: Count = count("Latest figure of the authority responsible, else the one most independent sources give.", "people")
    high: Count = count("Greatest of the last figures the sources give.", "people")

    class Config(Table.Config):
        metadata = {"key": ["casualty_id"]}
