"""Open names: strict where they are made, lenient where they are loaded, plain text everywhere else."""

import copy
import json
import os
import pickle
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from infoint import model
from infoint.errors import InvalidValue

KINDS = (
    model.ContactRole,
    model.ContactSource,
    model.FollowUpKind,
    model.Goal,
    model.Obstacle,
    model.QuestionCategory,
    model.Topic,
    model.TouchKind,
)
GOLDEN = Path(__file__).with_name("open_names.golden.txt")


def test_our_names_never_change() -> None:
    """A name that is stored everywhere would become unknown. Added ones belong in the golden list; none may go."""
    listed = "".join(f"{kind.__name__} {name}\n" for kind in KINDS for name in kind.known)
    if os.environ.get("INFOINT_REGENERATE_GOLDEN") == "1":
        GOLDEN.write_text(listed, encoding="utf-8")
    assert listed == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_constants_are_their_slugs(kind: type[model.OpenName]) -> None:
    """A constant would hold another name than the one that is stored."""
    assert kind.known
    for name in kind.known:
        assert getattr(kind, name.upper().replace("-", "_")) is name
        assert type(name) is kind
        assert name == str(name) == kind(str(name)) == kind.stored(str(name))
        assert kind(str(name)).label


def test_names_are_text() -> None:
    """Dictionaries, JSON and f-strings would need a conversion."""
    kind = model.FollowUpKind.THANK_YOU
    assert kind == "thank-you"
    assert hash(kind) == hash("thank-you")
    assert f"{kind}" == "thank-you"
    assert json.dumps({"kind": kind, kind: 1}) == '{"kind": "thank-you", "thank-you": 1}'
    assert repr(kind) == "FollowUpKind('thank-you')"
    assert not hasattr(kind, "__dict__")


def test_names_can_be_matched() -> None:
    """`match` would never arrive at a case."""

    def told(kind: model.FollowUpKind) -> str:
        match kind:
            case model.FollowUpKind.NUDGE:
                return "ours"
            case model.FollowUpKind(owner="linkedin"):
                return "theirs"
            case _:
                return "other"

    assert [told(model.FollowUpKind(name)) for name in ("nudge", "linkedin:connect", "my:call")] == ["ours", "theirs", "other"]
    assert told(model.FollowUpKind.stored("of-tomorrow")) == "other"


@pytest.mark.parametrize(
    ("name", "owner", "label"),
    [
        ("thank-you", None, "Thank you"),
        ("linkedin:follow-page", "linkedin", "Follow page"),
        ("my:call.back", "my", "Call back"),
        ("acme:mail:letter", None, None),
        ("acme.labs_2:x", "acme.labs_2", "X"),
    ],
)
def test_owner_and_label(name: str, owner: str | None, label: str | None) -> None:
    """A page would show slugs, or take somebody's name for ours."""
    if label is None:
        with pytest.raises(InvalidValue):
            model.FollowUpKind(name)
        return
    kind = model.FollowUpKind(name)
    assert (kind.owner, kind.label) == (owner, label)


@pytest.mark.parametrize(
    ("kind", "typed", "meant"),
    [
        (model.FollowUpKind, "thankyou", "thank-you"),
        (model.FollowUpKind, "nudges", "nudge"),
        (model.Topic, "tipical-day", "typical-day"),
        (model.ContactSource, "alumnus", "alumni"),
    ],
)
def test_a_slip_names_the_nearest(kind: type[model.OpenName], typed: str, meant: str) -> None:
    """A misspelt kind would be stored, and its rule never find it; or the message would not help."""
    with pytest.raises(InvalidValue, match=rf"{kind.__name__}\.value: is none of ours \(did you mean '{meant}'\?\)"):
        kind(typed)


@pytest.mark.parametrize(
    "name",
    [
        "", ":", "a:", ":a", "Thank-you", "thank_you", "thank you", "-a", "a-", "a--b", "my:Über", "my: a", "a\n", "my:a\n",
        "my:" + "x" * 100, "Ana Canary", "my:Canary's phone", "\ud800",
    ],
)  # fmt: skip
def test_names_are_slugs(name: str) -> None:
    """Names would break calendar categories, file names and addresses; a person's words would stand in an error."""
    with pytest.raises(InvalidValue) as caught:
        model.FollowUpKind(name)
    assert "Canary" not in f"{caught.value}{caught.value!r}{caught.value.facts}"


@pytest.mark.parametrize("value", [None, 5, b"nudge", ["nudge"]])
def test_names_are_made_of_text(value: Any) -> None:
    """`FollowUpKind(None)` would be a kind called "None"."""
    with pytest.raises(InvalidValue, match=r"FollowUpKind\.value: needs text, got"):
        model.FollowUpKind(value)
    with pytest.raises(InvalidValue, match=r"FollowUpKind\.value: needs text, got"):
        model.FollowUpKind.stored(value)


def test_an_enumeration_s_member_gives_its_value() -> None:
    """An app's own enumeration would be stored under the name of its class."""

    class App(str, Enum):  # noqa: UP042  # the form whose str() is not its value
        MENTOR = "acme:mentor"
        NUDGE = "nudge"

    for made in (model.FollowUpKind, model.FollowUpKind.stored):
        assert str(made(App.MENTOR)) == "acme:mentor"
        assert str(made(App.NUDGE)) == "nudge"


@pytest.mark.parametrize("name", ["of-a-newer-infoint", "gone:plugin-kind", "Odd One", "a:b:c", "x" * 1_000, "naïve"])
def test_stored_names_survive(name: str) -> None:
    """Data of a newer infoint, or of a plugin that has gone, would be lost or unreadable."""
    kind = model.FollowUpKind.stored(name)
    for again in (kind, pickle.loads(pickle.dumps(kind)), copy.copy(kind), copy.deepcopy(kind)):
        assert (type(again), str(again)) == (model.FollowUpKind, name)


@pytest.mark.parametrize("name", ["", "x" * 1_001, "a\0", "\ud800", "a\nb", "\x1b[31m", "a\u2028b"])
def test_what_nobody_can_have_stored(name: str) -> None:
    """JSON from a stranger would bring names that no storage keeps."""
    with pytest.raises(InvalidValue, match=r"FollowUpKind\.value: is no name"):
        model.FollowUpKind.stored(name)


def test_pickles_inside_values() -> None:
    """A process pool would fail on the one contact whose role a plugin named."""
    ana = model.Contact(name="Ana", role=model.ContactRole.stored("of-tomorrow"))
    again = pickle.loads(pickle.dumps(ana))
    assert again == ana
    assert type(again.role) is model.ContactRole


def test_kinds_do_not_stand_for_one_another() -> None:
    """A source would be taken for a role because both are text."""
    with pytest.raises(InvalidValue, match=r"Contact\.role: needs ContactRole or None, got ContactSource"):
        model.Contact(name="Ana", role=model.ContactSource.OTHER)  # type: ignore[arg-type]  # the mistake under test


def test_an_app_may_declare_its_own() -> None:
    """An app's or plugin's own kinds could have no constants."""

    class Mood(model.OpenName):
        GOOD: "Mood"
        ratio = 1

    assert Mood.known == ("good",)
    assert Mood("my:sour").owner == "my"
    with pytest.raises(InvalidValue, match=r"Mood\.value"):
        Mood("bad")
