"""One person's search, from the file LinkedIn gives them to the pages they print.

    python examples/job_search/job_search.py [FOLDER]

In go Connections.csv and campaign.toml, beside this script: put your own in their place. Out come, in FOLDER (default: out), a
calendar, prep sheets, debriefs, dossiers, drafts, comparisons, field reports, the week and a list of what is due. What is known
stays in search.db, next to FOLDER: a second run adds what is new. Delete it to tell the past in another way.
"""

import sys
from pathlib import Path

from attrs import evolve
from campaign_file import CampaignFile, Slip, Table, chosen, load, noon_of, only, reading, tables
from campaign_pages import write

import infoint
from infoint import Contact, Debrief, Exploration, ExternalId, FollowUpKind, Interview, MeetingFormat, Party, Profile, Purpose
from infoint.errors import InfointError, InvalidValue, NotFound

HERE = Path(__file__).parent
WORDS = {"event": infoint.events.EVENTS, "done": FollowUpKind.known, "format": MeetingFormat, "by": Party, "purpose": Purpose}


def tell(ws: infoint.Workspace, campaign: Table) -> None:
    """Everything the two files say. All of it has a key or a time of its own: what a second run finds told stays as it is."""
    people = ws.contacts.apply_import(ws.contacts.plan_import(HERE / "Connections.csv", format="linkedin"))
    print(f"People: {people}", *(f"line {row.line}: {row.problem}" for row in people.rejected), sep="\n  ")
    for table in tables(campaign, "person"):
        with reading(table):
            person = named(ws, table, "profile")
            by = {"referred_by": str(named(ws, table, "referred_by").id)} if "referred_by" in table else {}
            described = load(Contact, infoint.codec.dump(person) | table | by, without=["profile"])
            ws.contacts.update(evolve(described, version=person.version))
    studies = {}
    for table in tables(campaign, "exploration"):
        with reading(table):
            exploration = load(Exploration, table, without=["key"])
            stored = ws.explorations.add(exploration, external_id=table["key"])
            studies[table["key"]] = ws.explorations.update(evolve(exploration, id=stored.id, version=stored.version))
    for number, table in enumerate(tables(campaign, "talk"), 1):
        with reading(table):
            talk = carry_out(ws, table, studies)
        print(f"Talk {number} of {len(campaign['talk'])}: {table['key']}, {talk.status}")


def named(ws: infoint.Workspace, table: Table, key: str) -> Contact:
    try:
        return ws.contacts.one(external_id=ExternalId("linkedin", table[key]))
    except NotFound:
        raise InvalidValue("file", key, f"nobody in Connections.csv has the address {table[key]}") from None


def carry_out(ws: infoint.Workspace, table: Table, studies: dict[str, Exploration]) -> Interview:
    only(table, "key", "exploration", "profile", "purpose", "agenda", "steps", "debrief")
    words = chosen({"purpose": Purpose.INFORMATIONAL} | table, WORDS | {"exploration": studies})
    about, person = studies[words["exploration"]], named(ws, table, "profile")
    talk = ws.interviews.plan(
        person, exploration=about, purpose=words["purpose"], agenda=table.get("agenda"), external_id=table["key"]
    )
    for step in tables(table, "steps"):
        with reading(step):
            talk = take(ws, talk, chosen(step, WORDS), table.get("debrief", {}))
    return talk


def take(ws: infoint.Workspace, talk: Interview, step: Table, learned: Table) -> Interview:
    """A step: something owed that was done, or a verb of `ws.interviews` with what it takes."""
    at = step.pop("at")
    if done := step.pop("done", None):
        only(step, "at", "done")
        if not (owed := [*ws.follow_ups.find(interview=talk, kind=done)]):
            raise InvalidValue("file", "done", "nothing of the kind was owed by then")
        for one in owed:
            ws.follow_ups.complete(one, at=at)
    elif (event := step.pop("event")) == "debrief":
        with reading(learned):
            step["debrief"] = load(Debrief, learned)
        talk = ws.interviews.record(talk, infoint.events.Debriefed(**step), at=at)
    else:
        talk = getattr(ws.interviews, event)(talk, at=at, **step)
    return talk


def main(out: Path) -> None:
    file = CampaignFile(HERE / "campaign.toml")
    try:
        with reading(file.tables):
            only(file.tables, "today", "me", "person", "exploration", "talk")
            with reading(file.tables["me"]):
                me = load(Profile, file.tables["me"])
            noon = noon_of(file.tables, "today", me.zone)  # the clock stands still: the same file gives the same pages
        out.parent.mkdir(parents=True, exist_ok=True)
        with infoint.open(f"sqlite:{out.parent / 'search.db'}", clock=lambda: noon) as ws:
            with ws.transaction() as all_or_nothing:
                all_or_nothing.set_profile(me)
                tell(all_or_nothing, file.tables)
            write(ws, out)
    except Slip as slip:
        sys.exit(file.tell(slip))
    except InfointError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "out"))
