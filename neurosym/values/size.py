"""How much input is taken in: far more than anybody means to give, and less than what exhausts a machine."""

from __future__ import annotations

from neurosym.text.diagnostic import Diagnostic, Label, Report, Severity
from neurosym.text.failure import InputError
from neurosym.text.span import JsonPath, Place

BYTES_MAX = 1 << 28  # of one document
VALUES_MAX = 20_000_000  # of one document, by the signs that stand between them
FACTS_MAX = 2_000_000  # given for one decision
ITEMS_MAX = 100_000  # of a list that is a value
MEMBERS_MAX = 10_000  # of an object
TEXT_LENGTH_MAX = 1_000_000  # characters
PROBLEMS_MAX = 10_000  # said of all that is given for one decision; who has as many mends one cause and asks again
# Values of one type's facts that are different and yet have the same hash; among honest ones even two are rare.
ALIKE_MAX = 500


class InputReport(Report):
    """Collects what is wrong with input; InputError as soon as that is more than anybody reads."""

    def __init__(self) -> None:
        super().__init__()
        self._errors = 0

    def add(self, found: Diagnostic) -> None:
        """Keep one diagnostic; the same one twice is kept once."""
        super().add(found)
        self._errors += found.is_error
        if self._errors > PROBLEMS_MAX:
            place = found.primary.place if found.primary else JsonPath("input")
            raise InputError([too_much(f"{PROBLEMS_MAX} problems", place), *self.diagnostics])


def too_much(what: str, at: Place) -> Diagnostic:
    """NS520: input beyond a bound; `what` names the bound."""
    return Diagnostic("NS520", Severity.ERROR, f"more than {what}", Label(at), help="give what the decision needs")
