"""When two web addresses are the same one. What an address is for is said where it is used."""

import re

_WEB = re.compile(r"https?://([^/?#]+)([^?#]*)(.*)", re.IGNORECASE)


def is_web_address(text: str) -> bool:
    """Whether it begins as an http or https address with a host."""
    return _WEB.match(text) is not None


def canonical(address: str) -> str:
    """The one form of addresses that lead to the same page: https, the host in small letters, no slash at the end of the path.
    Path and query stay as they are, since case may count there. What is no web address is given back unchanged.

    RFC 3986 §6.2.2.1 and §6.2.3 say so of host and empty path; that http and https, and a slash more or less, lead to the same
    page is no law, and nowhere known to be otherwise where people have profiles.
    """
    parts = _WEB.fullmatch(address)
    if parts is None:
        return address
    host, path, rest = parts.groups()
    return f"https://{host.lower()}{path.rstrip('/')}{rest}"
