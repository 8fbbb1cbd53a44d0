"""The words the data are coded in, their codes in other systems, and ids here and elsewhere."""

from iraq_coalition_data.schema.fields import SLUG, Count, Table, Term, Text, coded, count, reference, text


class Terms(Table):
    """One value of one controlled vocabulary, with its definition."""

    vocabulary: Text = text("The vocabulary.", True, r"[a-z][a-z_]*")
    term: Text = text("The term.", True, r"[a-z0-9][a-z0-9_]*")
    parent: Text = text("The broader term: for an event kind its category, for an issue or stance its scale.", False, r"[a-z_]+")
    definition: Text = text("By what a coder decides.", longest=300)
    position: Count = count("Place in the order of the vocabulary.", "rank", minimum=1, required=True)

    class Config(Table.Config):
        metadata = {"key": ["vocabulary", "term"]}


class Crosswalk(Table):
    """The nearest code that another system has for a term."""

    vocabulary: Text = text("The vocabulary.", True, r"[a-z][a-z_]*")
    term: Text = text("The term.", True, r"[a-z0-9][a-z0-9_]*")
    system: Term = coded("code_system", "The other system.")
    system_version: Text = text("Its version, where known.", False, longest=20)
    code: Text = text("Its code.", longest=80)
    fit: Term = coded("fit", "How well the code fits our term.")

    class Config(Table.Config):
        metadata = {"key": ["vocabulary", "term", "system", "code"]}


class ExternalIds(Table):
    """The id that an actor, location or event has elsewhere."""

    record_id: Text = reference("actors", "locations", "events", description="Our record.")
    system: Term = coded("external_system", "The other system.")
    external_id: Text = text("Its id there.", True, r"[A-Za-z0-9_.:-]+")

    class Config(Table.Config):
        metadata = {"key": ["record_id", "system"]}


class RetiredIds(Table):
    """An id that no longer stands, and what took its place."""

    retired_id: Text = text("The id that no longer stands.", True, rf"[ESFCTR][0-9]{{5,7}}|{SLUG}", unique=True)
    replaced_by: Text = reference(
        "actors", "affiliations", "locations", "episodes", "events", "casualties", "statements", "figures", "sources",
        description="The id that took its place; blank: none.",
        required=False,
    )  # fmt: skip
    release: Text = text("Release that retired it.", True, r"[0-9]+\.[0-9]+\.[0-9]+")
    reason: Text = text("Why.", longest=300)

    class Config(Table.Config):
        metadata = {"key": ["retired_id"]}
