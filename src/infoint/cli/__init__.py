"""The command `infoint`: a calendar to a file, and what is due, from a terminal or a scheduler. It only reads."""

from infoint.cli.program import main as main
