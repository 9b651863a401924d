"""Transcripts: what somebody types, and all that the program answers.

    Prose, up to the first command.

    $ neurosym check house
    house: clean
    $ neurosym log verify nowhere.db
    ! failure: there is no log at `nowhere.db`
    ? 4

    -- facts.json --
    {}

A line of standard error begins with `! `; `? 4` is an exit code other than 0. Files at the end are written before the
first command. What differs from run to run is written `<id 1>`, `<digest 2>`, `<time>`; a command may use the
names that have numbers.

`python -m tests.scripts.transcript FILE...` writes what the program answers now into the files.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path

from click.testing import CliRunner

from neurosym.cli.program import program
from neurosym.text.diagnostic import Report
from neurosym.values.json_text import read_json

Tool = Callable[..., None]
WORLD = Path(__file__).parent / "world"
FILE = re.compile(r"^-- (\S+) --\n", re.MULTILINE)
CHANGING = {
    "vkey": re.compile(r"neurosym-log/[0-9a-f]{16}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}"),
    "origin": re.compile(r"neurosym-log/[0-9a-f]{16}"),
    "digest": re.compile(r"sha256:[0-9a-f]{64}"),
    "id": re.compile(r"\b[0-9a-f]{32}\b"),
    "folder": re.compile(r"(?<=share/)[0-9a-f]{16}"),
    "data key": re.compile(r"(?<=its key `)[0-9a-f]{24}"),
    "base64": re.compile(r"(?:(?<=\\n)|(?<![\\A-Za-z0-9+/]))[A-Za-z0-9+/]{43,}={0,2}"),
}
TIME = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?Z")  # without a number: two may be the same


@dataclass(frozen=True, slots=True)
class Transcript:
    """A transcript as written: prose, commands, and the files they find."""

    prose: str
    commands: tuple[str, ...]
    files: tuple[tuple[str, str], ...]


def parse_transcript(text: str) -> Transcript:
    """The transcript without its answers."""
    parts = FILE.split(text)
    files = tuple(zip(parts[1::2], parts[2::2], strict=True))
    prose = "".join(takewhile(lambda line: not line.startswith("$ "), parts[0].splitlines(keepends=True)))
    commands = tuple(line[2:] for line in parts[0].splitlines() if line.startswith("$ "))
    return Transcript(prose, commands, files)


def performed(transcript: Transcript, folder: Path, tools: Mapping[str, Tool]) -> str:
    """The transcript with the answers that its commands give now, run in the folder, where the world is copied."""
    shutil.copytree(WORLD, folder, dirs_exist_ok=True)
    for name, content in transcript.files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    names = Names(folder)
    answers = "".join(_performed(command, names, tools) for command in transcript.commands)
    files = "".join(f"\n-- {name} --\n{content.rstrip()}\n" for name, content in transcript.files)
    return f"{transcript.prose}{answers}{files}"


@dataclass(slots=True)
class Names:
    """What was shown so far and changes from run to run, by the name it has in the transcript."""

    folder: Path
    shown: dict[str, str] = field(default_factory=dict)

    def of(self, text: str) -> str:
        """The text with names for what changes."""
        text = TIME.sub("<time>", text.replace(str(self.folder), "<folder>"))
        for kind, pattern in CHANGING.items():
            for found in pattern.findall(text):
                number = sum(name.startswith(f"{kind} ") for name in self.shown.values()) + 1
                name = self.shown.setdefault(found, f"{kind} {number}")
                text = text.replace(found, f"<{name}>")
        return text

    def filled(self, command: str) -> str:
        """The command with what the names stand for."""
        for found, name in self.shown.items():
            command = command.replace(f"<{name}>", found)
        return command


def _performed(command: str, names: Names, tools: Mapping[str, Tool]) -> str:
    words = shlex.split(names.filled(command))
    typed = f"$ {command}\n"
    if words[0] != "neurosym":
        tools[words[0]](*words[1:])
        return typed
    given = b""
    if "<" in words:
        given = Path(words[-1]).read_bytes()
        words = words[: words.index("<")]
    ended = CliRunner(env={"COLUMNS": "80"}).invoke(program, words[1:], input=given, catch_exceptions=False)
    if "json" in words:
        expect_json(ended.stdout)
    lines = names.of(ended.stdout).rstrip().splitlines()
    lines += [f"! {line}".rstrip() for line in names.of(ended.stderr).rstrip().splitlines()]
    lines += [f"? {ended.exit_code}"] if ended.exit_code else []
    return "".join(f"{line}\n" for line in [typed.rstrip(), *lines])


def expect_json(text: str) -> None:
    """Fails unless the text is one JSON document, and one that we would read ourselves."""
    report = Report()
    read_json(text.encode(), "standard output", report)
    assert not report.diagnostics, (report.diagnostics, text)


def main(paths: Sequence[str], tools: Mapping[str, Tool]) -> None:
    """Write what the program answers now into the files."""
    for path in map(Path, paths):
        with tempfile.TemporaryDirectory() as folder:
            place, before = path.resolve(), Path.cwd()
            os.chdir(folder)
            text = performed(parse_transcript(place.read_text(encoding="utf-8")), Path(folder), tools)
            os.chdir(before)
        place.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    from tests.scripts.tools import TOOLS

    main(sys.argv[1:], TOOLS)
