"""The look that the pages of decisions share, and the policy that lets a browser use it."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from pathlib import Path

COMMON = Path(__file__).parent / "page_style.css"


def source_hash(content: str) -> str:
    """The hash that a policy names an inline script or style by. W3C CSP Level 3, hash-source."""
    return f"sha256-{b64encode(hashlib.sha256(content.encode()).digest()).decode()}"
