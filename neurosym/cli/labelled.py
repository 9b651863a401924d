"""Labelled cases, and who is asked about them, named on the command line."""

from __future__ import annotations

from pathlib import Path

from neurosym.decision.labels import LabelledCase, read_labels
from neurosym.decision.ruleset import Ruleset
from neurosym.judgment.judge import Judge
from neurosym.program.judgment import Judgment
from neurosym.text.diagnostic import Diagnostic, Label, Report, Severity
from neurosym.text.failure import InputError
from neurosym.text.span import JsonPath
from neurosym.text.suggestion import did_you_mean


def judgment_named(ruleset: Ruleset, name: str) -> Judgment:
    """The judgment of that name; InputError NS613 when there is none."""
    judgment = ruleset.program.judgments.get(name)
    if judgment is None:
        advice = did_you_mean(name, ruleset.program.judgments)
        raise InputError([Diagnostic("NS613", Severity.ERROR, f"no judgment `{name}` in the ruleset", help=advice)])
    return judgment


def judge_for(judges: Path, judgment: Judgment) -> Judge:
    """The judge of a configuration, ready to be asked. InputError with every problem in it, among them what a local
    model and the judgment cannot do together.
    """
    judge = Judge.from_config(judges).settled()
    report = Report()
    judge.check_models([judgment], report)
    report.stop_on_errors(InputError)
    return judge


def labels_content(file: Path) -> bytes:
    """The bytes of a label file; InputError NS660 when it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        message = f"cannot read the labels: {error.strerror}"
        raise InputError([Diagnostic("NS660", Severity.ERROR, message, Label(JsonPath(str(file))))]) from error


def labelled_cases(content: bytes, file: Path, judgment: Judgment, ruleset: Ruleset) -> tuple[LabelledCase, ...]:
    """The cases of a label file; InputError with every problem in it."""
    report = Report()
    cases = read_labels(content, str(file), judgment, ruleset.program, report)
    report.stop_on_errors(InputError)
    return cases
