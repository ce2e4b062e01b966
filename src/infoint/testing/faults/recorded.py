"""What runs under the trap while its changes are written down: rounds, told of in a file that is part of the record. Run by
`power_cuts`.
"""

import os
import sys
from pathlib import Path
from typing import Final

from infoint.testing.faults.story import go_round, rounds_in
from infoint.testing.storage_command import loaded_plugin
from infoint.testing.storage_places import Places

TOLD: Final = ".told"
"""The file, in the folder that is watched; a line for each round that was acknowledged."""


def main(root: str, url: str, cycles: str, rounds: str, size: str, *plugins: str) -> None:
    """Opens the storage of `url` anew for each cycle."""
    places = Places(url, [loaded_plugin(plugin) for plugin in plugins], strict=False)
    told = os.open(Path(root, TOLD), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for _ in range(int(cycles)):
        storage = places.storage(Path(root))
        storage.open(create=True)
        done = rounds_in(storage)
        for number in range(done + 1, done + 1 + int(rounds)):
            go_round(storage, number, size=int(size))
            os.write(told, f"{number}\n".encode())
        storage.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
