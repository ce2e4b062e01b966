"""Which talks a picture is about, and how it calls them."""

from infoint.model.campaign import Campaign
from infoint.model.exploration import Exploration
from infoint.model.interview import Interview
from infoint.practice.arguments import demand
from infoint.practice.voices import in_time


def talks_about(exploration: Exploration | None, campaign: Campaign) -> tuple[Interview, ...]:
    """Those of the exploration, or all for None, the earliest first. Raises InvalidValue, MissingId."""
    demand("Picture", "exploration", exploration, Exploration, type(None))
    demand("Picture", "campaign", campaign, Campaign)
    talks = campaign.interviews if exploration is None else campaign.interviews_in(exploration)
    return tuple(sorted(talks, key=in_time))


def people_of(talk: Interview, campaign: Campaign) -> str:
    """Who was asked, by name. Raises NotFound for somebody the campaign does not hold."""
    return ", ".join(campaign.contact(id).name for id in talk.contact_ids)
