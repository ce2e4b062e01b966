"""`python -m infoint` is the command `infoint`."""

import sys

from infoint.cli import main

if __name__ == "__main__":
    sys.exit(main())
