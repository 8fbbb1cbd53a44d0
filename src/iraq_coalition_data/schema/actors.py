"""Who: actors, their names, the dated ties between them."""

from iraq_coalition_data.schema.fields import Table, Term, Text, coded, identifier, partial_date, reference, slug, text


class Actors(Table):
    """A state, body, force, command, group, brand, organisation, commission, party, person or population."""

    actor_id: Text = slug("Id of the actor.")
    name: Text = text("The name used in titles and summaries of this dataset.", longest=120)
    kind: Term = coded("actor_kind", "What the actor is.")
    country: Text = text(
        "Country the actor belongs to (ISO 3166-1 alpha-3); blank for a body of several states.", False, r"[A-Z]{3}"
    )
    bloc: Term = coded("actor_bloc", "Side the actor is counted to.")
    start: Text = partial_date("When the actor came into being, where a source says so.")
    end: Text = partial_date("When the actor ceased to exist, where a source says so.")
    description: Text = text("What the actor is, in a sentence.", False, longest=300)

    class Config(Table.Config):
        metadata = {"key": ["actor_id"]}


class Names(Table):
    """One further spelling or name of an actor or location, as a source writes it."""

    record_id: Text = reference("actors", "locations", description="The actor or location so named.")
    name: Text = text("The name, in its own script.", longest=200)
    language: Text = text("Language and, where it matters, script of the name (BCP 47).", True, r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
    kind: Term = coded("name_kind", "What kind of name it is.")

    class Config(Table.Config):
        metadata = {"key": ["record_id", "name", "language"]}


class Affiliations(Table):
    """A tie between two actors, for as long as sources say it held."""

    affiliation_id: Text = identifier("T", "Id of the tie.")
    actor_id: Text = reference("actors", description="The actor that has the tie.")
    relation: Term = coded("affiliation_relation", "What the actor is to the related actor.")
    related_actor_id: Text = reference("actors", description="The actor it is tied to.")
    title: Text = text("Title of the office or rank, where the tie is one.", False, longest=160)
    start: Text = partial_date("First date of the tie that a source gives; blank: not known.")
    end: Text = partial_date("Last date of the tie that a source gives; blank: not ended, or not known.")

    class Config(Table.Config):
        metadata = {"key": ["affiliation_id"]}
