"""`infoint plugins`: who is installed, and what can be asked for by name."""

import logging
from argparse import Namespace
from collections.abc import Iterator
from typing import Any

from infoint.cli.program import DONE, FOUND, put_json, put_out
from infoint.hooks.combining import BUILTIN
from infoint.hooks.host import PluginHost
from infoint.hooks.registry import Registry


def list_plugins(asked: Namespace) -> int:
    """Carry it out; the exit code. Raises InfointError."""
    logging.getLogger("infoint").addHandler(logging.NullHandler())
    host = PluginHost(discover=True)
    if asked.json:
        put_json(_told(host))
    else:
        put_out(f"{line}\n".encode(errors="backslashreplace") for line in _lines(host))
    return FOUND if host.failures else DONE


def _offers(host: PluginHost) -> dict[str, dict[str, str]]:
    """What can be asked for by name, and whose it is."""
    registries: dict[str, Registry[Any]] = {
        "storages": host.storages,
        "calendar_writers": host.calendar_writers,
        "note_renderers": host.note_renderers,
        "contact_readers": host.contact_readers,
        "wordings": host.wordings,
    }
    return {kind: {name: registry.owner(name) for name in registry.names} for kind, registry in registries.items()}


def _told(host: PluginHost) -> dict[str, object]:
    return {
        "plugins": [{"name": one.name, "source": one.source, "hooks": list(one.hooks)} for one in host.plugins],
        "offers": _offers(host),
        "failures": [{"name": one.name, "source": one.source, "problem": str(one.error)} for one in host.failures],
    }


def _lines(host: PluginHost) -> Iterator[str]:
    offers = _offers(host)
    for one in sorted(host.plugins, key=lambda plugin: (plugin.name != BUILTIN, plugin.name)):
        yield f"{one.name} ({one.source})"
        for kind, owners in offers.items():
            if names := [name for name, owner in owners.items() if owner == one.name]:
                yield f"  {kind.replace('_', ' ')}: {', '.join(names)}"
    for failure in host.failures:
        yield f"{failure.name} ({failure.source}): left out: {failure.error}"
