"""People in and out. A room beside calendar and notes: readers know no storage. Every name loads its module on first use."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infoint.people.contract import ContactReader as ContactReader, Rejected as Rejected
    from infoint.people.import_plan import ImportPlan as ImportPlan, plan_import as plan_import
    from infoint.people.linkedin_csv import CONNECTED_ON as CONNECTED_ON, LinkedInReader as LinkedInReader
else:
    from infoint.lazy import lazy_names

    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "infoint.people.contract": ("ContactReader", "Rejected"),
            "infoint.people.import_plan": ("ImportPlan", "plan_import"),
            "infoint.people.linkedin_csv": ("CONNECTED_ON", "LinkedInReader"),
        },
    )
