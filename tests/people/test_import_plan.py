"""What an import would do: who is new, who is known, what is taken over, and what is left to the explorer."""

from collections.abc import Iterator
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve, fields
from hypothesis import given, strategies as st

from infoint import Contact, ContactRole, ContactSource, ExternalId, Seniority
from infoint.errors import InvalidValue
from infoint.people import ImportPlan, Rejected, plan_import
from infoint.people.contract import Row
from infoint.people.merging import MANY, MEMORY, SINGLE
from infoint.plain import JSON
from infoint.testing.strategies import contacts

ANA = ExternalId("linkedin", "https://l.example/in/ana")
BO = ExternalId("linkedin", "https://l.example/in/bo")
READ = Contact(name="Ana Ruiz", organization="Oak Labs", emails=["ana@oak.example"], external_ids=(ANA,))


class Numbered(Iterator[Row]):
    """Rows of a reader that says where they stand: on lines 10, 20 …"""

    def __init__(self, *rows: Row) -> None:
        self._rows = iter(rows)
        self.line_num = 0

    def __next__(self) -> Row:
        self.line_num += 10
        return next(self._rows)


def store(plan: ImportPlan, known: tuple[Contact, ...] = ()) -> tuple[Contact, ...]:
    """As a host with its own database would."""
    there = {one.id: one for one in known}
    added = (*plan.new, *(read for read, _, _ in plan.doubtful), *(wanted for _, wanted in plan.changed))
    return tuple((there | {one.id: one for one in added}).values())


def after(*rows: Row, known: tuple[Contact, ...] = ()) -> Contact:
    """The only contact there is, once these rows were imported."""
    (stored,) = store(plan_import(rows, known), known)
    return stored


def hand_made(number: int = 1, **values: object) -> Contact:
    return Contact(id=UUID(int=number), **({"name": "Ana Ruiz"} | values))  # type: ignore[arg-type]  # each test gives its own


# ── who is who ───────────────────────────────────────────────────────────────────────────────────
def test_everybody_is_new_at_first() -> None:
    """Nobody would come in; or ids would differ from run to run, and so would every file written from them."""
    plan = plan_import([READ, Rejected(3, "broken")], [])
    (ana,) = plan.new
    assert (ana.name, ana.external_ids, ana.version) == ("Ana Ruiz", (ANA,), 0)
    assert ana == plan_import([READ], []).new[0]
    assert ana.id != plan_import([READ], [], workspace="another").new[0].id
    assert plan.rejected == (Rejected(3, "broken"),)
    assert str(plan) == "1 new, 0 changed, 0 the same, 0 doubtful, 1 rejected"


@pytest.mark.parametrize(
    "known",
    [
        hand_made(emails=["ANA@oak.example"]),
        hand_made(name="Somebody", external_ids=(ANA,)),
        hand_made(external_ids=(ExternalId("linkedin", "http://L.example/in/ana/"),)),
        hand_made(
            emails=["x@oak.example", "ana@oak.example"], external_ids=(ExternalId("linkedin", "https://l.example/in/a"),)
        ),
    ],
)
def test_an_id_or_an_email_makes_one_person(known: Contact) -> None:
    """Somebody added by hand would be there twice after the import."""
    plan = plan_import([READ], [known])
    assert [before for before, _ in plan.changed] == [known]
    ((_, wanted),) = plan.changed
    assert wanted.id == known.id
    assert ANA in wanted.external_ids
    assert plan_import([READ], [wanted]) == ImportPlan(same=1)


@pytest.mark.parametrize(
    ("known", "why"),
    [
        (hand_made(name="ana  RUIZ"), "both have this name"),
        (hand_made(name="Ana María Ruiz", links=["https://l.example/in/ana/"]), "both have this link"),
        (hand_made(links=["https://l.example/in/ana/"]), "both have this name and this link"),
    ],
)
def test_a_name_or_a_link_is_only_a_doubt(known: Contact, why: str) -> None:
    """Two people of one name would become one, which nobody can take apart again."""
    read = evolve(READ, links=("https://l.example/in/ana",))
    plan = plan_import([read], [known])
    ((found, stored, reason),) = plan.doubtful
    assert (found.name, stored, reason) == ("Ana Ruiz", known, why)
    assert str(plan) == "0 new, 0 changed, 0 the same, 1 doubtful, 0 rejected"


def test_the_likeliest_look_alike_is_shown() -> None:
    """The explorer would be shown whoever comes first."""
    known = [hand_made(1), hand_made(2, organization="Oak Labs"), hand_made(3, name="X")]
    ((_, stored, why),) = plan_import([READ], known).doubtful
    assert (stored.id.int, why) == (2, "both have this name; so have 1 more")
    known.append(hand_made(4, links=["https://ana.example"]))
    ((_, stored, why),) = plan_import([evolve(READ, links=("https://ana.example/",))], known).doubtful
    assert (stored.id.int, why) == (4, "both have this name and this link; so have 2 more")


@pytest.mark.parametrize("turned", [False, True])
def test_whoever_is_in_the_file_is_no_look_alike_of_another_in_it(turned: bool) -> None:
    """A namesake of somebody imported earlier would be doubtful for ever, or depend on the order of the rows."""
    known = plan_import([READ], []).new
    rows = [READ, Contact(name="Ana Ruiz", external_ids=(BO,))]
    plan = plan_import(rows[::-1] if turned else rows, known)
    assert (len(plan.new), plan.same, plan.doubtful) == (1, 1, ())


def test_one_row_for_two_people_is_rejected() -> None:
    """One of them would be picked silently, and get the other's address."""
    known = [hand_made(1, name="Ana", external_ids=(ANA,)), hand_made(2, name="Bo", emails=["ana@oak.example"])]
    plan = plan_import(Numbered(READ), known)
    problem = "stands for more than one stored contact: its linkedin id is “Ana”'s; its e-mail is “Bo”'s"
    assert plan == ImportPlan(rejected=(Rejected(10, problem),))


def test_whoever_bears_all_of_it_is_meant() -> None:
    """A shared office address would keep its users from ever being imported again."""
    known = [hand_made(1, external_ids=(ANA,), emails=READ.emails), hand_made(2, emails=READ.emails)]
    ((before, _),) = plan_import([READ], known).changed
    assert before.id.int == 1
    assert len(plan_import([Contact(name="X", emails=READ.emails)], known).rejected) == 1


@pytest.mark.parametrize(
    ("second", "problem"),
    [
        (evolve(READ, emails=()), "has the same linkedin id as the row on line 10, which is taken"),
        (Contact(name="Bo", emails=["Ana@Oak.example"]), "has the same e-mail as the row on line 10, which is taken"),
        (evolve(READ, external_ids=(BO,)), "has the same e-mail as the row on line 10, which is taken"),
        (
            Contact(name="Bo", external_ids=(ExternalId("crm", "7"),)),
            "stands for the same person as the row on line 10, which is taken",
        ),
    ],
)
def test_the_second_row_of_one_person_is_listed(second: Contact, problem: str) -> None:
    """One row would silently overwrite another, or somebody be there twice."""
    known = [hand_made(external_ids=(ANA, ExternalId("crm", "7")))]
    plan = plan_import(Numbered(READ, second), known)
    assert plan.rejected == (Rejected(20, problem),)
    assert len(plan.changed) == 1


def test_readers_need_not_tell_lines() -> None:
    """The simplest reader, a generator, could not be used."""
    (rejected,) = plan_import(iter([READ, READ]), []).rejected
    assert rejected == Rejected(0, "has the same linkedin id as an earlier row, which is taken")


def test_people_without_any_id_are_not_doubled() -> None:
    """An address book of names and telephone numbers would bring everybody anew at each import."""
    rows = [
        Contact(name="Ana Ruiz", phones=["1"]),
        Contact(name="Ana Ruiz", phones=["2"]),
        Contact(name="Bo", emails=["b@o.example"]),
    ]
    plan = plan_import(rows, [])
    assert len({one.id for one in plan.new}) == 3
    edited = tuple(evolve(one, notes="met") for one in plan.new)
    assert plan_import(rows, edited) == ImportPlan(same=3)
    assert plan_import([rows[0], rows[0]], []).rejected == (
        Rejected(0, "stands for the same person as an earlier row, which is taken"),
    )


def test_an_id_taken_out_by_hand_does_not_make_somebody_new() -> None:
    """The id of the new contact would be that of the stored one, and the whole import fail."""
    ana = evolve(after(READ), external_ids=(), emails=())
    assert plan_import([READ], [ana]) == ImportPlan(same=1)


def test_what_is_no_row() -> None:
    """A reader's mistake would show far from where it was made."""
    with pytest.raises(InvalidValue, match=r"ContactReader\.read: gives contacts and rejected rows, got str"):
        plan_import(["Ana"], [])  # type: ignore[list-item]  # the mistake under test


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_progress_is_told(rows: int) -> None:
    """A bar would not move, or never reach its end."""
    told: list[int] = []
    plan_import([Rejected(1, "x")] * rows, [], progress=told.append)
    assert told == (list(range(1, rows + 1)) or [0])


# ── what is taken over ───────────────────────────────────────────────────────────────────────────
def test_every_field_is_thought_of() -> None:
    """A new field of contacts would be lost in imports."""
    own = {"id", "version", "edited_at", "extra", "custom"}
    assert {one.name for one in fields(Contact)} == own | set(SINGLE) | set(MANY)


def test_news_comes_in() -> None:
    """A new employer would never arrive."""
    stored = after(READ)
    moved = evolve(READ, organization="Pine Works")
    ((before, wanted),) = plan_import([moved], [stored]).changed
    assert before is stored
    assert evolve(wanted, organization="Oak Labs", custom={}) == evolve(stored, custom={})
    assert wanted.organization == "Pine Works"


def test_edits_by_hand_stay() -> None:
    """What the explorer found out and wrote down would be overwritten by the next import."""
    stored = evolve(after(READ), organization="Oak Labs (Berlin)", title="Researcher", notes="met", rapport=2, tags={"alumni"})
    assert plan_import([READ], [stored]) == ImportPlan(same=1)


def test_news_and_edits_of_different_fields_both_hold() -> None:
    """One field edited by hand would keep out all news, or be lost to it."""
    stored = evolve(after(READ), title="Researcher", name="Dr. Ana Ruiz")
    ana = after(evolve(READ, organization="Pine Works"), known=(stored,))
    assert (ana.name, ana.title, ana.organization) == ("Dr. Ana Ruiz", "Researcher", "Pine Works")


def test_where_both_have_news_the_explorers_stay_and_it_is_said() -> None:
    """The explorer's words would go, or the file's, without anybody being told."""
    stored = evolve(after(READ), organization="Oak GmbH")
    moved = evolve(READ, organization="Pine Works")
    plan = plan_import([moved], [stored])
    assert plan.kept == ((stored, "organization stays “Oak GmbH”, the file says “Pine Works”"),)
    assert str(plan) == "0 new, 1 changed, 0 the same, 0 doubtful, 0 rejected, 1 kept as you wrote it"
    ana = store(plan)[0]
    assert ana.organization == "Oak GmbH"
    assert plan_import([moved], [ana]) == ImportPlan(same=1)
    assert after(evolve(READ, organization="Ash"), known=(evolve(ana, organization=""),)).organization == "Ash"


def test_what_was_written_by_hand_before_the_first_import_stays() -> None:
    """Somebody added by hand would be overwritten by the first address book that knows them."""
    known = hand_made(organization="Oak GmbH", external_ids=(ANA,), custom={"acme:mentor": "yes"})
    plan = plan_import([evolve(READ, custom={"acme:mentor": "no " * 40, "acme:team": "B"})], [known])
    (ana,) = store(plan)
    assert (ana.organization, ana.custom["acme:mentor"], ana.custom["acme:team"]) == ("Oak GmbH", "yes", "B")
    assert [what.partition(" ")[0] for _, what in plan.kept] == ["organization", "acme:mentor"]
    assert plan.kept[1][1].endswith("…”")


def test_what_the_file_leaves_empty_stays() -> None:
    """A poorer export would take away what a better one brought."""
    stored = after(evolve(READ, custom={"acme:team": "B"}))
    assert plan_import([Contact(name="Ana Ruiz", external_ids=(ANA,))], [stored]) == ImportPlan(same=1)
    back = plan_import([READ], [evolve(stored, organization="Oak (by hand)")])
    assert back == ImportPlan(same=1)


def test_several_values_are_united() -> None:
    """A second address would take the first one's place; or the same one, written otherwise, stand there twice."""
    stored = after(evolve(READ, links=("https://l.example/in/ana",), tags=frozenset({"import"})))
    stored = evolve(stored, tags=stored.tags | {"mine"})
    more = evolve(
        READ,
        emails=("ANA@oak.example", "ana@home.example"),
        links=("http://l.example/in/ana/", "https://ana.example"),
        tags=frozenset({"second"}),
    )
    ana = after(more, known=(stored,))
    assert ana.emails == ("ana@oak.example", "ana@home.example")
    assert ana.links == ("https://l.example/in/ana", "https://ana.example")
    assert ana.tags == {"import", "mine", "second"}


def test_what_was_taken_out_by_hand_stays_out() -> None:
    """An address the explorer found wrong would come back with every import."""
    stored = evolve(after(READ), emails=(), organization="")
    assert plan_import([READ], [stored]) == ImportPlan(same=1)
    ana = after(evolve(READ, emails=("ana@oak.example", "ana@home.example")), known=(stored,))
    assert ana.emails == ("ana@home.example",)
    assert plan_import([READ], [ana]) == ImportPlan(same=1)


def test_two_address_books_do_not_quarrel() -> None:
    """Two that write a company differently would change it to and fro at each import."""
    other = evolve(READ, organization="Oak Labs Inc.", external_ids=(ExternalId("google", "7"),))
    ana = after(READ)
    ana = after(other, known=(ana,))
    assert ana.organization == "Oak Labs Inc."
    assert plan_import([READ], [ana]) == ImportPlan(same=1)
    assert plan_import([other], [ana]) == ImportPlan(same=1)


@pytest.mark.parametrize("memory", ["text", {"linkedin": "text"}, {"linkedin": {"emails": "text", "organization": 7}}])
def test_a_memory_somebody_wrote_into(memory: JSON) -> None:
    """Another program's slip would make every import fail."""
    stored = evolve(after(READ), custom={MEMORY: memory})
    ((_, wanted),) = plan_import([READ], [stored]).changed
    assert plan_import([READ], [wanted]) == ImportPlan(same=1)


def test_a_reader_writes_no_memory() -> None:
    """A file could say what is the explorer's own and what is not."""
    ana = after(evolve(READ, custom={MEMORY: {"linkedin": {"name": "X"}}}))
    assert ana == after(READ)


def test_what_does_not_fit_is_one_rejected_row() -> None:
    """One person with a thousand addresses would stop the import of all others."""
    stored = after(evolve(READ, phones=tuple(map(str, range(1_000)))))
    plan = plan_import(Numbered(evolve(READ, phones=("x",)), Contact(name="Bo", external_ids=(BO,))), [stored])
    assert [row.line for row in plan.rejected] == [10]
    assert "Contact.phones: has 1,001 items" in plan.rejected[0].problem
    assert len(plan.new) == 1


def test_every_kind_of_value_is_remembered() -> None:
    """A reader that knows more than LinkedIn's would have news at every import."""
    rich = evolve(
        READ,
        zone=ZoneInfo("Europe/Madrid"),
        role=ContactRole.PRACTITIONER,
        seniority=Seniority.SENIOR,
        source=ContactSource.ALUMNI,
        referred_by=UUID(int=9),
        rapport=1,
        do_not_contact=True,
        interests=("birds",),
        custom={"acme:all": {"list": [1, None, {"a": 1.5}]}},
    )
    stored = after(rich)
    edited = evolve(stored, zone=ZoneInfo("UTC"), role=None, seniority=Seniority.MID, rapport=None, do_not_contact=False)
    assert plan_import([rich], [edited]) == ImportPlan(same=1)
    assert after(evolve(rich, seniority=Seniority.MID), known=(stored,)).seniority is Seniority.MID


# ── laws ─────────────────────────────────────────────────────────────────────────────────────────
PEOPLE = st.lists(contacts(), max_size=4)


@given(PEOPLE, PEOPLE)
def test_twice_is_once(known: list[Contact], rows: list[Contact]) -> None:
    """Importing a file again would change something."""
    there = {one.id: one for one in known}
    first = plan_import(rows, there.values())
    stored = store(first, tuple(there.values()))
    second = plan_import(rows, stored)
    assert (second.new, second.changed, second.doubtful, second.kept) == ((), (), (), ())
    assert (
        len(rows)
        == second.same + len(second.rejected)
        == len(first.new) + len(first.changed) + first.same + len(first.doubtful) + len(first.rejected)
    )


@given(contacts(), contacts(), contacts())
def test_nothing_is_taken_away(read: Contact, edit: Contact, later: Contact) -> None:
    """An import would cost the explorer something they had written."""
    rows = [evolve(one, external_ids=(ANA,), emails=()) for one in (read, later)]
    (stored,) = store(plan_import(rows[:1], []))
    kept = {name: getattr(edit, name) for name in SINGLE if getattr(edit, name) != getattr(stored, name)}
    edited = evolve(stored, **kept)
    ana = after(rows[1], known=(edited,))
    for name in SINGLE:
        if getattr(edited, name) != getattr(stored, name) and getattr(edited, name):
            assert getattr(ana, name) == getattr(edited, name)
        if getattr(edited, name):
            assert getattr(ana, name) not in (None, "")  # a rapport of 0 is known
    for name in MANY:
        assert set(getattr(stored, name)) <= set(getattr(ana, name))
