"""Storages that are broken: those of ours that keep files, and of plugins those that are installed."""

import os
from pathlib import Path

import pytest

from infoint.hooks import PluginHost

PLACES = {"sqlite": "sqlite:{folder}/a.db", "vault": "vault:{folder}/vault"}
INSTALLED = [scheme for scheme in PLACES if scheme in PluginHost(discover=True).storages.names]


@pytest.fixture(params=INSTALLED)
def url(request: pytest.FixtureRequest) -> str:
    """Of a durable storage, with {folder} where its place goes."""
    return PLACES[request.param]


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> str:
    """The plugin of storages that have a fault, as `plugins` takes it."""
    monkeypatch.syspath_prepend(Path(__file__).parent)
    return "planted_faults:plugin"


@pytest.fixture
def times() -> "dict[str, int]":
    """How often things are broken; `INFOINT_KILLS=10000` and `INFOINT_CUTS=10000` ask for more."""
    return {"kills": int(os.environ.get("INFOINT_KILLS", "200")), "cuts": int(os.environ.get("INFOINT_CUTS", "400"))}
