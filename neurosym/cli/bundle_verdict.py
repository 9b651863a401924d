"""Verification of a bundle at the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from neurosym.audit.bundle.files import opened_bundle
from neurosym.audit.bundle.verification import verify_bundle
from neurosym.audit.key import VerifierKey
from neurosym.cli.exit_code import ExitCode
from neurosym.cli.output import Output
from neurosym.cli.progress import Progress


def verified_bundle(path: Path, key: VerifierKey | None, earlier: Sequence[bytes], output: Output) -> ExitCode:
    """The exit code for a bundle, once it is said what may be said of it and what may not."""
    with opened_bundle(path) as files, Progress("verifying the bundle") as progress:
        verdict = verify_bundle(files, key=key, earlier=earlier, progress=progress)
    output.document(verdict.document())
    first, *others = verdict.statements()
    output.title(first)
    output.say(*others)
    output.say(*(f"  {problem.place}: {problem.message}" for problem in verdict.problems))
    unsaid = verdict.problem_count - len(verdict.problems)
    if unsaid:
        output.say(f"  and {unsaid} more")
    if verdict.vkey is not None:
        output.say(f"verifier key by the bundle's own account: {verdict.vkey}")
    return ExitCode.DONE if verdict.is_consistent else ExitCode.NOT_VERIFIED
