"""The kit for plugin authors: contracts to subclass, and invented samples. Nothing in infoint itself imports it."""
