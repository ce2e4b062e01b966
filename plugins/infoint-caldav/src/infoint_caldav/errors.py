"""What can go wrong between here and a calendar server. Facts never hold a password, nor what stands in a calendar."""

from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit, urlunsplit

from infoint.errors import InfointError

if TYPE_CHECKING:
    from infoint_caldav.report import PushReport


class PushFailed(InfointError):
    """The server did not do what was asked. `status` is the HTTP status, 0 where there was no answer; `uid` the entry's, or ""."""

    code = "push-failed"
    shown: ClassVar[tuple[str, ...]] = ("status", "uid", "problem")
    remedy: ClassVar[str] = ""

    def __init__(self, problem: str, *, status: int = 0, uid: str = "") -> None:
        """`problem` is a sentence in words of ours: servers quote what they were sent."""
        self.problem, self.status, self.uid = problem, status, uid
        answered = f" (HTTP {status})" if status else ""
        super().__init__(f"{uid}{uid and ': '}{problem}{answered}{self.remedy and '; '}{self.remedy}")


class ServerUnreachable(PushFailed):
    """No connection, or one that broke off or timed out, however often it was tried."""

    code = "server-unreachable"
    remedy = "check the address and the network, then push again with the state so far: it goes on where it stopped"


class ServerFailing(PushFailed):
    """The server answers, but with errors of its own (5xx), asks to wait (429), or says what is not CalDAV."""

    code = "server-failing"
    remedy = "push again later with the state so far"


class AuthenticationRefused(PushFailed):
    """User name or password are wrong, or the server wants a kind of login that cannot be given."""

    code = "authentication-refused"
    remedy = "check user name and password; some servers want a password made for this app"


class Redirected(PushFailed):
    """The server points elsewhere. Not followed: an entry or a password would go where nobody said it should."""

    code = "redirected"
    shown = ("status", "location")

    def __init__(self, location: str, *, status: int = 0) -> None:
        """`location` is where it points."""
        self.location = without_secrets(location)
        super().__init__(f"the server points to {self.location or 'nowhere'}: give that address, if it is right", status=status)


class NotACalendar(PushFailed):
    """At this address is no calendar, or none that this user may see."""

    code = "not-a-calendar"
    remedy = "find_calendars() names those there are"


class EntryRefused(PushFailed):
    """The server does not take this entry; the others went on."""

    code = "entry-refused"


class UnsupportedComponent(EntryRefused):
    """The calendar takes no entries of this kind (RFC 4791 §5.2.3), most often no VTODO."""

    code = "unsupported-component"
    shown = ("status", "uid", "component", "taken")

    def __init__(self, uid: str, component: str, taken: tuple[str, ...], *, status: int = 0) -> None:
        """`taken`: what the calendar says it takes; empty where it does not say."""
        self.component, self.taken = component, taken
        instead = "export follow-ups as events" if component == "VTODO" else "take another calendar"
        only = f", only {', '.join(taken)}" if taken else ""
        super().__init__(f"this calendar takes no {component}{only}: {instead}", status=status, uid=uid)


class PushInterrupted(PushFailed):
    """The push stopped halfway; what stopped it is `__cause__`. `report` says what was done, and holds the state to go on from."""

    code = "push-interrupted"
    shown = ("status", "done", "total", "problem")

    def __init__(self, why: PushFailed, report: "PushReport", *, done: int, total: int) -> None:
        """`done` of `total` entries were dealt with."""
        self.report, self.done, self.total = report, done, total
        super().__init__(f"stopped after {done} of {total}: {why.problem}", status=why.status)

    remedy = "push again with `report.state`: it goes on where it stopped"


def without_secrets(url: str) -> str:
    """`url` without user, password, query and fragment: fit to be shown."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
