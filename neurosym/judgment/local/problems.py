"""What can be wrong with a local model, its head and its features."""

from __future__ import annotations

from neurosym.text.diagnostic import Diagnostic, Label, Severity
from neurosym.text.span import JsonPath, Place


def no_model(directory: str, message: str, advice: str) -> Diagnostic:
    """NS670: the files of the model are not there."""
    return _error("NS670", f"no model: {message}", JsonPath(directory), advice)


def unusable_model(at: Place, message: str) -> Diagnostic:
    """NS671: the files are there, and are none that we can run."""
    advice = "use a sentence-embedding model exported to ONNX, with the tokenizer that belongs to it"
    return _error("NS671", f"the model cannot be run: {message}", at, advice)


def another_model(named: str, found: str, at: Place) -> Diagnostic:
    """NS672: the files are not the ones that the configuration names."""
    advice = f'put back the files of `{named}`; or, once it is calibrated, write `model = "{found}"`'
    return _error("NS672", "the files are not those of the model that the tier names", at, advice)


def no_head(at: Place, message: str) -> Diagnostic:
    """NS673: the artefact of a trained head cannot be read, or was changed."""
    advice = "make it again with `neurosym judgments distill`; it is never edited"
    return _error("NS673", f"no trained head: {message}", at, advice)


def another_head(at: Place, message: str) -> Diagnostic:
    """NS674: the head was trained for something else."""
    advice = "a head belongs to one judgment, one model and one list of features: train another"
    return _error("NS674", f"the trained head does not fit: {message}", at, advice)


def unsuitable_feature(name: str, found: str, at: Place) -> Diagnostic:
    """NS675: a feature is neither a number nor true or false."""
    message = f"the feature `{name}` is {found}, and a model reads numbers and booleans"
    return _error("NS675", message, at, "compare it: `entry.country = customer.country`")


def too_few_labels(at: Place, message: str) -> Diagnostic:
    """NS676: nothing can be learnt from the labels."""
    return _error("NS676", f"nothing can be learnt from the labels: {message}", at, "label more cases, of every answer")


def no_new_cases(tier: str, at: Place) -> Diagnostic:
    """NS676: all that a model could be judged by is what it learnt from."""
    advice = "label more cases: `judgments distill` keeps one in four of them for this"
    return _error("NS676", f"the model of tier `{tier}` learnt from every case of the labels", at, advice)


def open_question(judgment: str, at: Place) -> Diagnostic:
    """NS677: a judgment whose answers are not few."""
    message = f"`{judgment}` has no closed list of answers, and a local model chooses among few"
    return _error("NS677", message, at, "a choice, yes or no, or a score can be trained")


def no_local_tier(at: Place, judgment: str) -> Diagnostic:
    """NS678: nothing to train: no local model stands in the route of the judgment."""
    message = f"no local model answers `{judgment}`"
    advice = 'add a tier of its route with `kind = "model"` and `directory = "..."`, or leave out `--judges`'
    return _error("NS678", message, at, advice)


def _error(code: str, message: str, at: Place, advice: str) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, Label(at), help=advice)
