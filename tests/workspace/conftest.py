"""Workspaces over both shipped storages, with a clock that the test moves."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import infoint
from infoint import Contact, Exploration, OpenWorkspace
from infoint.testing import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 16, 15, tzinfo=UTC))


@pytest.fixture(params=["memory:", "sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return "memory:" if request.param == "memory:" else f"sqlite:{tmp_path / 'ws.db'}"


@pytest.fixture
def ws(url: str, clock: Clock) -> Iterator[OpenWorkspace]:
    with infoint.open(url, zone="America/Chicago", clock=clock) as workspace:
        yield workspace


@pytest.fixture
def ana(ws: OpenWorkspace) -> Contact:
    return ws.contacts.add(Contact(name="Ana Ruiz", organization="Oak Labs", emails=["Ana@oak.example"], tags={"alumni"}))


@pytest.fixture
def bo(ws: OpenWorkspace, ana: Contact) -> Contact:
    return ws.contacts.add(Contact(name="Bo Li", organization="Pine Works", referred_by=ana.id))


@pytest.fixture
def ux(ws: OpenWorkspace) -> Exploration:
    return ws.explorations.add(Exploration(subject="UX research"))
