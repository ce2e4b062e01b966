"""As the kit's `io_errors`, for an operation of so many calls that to let each fail takes longer than it is worth: one in so many."""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from infoint.testing.faults.io_errors import MODES, _Bench
from infoint.testing.faults.trap import Trap
from infoint.testing.storage_command import loaded_plugin
from infoint.testing.storage_places import Places


def main(root: str, url: str, operation: str, step: str) -> None:
    """Tells in JSON how many calls failed, and what was wrong."""
    bench = _Bench(Places(url, [loaded_plugin("infoint_vault")], strict=False), Trap(), Path(root))
    for number, mode in enumerate(MODES):
        index, went = number, True
        while went:
            with TemporaryDirectory(prefix="place-", dir=root) as folder:
                went = bench.try_one(operation, mode, index, Path(folder))
            index += int(step)
    sys.stdout.write(json.dumps({"calls": bench.calls, "wrong": bench.wrong}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
