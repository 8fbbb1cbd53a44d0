"""How we know: sources and what each of them supports."""

from iraq_coalition_data.schema.fields import Day, Table, Term, Text, coded, day, identifier, partial_date, reference, text


class Sources(Table):
    """A page."""

    source_id: Text = identifier("R", "Id of the source.")
    url: Text = text("Address of the page, as it was opened.", True, r"https?://[^\s{}<>\"]+", format="uri")
    title: Text = text("Title, as the page gives it.", longest=400)
    publisher: Text = text("Who published the page.", longest=120)
    wire: Text = text("News agency whose copy the page carries; copies of one agency are not independent.", False, longest=60)
    kind: Term = coded("source_kind", "What kind of source it is.")
    language: Text = text("Language of the page (BCP 47).", True, r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
    published: Text = partial_date("Date the page gives as its own.")
    accessed: Day = day("Day the page was read.")

    class Config(Table.Config):
        metadata = {"key": ["source_id"]}


class Citations(Table):
    """A source for a record, or for one of its fields."""

    record_id: Text = reference(
        "actors", "affiliations", "locations", "episodes", "events", "casualties", "statements", "figures",
        description="The record.",
    )  # fmt: skip
    field: Text = text(
        "Column of the record, or table of rows that belong to it; blank: the record as a whole.", False, r"[a-z_]+"
    )
    source_id: Text = reference("sources", description="The source.")
    relation: Term = coded("citation_relation", "What the source does for the record.")
    note: Text = text("What to look for in the source, or what it says instead.", False, longest=300)

    class Config(Table.Config):
        metadata = {"key": ["record_id", "field", "source_id"]}
