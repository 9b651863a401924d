"""Collecting diagnostics, and stopping a pass."""

from __future__ import annotations

from dataclasses import replace

import pytest

from neurosym.text.diagnostic import Diagnostic, Report, Severity
from neurosym.text.failure import DiagnosticsError, Failure, InputError, LimitError, NeurosymError, RulesetError

ERROR = Diagnostic("NS201", Severity.ERROR, "unknown name `x`")
WARNING = Diagnostic("NS901", Severity.WARNING, "rule `r` cites nothing")


def test_the_same_problem_is_kept_once() -> None:
    report = Report()
    report.extend([ERROR, WARNING, ERROR])
    report.add(WARNING)
    assert report.diagnostics == [ERROR, WARNING]


def test_what_stands_in_a_provision_carries_its_citations() -> None:
    report = Report()
    report.add(WARNING)
    with report.citing(("31 CFR 501.603",)):
        report.extend([ERROR, WARNING, ERROR])
    assert report.diagnostics == [WARNING, replace(ERROR, cites=("31 CFR 501.603",))]
    report.add(ERROR)
    assert report.diagnostics[-1] == ERROR


def test_findings_stop_nothing() -> None:
    report = Report()
    report.add(WARNING)
    report.stop_on_errors()
    assert not report.has_errors
    assert report.warnings == (WARNING,)


def test_an_error_stops_the_pass_with_everything_found_so_far() -> None:
    report = Report()
    report.extend([WARNING, ERROR])
    with pytest.raises(RulesetError) as stopped:
        report.stop_on_errors()
    assert stopped.value.diagnostics == (WARNING, ERROR)
    assert str(stopped.value) == "NS901: rule `r` cites nothing; NS201: unknown name `x`"
    assert report.warnings == (WARNING,)


def test_the_text_of_an_error_is_short_however_much_is_wrong() -> None:
    several = [replace(ERROR, message=f"unknown name `x{number}`") for number in range(1_000)]
    error = InputError(several)
    assert len(error.diagnostics) == 1_000
    assert str(error).endswith("NS201: unknown name `x19`; ... 980 more")


def test_the_pass_says_which_kind_of_error_it_raises() -> None:
    report = Report()
    report.add(ERROR)
    with pytest.raises(InputError):
        report.stop_on_errors(InputError)


def test_what_the_author_did_wrong_is_no_failure_of_the_world() -> None:
    assert issubclass(InputError, DiagnosticsError)
    assert not issubclass(InputError, Failure)
    assert not issubclass(LimitError, DiagnosticsError)
    assert issubclass(LimitError, NeurosymError)
