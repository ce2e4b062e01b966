"""Every line marked so is a mistake somebody makes; `test_typing.py` runs a type checker over them. Never imported."""

from datetime import date, datetime

from attrs import evolve

from infoint import Campaign, Contact, Engine, FollowUp, Interview, MeetingFormat, Profile, Workspace, events
from infoint.calendar import CalendarEntry
from infoint.notes import Bullets, Paragraph, Section, due_list, prep_sheet
from infoint.practice import Offset, advance, plan_follow_ups, record
from infoint.storage import Query


def mistakes(ws: Workspace, talk: Interview, ana: Contact, entry: CalendarEntry, now: datetime) -> None:
    """None of this may pass."""
    Contact(name="Ana", emails="ana@oak.example")  # wrong
    Contact(name="Ana", tags="alumni")  # wrong
    Contact(name="Ana", orgnization="Oak Labs")  # wrong
    Contact(name="Ana", source="alumni")  # wrong
    Contact(name="Ana", zone=1)  # wrong
    Contact("Ana")  # wrong
    Profile(name="Kim")  # wrong
    Campaign(contacts=(ana,))  # wrong
    FollowUp(kind="nudge", due=date(2026, 1, 1))  # wrong
    Offset(weeks=1)  # wrong
    ana.title = "UX lead"  # wrong
    ana.custom["acme:x"] = 1  # wrong
    evolve(ana, titel="UX lead")  # wrong
    evolve(talk, status="held")  # wrong
    talk.meeting.start  # wrong
    talk.history.append(1)  # wrong
    entry.when.start  # wrong
    Section(key="a", title="A", blocks=("text",))  # wrong
    Bullets("text")  # wrong
    Paragraph(3)  # wrong
    Query(kind="contact", where="name")  # wrong
    advance(talk, events.Held())  # wrong
    advance(talk, events.Scheduled(now), at=now)  # wrong
    record(talk, events.Held(), at=now)  # wrong
    plan_follow_ups(talk)  # wrong
    ws.search("tea", str)  # wrong
    ws.search("tea", Interview).items[0].name  # wrong
    ws.run(lambda tx: tx.contact)  # wrong
    ws.contacts.merge(ana, talk)  # wrong
    ws.contacts.erase(ana).remain  # wrong
    ws.contacts.export(ana).contact  # wrong
    ws.contacts.purge(before=now.date())  # wrong
    ws.contacts.purge(now.date(), dry_run=True)  # wrong
    ws.contacts.purge(before=now.date(), dry_run=True).people[0].last.hour  # wrong
    Engine("memory:", erasures=3)  # wrong
    Engine("memory:", erasures="erasures.jsonl").erase_again().people  # wrong
    ws.calendar_changes(talk)  # wrong
    ws.interviews.plan("Ana Ruiz")  # wrong
    ws.interviews.schedule(talk, "2026-12-01T10:00", format=MeetingFormat.VIDEO)  # wrong
    ws.interviews.schedule(talk, now, format="video")  # wrong
    ws.interviews.cancel(talk)  # wrong
    ws.interviews.record(talk, events.Held)  # wrong
    ws.interviews.record(talk, "hold")  # wrong
    ws.interviews.find(statsu="held")  # wrong
    ws.interviews.find(status="held")  # wrong
    ws.contacts.find(mail="ana@oak.example")  # wrong
    ws.contacts.update(talk)  # wrong
    ws.contacts.get("4711")  # wrong
    ws.follow_ups.postpone(talk, date(2026, 1, 1))  # wrong
    ws.render(prep_sheet, ana)  # wrong
    ws.render(due_list, talk)  # wrong
    ws.render("prep-sheet", talk)  # wrong
    ws.due(on="2026-12-01")  # wrong
    ws.calender()  # wrong
