"""Where and in which course of events: locations and episodes."""

from iraq_coalition_data.schema.fields import Number, Table, Term, Text, coded, degrees, partial_date, reference, slug, text


class Locations(Table):
    """A base, site, town, district, governorate, region or country."""

    location_id: Text = slug("Id of the location.")
    name: Text = text("The name used in titles and summaries of this dataset.", longest=120)
    kind: Term = coded("location_kind", "What the location is.")
    country: Text = text("Country it lies in (ISO 3166-1 alpha-3); blank for a region across borders.", False, r"[A-Z]{3}")
    admin1: Text = text("First-level division it lies in (ISO 3166-2).", False, r"[A-Z]{2}-[A-Z0-9]{1,3}")
    latitude: Number = degrees("Latitude; blank where no gazetteer or source gives one.", 90)
    longitude: Number = degrees("Longitude; blank where no gazetteer or source gives one.", 180)
    precision: Term = coded("coordinate_precision", "What the coordinates stand for.", required=False)
    parent_id: Text = reference("locations", description="The next larger location that holds it.", required=False)

    class Config(Table.Config):
        metadata = {"key": ["location_id"]}


class Episodes(Table):
    """A negotiation process, campaign, operation, battle, crisis or transition that events and statements belong to."""

    episode_id: Text = slug("Id of the episode.")
    title: Text = text("Title.", longest=160)
    kind: Term = coded("episode_kind", "What the episode is.")
    start: Text = partial_date("When it began: nothing earlier belongs to it.")
    end: Text = partial_date("When it ended: nothing later belongs to it; blank: not ended.")
    parent_id: Text = reference("episodes", description="The larger episode it is part of.", required=False)
    summary: Text = text("What belongs to it, and from when to when.", longest=400)

    class Config(Table.Config):
        metadata = {"key": ["episode_id"]}
