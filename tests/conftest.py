"""What all tests start from."""

from __future__ import annotations

import os
import signal


def pytest_configure() -> None:
    """A shell starts what runs in its background deaf to interrupts, and tests that interrupt a program would wait for
    ever: what they start shall hear them. Nor shall they find in the user's cache what they mean to compile.
    """
    os.environ["NEUROSYM_CACHE"] = "off"
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
