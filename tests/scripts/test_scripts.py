"""Runs tests/scripts/*.script: whole sessions at the command line, every letter of what is answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scripts.tools import TOOLS
from tests.scripts.transcript import parse_transcript, performed

SCRIPTS = sorted(Path(__file__).parent.glob("*.script"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_the_program_answers_as_the_transcript_says(
    script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written = script.read_text(encoding="utf-8")
    assert performed(parse_transcript(written), tmp_path, TOOLS).splitlines() == written.splitlines()
