"""`python -m infoint.testing storage URL`: the contract of storages held against one, without a test file."""

import sys

from infoint.testing.storage_command import main

if __name__ == "__main__":
    sys.exit(main())
