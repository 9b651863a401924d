"""The README's tutorial is followed: every file is written, every command run, every output compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.transcript import Follower, Step, blocks
from tests.meta.package_code import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = ("check", "test", "decide", "review", "explain", "log verify", "replay")


@pytest.mark.slow
def test_the_tutorial_prints_what_it_says(tmp_path: Path) -> None:
    follower = Follower(tmp_path)
    for block in blocks(README):
        if block.language == "console":
            for step in block.steps:
                follower.expect(step, follower.run(step))
        elif block.title and block.language != "text":
            follower.write(block)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_tutorial_shows_the_command(command: str) -> None:
    steps = [step for block in blocks(README) if block.language == "console" for step in block.steps]
    assert any(f"neurosym {command}" in step.command and step.printed for step in steps)


def test_another_output_is_noticed(tmp_path: Path) -> None:
    follower = Follower(tmp_path)
    step = Step("echo one", "two")
    with pytest.raises(AssertionError):
        follower.expect(step, follower.run(step))


def test_a_name_that_is_drawn_anew_must_stay_the_same_within_a_run(tmp_path: Path) -> None:
    follower = Follower(tmp_path)
    follower.expect(Step("", f"decision {'0' * 32}"), f"decision {'a' * 32}")
    assert follower.run(Step(f"echo {'0' * 32}", "")) == "a" * 32
    with pytest.raises(AssertionError):
        follower.expect(Step("", f"decision {'0' * 32}"), f"decision {'b' * 32}")
