"""An example plugin: documents as reStructuredText, and what is still open with somebody on the sheet for the next talk."""

from collections.abc import Iterable

from infoint import Campaign, FollowUpStatus, Interview, hookimpl
from infoint.notes.contract import Checklist, Document, NoteRenderer, RendererRegistrar, Section
from infoint.notes.documents import Subject


@hookimpl
def infoint_register_note_renderers(renderers: RendererRegistrar) -> None:
    """`ws.render(prep_sheet, talk, format="rst")`."""
    renderers.add("rst", _rst)


@hookimpl
def infoint_note_sections(document: Document, subject: Subject, campaign: Campaign) -> Iterable[Section]:
    """The talk's follow-ups that are not done yet, behind the list of what to bring."""
    if document.name != "prep-sheet" or not isinstance(subject, Interview):
        return
    still_open = [one for one in campaign.follow_ups_of(subject) if one.status is FollowUpStatus.OPEN]
    if still_open:
        items = tuple((False, f"{one.summary} (by {one.due})") for one in sorted(still_open, key=lambda one: one.due))
        yield Section(key="example:still-open", title="Still open", after="bring", blocks=(Checklist(items),))


def _rst() -> NoteRenderer:
    # Imported when somebody renders: an app that only has the plugin installed does not pay for it.
    from infoint_example.rst import RstRenderer

    return RstRenderer()
