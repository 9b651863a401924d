"""`python -m neurosym.testing.endpoint`."""

import sys

from neurosym.testing.endpoint.program import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
