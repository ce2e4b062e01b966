"""File names of entries kept one in a file (calendar programs and servers take them for part of a path)."""

import re
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from infoint.calendar.resource_names import resource_name

OURS = str(UUID(int=7))


def test_our_own_uids_stay_readable() -> None:
    """Nobody would find the file of an entry."""
    assert resource_name(OURS) == f"{OURS}.ics"
    assert resource_name("10-talk-of-may", ".txt") == "10-talk-of-may.txt"


@pytest.mark.parametrize(
    "uid",
    [
        "../../etc/passwd",
        "a/b",
        "a\\b",
        "C:x",
        ".hidden",
        "con",
        "nul.talk",
        "com1",
        "Talk",
        "x" * 255,
        "talk@oak.example",
        "übung",
        "a b",
        "a%2fb",
        "a?b#c",
        "-rf",
        "a.",
    ],
)
def test_what_a_file_system_or_server_takes_otherwise_is_replaced(uid: str) -> None:
    """A uid from elsewhere would leave the folder, hide the file, overwrite another's or be refused by a server."""
    name = resource_name(uid)
    assert re.fullmatch(r"[a-z0-9-]+-[0-9a-f]{32}\.ics", name)
    assert name == resource_name(uid)


@given(st.sets(st.text(alphabet="aAbB.-/\\~$ %ß日", min_size=1, max_size=6), min_size=2, max_size=30))
def test_different_uids_have_different_files_everywhere(uids: set[str]) -> None:
    """On a file system that does not tell capitals from small letters one entry would overwrite another."""
    assert len({resource_name(uid).casefold() for uid in uids}) == len(uids)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9_-]*\.ics", resource_name(uid)) for uid in uids)
