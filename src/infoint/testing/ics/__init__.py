"""A strict checker for calendar files. It shares no code with any writer or reader, ours included; only the list of colour names."""
