"""PEAKS: the five letters by which a field says what it wants and an explorer says what they bring (practice §2)."""

from enum import Flag, auto
from typing import Self

from attrs import field, frozen

from infoint.errors import InvalidValue
from infoint.model import fields
from infoint.model.identity import Value


class Peaks(Flag):
    """Personal characteristics, Experience, Accomplishments, Knowledge, Skills. Closed: they are tallied letter by letter."""

    PERSONAL = auto()
    EXPERIENCE = auto()
    ACCOMPLISHMENTS = auto()
    KNOWLEDGE = auto()
    SKILLS = auto()

    @classmethod
    def _missing_(cls, value: object) -> Self:
        try:
            letters: Self = super()._missing_(value)
        except (ValueError, TypeError):
            names = ", ".join(f"Peaks.{name}" for name in cls.__members__)
            raise InvalidValue(cls.__name__, "value", f"is made of {names}, joined by |", value=value) from None
        return letters


@frozen
class Strength(Value):
    """Something the explorer brings, under one or more letters."""

    text: str = field(converter=fields.as_line, validator=fields.line(required=True))
    peaks: Peaks = field(default=Peaks(0), validator=fields.a(Peaks))
