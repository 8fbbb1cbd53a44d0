"""What was said: statements, their speakers and stances, and the links that tie them and the events together."""

from iraq_coalition_data.schema.fields import Day, Table, Term, Text, coded, day, identifier, reference, text


class Statements(Table):
    """One speech act by one speaker; a joint text names further speakers in statement_speakers."""

    statement_id: Text = identifier("S", "Id of the statement.")
    date: Day = day("Day it was said, where it was said.")
    date_precision: Term = coded("date_precision", "How exactly the day is known.")
    speaker_id: Text = reference("actors", description="Who said it: the person where named, else the body or group.")
    on_behalf_of_id: Text = reference(
        "actors", description="The body or group spoken for, where the speaker is a person.", required=False
    )
    act: Term = coded("statement_act", "What was done by saying it; of several acts the first in the order of the vocabulary.")
    channel: Term = coded("statement_channel", "How it was made.")
    attribution: Term = coded("statement_attribution", "How the source names the speaker.")
    addressee_id: Text = reference("actors", description="To whom it was addressed.", required=False)
    episode_id: Text = reference("episodes", description="The episode it belongs to; blank: none.", required=False)
    summary: Text = text("What was said, in one or two sentences of our own.", longest=300)

    class Config(Table.Config):
        metadata = {"key": ["statement_id"]}


class StatementSpeakers(Table):
    """A further speaker or signatory of a joint statement."""

    statement_id: Text = reference("statements", description="The statement.")
    actor_id: Text = reference("actors", description="The further speaker.")
    on_behalf_of_id: Text = reference("actors", description="The body spoken for.", required=False)

    class Config(Table.Config):
        metadata = {"key": ["statement_id", "actor_id"]}


class Positions(Table):
    """The stance that a statement expresses on one issue."""

    statement_id: Text = reference("statements", description="The statement.")
    actor_id: Text = reference("actors", description="Whose stance: the speaker's side, or the one reported on.")
    issue: Term = coded("position_issue", "On what.")
    stance: Term = coded("position_stance", "What is wanted.")

    class Config(Table.Config):
        metadata = {"key": ["statement_id", "actor_id", "issue"]}


class Links(Table):
    """A typed link from an event or statement to an event, statement or episode."""

    record_id: Text = reference("events", "statements", description="The event or statement that links.")
    relation: Term = coded("link_relation", "What it does to the other.")
    related_id: Text = reference(
        "events", "statements", "episodes", description="The event, statement or episode it is linked to."
    )
    basis: Term = coded("link_basis", "Whether a party states the link or a source reports it.")

    class Config(Table.Config):
        metadata = {"key": ["record_id", "relation", "related_id"]}
