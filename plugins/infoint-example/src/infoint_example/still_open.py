"""What is still open with somebody, on the sheet for the next talk with them."""

from collections.abc import Iterable

from infoint import Campaign, FollowUpStatus, Interview, hookimpl
from infoint.notes import Checklist, Document, Section, Subject


@hookimpl
def infoint_note_sections(
    document: Document,
    subject: Subject,
    campaign: Campaign,
) -> Iterable[Section]:
    """The talk's follow-ups that are not done yet, behind the list of what to bring."""
    if document.name != "prep-sheet" or not isinstance(subject, Interview):
        return
    planned = campaign.follow_ups_of(subject)
    still_open = [one for one in planned if one.status is FollowUpStatus.OPEN]
    still_open.sort(key=lambda one: one.due)
    if still_open:
        items = tuple((False, f"{one.summary} (by {one.due})") for one in still_open)
        yield Section(
            key="example:still-open",
            title="Still open",
            after="bring",
            blocks=(Checklist(items),),
        )
