"""Typed access to `Entity.custom`. What the fields mean is their owner's affair."""

from collections.abc import Callable
from typing import Generic, TypeVar

from attrs import evolve, field, frozen

from infoint.errors import InvalidValue
from infoint.model.frozen_json import FrozenMapping, freeze
from infoint.model.identity import Entity
from infoint.plain import JSON

T = TypeVar("T", bound=JSON)
E = TypeVar("E", bound=Entity)


@frozen
class CustomField(Generic[T]):
    """One declared field: `MENTOR = CustomField("acme:mentor", str)`; `check` says no by returning False."""

    key: str = field()
    type: "type[T]"
    check: Callable[[T], bool] | None = None

    @key.validator
    def _owned(self, _: object, value: str) -> None:
        Entity(custom=freeze({value: None}))  # the entity's own rule for keys

    def of(self, entity: Entity) -> T | None:
        """The value, None where unset. Raises InvalidValue where what is stored is of another type."""
        value = entity.custom.get(self.key)
        return None if value is None else self._checked(entity, value)

    def put(self, entity: E, value: T | None) -> E:
        """The entity with the field set; None takes it away. Raises InvalidValue for a value of another type."""
        if value is not None:
            self._checked(entity, value)
        others = {key: kept for key, kept in entity.custom.items() if key != self.key}
        return evolve(entity, custom=FrozenMapping(others) if value is None else {**others, self.key: value})

    def _checked(self, entity: Entity, value: JSON) -> T:
        where = type(entity).__name__, f"custom[{self.key!r}]"
        given: object = list(value) if self.type is list and isinstance(value, tuple) else value  # frozen, lists are tuples
        # To Python True is an int, which nobody means.
        if not isinstance(given, self.type) or (isinstance(given, bool) and self.type is not bool):
            raise InvalidValue(*where, f"holds {type(value).__name__}, declared is {self.type.__name__}", value=value)
        if self.check is not None and not self.check(given):
            raise InvalidValue(*where, "is refused by the field's own check", value=value)
        return given
