"""Names that nobody adds to: a slip in one is answered with what there is."""

import copy
import pickle
from enum import StrEnum
from importlib import import_module
from pkgutil import walk_packages

import pytest

import infoint
from infoint.closed_name import ClosedName
from infoint.errors import InvalidValue
from infoint.model.interview import Purpose
from infoint.model.meeting import MeetingFormat
from infoint.model.peaks import Peaks

for found in walk_packages(infoint.__path__, "infoint."):
    if not found.name.startswith(("infoint.testing", "infoint.cli", "infoint.__main__")):
        import_module(found.name)
OURS = sorted(
    (kind for kind in ClosedName.__subclasses__() if kind.__module__.startswith("infoint.")), key=lambda kind: kind.__name__
)


@pytest.mark.parametrize("kind", OURS)
@pytest.mark.parametrize("slip", ["slip", "", None, 5, [], "\ud800"])
def test_a_slip_is_told_what_there_is(kind: type[ClosedName], slip: object) -> None:
    """A typing error would end in Python's own message, which repeats the value and names nothing that would do."""
    with pytest.raises(InvalidValue) as caught:
        kind(slip)
    assert (caught.value.entity, caught.value.field) == (kind.__name__, "value")
    assert all(name in str(caught.value) for name in kind)
    assert "slip" not in str(caught.value), "it may be private"
    assert caught.value.value == slip


def test_every_closed_name_answers_so() -> None:
    """A name made later, straight from StrEnum, would answer a slip with a native error."""
    native = [kind for kind in StrEnum.__subclasses__() if kind.__module__.startswith("infoint.") and kind is not ClosedName]
    assert native == []
    assert len(OURS) > 20


@pytest.mark.parametrize("kind", OURS)
def test_they_are_enumerations_all_the_same(kind: type[ClosedName]) -> None:
    """A stored, copied or sent name would not be the member any more, and `is` and `match` would go past it."""
    for member in kind:
        assert kind(str(member)) is kind(member) is member
        assert pickle.loads(pickle.dumps(member)) is copy.deepcopy(member) is member
        assert isinstance(member, str)
        assert member == member.value


def test_match_takes_them() -> None:
    """An app that tells talks apart by purpose could not do so with `match`."""
    match Purpose("employment"):
        case Purpose.EMPLOYMENT:
            matched = True
        case _:
            matched = False
    assert matched
    assert MeetingFormat("in-person") is MeetingFormat.IN_PERSON


@pytest.mark.parametrize("slip", ["knowledge", None, 64, -99, 1.5])
def test_letters_of_peaks_are_told_too(slip: object) -> None:
    """A letter given as text would end in an error that does not say how letters are written."""
    with pytest.raises(InvalidValue, match=r"Peaks\.KNOWLEDGE") as caught:
        Peaks(slip)
    assert caught.value.entity == "Peaks"


def test_letters_are_joined_as_ever() -> None:
    """Reading a stored union of letters would be refused."""
    both = Peaks.KNOWLEDGE | Peaks.SKILLS
    assert Peaks(both.value) == both
    assert list(Peaks(both.value)) == [Peaks.KNOWLEDGE, Peaks.SKILLS]
    assert pickle.loads(pickle.dumps(both)) == both
