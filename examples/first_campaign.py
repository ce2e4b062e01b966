"""A first campaign: two people asked, one talk held, and what one takes away from it.

    python examples/first_campaign.py [FOLDER]

Writes into FOLDER (default: out) a calendar (interviews.ics), a prep sheet for the talk to come, and a list of what is due.
Everything carries a time or a name of its own, so that a second run finds it done and writes the same bytes.
"""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import infoint
from infoint import Contact, ContactSource, Exploration, Goal, Insight, MeetingFormat, Profile, Topic, Valence
from infoint.notes import due_list, prep_sheet

TODAY = datetime(2026, 12, 2, 15, tzinfo=UTC)  # the example's own clock: same input, same bytes


def main(out: Path) -> None:
    """Carry out the campaign and write the files."""
    out.mkdir(parents=True, exist_ok=True)
    with infoint.open(f"sqlite:{out / 'campaign.db'}", zone="America/Chicago", clock=lambda: TODAY) as ws:
        ws.set_profile(
            Profile(name="Kim Doe", zone="America/Chicago", introduction="I teach, and want to do research on people.")
        )
        ux = ws.explorations.add(Exploration(subject="UX research", goal=Goal.CHANGE_FIELD), external_id="ux")
        ana = ws.contacts.add(
            Contact(
                name="Ana Ruiz",
                organization="Oak Labs",
                title="UX lead",
                emails=["ana@oak.example"],
                zone="Europe/Madrid",
                source=ContactSource.ALUMNI,
            ),
            external_id="ana",
        )
        bo = ws.contacts.add(
            Contact(name="Bo Li", organization="Pine Works", referred_by=ana.id, source=ContactSource.REFERRAL),
            external_id="bo",
        )

        talks = ws.interviews
        first = talks.plan(ana, exploration=ux, external_id="ana-1")
        first = talks.request(
            first, at=datetime(2026, 11, 16, 9)
        )  # a nudge is due seven business days later, if no answer comes
        first = talks.schedule(
            first,
            datetime(2026, 12, 1, 10),
            format=MeetingFormat.VIDEO,
            place="https://meet.example/ana",
            at=datetime(2026, 11, 19, 12),
        )
        first = talks.hold(first)
        talks.debrief(
            first,
            insights=[Insight("Half the week is finding people to talk to", Topic.TYPICAL_DAY, Valence.NEGATIVE)],
            referrals=["Bo Li"],
            at=datetime(2026, 12, 1, 12),
        )

        second = talks.plan(bo, exploration=ux, external_id="bo-1")  # its questions: what nobody has answered yet
        for finding in ws.review(second):
            print(finding)
        second = talks.request(second, at=datetime(2026, 12, 1, 14))
        second = talks.schedule(
            second,
            datetime(2026, 12, 8, 16),
            format=MeetingFormat.IN_PERSON,
            place="12 Oak Street, Springfield",
            at=datetime(2026, 12, 2, 8),
        )

        ws.calendar().write(out / "interviews.ics")
        sheet = ws.render(prep_sheet, second).write_into(out)
        ws.render(due_list, ws.now().date()).write(out / "due.md")

        print(f"Due by {(ws.now() + timedelta(days=7)):%Y-%m-%d}:")
        for item in ws.due(within=timedelta(days=7)):
            print(f"  {item}")
        print(f"Written: {out / 'interviews.ics'}, {sheet}, {out / 'due.md'}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "out"))
