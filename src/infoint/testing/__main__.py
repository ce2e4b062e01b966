"""`python -m infoint.testing storage URL`: the contract of storages held against one, without a test file."""

import sys

if __name__ == "__main__":
    try:
        from infoint.testing.storage_command import (
            main,
        )  # within: loading it takes most of the time in which somebody interrupts

        code = main()
    except KeyboardInterrupt:
        code = 130  # 128 + SIGINT, as shells have it
    sys.exit(code)
