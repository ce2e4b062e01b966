"""Custom fields: typed in, typed out, owned, and frozen in between."""

import copy
import json
import pickle
from collections.abc import Mapping
from enum import Enum
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, strategies as st

from infoint import codec
from infoint.errors import InvalidValue
from infoint.model import Contact, CustomField
from infoint.testing.strategies import json_mappings

ANA = Contact(name="Ana", custom={"other:kept": [1]}, extra={"since_1_7": True})
MINUTES = CustomField("travel:minutes", int)


def test_put_and_of() -> None:
    """A plugin could not read back what it wrote, or would push out another's field or unknown keys."""
    assert MINUTES.of(ANA) is None
    ana = MINUTES.put(ANA, 20)
    assert MINUTES.of(ana) == 20
    assert dict(ana.custom) == {"other:kept": (1,), "travel:minutes": 20}
    assert ana.extra == ANA.extra
    assert MINUTES.of(MINUTES.put(ana, 0)) == 0
    assert MINUTES.put(ana, None) == ANA
    assert "travel:minutes" not in MINUTES.put(ana, None).custom
    assert MINUTES.put(ANA, None) == ANA


@pytest.mark.parametrize(
    ("type", "good", "bad"),
    [
        (int, 5, [True, 1.0, "5", [5]]),
        (bool, False, [0, "no"]),
        (float, 1.5, [True, "1.5"]),
        (str, "a", [1, ["a"]]),
        (list, [1, [2]], ["ab", {"a": 1}, 1]),
        (list[str], ["a"], ["ab", {"a": 1}]),
        (dict, {"a": [1]}, [[1], "a"]),
        (dict[str, int], {"a": 1}, [[1]]),
    ],
)
def test_fields_are_typed(type: Any, good: Any, bad: list[Any]) -> None:
    """A plugin would find a list where it had put a number, or get its list back as a tuple."""
    declared: CustomField[Any] = CustomField("acme:x", type)
    ana = declared.put(ANA, good)
    assert declared.of(ana) == good
    assert declared.of(codec.load(Contact, json.loads(json.dumps(codec.dump(ana))))) == good
    for value in bad:
        with pytest.raises(InvalidValue, match=r"Contact\.custom\['acme:x'\]: holds"):
            declared.put(ANA, value)
        with pytest.raises(InvalidValue, match=r"Contact\.custom\['acme:x'\]: holds"):
            declared.of(evolve(ANA, custom={"acme:x": value}))


def test_whole_numbers_are_floats_too() -> None:
    """A type checker lets `3` through where a float is declared; JSON writers drop the ".0"."""
    ratio = CustomField("acme:ratio", float)
    for ana in (ratio.put(ANA, 3), evolve(ANA, custom={"acme:ratio": 3})):
        value = ratio.of(ana)
        assert (value, type(value)) == (3.0, float)


def test_what_is_read_is_a_copy() -> None:
    """A list taken out and changed would change a frozen value."""
    links = CustomField("acme:links", list)
    given: list[Any] = ["a", {"b": [1]}]
    ana = links.put(ANA, given)
    given.append("c")
    taken = links.of(ana)
    assert taken == ["a", {"b": [1]}]
    taken.append("d")
    taken[1]["b"].append(2)
    assert links.of(ana) == ["a", {"b": [1]}]


def test_check() -> None:
    """A plugin's own rule would not hold, or its error name no field."""
    percent = CustomField("acme:percent", int, lambda value: 0 <= value <= 100)
    assert percent.of(percent.put(ANA, 100)) == 100
    with pytest.raises(InvalidValue, match=r"custom\['acme:percent'\]: is refused by the field's own check"):
        percent.put(ANA, 101)
    with pytest.raises(InvalidValue, match="own check"):
        percent.of(evolve(ANA, custom={"acme:percent": 101}))


@pytest.mark.parametrize("key", ["minutes", "", "acme:", "Acme:x", 5, None])
def test_keys_carry_an_owner(key: Any) -> None:
    """The mistake would show only when the first value is put."""
    with pytest.raises(InvalidValue, match=r"CustomField\.key: keys have the form"):
        CustomField(key, int)


@pytest.mark.parametrize("type", [set, bytes, object, int | str, None, "int", Contact])
def test_types_are_of_json(type: Any) -> None:
    """A declaration nothing stored can fit would fail far away, with Python's own error."""
    with pytest.raises(InvalidValue, match=r"CustomField\.type: needs a type JSON has"):
        CustomField("acme:x", type)


def test_values_must_be_json() -> None:
    """A list field would take what no storage keeps."""
    with pytest.raises(InvalidValue, match=r"Contact\.custom: acme:x\[0\] is a set, which JSON does not have"):
        CustomField("acme:x", list).put(ANA, [{1}])


def test_the_mapping_is_frozen() -> None:
    """A shared value would change under somebody's hands."""
    ana = evolve(ANA, custom={"acme:x": {"a": [1]}})
    for mapping in (ana.custom, ana.extra, ana.custom["acme:x"]):
        assert isinstance(mapping, dict)
        for change in (
            lambda held: held.__setitem__("a", 1),
            lambda held: held.__delitem__("a"),
            lambda held: held.update(a=1),
            lambda held: held.setdefault("a", 1),
            lambda held: held.pop("a"),
            lambda held: held.popitem(),
            lambda held: held.clear(),
            lambda held: held.__ior__({"a": 1}),
        ):
            with pytest.raises(TypeError, match="part of a frozen value; evolve the value"):
                change(mapping)
    assert json.dumps(ana.custom) == '{"acme:x": {"a": [1]}}'


def test_what_was_given_does_not_matter_later() -> None:
    """A dict the caller goes on using would change the entity."""
    given: dict[str, Any] = {"acme:x": [1]}
    ana = Contact(name="Ana", custom=given)
    given["acme:x"].append(2)
    given["acme:y"] = 1
    assert ana.custom == {"acme:x": (1,)}


class _Mood(str, Enum):  # noqa: UP042  # the form whose str() is not its value
    GOOD = "good"


def test_members_of_enumerations_are_kept_as_their_value() -> None:
    """ "_Mood.GOOD" would be stored."""
    assert Contact(name="Ana", custom={"acme:x": _Mood.GOOD}).custom == {"acme:x": "good"}


@given(json_mappings(st.sampled_from(["acme:x", "acme:y"])))
def test_mappings_can_be_compared_hashed_and_sent(data: Mapping[str, Any]) -> None:
    """Entities with custom fields could not be put into sets, copied, or sent to another process."""
    custom, same = Contact(name="Ana", custom=data).custom, Contact(name="Ana", custom=data).custom
    assert custom == same
    assert hash(custom) == hash(same)
    assert pickle.loads(pickle.dumps(custom)) == custom
    assert copy.deepcopy(custom) is copy.copy(custom) is custom
    assert evolve(Contact(name="Ana", custom=custom)).custom is custom
