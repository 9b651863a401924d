"""`neurosym judgments probe`: what an endpoint understands, and what is said when it understands nothing."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from neurosym.cli.judgments_probe import probe_command
from neurosym.testing.endpoint import Endpoint
from neurosym.text.failure import InputError, ProviderError

TIER = '[tier.small]\nkind = "model"\nbase_url = "{}"\nmodel = "m"\nmay_see = ["public"]\ndialect = "auto"\n'


def written(folder: Path, endpoint: Endpoint) -> str:
    path = folder / "judges.toml"
    path.write_text(TIER.format(endpoint.base_url), encoding="utf-8")
    return str(path)


def test_what_an_endpoint_understands_is_said_with_what_was_tried(tmp_path: Path) -> None:
    with Endpoint(understood=frozenset({"responses+lark"})) as endpoint:
        ended = CliRunner().invoke(probe_command, ["--judges", written(tmp_path, endpoint)])
    assert ended.exit_code == 0
    assert ended.stdout.splitlines() == [
        "small: responses+lark",
        "  decisions: the endpoint answered with status 400",
        "  responses+lark: understood",
        '  write `dialect = "responses+lark"` to ask it so from the start',
    ]


def test_the_report_is_one_document(tmp_path: Path) -> None:
    with Endpoint() as endpoint:
        arguments = ["--judges", written(tmp_path, endpoint), "--tier", "small", "--format", "json"]
        ended = CliRunner().invoke(probe_command, arguments)
    tried = [{"dialect": "decisions", "outcome": "understood"}]
    assert json.loads(ended.stdout) == {"tiers": [{"tier": "small", "dialect": "decisions", "tried": tried}]}


def test_an_endpoint_that_understands_nothing_is_a_failure(tmp_path: Path) -> None:
    with Endpoint(understood=frozenset()) as endpoint:
        ended = CliRunner().invoke(probe_command, ["--judges", written(tmp_path, endpoint)])
    assert isinstance(ended.exception, ProviderError)
    assert ended.stdout.startswith("small: none\n")


def test_a_tier_that_is_no_model_cannot_be_probed(tmp_path: Path) -> None:
    with Endpoint() as endpoint:
        arguments = ["--judges", written(tmp_path, endpoint), "--tier", "smal"]
        ended = CliRunner().invoke(probe_command, arguments)
        assert endpoint.calls == []
    assert isinstance(ended.exception, InputError)
    (found,) = ended.exception.diagnostics
    assert (found.code, found.help) == ("NS652", "did you mean `small`?")
