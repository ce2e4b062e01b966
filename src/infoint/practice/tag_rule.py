"""Other cadences for some people, by their tags, as data. The rules they change are `follow_up_rule`'s."""

from typing import Any

from attrs import evolve, field, frozen

from infoint.errors import InvalidValue
from infoint.model import fields
from infoint.model.contact import Contact
from infoint.model.follow_up import FollowUpKind
from infoint.practice.follow_up_rule import FollowUpRule, Offset


def _says_something(tag_rule: "TagRule", attribute: Any, value: bool | None) -> None:
    if value is None and tag_rule.offset is None:
        raise InvalidValue("TagRule", attribute.name, "or an offset is needed: else it would change nothing")


@frozen(kw_only=True)
class TagRule:
    """What is different for whoever bears a tag: `TagRule(tag="mentor", kind=FollowUpKind.KEEP_IN_TOUCH, offset=Offset(months=1))`.

    Of several that fit somebody, the first in the policy's order decides alone.
    """

    tag: str = field(converter=fields.as_line, validator=fields.line(required=True))
    """As in `Contact.tags`; case makes no difference."""
    kind: FollowUpKind = field(validator=fields.a(FollowUpKind))
    offset: Offset | None = field(default=None, validator=fields.a(Offset, optional=True))
    """Instead of the rule's."""
    wanted: bool | None = field(default=None, validator=[fields.a(bool, optional=True), _says_something])
    """False: not for them. True: for them, whatever the rapport, also where the rule is switched off. None: as the rule says."""

    def fits(self, person: Contact) -> bool:
        """Whether the person bears the tag."""
        return any(tag.casefold() == self.tag.casefold() for tag in person.tags)

    def applied_to(self, rule: FollowUpRule) -> FollowUpRule:
        """The rule as it is for whoever bears the tag. Raises InvalidValue for an offset the rule cannot have."""
        return evolve(
            rule,
            enabled=rule.enabled if self.wanted is None else self.wanted,
            rapport=None if self.wanted else rule.rapport,
            offset=rule.offset if self.offset is None else self.offset,
            in_person=rule.in_person if self.offset is None else None,
        )
