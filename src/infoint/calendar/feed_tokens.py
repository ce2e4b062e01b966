"""Secrets in the addresses of feeds: made, kept as a hash, compared, replaced. Where hashes are kept is the app's affair."""

from collections.abc import Callable, Iterable
from hashlib import sha256
from hmac import compare_digest
from typing import Final, Self

from attrs import field, frozen

from infoint.errors import InvalidValue

_BYTES: Final = 32
"""256 bits: nobody guesses it, so a plain hash keeps it as well as a slow one would."""


@frozen
class FeedToken:
    """A new secret. Put `secret` into the address, show that once, and keep `digest` only: whoever reads the database cannot subscribe."""

    secret: str = field(repr=False)
    """43 characters that every address can hold as they are."""
    digest: str

    @classmethod
    def issue(cls, entropy: Callable[[int], bytes]) -> Self:
        """`FeedToken.issue(secrets.token_bytes)`. Chance comes from the caller, as everywhere outside the engine; it has to be fit for
        secrets. To rotate: issue another, keep its digest beside the old one for as long as subscribers move, then drop the old one.
        Raises InvalidValue where it does not give as many bytes as it is asked for.
        """
        from base64 import urlsafe_b64encode

        given = entropy(_BYTES)
        if not isinstance(given, bytes) or len(given) != _BYTES:
            raise InvalidValue("FeedToken", "entropy", f"needs to give {_BYTES} bytes, as secrets.token_bytes does")
        secret = urlsafe_b64encode(given).rstrip(b"=").decode()
        return cls(secret, token_digest(secret))


def token_digest(secret: str) -> str:
    """What is kept of a secret: 64 characters. Looking a presented secret up by its digest gives nothing away by the time it takes,
    since nobody can choose a digest.
    """
    return sha256(secret.encode(errors="surrogatepass")).hexdigest()


def token_matches(presented: str, digests: Iterable[str]) -> bool:
    """Whether it is the secret of one of the digests (the current one, and during a rotation the one before). Every digest is
    compared, each in constant time.
    """
    digest = token_digest(presented).encode()
    matches = [compare_digest(digest, kept.encode(errors="surrogatepass")) for kept in digests]
    return any(matches)
