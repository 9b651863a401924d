"""Rulesets on disk: rule files with the ontologies they speak of, loaded and checked."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from neurosym.decision import problems
from neurosym.decision.compiled_form import Compiled, compiled_bytes, compiled_key, read_compiled
from neurosym.decision.embedding.json_schema import Schema, facts_schema, input_schema
from neurosym.decision.private_folder import PrivateFolder
from neurosym.decision.situation import decision_named
from neurosym.grammar.source import mentioned_grammars
from neurosym.judgment.acceptance import Trust
from neurosym.judgment.calibration.artefact import Artefact, Calibrations
from neurosym.program.canonical import program_digest
from neurosym.program.program import Program
from neurosym.program.scenario import Scenario
from neurosym.program.vocabulary import EMPTY_VOCABULARY, Vocabulary
from neurosym.text.diagnostic import Diagnostic, Label, Report, Severity
from neurosym.text.failure import InputError, RulesetError
from neurosym.text.shipped import shipped_path
from neurosym.text.span import JsonPath, Source
from neurosym.values.canonical import Digest

if TYPE_CHECKING:
    from neurosym.decision.embedding.fact_model import FactModel, FactModels

SUFFIX = ".rules"
GRAMMARS = "grammars"  # the folder of those that are shipped
CALIBRATION = "calibration"  # the folder of artefacts, in that of the rules
CACHE_VARIABLE = "NEUROSYM_CACHE"


@dataclass(frozen=True)
class Ruleset:
    """A checked program with what it was made from. Scenarios and sources are no part of its meaning."""

    program: Program
    scenarios: tuple[Scenario, ...]
    warnings: tuple[Diagnostic, ...]
    sources: tuple[Source, ...] = field(repr=False)
    ontologies: tuple[tuple[str, bytes], ...] = field(repr=False)
    calibrations: tuple[Artefact, ...] = field(default=(), repr=False)  # what models' answers are believed by

    def calibrated(self, calibrations: tuple[Artefact, ...]) -> Ruleset:
        """The ruleset with these calibrations beside it."""
        if calibrations == self.calibrations:
            return self
        found = replace(self, calibrations=calibrations)
        if "digest" in self.__dict__:
            found.__dict__["digest"] = self.digest  # calibrations are no part of the program
        return found

    def trust(self, day: date) -> Trust:
        """By what models are believed on a day."""
        return Trust(self._calibrations, day)

    @cached_property
    def _calibrations(self) -> Calibrations:
        return Calibrations.of(self.calibrations)

    @cached_property
    def digest(self) -> Digest:
        """The digest of the program."""
        return program_digest(self.program)

    def model(self, fact_type: str) -> type[FactModel]:
        """The pydantic model of a fact type that callers give; InputError when there is none of that name.

        It accepts a fact exactly when a decision would. The same model comes back each time; a ruleset that is loaded
        again has its own.
        """
        of = self.program.fact_types.get(fact_type)
        if of is None or of.is_derived:
            given = [each.name for each in self.program.fact_types.values() if not each.is_derived]
            at = JsonPath("model") / fact_type
            found = problems.derived_given(of.name, at) if of else problems.unknown_type(fact_type, given, at)
            raise InputError([found])
        return self._models.fact(of)

    def input_schema(self, decision: str) -> Schema:
        """The JSON schema of what is decided about: `--input`. InputError when there is no such decision."""
        return input_schema(self.program, decision_named(self.program, decision))

    def facts_schema(self) -> Schema:
        """The JSON schema of documents of facts: `--facts`."""
        return facts_schema(self.program)

    @cached_property
    def _models(self) -> FactModels:
        from neurosym.decision.embedding.fact_model import FactModels  # noqa: PLC0415 - heavy: pydantic

        # Two threads may both make them; all get those that came first.
        made: FactModels = self.__dict__.setdefault("_models", FactModels(self.program.fact_types))
        return made

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name != "_models"}


def load(path: str | Path, *, afresh: bool = False) -> Ruleset:
    """The ruleset in a folder (or a single file); RulesetError with every problem found.

    It is compiled once for each content and then taken from the cache of the user, unless it is wanted `afresh`. The
    cache lies in `neurosym` under `$XDG_CACHE_HOME` or `~/.cache`, or where the variable NEUROSYM_CACHE says (`off`:
    nowhere). Nothing in it is trusted that is damaged or that others could have written.
    """
    report = Report()
    sources = read_sources(rule_files(Path(path), report), report)
    sources += read_grammars(sources, Path(path), report)
    report.stop_on_errors(RulesetError)
    ontologies = _ontologies() if any(_may_have_prefixes(source) for source in sources) else ()
    calibrations = _read_calibrations(Path(path) / CALIBRATION, report)
    report.stop_on_errors(RulesetError)
    folder = None if afresh else _cache_folder()
    found = checked_ruleset(sources, ontologies) if folder is None else _kept_ruleset(sources, ontologies, folder)
    return found.calibrated(calibrations)


def _read_calibrations(folder: Path, report: Report) -> tuple[Artefact, ...]:
    """The calibration artefacts beside a ruleset; NS663 for a file that is none."""
    files = sorted(folder.glob("*.json")) if folder.is_dir() else []
    if not files:
        return ()
    from neurosym.judgment.calibration.artefact_document import read_artefact  # noqa: PLC0415 - heavy: pydantic

    found = []
    for file in files:
        try:
            found.append(read_artefact(file.read_bytes(), shown_path(file), report))
        except OSError as error:
            message = f"cannot be read: {error.strerror}"
            report.add(Diagnostic("NS663", Severity.ERROR, message, Label(JsonPath(shown_path(file)))))
    return tuple(each for each in found if each is not None)


def read_grammars(sources: Iterable[Source], path: Path, report: Report) -> tuple[Source, ...]:
    """The grammars that the rules at a path mention: from beside them, else as shipped; those there are not left out.

    NS218 for one that cannot be read.
    """
    folder = path if path.is_dir() else path.parent
    found: list[Source] = []
    for name in mentioned_grammars(sources):
        if (folder / name).is_file():
            found += read_sources([folder / name], report)
        elif shipped_path(GRAMMARS, name).is_file():
            text = shipped_path(GRAMMARS, name).read_text(encoding="utf-8")
            found.append(Source(f"{GRAMMARS}/{name}", text))  # wherever the package is installed
    return tuple(found)


def checked_ruleset(sources: Sequence[Source], ontologies: Sequence[tuple[str, bytes]]) -> Ruleset:
    """The ruleset of these sources (rule files and grammars) and ontologies; RulesetError with every problem found."""
    # Heavy, and needed by nobody who loads a ruleset that was compiled before.
    from neurosym.lang.compilation import compile_ruleset  # noqa: PLC0415

    checked = compile_ruleset(sources, _vocabulary(ontologies))
    return Ruleset(checked.program, checked.scenarios, checked.warnings, tuple(sources), tuple(ontologies))


def _kept_ruleset(sources: Sequence[Source], ontologies: Sequence[tuple[str, bytes]], folder: PrivateFolder) -> Ruleset:
    """The ruleset as it was compiled before, else compiled now and kept for the next time."""
    key = compiled_key(sources, ontologies)
    name = f"{key}.ruleset"
    content = folder.read(name)
    known = None if content is None else read_compiled(content, key, sources)
    if known is not None:
        ruleset = Ruleset(known.program, known.scenarios, known.warnings, tuple(sources), tuple(ontologies))
        ruleset.__dict__["digest"] = known.digest  # as the cached property would keep it
        return ruleset
    ruleset = checked_ruleset(sources, ontologies)
    made = Compiled(ruleset.program, ruleset.scenarios, ruleset.warnings, ruleset.digest)
    written = compiled_bytes(made, key, sources)
    if written is not None:
        folder.write(name, written)
    return ruleset


def _cache_folder() -> PrivateFolder | None:
    """Where compiled rulesets are kept; None when that is nowhere. Relative paths count for nothing (XDG)."""
    named = os.environ.get(CACHE_VARIABLE)
    if named is None:
        above = os.environ.get("XDG_CACHE_HOME", "")
        named = str(Path(above if Path(above).is_absolute() else Path("~/.cache").expanduser(), "neurosym"))
    return PrivateFolder(Path(named)) if Path(named).is_absolute() else None


def ruleset_folders(path: Path) -> tuple[Path, ...]:
    """The folders at or below the path that hold rule files, in order; the path itself when it is a file."""
    if path.is_file():
        return (path,)
    return tuple(sorted({file.parent for file in path.rglob(f"*{SUFFIX}")}))


def rule_files(path: Path, report: Report) -> tuple[Path, ...]:
    """The rule files of a ruleset, in order; NS217 when there are none."""
    if path.is_file():
        return (path,)
    files = tuple(sorted(path.glob(f"*{SUFFIX}"))) if path.is_dir() else ()
    if not files:
        message = f"no rule files at `{path}`"
        advice = "name a folder that holds `*.rules` files, or one such file"
        report.add(Diagnostic("NS217", Severity.ERROR, message, help=advice))
    return files


def read_sources(files: Iterable[Path], report: Report) -> tuple[Source, ...]:
    """The texts of the files; NS218 for one that cannot be read as UTF-8."""
    found = []
    for file in files:
        try:
            found.append(Source(shown_path(file), file.read_bytes().decode("utf-8")))
        except UnicodeDecodeError as error:
            message = f"not UTF-8 at byte {error.start}"
            report.add(Diagnostic("NS218", Severity.ERROR, message, Label(JsonPath(shown_path(file)))))
        except OSError as error:
            message = f"cannot be read: {error.strerror}"
            report.add(Diagnostic("NS218", Severity.ERROR, message, Label(JsonPath(shown_path(file)))))
    return tuple(found)


def shown_path(path: Path) -> str:
    """The path as text; bytes that are no UTF-8 as escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _may_have_prefixes(source: Source) -> bool:
    """False when the text cannot declare a graph prefix, so that no ontology needs to be read."""
    return "prefix" in source.text


def _ontologies() -> tuple[tuple[str, bytes], ...]:
    return tuple((file.name, file.read_bytes()) for file in sorted(shipped_path("ontologies").glob("*.ttl")))


def _vocabulary(ontologies: Sequence[tuple[str, bytes]]) -> Vocabulary:
    if not ontologies:
        return EMPTY_VOCABULARY
    from neurosym.graph.vocabulary import read_vocabulary  # noqa: PLC0415 - heavy: rdflib, for mapped rulesets only

    report = Report()
    vocabulary = read_vocabulary(ontologies, report)
    report.stop_on_errors(RulesetError)
    return vocabulary or EMPTY_VOCABULARY
