"""Nothing here is collected where the plugin is not installed: it has an environment of its own."""

from importlib.util import find_spec

if find_spec("infoint_vault") is None or find_spec("yaml") is None:
    collect_ignore_glob = ["test_*.py"]
