"""What a plugin author holds in the hand: the marker and the registrar. Light on purpose: importing it loads no room, so
contracts and provider plugins can. What collects plugins is in `infoint.hooks`.
"""

from typing import Final, Protocol, TypeVar

from pluggy import HookimplMarker

T_contra = TypeVar("T_contra", contravariant=True)

hookimpl: Final = HookimplMarker("infoint")
"""Put it on every `infoint_…` function of a plugin."""


class Registrar(Protocol[T_contra]):
    """What an `infoint_register_…` hook is given. It knows already which plugin holds it."""

    def add(self, name: str, factory: T_contra) -> None:
        """Offer `factory` under `name`. Raises NameClash, which names both owners."""
        ...
