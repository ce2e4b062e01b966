"""`infoint due`: what is owed, as lines, as JSON or as a page."""

from argparse import Namespace
from collections.abc import Sequence
from datetime import date, timedelta

from infoint.cli.database import opened
from infoint.cli.program import DONE, SOMETHING_IS_DUE, put_out
from infoint.model.campaign import Campaign
from infoint.notes.contract import Document
from infoint.notes.documents.due_list import due_list
from infoint.notes.wordings import Wordings
from infoint.practice.due import DueItem
from infoint.workspace.workspace import Workspace


def list_due(asked: Namespace) -> int:
    """Carry it out; the exit code. Raises InfointError."""
    with opened(asked) as workspace:
        on = asked.today or workspace.now().date()
        within = _within(on, asked.within)
        items = workspace.due(on=on, within=within)
        match asked.format:
            case "lines":
                told = "".join(f"{item}\n" for item in items).encode(errors="replace")
            case "json":
                told = _as_json(items)
            case format:
                told = _as_page(workspace, on, within, format)
    put_out([told])
    return SOMETHING_IS_DUE if asked.exit_code and items else DONE


def _within(on: date, days: int) -> timedelta:
    # No further than there are days.
    return min(timedelta(days=days), date.max - on)


def _as_page(workspace: Workspace, on: date, within: timedelta, format: str) -> bytes:
    def page(on: date, campaign: Campaign, *, wordings: Wordings | None = None) -> Document:
        return due_list(on, campaign, within=within, wordings=wordings)

    return workspace.render(page, on, format=format).content


def _as_json(items: Sequence[DueItem]) -> bytes:
    import json

    return json.dumps([_told(item) for item in items], ensure_ascii=False, indent=2).encode(errors="replace") + b"\n"


def _told(item: DueItem) -> dict[str, str | int | None]:
    one = item.follow_up
    return {
        "id": str(one.id),
        "kind": str(one.kind),
        "summary": one.summary or one.kind.label,
        "due": one.due.isoformat(),
        "due_at": one.due_at.isoformat() if one.due_at else None,
        "overdue_by": item.overdue_by,
        "contact": item.contact.name if item.contact else None,
        "organization": item.contact.organization if item.contact else None,
        "interview": str(item.interview.id) if item.interview else None,
    }
