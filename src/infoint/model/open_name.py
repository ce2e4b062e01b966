"""Names that data and plugins may add to: text that knows what it names. Which names there are is said where they are used."""

import re
from inspect import get_annotations
from typing import Any, ClassVar, Final, Self

from infoint.errors import InvalidValue
from infoint.model import fields

LIMIT: Final = 100
_SLUG = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*\Z")
_OWNER = re.compile(r"[a-z0-9]+(?:[-._][a-z0-9]+)*\Z")


class OpenName(str):
    """Ours are bare slugs ("thank-you"), everyone else's carry an owner ("linkedin:connect", an explorer's own "my:commute").

    Strict when made: a bare slug that is not ours is InvalidValue, with the nearest of ours. Lenient when loaded (`stored`):
    what a newer infoint or a plugin that has gone has stored stays what it is.

    A subclass declares its constants as annotations; `THANK_YOU: ClassVar["FollowUpKind"]` becomes "thank-you".
    """

    __slots__ = ()
    known: ClassVar[tuple[Self, ...]] = ()
    """Our own names, in the order of declaration."""

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        names = [name for name in get_annotations(cls) if name.isupper()]
        for name in names:
            setattr(cls, name, str.__new__(cls, name.lower().replace("_", "-")))
        cls.known = tuple(getattr(cls, name) for name in names)

    def __new__(cls, value: str) -> Self:
        if not isinstance(value, str):
            raise InvalidValue(cls.__name__, "value", f"needs text, got {type(value).__name__}", value=value)
        if value in cls.known:
            return str.__new__(cls, str.__str__(value))
        owner, colon, name = value.rpartition(":")
        if len(value) > LIMIT or not _SLUG.match(name) or (colon and not _OWNER.match(owner)):
            raise InvalidValue(
                cls.__name__, "value", 'names are slugs: "thank-you", or with an owner "acme:thank-you"', value=value
            )
        if not colon:
            raise InvalidValue(
                cls.__name__,
                "value",
                f'is none of ours{cls._nearest(name)}; your own carry an owner, as "my:thank-you"',
                value=value,
            )
        return str.__new__(cls, str.__str__(value))  # not str(value): an enumeration's member would give its own name

    @classmethod
    def _nearest(cls, name: str) -> str:
        from difflib import get_close_matches

        nearest = get_close_matches(name, cls.known, 1)
        return f" (did you mean {str(nearest[0])!r}?)" if nearest else ""

    @classmethod
    def stored(cls, value: str) -> Self:
        """The name as it was stored, whoever knows it. Raises InvalidValue for what nobody can have stored: no text, an empty
        one, one of more than 1,000 characters, or one with control or half characters.
        """
        if not isinstance(value, str):
            raise InvalidValue(cls.__name__, "value", f"needs text, got {type(value).__name__}", value=value)
        if not value or len(value) > fields.LINE_LIMIT or fields.as_text(value) != value or "\n" in value:
            raise InvalidValue(
                cls.__name__, "value", "is no name: empty, too long, or with characters no text has", value=value
            )
        return str.__new__(cls, str.__str__(value))

    @property
    def owner(self) -> str | None:
        """Who gave it; None for infoint's own."""
        return self.rpartition(":")[0] or None

    @property
    def label(self) -> str:
        """Readable fallback in English: "linkedin:follow-page" → "Follow page"."""
        words = self.rpartition(":")[2].replace("-", " ").replace(".", " ").strip()
        return words[:1].upper() + words[1:]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        # Unpickling and copying call the class by default, which is strict; a stored name has to survive them.
        return type(self).stored, (str(self),)
