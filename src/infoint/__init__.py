"""Informational interviews as an engine for other software."""
