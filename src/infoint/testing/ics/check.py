"""Is a calendar file what the standards say? For every `.ics`, whoever wrote it: octets, grammar, cardinalities, values, and how they
depend on one another (RFC 5545, 5546, 6868, 7986; 7953, 9073, 9074 and 9253 where they are used). It shares no code with any writer
or reader, ours included.
"""

from infoint.errors import InvalidValue
from infoint.testing.ics.alarms import check_alarm
from infoint.testing.ics.components import Component, check_cardinalities, read_components
from infoint.testing.ics.lines import read_lines
from infoint.testing.ics.methods import check_method
from infoint.testing.ics.participation import check_participation
from infoint.testing.ics.problems import Findings, IcsProblem, IcsSeverity
from infoint.testing.ics.times import check_times
from infoint.testing.ics.uids import check_uids
from infoint.testing.ics.zones import check_zone, check_zones


def check_ics(content: bytes, *, strict: bool = True) -> tuple[IcsProblem, ...]:
    """Everything that is wrong with a file, by line; () = nothing is.

    `strict=False` leaves warnings out: what the standards only advise against (long lines, a start that its rule does not meet) and
    what nobody needs (a zone that is not used, a misspelt name). Takes time and memory in proportion to the length of `content`,
    whatever the bytes; raises InvalidValue for anything but bytes.
    """
    if not isinstance(content, bytes):
        raise InvalidValue("check_ics", "content", "needs the bytes of a file", value=content)
    findings = Findings()
    components = read_components(read_lines(content, findings), findings)
    inside = list[Component]()
    for component in components:
        check_cardinalities(component, findings)
        check_times(component, findings)
        check_alarm(component, findings)
        check_zone(component, findings)
        check_participation(component, findings)
    for calendar, inside in _calendars(components):
        check_zones(calendar, inside, findings)
        check_method(calendar, findings)
        check_uids(inside, findings)
    return tuple(problem for problem in findings.problems() if strict or problem.severity is IcsSeverity.ERROR)


def _calendars(components: list[Component]) -> list[tuple[Component, list[Component]]]:
    """Each outermost component, with all that are in it."""
    found = list[tuple[Component, list[Component]]]()
    for component in components:
        if component.parent is None:
            found.append((component, []))
        else:
            found[-1][1].append(component)
    return [(calendar, inside) for calendar, inside in found if calendar.name == "VCALENDAR"]


def demand_valid_ics(content: bytes, *, strict: bool = True) -> None:
    """Raises AssertionError that lists every problem `check_ics` finds, one a line."""
    problems = check_ics(content, strict=strict)
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise AssertionError("\n".join([f"{count} in a calendar file:", *map(str, problems)]))
