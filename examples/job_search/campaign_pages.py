"""What a search puts on paper and into letters. What is known of it is told in job_search."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import infoint
from infoint import Interview, InterviewStatus, Purpose
from infoint.notes import (
    Document,
    comparison,
    confirmation,
    debrief_record,
    dossier,
    due_list,
    employment_request,
    field_report,
    letter,
    outreach,
    prep_sheet,
    render,
    weekly_agenda,
)


def write(ws: infoint.OpenWorkspace, out: Path) -> None:
    """Pages to print, drafts to send, a calendar to open. A file in which nothing has changed is not touched."""
    ws.calendar().write(out / "interviews.ics")
    for agenda, name in ((due_list, "due.md"), (weekly_agenda, "week.md")):
        ws.render(agenda, ws.now().date()).write(out / name)
    talks = [talk for talk in ws.interviews.find() if talk.status not in infoint.FALLEN_THROUGH]
    for talk in talks:
        if talk.debrief:
            page(ws, debrief_record, talk, out / "debriefs")
        elif talk.purpose == Purpose.INFORMATIONAL:
            page(ws, prep_sheet, talk, out / "prep")
        draft(ws, talk, out / "drafts")
    for id in {id for talk in talks for id in talk.met}:
        page(ws, dossier, ws.contacts.get(id), out / "people")
    for exploration in ws.explorations.find():
        page(ws, comparison, exploration, out)
        page(ws, field_report, exploration, out)
        print(f"Compared: {exploration.subject}", *ws.compare(exploration).warnings, sep="\n  ! ")
    print("Due within a week")
    for item in ws.due(within=timedelta(days=7)):
        print(f"  {item}")
        if ws.engine.policy.reaches_out(item.follow_up.kind):
            ws.render(letter, item.follow_up, format="text").write_into(out / "drafts")
    print(f"Written: {sum(path.is_file() for path in out.rglob('*'))} files in {out}")


def page(ws: infoint.Workspace, builder: Callable[..., Document], about: Any, folder: Path) -> None:
    """To read in a wiki, and to print."""
    document = ws.document(builder, about)
    for format in ("markdown", "html"):
        render(document, format).write_into(folder)


def draft(ws: infoint.Workspace, talk: Interview, folder: Path) -> None:
    """What the talk itself asks to be written, whether or not anything is due."""
    asking = outreach if talk.purpose == Purpose.INFORMATIONAL else employment_request
    builder = {InterviewStatus.IDENTIFIED: asking, InterviewStatus.SCHEDULED: confirmation}.get(talk.status)
    if builder:
        ws.render(builder, talk, format="text").write_into(folder)
