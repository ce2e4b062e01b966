"""What people's records refuse beyond types and lengths."""

from datetime import UTC, time

import pytest

from infoint.errors import InvalidValue
from infoint.model import Contact, Profile


@pytest.mark.parametrize(
    "address",
    ["ana", "@oak.example", "ana@", "Ana <ana@oak.example>", "a b@oak.example", "a@x.example, b@x.example", 'a"@x.example'],
)
def test_mail_addresses_are_plain(address: str) -> None:
    """Two addresses in one would break a header, or send a letter to a stranger."""
    with pytest.raises(InvalidValue, match=r"Contact\.emails: takes plain addresses, as ana@oak\.example"):
        Contact(name="Ana", emails=[address])
    with pytest.raises(InvalidValue, match=r"Profile\.email: takes plain addresses"):
        Profile(zone="UTC", email=address)


@pytest.mark.parametrize("address", ["ana@oak.example", "zoë+x@elm.example", "o'neil@[::1]"])
def test_mail_addresses_of_all_kinds(address: str) -> None:
    """A good address would be refused."""
    assert Contact(name="Ana", emails=[address]).emails == (address,)
    assert Profile(zone="UTC", email=address).email == address


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://oak.example", "oak.example", " data:x", "httpx://a"])
def test_links_are_web_addresses(link: str) -> None:
    """A note rendered to HTML would run a stranger's script."""
    with pytest.raises(InvalidValue, match=r"Contact\.links: takes http and https addresses only"):
        Contact(name="Ana", links=[link])


def test_working_hours() -> None:
    """Review and proposals of times would work with hours that never come."""
    assert (Profile(zone="UTC").work_from, Profile(zone="UTC").work_until) == (time(9), time(17))
    for until in (time(9), time(8)):
        with pytest.raises(InvalidValue, match=r"Profile\.work_until: must be later than work_from"):
            Profile(zone="UTC", work_until=until)
    with pytest.raises(InvalidValue, match=r"Profile\.work_from: needs a time of day without zone"):
        Profile(zone="UTC", work_from=time(9, tzinfo=UTC))
