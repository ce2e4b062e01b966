"""Where a database is and how it is used, read from a URL. Connects to nothing, and shows no password."""

import re
from math import isfinite
from typing import Any, Final, Self

import psycopg
from attrs import field, frozen
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from infoint.errors import InvalidValue
from infoint.storage.contract import StorageUrl
from infoint.storage.guards import PATIENCE

_NAME: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_OURS: Final = ("schema", "role", "timeout", "pool")
_LONGEST_WAIT: Final = 3_600.0
_MOST_CONNECTIONS: Final = 1_000
_PORT: Final = re.compile(r"[0-9]{1,5}")
_SHOWN: Final = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:]+")
"""A plain name, or an IPv6 address. What else stands where a host or a database does may be a piece of a password."""
_ESCAPES: Final = "in a password write %40 for @, %2F for /, %3A for : and %3F for ?"


@frozen
class Address:
    """`postgresql://user@host:port/database?options`. Of the options four are ours, all others libpq's."""

    conninfo: str = field(repr=False)
    """For libpq; holds the password, if the URL has one."""
    place: str
    """For messages: host, port and database, or the scheme alone where these are not plain names."""
    schema: str = "infoint"
    """The PostgreSQL schema that holds the tables."""
    role: str = "infoint_app"
    """The role that set-up grants to what an app needs."""
    timeout: float = PATIENCE
    """Seconds to wait for another writer of the same workspace, and for a connection."""
    pool: int = 10
    """Connections at most, of one process."""

    @classmethod
    def of(cls, url: StorageUrl) -> Self:
        """Raises InvalidValue, which names the option and never its value."""
        if not url.rest.startswith("//"):
            raise _invalid("url", "begins with '//', as in 'postgresql://user@host/database'")
        _demand_plain(url)
        options = dict(url.options)
        ours: dict[str, str] = {name: options.pop(name) for name in _OURS if name in options}
        for name in ("schema", "role"):
            if name in ours and (not _NAME.fullmatch(ours[name]) or ours[name].startswith("pg_")):
                raise _invalid(
                    name, "must be 1 to 63 of a-z, 0-9 and '_', no digit first, and not one of PostgreSQL's own (pg_…)"
                )
        parts, conninfo = _parts(url.rest, options)
        return cls(
            conninfo=conninfo,
            place=_place(parts),
            schema=ours.get("schema", "infoint"),
            role=ours.get("role", "infoint_app"),
            timeout=_number(ours, "timeout", PATIENCE, 0.001, _LONGEST_WAIT),
            pool=int(_number(ours, "pool", 10, 1, _MOST_CONNECTIONS)),
        )


def _parts(rest: str, options: dict[str, str]) -> tuple[dict[str, Any], str]:
    try:
        given = {**conninfo_to_dict(f"postgresql:{rest}"), **options}
        parts = {"connect_timeout": "10", "application_name": "infoint", **given, "client_encoding": "UTF8"}
        return parts, make_conninfo("", **parts)
    except (psycopg.Error, ValueError):
        problem = "is not what libpq takes: look for an option it does not know, and write %XX for special characters"
    # Out of the handler: libpq's words quote the URL, and with it a password.
    raise _invalid("url", problem)


def _demand_plain(url: StorageUrl) -> None:
    """Raises InvalidValue. libpq reads each of these in its own way, and takes a piece of the password for a host, a port or a name."""
    if any("\x00" in text for text in (url.rest, *url.options.values())):
        raise _invalid("url", "holds a NUL, which nothing in it can")
    authority, _, path = url.rest.removeprefix("//").partition("/")
    if authority.count("@") > 1 or "@" in path:
        raise _invalid("url", f"has an '@' that ends no user and password: {_ESCAPES}")
    for host in authority.rpartition("@")[2].split(","):
        _, colon, port = host.rpartition("]")[2].partition(":")
        if colon and port and not _PORT.fullmatch(port):
            raise _invalid("url", f"has a port that is no number, or a password and no '@host' after it: {_ESCAPES}")


def _place(parts: dict[str, Any]) -> str:
    host = str(parts.get("host") or parts.get("hostaddr") or parts.get("service") or "")
    hosts = [] if host.startswith("/") else [one for one in host.split(",") if one]
    ports = [one for one in str(parts.get("port") or "").split(",") if one]
    database = str(parts.get("dbname") or "")
    if not all(map(_SHOWN.fullmatch, [*hosts, database or "-"])) or not all(map(_PORT.fullmatch, ports)):
        return "postgresql:"
    port = f":{parts['port']}" if ports else ""
    return f"postgresql://{','.join(hosts)}{port}/{database}"


def _number(options: dict[str, str], name: str, default: float, least: float, most: float) -> float:
    if name not in options:
        return default
    try:
        number = float(options[name])
    except ValueError:
        number = -1.0
    if not isfinite(number) or not least <= number <= most:
        raise _invalid(name, f"must be a number from {least:g} to {most:g}")
    return number


def _invalid(name: str, problem: str) -> InvalidValue:
    return InvalidValue("PostgresStorage", name, problem)
