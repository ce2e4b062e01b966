"""How people, times and files are called, in every document alike. What a document says is in its own file, in which words in the
data files of `infoint.notes.wordings`.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Self
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from infoint.errors import InvalidValue
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Party, Promise
from infoint.model.open_name import OpenName
from infoint.notes.contract import Inline, Link
from infoint.notes.wordings import Wordings, shipped_wordings
from infoint.practice.arguments import demand
from infoint.practice.labels import label
from infoint.practice.places import clock_of, place_of
from infoint.practice.sentences import joint


@frozen
class Phrases:
    """What one document says: its own texts, and how people, times and lists are told in its language."""

    wordings: Wordings
    part: str
    """What the keys of the document begin with: "letter" for "letter.greeting"."""

    @classmethod
    def of(cls, part: str, campaign: Campaign, wordings: Wordings | None = None) -> Self:
        """In the explorer's language, unless wordings are given. Raises InvalidValue for what is none, or no campaign."""
        demand(part, "campaign", campaign, Campaign)
        if wordings is not None and not isinstance(wordings, Wordings):
            raise InvalidValue("Wordings", "wordings", f"needs Wordings, got {type(wordings).__name__}", value=wordings)
        return cls(wordings or shipped_wordings(campaign.profile.language), part)

    def within(self, part: str) -> Self:
        """Another document's texts, in the same wordings: what several say is worded once."""
        return evolve(self, part=part)

    @property
    def language(self) -> str:
        """Of the texts."""
        return self.wordings.language

    def __contains__(self, key: str) -> bool:
        """Whether the document has such a text."""
        return f"{self.part}.{key}" in self.wordings

    def say(self, key: str, **fields: str | int) -> str:
        """A text of the document, filled in. Raises InvalidValue as `Wordings.say` does."""
        return self.wordings.say(f"{self.part}.{key}", **fields)

    def counted(self, key: str, count: int, **fields: str | int) -> str:
        """`key.one` for one, else `key.other`; both may tell the `{count}`."""
        return self.say(f"{key}.{'one' if count == 1 else 'other'}", count=self.number(count), **fields)

    def number(self, count: int) -> str:
        """As in: 12,345."""
        return f"{count:,}".replace(",", self.wordings.say("number.thousands"))

    def fill_in(self, key: str, **fields: str | int) -> str:
        """What the explorer has to write, in the brackets our reviews know it by."""
        return f"[…{self.say(key, **fields)}…]"

    # ── how things are called ────────────────────────────────────────────────────────────────────
    def label(self, name: OpenName | Enum) -> str:
        """As in: Thank you."""
        return label(name, self.language)

    def names(self, people: Iterable[Contact]) -> str:
        """As in: Ana Ruiz, Bo Li and Cy Dee."""
        return self.listed(person.name for person in people)

    def listed(self, items: Iterable[str], word: str = "and") -> str:
        """As in: in person, by video or by phone. `word`: "and" or "or"."""
        *others, last = items
        return (
            self.wordings.say(f"list.{joint(word, last, self.language)}", others=", ".join(others), last=last)
            if others
            else last
        )

    def circumstance(self, name: str) -> str:
        """What stands before a fact of a talk, on every page of the explorer's own: "with", "when", "length", "how", "where", "about"; "asked", "decline" and
        the other turns it took.
        """
        return self.wordings.say(f"talk.{name}")

    def because(self, day: str, reason: str) -> str:
        """As in: Mon 5 Oct 2026: no time this year."""
        return self.wordings.say("talk.because", day=day, reason=reason)

    def promised(self, promise: Promise) -> str:
        """As in: Send the slides (by Tue 8 Dec 2026)."""
        if promise.due is None:
            return promise.text
        return self.wordings.say("promise.by", text=promise.text, due=self.day(promise.due))

    def promises_of(self, party: Party) -> str:
        """As in: Mine."""
        return self.wordings.say(f"promise.{party}")

    def minutes(self, length: timedelta) -> str:
        """As in: 30 minutes."""
        return self.wordings.say("time.minutes", minutes=str(length // timedelta(minutes=1)))

    def moment(self, at: datetime, zone: ZoneInfo) -> str:
        """As in: Tue 1 Dec 2026, 10:00 (America/Chicago). Day and month names of the wordings, whatever the machine's language."""
        local = at.astimezone(zone)
        return self.wordings.say("time.moment", day=self.day(local.date()), clock=f"{local:%H:%M}", zone=str(zone))

    def clock(self, at: datetime, *zones: ZoneInfo) -> str:
        """As in: Tuesday 1 December, 17:00 Madrid time (10:00 Chicago time). Zones whose clocks agree then are one."""
        told: dict[datetime, str] = {}
        for zone in zones:
            local = at.astimezone(zone)
            wall = local.replace(tzinfo=None)
            another_day = any(wall.date() != other.date() for other in told) or not told
            there = self.wordings.say("time.clock", clock=f"{local:%H:%M}", zone=self.zone_name(zone))
            whole = self.wordings.say("time.clock.on", day=self.weekday(local.date()), clock=there) if another_day else there
            told.setdefault(wall, whole)
        first, *others = told.values()
        return self.wordings.say("time.clocks", first=first, others="; ".join(others)) if others else first

    def zone_name(self, zone: ZoneInfo) -> str:
        """As in: Madrid time."""
        place = place_of(zone, self.language)
        return self.wordings.say("time.zone", place=place) if place else clock_of(zone)

    def day(self, on: date) -> str:
        """As in: Tue 1 Dec 2026."""
        return self.wordings.say(
            "time.day",
            weekday=self.wordings.say(f"time.weekday.short.{on.isoweekday()}"),
            day=str(on.day),
            month=self.wordings.say(f"time.month.short.{on.month}"),
            year=str(on.year),
        )

    def weekday(self, on: date) -> str:
        """As in: Tuesday 1 December. For letters, which are read within the year."""
        return self.wordings.say(
            "time.weekday",
            weekday=self.wordings.say(f"time.weekday.{on.isoweekday()}"),
            day=str(on.day),
            month=self.wordings.say(f"time.month.{on.month}"),
        )

    def month(self, on: date) -> str:
        """As in: December 2026."""
        return self.wordings.say("time.month", month=self.wordings.say(f"time.month.{on.month}"), year=str(on.year))


def capitalised(text: str) -> str:
    """As it begins a heading or a sentence: Martes 1 de diciembre."""
    return f"{text[:1].upper()}{text[1:]}"


def described(person: Contact) -> str:
    """As in: Ana Ruiz, UX lead, Oak Labs."""
    return ", ".join(part for part in (person.name, person.title, person.organization) if part)


def place(where: str) -> Inline:
    """An address as it is, a link to go to."""
    return Link(where, where) if "://" in where else where


def stem(*parts: str) -> str:
    """A file name without suffix, of letters and digits: "prep-sheet-ana-ruiz-2026-12-01". Accents of Latin letters are left out,
    other scripts stay. Long ones lose of their middle: the last part, which tells two apart, stays whole.
    """
    *others, last = map(_plain, parts)
    front = _cut("-".join(filter(None, others)), _STEM - 1 - len(last.encode()))
    return "-".join(filter(None, (front, last)))


_STEM = 100
"""Bytes. File systems give a name 255, and what it is called on the way must fit in too."""


def _plain(part: str) -> str:
    letters = "".join(map(_letter, unicodedata.normalize("NFC", part).lower()))
    return _cut(re.sub("-+", "-", letters), _STEM // 2)


def _letter(one: str) -> str:
    if "\u0300" <= one <= "\u036f":  # an accent without a letter it belongs to
        return ""
    decomposed = unicodedata.normalize("NFKD", one)
    if decomposed.isascii():
        return re.sub("[^a-z0-9]", "-", decomposed)
    if decomposed[0].isascii() and decomposed[0].isalnum():
        return decomposed[0]
    return one if unicodedata.category(one)[0] in "LMN" else "-"


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore").strip("-")
