"""Secrets in the addresses of feeds."""

import re
import secrets
from collections.abc import Callable
from inspect import getsource

import pytest

from infoint.calendar import FeedToken, feed_tokens, token_digest, token_matches
from infoint.errors import InvalidValue


def given_bytes(number: int) -> Callable[[int], bytes]:
    return lambda size: bytes([number]) * size


def test_a_secret_fits_an_address() -> None:
    """An address would need escapes that one client writes and another does not."""
    assert {len(FeedToken.issue(given_bytes(number)).secret) for number in range(256)} == {43}
    assert re.fullmatch(r"[\w-]+", "".join(FeedToken.issue(given_bytes(number)).secret for number in range(256)), re.ASCII)


def test_chance_is_the_callers() -> None:
    """Two apps would be given the same secret, or a test could not say which."""
    assert FeedToken.issue(given_bytes(1)) == FeedToken.issue(given_bytes(1))
    assert FeedToken.issue(secrets.token_bytes) != FeedToken.issue(secrets.token_bytes)


def test_only_the_hash_is_shown() -> None:
    """A log line or a database would let its readers subscribe."""
    token = FeedToken.issue(given_bytes(7))
    assert token.secret not in repr(token)
    assert token.digest == token_digest(token.secret)
    assert token.secret not in token.digest
    assert re.fullmatch(r"[0-9a-f]{64}", token.digest)


@pytest.mark.parametrize("entropy", [lambda _: b"", lambda size: b"x" * (size - 1), lambda size: "x" * size, lambda _: None])
def test_weak_chance_is_refused(entropy: Callable[[int], bytes]) -> None:
    """A secret of a few bits would be guessed."""
    with pytest.raises(InvalidValue, match=r"FeedToken\.entropy: needs to give 32 bytes"):
        FeedToken.issue(entropy)


def test_old_and_new_are_good_during_a_rotation() -> None:
    """Subscribers would be locked out at once, or never."""
    old, new, other = (FeedToken.issue(given_bytes(number)) for number in (1, 2, 3))
    assert [token_matches(one.secret, [new.digest, old.digest]) for one in (old, new, other)] == [True, True, False]
    assert [token_matches(one.secret, [new.digest]) for one in (old, new)] == [False, True]
    assert not token_matches(new.secret, [])
    assert not token_matches(new.digest, [new.digest])


@pytest.mark.parametrize("presented", ["", "é", "\ud800", "x" * 100_000, "\x00"])
def test_any_text_can_be_presented(presented: str) -> None:
    """An odd address would be an error of the server."""
    assert not token_matches(presented, [token_digest("secret"), "é", ""])


def test_comparison_takes_the_same_time() -> None:
    """The time an answer takes would tell how much of a secret was right, or which digest it was."""
    source = getsource(token_matches)
    assert "compare_digest(" in source
    assert "[compare_digest" in source, "a generator would stop at the first that matches"
    assert "==" not in source
    assert feed_tokens.compare_digest.__module__ in {"_operator", "_hashlib"}
