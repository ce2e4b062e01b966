"""All that a plugin's author writes to know that its hooks are right."""

import infoint_example

from infoint import PluginHost
from infoint.notes import Document, prep_sheet
from infoint.testing import check_plugin, sample_campaign


def test_plugin_says_what_it_means() -> None:
    """A hook would be misspelt, take what it is not given, or leave a name without an owner."""
    check_plugin(infoint_example)


def test_open_follow_ups_stand_behind_what_to_bring() -> None:
    """The section would be missing from the sheet, or would stand in the wrong place."""
    campaign = sample_campaign()
    talk = campaign.interviews[1]
    sheet = PluginHost([infoint_example]).extend(prep_sheet(talk, campaign), talk, campaign)
    keys = [section.key for section in sheet.sections]
    assert keys.index("example:still-open") == keys.index("bring") + 1


def test_other_documents_are_left_alone() -> None:
    """Other documents would be given a list that is not theirs."""
    campaign = sample_campaign()
    letter = Document(name="letter", title="Thank you", sections=())
    assert PluginHost([infoint_example]).extend(letter, campaign.interviews[1], campaign) == letter
