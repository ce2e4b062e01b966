"""What stands in an explorer's way. Apart from the exploration, because questions name it too."""

from typing import ClassVar

from infoint.model.open_name import OpenName


class Obstacle(OpenName):
    """What stands in the way; each pulls in the questions and the people that answer it (practice §2, §4)."""

    __slots__ = ()
    LITTLE_KNOWLEDGE: ClassVar["Obstacle"]
    LACK_OF_EXPERIENCE: ClassVar["Obstacle"]
    FEW_JOBS_ADVERTISED: ClassVar["Obstacle"]
    ONLY_PERSONNEL_STAFF: ClassVar["Obstacle"]
