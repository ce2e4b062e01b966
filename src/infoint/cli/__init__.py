"""The command `infoint`: a calendar to a file, what is due, and what keeps a database well, from a terminal or a scheduler."""

from infoint.cli.program import main as main
