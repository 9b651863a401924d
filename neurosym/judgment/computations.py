"""The computations that come with the product, by the name of the judgment that they answer."""

from __future__ import annotations

from neurosym.judgment import same_person
from neurosym.judgment.computed import Computation, Computations
from neurosym.matching.version import matcher_versions

COMPUTATIONS: Computations = {
    "same_person": Computation(
        same_person.VERSION, tuple(sorted(matcher_versions().items())), same_person.find_same_person
    ),
}
