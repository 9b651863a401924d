"""Reasons of possible facts: the union over all their derivations, once a stratum is finished (language §5.9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from neurosym.values.unknown import Reason, RestsOn


def resolved(direct: Mapping[RestsOn, frozenset[Reason]]) -> dict[RestsOn, frozenset[Reason]]:
    """For each possible fact, the reasons that it rests on in the end; `direct` may name other possible facts.

    A fact that is named and has no entry is certain: nothing rests on doubt about it.
    """
    final: dict[RestsOn, frozenset[Reason]] = {
        name: frozenset(each for each in found if not isinstance(each, RestsOn)) for name, found in direct.items()
    }
    users: dict[RestsOn, set[RestsOn]] = {name: set() for name in direct}
    for name, found in direct.items():
        for each in found:
            if isinstance(each, RestsOn) and each in users:
                users[each].add(name)
    waiting = list(direct)
    while waiting:
        name = waiting.pop()
        for user in users[name]:
            if not final[name] <= final[user]:
                final[user] |= final[name]
                waiting.append(user)
    return final


def replaced(reasons: Iterable[Reason], final: Mapping[RestsOn, frozenset[Reason]]) -> frozenset[Reason]:
    """The reasons with every possible fact replaced by what it rests on."""
    found: set[Reason] = set()
    for each in reasons:
        found |= final.get(each, frozenset()) if isinstance(each, RestsOn) else {each}
    return frozenset(found)
