"""The person tiers of judges.toml.

```
[tier.person]
kind = "person"
review = "reviews.db"     # or postgresql://reviews.example/compliance
deadline = "P2D"
claim_minutes = 30
```
"""

from __future__ import annotations

from neurosym.judgment.configuration import PersonTier
from neurosym.judgment.configuration_table import Table, problem
from neurosym.judgment.queue.address import address_problem
from neurosym.judgment.queue.term import CLAIM_MINUTES, CLAIM_MINUTES_MAX, time_after
from neurosym.values.temporal import Duration, Months, TemporalError, parse_duration

REVIEW = 'name the file of the queue: `review = "reviews.db"`'
DEADLINE = 'write for instance `deadline = "P2D"`'
SOME_DAY, TEN_YEARS_LATER = "2000-01-01T00:00:00.000000Z", "2010-01-01T00:00:00.000000Z"


def read_person_tier(table: Table) -> PersonTier | None:
    """The tier of the table; None with NS602, NS603 or NS628 when something is wrong with it."""
    review = table.text("review", REVIEW)
    deadline = _deadline(table)
    claim_minutes = table.count("claim_minutes", CLAIM_MINUTES, CLAIM_MINUTES_MAX)
    if review is None:
        return None
    if (found := address_problem(review, table.at / "review")) is not None:
        table.report.add(found)
        return None
    return PersonTier(table.name, review, deadline, claim_minutes)


def _deadline(table: Table) -> Duration | Months | None:
    written = table.written("deadline", DEADLINE)
    if written is None:
        return None
    try:
        gap = parse_duration(written)
        is_sensible = SOME_DAY < time_after(SOME_DAY, gap) <= TEN_YEARS_LATER
    except TemporalError:
        is_sensible = False
    if is_sensible:
        return gap
    message = "`deadline` is a duration of at most ten years, and longer than none"
    table.report.add(problem("NS603", message, table.at / "deadline", DEADLINE))
    return None
