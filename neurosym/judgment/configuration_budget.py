"""The budget in judges.toml.

```
[budget]
currency = "USD"
[budget.decision]
cost = "0.50"
seconds = 30
[budget.day]
cost = "20"
[budget.question.same_person]
cost = "0.10"
```
"""

from __future__ import annotations

from neurosym.judgment.budget import NO_BUDGET, UNLIMITED, Allowance, Budget
from neurosym.judgment.configuration_table import Table, problem

SECONDS_MAX = 86_400
CURRENCY = 'name the currency of all prices: `currency = "USD"`'


def read_budget(root: Table) -> Budget:
    """The budget of a configuration; NS690 for one in money without a currency."""
    table = root.inner("budget")
    if table is None:
        return NO_BUDGET
    found = Budget(
        (table.text("currency", CURRENCY) or "") if "currency" in table else "",
        _allowance(table.inner("decision")),
        _allowance(table.inner("day")),
        {each.name: _allowance(each) for each in table.tables("question")},
    )
    table.finish()
    if found.limits_money and not found.currency:
        table.report.add(problem("NS690", "a budget in money needs a currency", table.at, CURRENCY))
    return found


def _allowance(table: Table | None) -> Allowance:
    if table is None:
        return UNLIMITED
    cost = table.amount("cost") if "cost" in table else None
    seconds = table.count("seconds", SECONDS_MAX, SECONDS_MAX) if "seconds" in table else None
    table.finish()
    return Allowance(cost, seconds)
