"""One table of judges.toml, whose keys are taken one by one; what is wrong goes into the report."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from neurosym.judgment.identity import Parameters
from neurosym.text.diagnostic import Diagnostic, Label, Report, Severity
from neurosym.text.span import JsonPath, Place
from neurosym.text.suggestion import did_you_mean
from neurosym.values.canonical import SAFE_INTEGER_MAX
from neurosym.values.number import Number, NumberError, parse_number

VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
# Members of requests that decide what is asked, what holds the answer, what comes back, and what it goes on from.
ASKED = frozenset({"messages", "input", "instructions", "questions", "prompt", "model", "truncation"})
HELD = frozenset({"response_format", "text", "structured_outputs", "grammar", "json_schema", "guided_json"})
TOOLS = frozenset({"tools", "tool_choice", "parallel_tool_calls", "functions", "function_call", "max_tool_calls"})
RETURNED = frozenset({"n", "best_of", "echo", "stream", "stream_options", "logprobs", "top_logprobs", "include"})
BOUNDS = frozenset({"max_completion_tokens", "max_output_tokens", "background", "conversation", "previous_response_id"})
RESERVED = ASKED | HELD | TOOLS | RETURNED | BOUNDS
# RFC 1123 §2.1, with the underscore that container networks use, or what urlsplit found to be an IPv6 address.
HOST = re.compile(
    r"(?!.{254})[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*|[0-9a-f:.]*:[0-9a-f:.]*"
)


def problem(code: str, message: str, at: Place, advice: str | None = None) -> Diagnostic:
    """An error at a place of the configuration."""
    return Diagnostic(code, Severity.ERROR, message, Label(at), help=advice)


class Table:
    """A TOML table; a key that nobody took by the time of `finish` is unknown."""

    def __init__(self, content: Mapping[str, object], at: JsonPath, report: Report) -> None:
        self.at = at
        self.report = report
        self._content = content
        self._taken: list[str] = []

    @property
    def name(self) -> str:
        """The last part of the table's name."""
        return str(self.at.steps[-1])

    def tables(self, key: str) -> list[Table]:
        """The tables `[key.NAME]`."""
        found = self._take(key)
        if found is None:
            return []
        if not isinstance(found, dict):
            self._wrong(key, f"`{key}` is a table of tables", f"write `[{key}.NAME]`")
            return []
        tables = []
        for name, content in found.items():
            if isinstance(content, dict):
                tables.append(Table(content, self.at / key / name, self.report))
            else:
                self._wrong(key, f"`{key}.{name}` is no table", f"write `[{key}.{name}]`")
        return tables

    def text(self, key: str, advice: str) -> str | None:
        """The text at a key that has to be there."""
        found = self._take(key)
        if found is None:
            self._missing(key, advice)
            return None
        if not isinstance(found, str) or not found.strip():
            self._wrong(key, f"`{key}` is a text that is not empty", advice)
            return None
        return found

    def written(self, key: str, advice: str) -> str | None:
        """The text at a key, or None when nothing stands there."""
        if key in self._content:
            return self.text(key, advice)
        self._taken.append(key)
        return None

    def choice(self, key: str, allowed: Sequence[str]) -> str | None:
        """The text at a key that has to be there and has few values."""
        listed = ", ".join(f'"{value}"' for value in allowed)
        found = self.text(key, f"one of {listed}")
        if found is not None and found not in allowed:
            message = f"`{found}` is no {key} of a tier"
            advice = did_you_mean(found, allowed) or f"one of {listed}"
            self.report.add(problem("NS604", message, self.at / key, advice))
            return None
        return found

    def texts(self, key: str, allowed: Sequence[str], advice: str) -> tuple[str, ...] | None:
        """The list of allowed texts at a key that has to be there; an empty list is a statement."""
        found = self._take(key)
        if found is None:
            self._missing(key, advice)
            return None
        if not isinstance(found, list):
            self._wrong(key, f"`{key}` is a list of texts", advice)
            return None
        for item in found:
            if item not in allowed:
                listed = ", ".join(f'"{value}"' for value in allowed)
                close = did_you_mean(item, allowed) if isinstance(item, str) else None
                self._wrong(key, f"`{item}` is not one of {listed}", close or advice)
                return None
        return tuple(value for value in allowed if value in found)

    def __contains__(self, key: str) -> bool:
        return key in self._content

    def names(self, key: str, advice: str) -> tuple[str, ...] | None:
        """The list of two or more different names at a key that has to be there."""
        found = self._take(key)
        if found is None:
            self._missing(key, advice)
            return None
        names = [name for name in found if isinstance(name, str)] if isinstance(found, list) else []
        if not isinstance(found, list) or len(set(names)) != len(found) or len(names) < 2:
            self._wrong(key, f"`{key}` is a list of two or more different names", advice)
            return None
        return tuple(names)

    def variable(self, key: str) -> str | None:
        """The name of an environment variable, or None; what looks like a key is not repeated."""
        found = self._take(key)
        if found is None:
            return None
        if not isinstance(found, str) or not VARIABLE.fullmatch(found):
            advice = "name the variable, never write the key itself"
            self._wrong(key, f"`{key}` is the name of an environment variable", advice)
            return None
        return found

    def count(self, key: str, default: int, greatest: int) -> int:
        """The whole number from 1 to `greatest` at a key, or the default."""
        found = self._take(key)
        if found is None:
            return default
        if isinstance(found, bool) or not isinstance(found, int) or not 1 <= found <= greatest:
            self._wrong(key, f"`{key}` is a whole number from 1 to {greatest}", f"leave it out for {default}")
            return default
        return found

    def number(self, key: str, greatest: int) -> int | None:
        """The whole number from 1 to `greatest` at a key, or None when nothing stands there."""
        if self._content.get(key) is None:
            self._taken.append(key)
            return None
        return self.count(key, 1, greatest)

    def flag(self, key: str) -> bool:
        """The boolean at a key, or false."""
        found = self._take(key)
        if found is None or isinstance(found, bool):
            return bool(found)
        self._wrong(key, f"`{key}` is true or false", "leave it out for false")
        return False

    def option(self, key: str, allowed: Sequence[str], default: str) -> str:
        """One of the allowed texts at a key, or the default."""
        found = self._take(key)
        if found is None:
            return default
        if not isinstance(found, str) or found not in allowed:
            close = did_you_mean(found, allowed) if isinstance(found, str) else None
            listed = ", ".join(f'"{value}"' for value in allowed)
            self._wrong(key, f"`{key}` is one of {listed}", close or f'leave it out for "{default}"')
            return default
        return found

    def amount(self, key: str) -> Number:
        """The amount, a decimal of 0 or more in a text, at a key; 0 when nothing stands there."""
        found = self._take(key)
        try:
            amount = 0 if found is None else parse_number(found) if isinstance(found, str) else -1
        except NumberError:
            amount = -1
        if amount < 0:
            self._wrong(key, f"`{key}` is a decimal in a text, 0 or more", f'write for instance `{key} = "0.15"`')
        return amount

    def inner(self, key: str) -> Table | None:
        """The table at a key, or None; whoever takes it finishes it."""
        found = self._take(key)
        if found is None:
            return None
        if not isinstance(found, dict):
            self._wrong(key, f"`{key}` is a table", f"write `{key} = {{ ... }}`")
            return None
        return Table(found, self.at / key, self.report)

    def expressions(self, key: str, advice: str) -> tuple[tuple[str, str], ...]:
        """The texts of the table at a key with their names, in the order of the names; none without the key."""
        found = self._take(key)
        if found is None:
            return ()
        if not isinstance(found, dict):
            self._wrong(key, f"`{key}` is a table", advice)
            return ()
        for name, text in found.items():
            if not isinstance(text, str) or not text.strip():
                self._wrong(key, f"`{key}.{name}` is a text that is not empty", advice)
        return tuple((name, text) for name, text in sorted(found.items()) if isinstance(text, str))

    def parameters(self, key: str, default: Parameters) -> Parameters:
        """The texts, whole numbers and booleans of the table at a key, sorted by name, or the default."""
        found = self._take(key)
        if found is None:
            return default
        if not isinstance(found, dict):
            self._wrong(key, f"`{key}` is a table", "write for instance `parameters = { temperature = 0 }`")
            return default
        kept: list[tuple[str, str | int | bool]] = []
        for name, value in sorted(found.items()):
            if name in RESERVED:
                self._wrong(key, f"`{name}` is for the judgment to set", "leave it out")
            elif isinstance(value, str | bool) or (isinstance(value, int) and abs(value) <= SAFE_INTEGER_MAX):
                kept.append((name, value))
            else:
                self._wrong(key, f"`{name}` is a text, a whole number or a boolean", "requests are recorded exactly")
        return tuple(kept)

    def address(self, key: str) -> str | None:
        """The base address of an endpoint, without anything secret in it."""
        advice = 'write the address up to `/v1`, such as `base_url = "http://127.0.0.1:8000/v1"`'
        found = self.text(key, advice)
        complaint = None if found is None else _address_complaint(found)
        if complaint is not None:
            self.report.add(problem("NS605", f"`{key}` {complaint}", self.at / key, advice))
            return None
        return found

    def finish(self) -> None:
        """Report the keys that nobody took."""
        for key in self._content:
            if key not in self._taken:
                known = ", ".join(f"`{name}`" for name in self._taken)
                advice = did_you_mean(key, self._taken) or f"there are {known}"
                self.report.add(problem("NS601", f"unknown key `{key}`", self.at / key, advice))

    def _take(self, key: str) -> object:
        self._taken.append(key)
        return self._content.get(key)

    def _missing(self, key: str, advice: str) -> None:
        self.report.add(problem("NS602", f"`{key}` is missing", self.at, advice))

    def _wrong(self, key: str, message: str, advice: str | None) -> None:
        self.report.add(problem("NS603", message, self.at / key, advice))


def _address_complaint(address: str) -> str | None:
    """What is wrong with an address; the message never repeats it, since it may hold a password."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return "is no address"
    if parts.scheme not in ("http", "https") or port == 0 or not HOST.fullmatch(parts.hostname or ""):
        return "is no http or https address"
    if not address.isascii() or not address.isprintable() or " " in address:
        return "has characters that an address cannot have"
    if parts.username is not None or parts.password is not None:
        return "carries a name or a password: use `key_env`"
    if parts.query or parts.fragment or "?" in address or "#" in address:
        return "carries a query, which may hold a key and would be recorded"
    return None
