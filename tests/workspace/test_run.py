"""`run`: work that loses a race is done again, a commit of unknown end is looked up, and observers hear of it once."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread

import pytest
from attrs import evolve

import infoint
from infoint import Contact, Engine, OpenWorkspace, Workspace, derive_id, hookimpl
from infoint.errors import AlreadyExists, CommitUnknown, Conflict, InfointError, InvalidValue, Retryable, StorageError
from infoint.model import Interview
from infoint.storage import MemoryStorage, Storage
from infoint.storage.contract import CommitInfo, Session
from infoint.workspace.repeating import LONGEST_PAUSE, Patience


class Weather(MemoryStorage):
    """A storage whose commits end as the test says, one after the other; then well."""

    def __init__(self) -> None:
        super().__init__()
        self.endings: list[str] = []
        self.answers: list[bool | InfointError] = []
        self.asked: list[str] = []

    @contextmanager
    def session(self, workspace: str, *, write: bool = False) -> Iterator[Session]:
        with super().session(workspace, write=write) as session:
            kept = session.commit
            session.commit = lambda: self.commit(kept)  # type: ignore[method-assign]
            yield session

    def commit(self, kept: Callable[[], CommitInfo]) -> CommitInfo:
        match self.endings.pop(0) if self.endings else "well":
            case "raced":
                raise Retryable
            case "lost":
                raise CommitUnknown("c1")
            case "kept, and lost":
                kept()
                raise CommitUnknown("c2")
            case _:
                return kept()

    def was_committed(self, workspace: str, commit_id: str) -> bool:
        self.asked.append(f"{workspace} {commit_id}")
        answer = self.answers.pop(0) if self.answers else Storage.was_committed(self, workspace, commit_id)
        if isinstance(answer, InfointError):
            raise answer
        return answer


class Heard:
    def __init__(self) -> None:
        self.names: list[str] = []

    @hookimpl
    def infoint_interview_changed(self, workspace: str, after: Interview) -> None:
        self.names.append(workspace)


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def weather() -> Weather:
    return Weather()


@pytest.fixture
def engine(weather: Weather, heard: Heard) -> Iterator[Engine]:
    with Engine(weather, plugins=[heard]) as made:
        made.workspace("kim", zone="America/Chicago")
        yield made


def plan(tx: Workspace) -> Interview:
    return tx.interviews.plan(tx.contacts.add(Contact(name="Ana Ruiz")))


def test_a_lost_race_is_run_again_from_the_beginning(engine: Engine, weather: Weather, heard: Heard) -> None:
    """An app would have to write the loop itself; or half of the first attempt would be kept, or observers be told three times."""
    weather.endings = ["raced", "raced"]
    pauses: list[float] = []
    talk = engine.run("kim", plan, sleep=pauses.append)
    assert [one.id for one in engine.workspace("kim").interviews] == [talk.id]
    assert heard.names == ["kim"]
    assert len(pauses) == 2


def test_what_was_tried_is_told(engine: Engine, weather: Weather, heard: Heard) -> None:
    """Whoever reads the log would not know that it was tried at all; or it would go on for ever."""
    weather.endings = ["raced"] * 9
    pauses: list[float] = []
    with pytest.raises(Retryable) as caught:
        engine.run("kim", plan, attempts=4, sleep=pauses.append)
    assert caught.value.__notes__ == ["tried 4 times"]
    assert (len(pauses), heard.names, len(engine.workspace("kim").interviews)) == (3, [], 0)
    with pytest.raises(InvalidValue, match="attempts"):
        engine.run("kim", plan, attempts=0)


def test_pauses_grow_and_differ() -> None:
    """Those who met once would meet again; or somebody would wait for minutes."""
    pauses: list[float] = []
    patience = Patience(12, pauses.append, lambda: 1.0)

    def lose() -> None:
        raise Retryable

    with pytest.raises(Retryable):
        patience.repeated(lose)
    assert pauses[:4] == [0.01, 0.02, 0.04, 0.08]
    assert pauses[-1] == LONGEST_PAUSE
    with pytest.raises(Retryable):
        Patience(5, pauses.append, lambda: 0.0).repeated(lose)
    assert pauses[-4:] == [0.0] * 4


def test_a_commit_of_unknown_end_is_looked_up(engine: Engine, weather: Weather, heard: Heard) -> None:
    """What happened would happen twice, or what did not happen be taken for done; and observers would miss what was kept."""
    weather.endings, weather.answers = ["kept, and lost"], [StorageError("not there yet"), True]
    engine.run("kim", plan, sleep=lambda _: None)
    assert weather.asked == ["kim c2", "kim c2"]
    weather.endings, weather.answers = ["lost"], [False]
    engine.run("kim", plan, sleep=lambda _: None)
    assert (heard.names, len(engine.workspace("kim").interviews)) == (["kim", "kim"], 2)


def test_what_cannot_be_found_out_is_said(engine: Engine, weather: Weather, heard: Heard) -> None:
    """It would be done again though it may have happened; or the reason be hidden behind another error."""
    weather.endings = ["lost"] * 3
    for answers in ([], [CommitUnknown("c1")], [StorageError("is away")] * 3):
        weather.answers = list(answers)
        with pytest.raises(CommitUnknown) as caught:
            engine.run("kim", plan, attempts=3, sleep=lambda _: None)
        assert caught.value.commit_id == "c1"
    assert heard.names == []


def test_a_single_verb_looks_up_and_does_not_repeat(engine: Engine, weather: Weather, heard: Heard) -> None:
    """A request would be held up without having asked for it; or every verb would leave the looking up to its caller."""
    ws = engine.workspace("kim")
    weather.endings, weather.answers = ["kept, and lost", "lost"], [True, False]
    assert ws.contacts.add(Contact(name="Bo Li")) in ws.contacts
    with pytest.raises(Retryable, match="nothing of it was kept"):
        ws.contacts.add(Contact(name="Cy Dee"))
    assert len(ws.contacts) == 1


def test_another_storages_error_is_not_taken_for_ours(engine: Engine, weather: Weather) -> None:
    """A commit of our own would be held for done because somebody else's was."""
    ws = engine.workspace("kim")
    weather.answers = [True]
    with pytest.raises(CommitUnknown), ws.transaction() as tx:
        tx.contacts.add(Contact(name="Bo Li"))
        raise CommitUnknown("elsewhere")
    assert (len(ws.contacts), weather.asked) == (0, [])


def test_a_conflict_is_run_again_while_it_is_another_one(engine: Engine) -> None:
    """Two who count the same up would lose one count to an error; or a value from yesterday be tried ten times."""
    ws = engine.workspace("kim")
    ana = ws.contacts.add(Contact(name="Ana Ruiz"))
    seen: list[int] = []

    def count_up(tx: Workspace) -> Contact:
        found = tx.contacts.get(ana.id)
        seen.append(found.version)
        if len(seen) < 3:  # what a storage without a snapshot would say when somebody else was faster
            raise Conflict("contact", ana.id, expected=found.version, actual=found.version + len(seen))
        return tx.contacts.update(evolve(found, notes=f"{found.notes}I"))

    assert engine.run("kim", count_up, sleep=lambda _: None).notes == "I"
    tried: list[None] = []

    def from_yesterday(tx: Workspace) -> Contact:
        tried.append(None)
        return tx.contacts.update(evolve(ana, notes="stale"))

    with pytest.raises(Conflict) as caught:
        engine.run("kim", from_yesterday, sleep=lambda _: None)
    assert (len(tried), caught.value.__notes__) == (2, ["tried 2 times"])


def test_other_errors_are_not_tried_again(engine: Engine) -> None:
    """A mistake would be made ten times, with pauses."""
    tried: list[None] = []

    def work(tx: Workspace) -> None:
        tried.append(None)
        tx.contacts.get(derive_id("nobody"))

    with pytest.raises(InfointError, match="no contact"):
        engine.run("kim", work)
    assert len(tried) == 1


def test_two_that_add_the_same_at_once(engine: Engine) -> None:
    """Of two requests that add a person under one external id, one would fail though it could have found the other's."""
    twice: list[Contact] = []

    def add(tx: Workspace) -> Contact:
        if not twice:
            twice.append(Contact(name="Ana Ruiz"))
            raise AlreadyExists("contact", derive_id("x"), expected=0, actual=1)
        return tx.contacts.add(Contact(name="Ana Ruiz"), external_id="ana")

    assert engine.run("kim", add, sleep=lambda _: None).name == "Ana Ruiz"


def test_run_within_run_is_one_transaction(ws: OpenWorkspace) -> None:
    """A function that runs its work could not be called from another one that does."""

    def outer(tx: Workspace) -> Contact:
        return tx.run(lambda inner: inner.contacts.add(Contact(name="Ana Ruiz")))

    assert ws.run(outer) in ws.contacts
    with pytest.raises(InvalidValue, match="name"):
        ws.run(lambda tx: (outer(tx), tx.contacts.add(Contact(name=""))))
    assert len(ws.contacts) == 1


def test_a_coroutine_is_no_work(ws: OpenWorkspace) -> None:
    """It would run after the commit, in a transaction that is over, or never."""

    async def work(tx: Workspace) -> None:
        tx.contacts.add(Contact(name="Ana Ruiz"))

    with pytest.raises(InvalidValue, match="to_thread"):
        ws.run(work)
    asyncio.run(asyncio.to_thread(ws.run, lambda tx: tx.contacts.add(Contact(name="Bo Li"))))
    assert [one.name for one in ws.contacts] == ["Bo Li"]


@pytest.mark.parametrize("how", ["run", "transaction"])
def test_a_failed_part_is_not_half_kept(ws: OpenWorkspace, how: str) -> None:
    """Half of a step that failed would be committed with the rest, because somebody passed over the failure."""

    def part(tx: Workspace) -> None:
        tx.contacts.add(Contact(name="Half Done"))
        raise ZeroDivisionError

    def work(tx: Workspace) -> None:
        tx.contacts.add(Contact(name="Ana Ruiz"))
        with suppress(ZeroDivisionError):
            if how == "run":
                tx.run(part)
            else:
                with tx.transaction() as inner:
                    part(inner)

    with pytest.raises(StorageError, match="nothing of the transaction was kept"):
        ws.run(work)
    assert len(ws.contacts) == 0


def test_a_generator_is_no_work(ws: OpenWorkspace) -> None:
    """Nothing of it would be done, and nobody be told; or its answer be read from a transaction that is over."""

    def work(tx: Workspace) -> Iterator[Contact]:
        yield tx.contacts.add(Contact(name="Ana Ruiz"))

    async def later(tx: Workspace) -> AsyncIterator[Contact]:
        yield tx.contacts.add(Contact(name="Ana Ruiz"))

    for one in (work, later, lambda tx: tx.run(work)):
        with pytest.raises(InvalidValue, match="generator"):
            ws.run(one)
    assert len(ws.contacts) == 0


def test_a_transaction_stays_in_its_thread(url: str) -> None:
    """Two threads would write into one session at once, and each commit what the other is in the middle of."""
    problems: list[str] = []
    with infoint.open(url, zone="America/Chicago") as ws, ws.transaction() as tx:

        def elsewhere() -> None:
            for use in (lambda: len(tx.contacts), lambda: tx.contacts.add(Contact(name="Bo Li"))):
                try:
                    use()
                except StorageError as error:
                    problems.append(str(error))

        thread = Thread(target=elsewhere)
        thread.start()
        thread.join()
        tx.contacts.add(Contact(name="Ana Ruiz"))
    assert len(problems) == 2
    assert all("another thread" in problem for problem in problems)
