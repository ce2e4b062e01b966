"""Plugins made on the spot, and something to ask them about."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from infoint import Campaign, Interview, hookimpl
from infoint.testing import sample_campaign

MakePlugin = Callable[..., ModuleType]


@pytest.fixture
def a_plugin() -> MakePlugin:
    """`a_plugin("acme", infoint_question_sets=lambda: …)`: a module with these functions, marked."""

    def make(name: str, **functions: Callable[..., Any]) -> ModuleType:
        module = ModuleType(name)
        for hook, function in functions.items():
            setattr(module, hook, hookimpl(function))
        return module

    return make


@pytest.fixture(scope="session")
def campaign() -> Campaign:
    """Three talks: one debriefed, one agreed, one asked for."""
    return sample_campaign()


@pytest.fixture(scope="session")
def talk(campaign: Campaign) -> Interview:
    """The one that is agreed."""
    return campaign.interviews[1]
