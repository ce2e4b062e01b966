"""A clock that a test moves. Engines take any function that gives a zoned time; this is the handiest one."""

from datetime import datetime, timedelta


class Clock:
    """Stands still until it is told: `Engine(…, clock=Clock(datetime(2026, 12, 1, tzinfo=UTC)))`."""

    def __init__(self, now: datetime) -> None:
        """`now` is zoned; it may be set anew at any time."""
        self.now = now

    def __call__(self) -> datetime:
        """The time it stands at."""
        return self.now

    def forward(self, length: timedelta) -> datetime:
        """Go on by so much; the new time."""
        self.now += length
        return self.now
