"""How many: numbers that somebody reported."""

from iraq_coalition_data.schema.fields import Count, Day, Table, Term, Text, coded, count, day, identifier, reference, text


class Figures(Table):
    """A reported number: troops present or authorised, attacks since a date, strikes in a month, bases."""

    figure_id: Text = identifier("F", "Id of the figure.")
    measure: Term = coded("measure", "What is counted.")
    start_date: Day = day("From when a count runs; the as-of date where the measure is a level.")
    end_date: Day = day("As of when.")
    date_precision: Term = coded("date_precision", "How exactly the as-of date is known.")
    actor_id: Text = reference("actors", description="Whose: the force present, attacked or striking.")
    location_id: Text = reference("locations", description="Where; blank: anywhere.", required=False)
    low: Count = count("Least, for between, at_least and more_than.", "as the measure says", minimum=None)
    best: Count = count("The number, for exact and about.", "as the measure says", minimum=None)
    high: Count = count("Greatest, for between, at_most and less_than.", "as the measure says", minimum=None)
    qualifier: Term = coded("qualifier", "How the source qualifies the number.")
    reporter_id: Text = reference("actors", description="Who reported it.")
    attribution: Term = coded("statement_attribution", "How the source names the reporter.")
    note: Text = text("What the number includes or leaves out.", False, longest=300)

    class Config(Table.Config):
        metadata = {"key": ["figure_id"]}
