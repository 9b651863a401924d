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
from collections.abc import Mapping
from pathlib import Path

from neurosym.judgment.configuration import (
    ATTEMPTS,
    ATTEMPTS_MAX,
    DATA_CLASSES,
    PARAMETERS,
    TIMEOUT_MS,
    TIMEOUT_MS_MAX,
    ComputedTier,
    Configuration,
    ModelTier,
    PersonTier,
    Tier,
)
from neurosym.judgment.configuration_table import Table, problem
from neurosym.text.diagnostic import Report
from neurosym.text.failure import ReplayError
from neurosym.text.span import JsonPath, Place, Source, Span
from neurosym.values.canonical import Json

KINDS = ("computed", "model", "person")
TIER_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def parse_configuration(content: bytes, name: str, folder: Path, report: Report) -> Configuration:
    """The configuration in the bytes; an empty one, with diagnostics in `report`, when something is wrong with it.

    NS600 not TOML, NS601 unknown key, NS602 missing key, NS603 wrong type or value, NS604 unknown kind, NS605 an
    address that cannot be used.
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
    root.finish()
    tiers = [tier for table in tables if (tier := _tier(table)) is not None]
    return Configuration(() if report.has_errors else tuple(tiers), folder)


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
            tier = _model_tier(table)
        case "person":
            review = table.text("review", 'name the file of the queue: `review = "reviews.db"`')
            tier = None if review is None else PersonTier(name, review)
        case _:
            return None
    table.finish()
    return tier


def _model_tier(table: Table) -> ModelTier | None:
    address = table.address("base_url")
    model = table.text("model", "name the model as the endpoint knows it")
    may_see = table.texts("may_see", DATA_CLASSES, 'say what may leave: `may_see = ["public", "internal"]`')
    key_env = table.variable("key_env")
    timeout_ms = table.count("timeout_ms", TIMEOUT_MS, TIMEOUT_MS_MAX)
    attempts = table.count("attempts", ATTEMPTS, ATTEMPTS_MAX)
    parameters = table.parameters("parameters", PARAMETERS)
    if address is None or model is None or may_see is None:
        return None
    return ModelTier(table.name, address, model, may_see, key_env, timeout_ms, attempts, parameters)
