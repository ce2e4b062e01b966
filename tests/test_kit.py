"""The kit under pytest, and without it."""

import subprocess
import sys
from collections.abc import Collection, Iterator

import pytest

from infoint.calendar import CalendarEntry, CalendarHead
from infoint.testing import CalendarWriterContract


class _Clumsy:
    """A writer that forgot to encode."""

    media_type = "text/calendar"
    suffix = ".ics"

    def chunks(self, entries: Collection[CalendarEntry], head: CalendarHead) -> Iterator[str]:
        yield head.name


class _ClumsyContract(CalendarWriterContract):
    def make_writer(self) -> _Clumsy:  # type: ignore[override]  # the mistake under test
        return _Clumsy()


def test_asserts_of_the_kit_tell_their_values() -> None:
    """A plugin's author would read "AssertionError" and nothing else."""
    with pytest.raises(AssertionError) as caught:
        _ClumsyContract().test_chunks_are_bytes()
    assert "{<class 'str'>} == {<class 'bytes'>}" in str(caught.value)


def test_samples_come_without_pytest() -> None:
    """A demo that wants a sample campaign would load a test runner, or fail where there is none."""
    code = "import sys; from infoint.testing import sample_campaign; sample_campaign(); print('pytest' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": ":".join(sys.path)}, check=True, capture_output=True, text=True
    )
    assert result.stdout.split() == ["False"]
