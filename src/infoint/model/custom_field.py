"""Typed access to `Entity.custom`. What the fields mean is their owner's affair."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar, get_origin

from attrs import evolve, field, frozen

from infoint.errors import InvalidValue
from infoint.model import fields
from infoint.model.frozen_json import FrozenMapping, thaw
from infoint.model.identity import Entity
from infoint.plain import JSON

T = TypeVar("T", bound=JSON)
E = TypeVar("E", bound=Entity)

_JSON_TYPES = (str, int, float, bool, list, tuple, dict, Mapping, Sequence)


def _container(declared: Any) -> type:
    found: type = get_origin(declared) or declared
    return found


def _a_json_type(instance: object, attribute: Any, value: Any) -> None:
    if _container(value) not in _JSON_TYPES:
        raise InvalidValue(type(instance).__name__, attribute.name, "needs a type JSON has: str, int, float, bool, list, dict")


@frozen
class CustomField(Generic[T]):
    """One declared field: `MENTOR = CustomField("acme:mentor", str)`; `check` says no by returning False. Lists and mappings may
    say of what (`list[str]`); what is inside is for `check` to look at.
    """

    key: str = field(validator=fields.owned_key)
    type: "type[T]" = field(validator=_a_json_type)
    check: Callable[[T], bool] | None = None

    def of(self, entity: Entity) -> T | None:
        """The value, None where unset. Raises InvalidValue where what is stored is of another type."""
        value = entity.custom.get(self.key)
        return None if value is None else self._checked(entity, value)

    def put(self, entity: E, value: T | None) -> E:
        """The entity with the field set; None takes it away. Raises InvalidValue for a value of another type."""
        if value is not None:
            value = self._checked(entity, value)
        others = {key: kept for key, kept in entity.custom.items() if key != self.key}
        return evolve(entity, custom=FrozenMapping(others) if value is None else {**others, self.key: value})

    def _checked(self, entity: Entity, value: JSON) -> T:
        where = type(entity).__name__, f"custom[{self.key!r}]"
        declared = _container(self.type)
        given = self._in_declared_form(value, declared)
        # To Python True is an int, which nobody means.
        fits = isinstance(given, declared) and (declared is bool or not isinstance(given, bool))
        if not fits:
            raise InvalidValue(*where, f"holds {type(value).__name__}, declared is {declared.__name__}", value=value)
        if self.check is not None and not self.check(given):
            raise InvalidValue(*where, "is refused by the field's own check", value=value)
        return given

    def _in_declared_form(self, value: Any, declared: Any) -> T:
        if declared in {list, dict} and isinstance(value, tuple | Mapping):
            value = thaw(value)  # kept frozen: lists as tuples
        elif declared is float and type(value) is int:
            value = float(value)  # type checkers let a whole number stand for a float
        given: T = value
        return given
