"""The kit for plugin authors: contracts to subclass, a check for plugins, samples and strategies. Needs `infoint[testing]`;
nothing in infoint itself imports it.
"""

import sys
from typing import TYPE_CHECKING

if "pytest" in sys.modules:  # it is running us: asserts of the kit tell their values as the asserts of its own test files do
    from infoint.testing.telling import tell_values as _tell_values

    _tell_values()

if TYPE_CHECKING:
    from infoint.testing.calendar_writer_contract import CalendarWriterContract as CalendarWriterContract
    from infoint.testing.clock import Clock as Clock
    from infoint.testing.ics.check import check_ics as check_ics, demand_valid_ics as demand_valid_ics
    from infoint.testing.ics.problems import IcsProblem as IcsProblem, IcsSeverity as IcsSeverity
    from infoint.testing.plugin_check import check_plugin as check_plugin
    from infoint.testing.renderer_contract import RendererContract as RendererContract
    from infoint.testing.samples import sample_campaign as sample_campaign
    from infoint.testing.storage_contract import StorageContract as StorageContract
    from infoint.testing.storage_walk import WalkFailed as WalkFailed, walk_storage as walk_storage
else:
    from infoint.lazy import lazy_names

    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "infoint.testing.calendar_writer_contract": ("CalendarWriterContract",),
            "infoint.testing.clock": ("Clock",),
            "infoint.testing.ics.check": ("check_ics", "demand_valid_ics"),
            "infoint.testing.ics.problems": ("IcsProblem", "IcsSeverity"),
            "infoint.testing.plugin_check": ("check_plugin",),
            "infoint.testing.renderer_contract": ("RendererContract",),
            "infoint.testing.samples": ("sample_campaign",),
            "infoint.testing.storage_contract": ("StorageContract",),
            "infoint.testing.storage_walk": ("WalkFailed", "walk_storage"),
        },
    )
