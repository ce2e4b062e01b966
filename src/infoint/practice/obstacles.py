"""What answers each obstacle of an exploration (practice §2, §4). Which question that makes for a talk is `agenda`'s."""

from collections.abc import Mapping
from typing import Final

from infoint.model.contact import ContactRole
from infoint.model.obstacle import Obstacle
from infoint.model.question import Question, QuestionCategory

OBSTACLE_CATEGORIES: Final[Mapping[Obstacle, tuple[QuestionCategory, ...]]] = {
    Obstacle.LITTLE_KNOWLEDGE: (QuestionCategory.DESCRIBE_THE_JOB, QuestionCategory.TIME_AT_WORK),
    Obstacle.LACK_OF_EXPERIENCE: (QuestionCategory.EDUCATION_AND_EXPERIENCE, QuestionCategory.ORGANIZATION),
    Obstacle.FEW_JOBS_ADVERTISED: (QuestionCategory.HIDDEN_JOBS, QuestionCategory.NETWORKING),
}
"""Questions that answer an obstacle. Having met only personnel staff is answered by other people, not by their answers."""

OBSTACLE_ROLES: Final[Mapping[Obstacle, tuple[ContactRole, ...]]] = {
    Obstacle.LITTLE_KNOWLEDGE: (ContactRole.PRACTITIONER,),
    Obstacle.LACK_OF_EXPERIENCE: (ContactRole.PRACTITIONER, ContactRole.SUPERVISOR),
    Obstacle.FEW_JOBS_ADVERTISED: (ContactRole.SUPERVISOR, ContactRole.PRACTITIONER),
    Obstacle.ONLY_PERSONNEL_STAFF: (ContactRole.PRACTITIONER, ContactRole.SUPERVISOR),
}
"""People who can answer an obstacle, the nearest to it first."""


def answers(question: Question, obstacle: Obstacle) -> bool:
    """Whether the question helps against the obstacle: by its own tag, or by its category."""
    return question.obstacle == obstacle or question.category in OBSTACLE_CATEGORIES.get(obstacle, ())
