"""What is due, on a page: the overdue first, then today, then what comes (practice §9)."""

from datetime import date, timedelta

from infoint.model.campaign import Campaign
from infoint.notes.contract import Checklist, Document, Paragraph, Section
from infoint.notes.phrases import Phrases, stem
from infoint.notes.wordings import Wordings
from infoint.practice.due import DueItem, due


def due_list(
    on: date, campaign: Campaign, *, within: timedelta = timedelta(days=7), wordings: Wordings | None = None
) -> Document:
    """Open follow-ups due by `on + within` (days in the explorer's zone). `wordings`: others than those shipped for the explorer's
    language. Raises InvalidValue for a datetime given as day.
    """
    items = due(campaign, on=on, within=within)
    words = Phrases.of("due-list", campaign, wordings)
    parts = (
        ("overdue", [item for item in items if item.overdue_by > 0]),
        ("today", [item for item in items if item.overdue_by == 0]),
        ("coming", [item for item in items if item.overdue_by < 0]),
    )
    sections = tuple(
        Section(key=key, title=words.say(key), blocks=(Checklist(tuple((False, _line(item, words)) for item in some)),))
        for key, some in parts
        if some
    )
    until = Paragraph(words.say("nothing.until", day=words.day(on + within)))
    return Document(
        name="due-list",
        title=words.say("title", day=words.day(on)),
        language=words.language,
        filename=stem("due", on.isoformat()),
        sections=sections or (Section(key="nothing", title=words.say("nothing"), blocks=(until,)),),
    )


def _line(item: DueItem, words: Phrases) -> str:
    what = item.follow_up.summary or words.label(item.follow_up.kind)
    if item.contact and item.contact.organization:
        what = words.say("line.organization", what=what, organization=item.contact.organization)
    line = words.say("line", day=words.day(item.follow_up.due), what=what)
    return words.counted("line.late", item.overdue_by, line=line) if item.overdue_by > 0 else line
