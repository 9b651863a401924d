import signal
import subprocess
import sys
import threading

import pytest

from neurosym.judgment.validation import Examination
from neurosym.testing.endpoint import Endpoint, Misbehaviour, main
from tests.judgment.case import inquiry, judge, model_tier


def test_the_endpoint_runs_as_a_program_and_goes_through_its_list() -> None:
    command = [sys.executable, "-m", "neurosym.testing.endpoint", "--misbehave", "500,schema"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        line = process.stdout.readline()
        name, _, value = line.strip().partition(" = ")
        assert name == "base_url"
        reasons = []
        for _ in range(3):
            found = judge(model_tier(value.strip('"'))).ask("small", inquiry(), lambda _: None)
            assert isinstance(found, Examination)
            reasons.append(found.reason)
        process.send_signal(signal.SIGINT)
        assert process.wait() == 0
        assert process.stderr.read() == ""
    assert "500" in reasons[0]
    assert "schema" in reasons[1]
    assert reasons[2] == reasons[0]


def test_an_unknown_misbehaviour_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["--misbehave", "sulk"])
    assert exit_.value.code == 2
    assert "stall" in capsys.readouterr().err


def test_closing_leaves_no_thread_behind() -> None:
    before = threading.active_count()
    with Endpoint(Misbehaviour.STALL) as endpoint:
        judge(model_tier(endpoint.base_url, timeout_ms=50)).ask("small", inquiry(), lambda _: None)
    assert threading.active_count() == before
