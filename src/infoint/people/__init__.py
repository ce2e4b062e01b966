"""People in and out. A room beside calendar and notes: readers know no storage."""

from infoint.people.contract import ContactReader as ContactReader, Rejected as Rejected
