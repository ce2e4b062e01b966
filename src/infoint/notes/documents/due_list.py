"""What is due, on a page: the overdue first, then today, then what comes (practice §9)."""

from datetime import date, timedelta

from infoint.model.campaign import Campaign
from infoint.notes.contract import Checklist, Document, Paragraph, Section
from infoint.notes.documents.phrases import day, stem
from infoint.practice.due import DueItem, due
from infoint.practice.labels import label


def due_list(on: date, campaign: Campaign, *, within: timedelta = timedelta(days=7)) -> Document:
    """Open follow-ups due by `on + within` (days in the explorer's zone). Raises InvalidValue for a datetime given as day."""
    items = due(campaign, on=on, within=within)
    parts = (
        ("overdue", "Overdue", [item for item in items if item.overdue_by > 0]),
        ("today", "Today", [item for item in items if item.overdue_by == 0]),
        ("coming", "Coming up", [item for item in items if item.overdue_by < 0]),
    )
    sections = tuple(
        Section(
            key=key, title=title, blocks=(Checklist(tuple((False, _line(item, campaign.profile.language)) for item in some)),)
        )
        for key, title, some in parts
        if some
    )
    nothing = Section(key="nothing", title="Nothing is due", blocks=(Paragraph(f"Nothing until {day(on + within)}."),))
    return Document(
        name="due-list",
        title=f"Due on {day(on)}",
        filename=stem("due", on.isoformat()),
        sections=sections or (nothing,),
    )


def _line(item: DueItem, language: str) -> str:
    what = item.follow_up.summary or label(item.follow_up.kind, language)
    who = f" ({item.contact.organization})" if item.contact and item.contact.organization else ""
    late = f", {item.overdue_by} day{'s' if item.overdue_by > 1 else ''} late" if item.overdue_by > 0 else ""
    return f"{day(item.follow_up.due)}: {what}{who}{late}"
