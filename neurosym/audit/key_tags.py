"""What stands for names in a key store: an HMAC of each, under a secret of the store, so that nobody reads the names
there or finds them out by guessing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from neurosym.audit.payload import tag


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags that one key store gives."""

    secret: bytes = field(repr=False)

    @property
    def of_house(self) -> str:
        """What the key of nobody's data is found by."""
        return tag(self.secret, b"house")

    def of_subject(self, subject: str) -> str:
        """What the key of a data subject is found by."""
        return tag(self.secret, b"subject\0" + subject.encode("utf-8", "surrogatepass"))

    def of_set(self, key_ids: Iterable[str]) -> str:
        """What the key of several subjects together is found by, whose own keys these are."""
        return tag(self.secret, b"set\0" + "+".join(sorted(key_ids)).encode())

    def of_request(self, request: bytes) -> str:
        """What stands for the name of a request."""
        return tag(self.secret, b"request\0" + request)
