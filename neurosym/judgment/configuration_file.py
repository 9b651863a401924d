"""judges.toml: read strictly, every problem at once.

```
[tier.small]
kind = "model"
base_url = "http://127.0.0.1:8000/v1"
model = "..."
key_env = "SMALL_KEY"
may_see = ["public", "internal"]
```
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from neurosym.judgment.configuration import (
    ATTEMPTS,
    ATTEMPTS_MAX,
    BACKOFF_MS,
    BACKOFF_MS_MAX,
    BATCH_MAX,
    CONCURRENT,
    CONCURRENT_MAX,
    DATA_CLASSES,
    OUTPUT_TOKENS_MAX,
    PARAMETERS,
    SAMPLES,
    SAMPLES_MAX,
    TIMEOUT_MS,
    TIMEOUT_MS_MAX,
    ComputedTier,
    Configuration,
    EnsembleTier,
    LocalTier,
    ModelTier,
    Tier,
)
from neurosym.judgment.configuration_budget import read_budget
from neurosym.judgment.configuration_local import read_local_tier
from neurosym.judgment.configuration_person import read_person_tier
from neurosym.judgment.configuration_table import Table, problem
from neurosym.judgment.cost import Price
from neurosym.judgment.dialect import AUTO, DEFAULT_DIALECT, Dialect
from neurosym.text.diagnostic import Report
from neurosym.text.failure import ReplayError
from neurosym.text.span import JsonPath, Place, Source, Span
from neurosym.text.suggestion import did_you_mean
from neurosym.values.canonical import Json

PSEUDONYMISE = 'say what it may see in disguise: `pseudonymise = ["personal"]`'
KINDS = ("computed", "model", "person", "ensemble")
CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
TIER_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def parse_configuration(content: bytes, name: str, folder: Path, report: Report) -> Configuration:
    """The configuration in the bytes; an empty one, with diagnostics in `report`, when something is wrong with it.

    NS600 not TOML, NS601 unknown key, NS602 missing key, NS603 wrong type or value, NS604 unknown kind, NS605 an
    address that cannot be used, NS650 a price without a bound of what may be written, NS651 keys that exclude one
    another, NS628 a password in the address of a review queue.
    """
    document = _parse_toml(content, name, report)
    return Configuration(folder=folder) if document is None else _configuration(document, name, folder, report)


def read_configuration(document: Mapping[str, Json]) -> Configuration:
    """The configuration that the log recorded (`Configuration.json`); ReplayError when it is none."""
    report = Report()
    found = _configuration(_without_null(document), "configuration", Path(), report)
    if report.has_errors:
        raise ReplayError("the recorded configuration is not what was recorded")
    return found


def _without_null(document: Mapping[str, Json]) -> dict[str, object]:
    """The document without null members: TOML has none."""
    return {
        name: _without_null(value) if isinstance(value, dict) else value
        for name, value in document.items()
        if value is not None
    }


def _configuration(document: Mapping[str, object], name: str, folder: Path, report: Report) -> Configuration:
    root = Table(document, JsonPath(name), report)
    tables = root.tables("tier")
    budget = read_budget(root)
    root.finish()
    tiers = [tier for table in tables if (tier := _tier(table)) is not None]
    _check_members([(table, tier) for table in tables for tier in tiers if tier.name == table.name])
    return Configuration(folder=folder) if report.has_errors else Configuration(tuple(tiers), folder, budget)


def _parse_toml(content: bytes, name: str, report: Report) -> Mapping[str, object] | None:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        report.add(problem("NS600", f"not TOML: not UTF-8 at byte {error.start}", JsonPath(name)))
        return None
    try:
        return tomllib.loads(text)
    except RecursionError:
        report.add(problem("NS600", "not TOML: nested too deeply", JsonPath(name)))
    except ValueError as error:  # a number of too many digits is no TOMLDecodeError
        message = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "a number of too many digits"
        report.add(problem("NS600", f"not TOML: {AT.sub('', message).lower()}", _place(message, name, text)))
    return None


def _place(message: str, name: str, text: str) -> Place:
    found = AT.search(message)
    if found is None:
        return JsonPath(name)
    source = Source(name, text)
    start = len(text) if found[1] is None else source.line_starts[int(found[1]) - 1] + int(found[2]) - 1
    return Span(source, start, start + 1)


def _tier(table: Table) -> Tier | None:
    name = table.name
    if not TIER_NAME.fullmatch(name):
        message = f"`{name}` is no name for a tier"
        table.report.add(problem("NS603", message, table.at, "use lower-case letters, digits and `_`"))
        return None
    match table.choice("kind", KINDS):
        case "computed":
            tier: Tier | None = ComputedTier(name)
        case "model":
            tier = read_local_tier(table) if "directory" in table else _model_tier(table)
        case "person":
            tier = read_person_tier(table)
        case "ensemble":
            tier = _ensemble_tier(table)
        case _:
            return None
    table.finish()
    return tier


def _ensemble_tier(table: Table) -> EnsembleTier | None:
    advice = 'name at least two other tiers: `members = ["small", "large"]`'
    members = table.names("members", advice)
    if members is None:
        return None
    agree = table.count("agree", len(members), len(members))
    return EnsembleTier(table.name, members, agree)


def _check_members(tables: Sequence[tuple[Table, Tier]]) -> None:
    """NS619: a member of an ensemble that is no model of this file."""
    models = [tier.name for _, tier in tables if isinstance(tier, ModelTier | LocalTier)]
    for table, tier in tables:
        for name in tier.members if isinstance(tier, EnsembleTier) else ():
            if name not in models:
                advice = did_you_mean(name, models) or "an ensemble is made of model tiers"
                table.report.add(problem("NS619", f"no model tier is called `{name}`", table.at / "members", advice))


def _model_tier(table: Table) -> ModelTier | None:
    address = table.address("base_url")
    model = table.text("model", "name the model as the endpoint knows it")
    may_see = table.texts("may_see", DATA_CLASSES, 'say what may leave: `may_see = ["public", "internal"]`')
    key_env = table.variable("key_env")
    timeout_ms = table.count("timeout_ms", TIMEOUT_MS, TIMEOUT_MS_MAX)
    attempts = table.count("attempts", ATTEMPTS, ATTEMPTS_MAX)
    parameters = table.parameters("parameters", PARAMETERS)
    manner = _manner(table)
    if address is None or model is None or may_see is None:
        return None
    tier = manner(ModelTier(table.name, address, model, may_see, key_env, timeout_ms, attempts, parameters))
    _check_manner(tier, table)
    return tier


def _manner(table: Table) -> Callable[[ModelTier], ModelTier]:
    """What adds to a tier how it is asked, once its other keys are known."""
    dialect = table.option("dialect", (AUTO, *(each.value for each in Dialect)), DEFAULT_DIALECT.value)
    samples = table.count("samples", SAMPLES, SAMPLES_MAX)
    return partial(
        replace,
        dialect=None if dialect == AUTO else Dialect(dialect),
        concurrent=table.count("concurrent", CONCURRENT, CONCURRENT_MAX),
        batch=table.number("batch", BATCH_MAX),
        backoff_ms=table.count("backoff_ms", BACKOFF_MS, BACKOFF_MS_MAX),
        samples=samples,
        agree=table.number("agree", samples),
        logprobs=table.flag("logprobs"),
        output_tokens_max=table.number("output_tokens_max", OUTPUT_TOKENS_MAX),
        price=_price(table),
        pseudonymise=(table.texts("pseudonymise", DATA_CLASSES, PSEUDONYMISE) or ()) if "pseudonymise" in table else (),
        suspended=table.written("suspended", "say why"),
    )


def _price(table: Table) -> Price | None:
    inner = table.inner("price")
    if inner is None:
        return None
    currency = inner.text("currency", 'name the currency: `currency = "USD"`')
    read, written = inner.amount("per_million_read"), inner.amount("per_million_written")
    call = inner.amount("per_call")
    inner.finish()
    if currency is not None and not CURRENCY.fullmatch(currency):
        inner.report.add(
            problem("NS603", f"`{currency}` is no currency", inner.at / "currency", "three capital letters (ISO 4217)")
        )
    return None if currency is None else Price(currency, read, written, call)


def _check_manner(tier: ModelTier, table: Table) -> None:
    """NS650 a price without a bound of what may be written; NS651 keys that exclude one another."""
    if tier.price is not None and tier.output_tokens_max is None:
        advice = "say how much the model may write: `output_tokens_max = 1000`"
        table.report.add(problem("NS650", "what an answer may cost has no bound", table.at / "price", advice))
    if tier.logprobs and tier.batch_max > 1:
        advice = "leave out `logprobs`, or ask one question at a time: `batch = 1`"
        message = "the confidence in each of several answers cannot be told from the logprobs of one text"
        table.report.add(problem("NS651", message, table.at / "logprobs", advice))
