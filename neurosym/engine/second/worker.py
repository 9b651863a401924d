"""The program of the worker process: durable-rules, and nothing of ours.

It is run by its path, reads one JSON document per line and answers each with one:

    {"networks": [{RULE: DEFINITION}]}     {"ready": true}
    {"tell": [[NETWORK, {MESSAGE}]]}       {"matches": [[NETWORK, RULE, [UID]]]}  or  {"failed": TEXT}

Actions only note which rule matched which messages; what follows is for the parent to say.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import IO, Any

# By itself, without `Host`: that one starts two threads which dispatch behind our back.
from durable.engine import MessageObservedException, Ruleset

NONCES_MAX = 16  # a collision of 32-bit hashes is rare, and one of sixteen in a row is no accident

Matches = list[list[Any]]


class Networks:
    """The rulesets of one program; each message goes to the networks that the parent names."""

    def __init__(self, definitions: list[dict[str, Any]]) -> None:
        self.matches: Matches = []
        self.troubles: list[str] = []
        self.rulesets = [
            Ruleset(f"network{number}", None, self._with_actions(number, definition))
            for number, definition in enumerate(definitions)
        ]

    def tell(self, network: int, message: dict[str, Any]) -> None:
        """Assert one message and run what it triggers."""
        ruleset = self.rulesets[network]
        ruleset.do_actions(self._asserted(ruleset, message), self._completed)

    def _asserted(self, ruleset: Any, message: dict[str, Any]) -> Any:
        """The state of the message. One whose hash was seen before is told again under a new nonce."""
        for nonce in range(NONCES_MAX):
            try:
                return ruleset.assert_fact({**message, "nonce": nonce})
            except MessageObservedException:
                continue
        raise RuntimeError("a message was observed before under every nonce")

    def _completed(self, error: Any, _state: Any) -> None:
        if error:
            self.troubles.append(str(error))

    def _with_actions(self, network: int, definition: dict[str, Any]) -> dict[str, Any]:
        return {
            name: {**rule, "run": self._noting(network, name, len(rule["all"]))} for name, rule in definition.items()
        }

    def _noting(self, network: int, rule: str, count: int) -> Callable[[Any], None]:
        def note(context: Any) -> None:
            matched = context._m  # noqa: SLF001 - the messages by alias; the public way gives `None` for what is missing
            self.matches.append([network, rule, [matched[f"v{place}"]["uid"] for place in range(count)]])

        return note


def serve(requests: IO[str], replies: IO[str]) -> None:
    """Answer every request until there are no more."""
    networks = Networks([])
    for line in requests:
        request = json.loads(line)
        if "networks" in request:
            networks = Networks(request["networks"])
            reply: dict[str, Any] = {"ready": True}
        else:
            networks.matches.clear()
            for network, message in request["tell"]:
                networks.tell(network, message)
            reply = {"failed": networks.troubles[0]} if networks.troubles else {"matches": networks.matches}
        replies.write(json.dumps(reply) + "\n")
        replies.flush()


def main() -> None:
    """Keep standard output for the replies: the library prints to it."""
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    serve(sys.stdin, replies)


if __name__ == "__main__":
    main()
