"""A document that can be followed: the files it names are written, its commands are run, their output is compared.

In a Markdown document these fenced blocks count; the others are only read:
    ```json title=gift.json       the file `gift.json` with this content
    ```console                    lines after `$ ` are commands, what follows a command is what it prints
Names that are drawn anew on every run (ids, digests, keys) stand for those of the run at hand: wherever the document
says one of them, the same name of the run must stand each time, in later commands too.
"""

from __future__ import annotations

import os
import re
import subprocess
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

BLOCK = re.compile(r"^```(?P<language>\w+)(?: title=(?P<title>\S+))?\n(?P<content>.*?)^```$", re.MULTILINE | re.DOTALL)
# Digests and ids; the names and keys of logs; signatures and roots.
DRAWN = re.compile(
    r"\b[0-9a-f]{64}\b|\b[0-9a-f]{32}\b|\b[0-9a-f]{16}\+[0-9a-f]{8}\+[\w+/=]+|\b[0-9a-f]{16}\b|(?<!\S)[\w+/]{43,}={1,2}(?!\S)"
)
# A line that ends in a backslash goes on in the next.
COMMAND = re.compile(r"((?:[^\n]*\\\n)*[^\n]*)(.*)", re.DOTALL)
PROMPT = "$ "
STATUS = "$?"


@dataclass(frozen=True, slots=True)
class Step:
    """A command, and what the document says that it prints."""

    command: str
    printed: str


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: a file when it has a title."""

    language: str
    title: str | None
    content: str

    @property
    def steps(self) -> Iterator[Step]:
        """The commands of a console block."""
        for part in re.split(rf"^{re.escape(PROMPT)}", self.content, flags=re.MULTILINE)[1:]:
            command, printed = COMMAND.fullmatch(part).groups()  # type: ignore[union-attr] # it matches any text
            yield Step(command, printed.strip("\n"))


def blocks(document: str) -> tuple[Block, ...]:
    """The fenced blocks of a Markdown document, in order."""
    return tuple(Block(*match.group("language", "title", "content")) for match in BLOCK.finditer(document))


@dataclass(slots=True)
class Follower:
    """Follows a document in a folder; `drawn` maps the names in the document to those of this run."""

    folder: Path
    drawn: dict[str, str] = field(default_factory=dict)
    status: int = 0

    def write(self, block: Block) -> None:
        """Write the file that the block is."""
        assert block.title is not None
        path = self.folder / block.title
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.content, encoding="utf-8")

    def run(self, step: Step) -> str:
        """What the command prints, standard error included, in the order it comes."""
        command = self.of_this_run(step.command).replace(STATUS, str(self.status))
        path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
        environment = {"PATH": path, "HOME": str(self.folder), "LC_ALL": "C.UTF-8", "PYTHONSAFEPATH": "1"}
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        self.status = done.returncode
        return done.stdout.strip("\n")

    def expect(self, step: Step, printed: str) -> None:
        """Fails unless the command printed what the document says, drawn names aside."""
        for said, found in zip(DRAWN.findall(step.printed), DRAWN.findall(printed), strict=False):
            self.drawn.setdefault(said, found)
        assert printed == self.of_this_run(step.printed), step.command

    def of_this_run(self, text: str) -> str:
        """The text with the drawn names of this run."""
        return DRAWN.sub(lambda match: self.drawn.get(match[0], match[0]), text)
