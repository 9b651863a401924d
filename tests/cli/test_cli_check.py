"""What `neurosym check` makes of findings that are no problems."""

from __future__ import annotations

import json

from click.testing import CliRunner

from neurosym.cli.program import program
from neurosym.text.shipped import shipped_path

SANCTIONS = str(shipped_path("rulesets", "sanctions"))


def test_a_note_leaves_a_ruleset_clean() -> None:
    ended = CliRunner().invoke(program, ["check", SANCTIONS])
    assert ended.exit_code == 0
    assert "note[NS908]: what reaches its own `sum` only by itself is not derived: Blocked -> Blocked" in ended.output
    assert ended.output.rstrip().endswith("sanctions: clean, 2 notes")


def test_a_note_in_json_says_that_it_is_one() -> None:
    ended = CliRunner().invoke(program, ["check", SANCTIONS, "--format", "json"])
    document = json.loads(ended.stdout)
    assert document["clean"] is True
    (ruleset,) = document["rulesets"]
    assert [(each["code"], each["severity"]) for each in ruleset["diagnostics"]] == [("NS908", "note")] * 2
