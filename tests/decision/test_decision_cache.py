"""Compiled rulesets are kept for the next time: the same as compiled afresh, and never trusted blindly."""

from __future__ import annotations

import os
import pickle
import stat
import subprocess
import sys
from dataclasses import fields, is_dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from neurosym.decision import private_folder
from neurosym.decision.compiled_form import MAGIC, Compiled, compiled_bytes, compiled_key, read_compiled
from neurosym.decision.ruleset import Ruleset, load
from neurosym.text.failure import RulesetError
from neurosym.text.shipped import shipped_path
from neurosym.text.span import NOWHERE, Source, Span

SANCTIONS = shipped_path("rulesets", "sanctions")
RULES = """
ruleset trial "A trial"

fact Payment
  id:         text    key
  amount:     number  [0..1000]
  unread:     text    optional
  booked_on:  date

decision screen(payment: Payment)
  on         payment.booked_on
  outcomes   "hold" > "release"
  otherwise  "release"
  undecided  "hold"

rule large "More than may go out unseen"
  for   p: Payment
  when  p.amount > 500
  then  screen(payment: p) is "hold"

scenario "a small one goes out"
  given   Payment(id: "P", amount: 5, booked_on: 2026-03-01)
  expect  screen(payment: "P") is "release"
"""
OTHER = RULES.replace("500", "900")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the cache will be."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("NEUROSYM_CACHE", str(folder))
    return folder


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    """A folder with a small ruleset."""
    folder = tmp_path / "trial"
    folder.mkdir()
    (folder / "trial.rules").write_text(RULES)
    return folder


def kept(cache: Path) -> Path:
    """The one file that the cache holds."""
    (file,) = cache.iterdir()
    return file


def planted(cache: Path, trial: Path) -> None:
    """Put another program in the place of the one that is kept: whoever gets it has read the cache."""
    real = load(trial)
    (trial / "trial.rules").write_text(OTHER)
    other = load(trial, afresh=True)
    (trial / "trial.rules").write_text(RULES)
    key = compiled_key(real.sources, real.ontologies)
    found = Compiled(other.program, other.scenarios, other.warnings, other.digest)
    content = compiled_bytes(found, key, other.sources)
    assert content is not None
    (cache / f"{key}.ruleset").write_bytes(content)


def is_read_from_the_cache(cache: Path, trial: Path) -> bool:
    before = load(trial, afresh=True).digest
    planted(cache, trial)
    return load(trial).digest != before


def same(found: Ruleset, expected: Ruleset) -> bool:
    return (found, found.digest) == (expected, expected.digest)


def spans(of: object) -> list[str]:
    """Every place in a program, in the order of its parts."""
    if isinstance(of, Span):
        return [f"{of}: {of.text}"]
    if isinstance(of, dict):
        return [each for value in of.values() for each in spans(value)]
    if isinstance(of, (tuple, list)):
        return [each for value in of for each in spans(value)]
    parts = fields(of) if is_dataclass(of) else ()
    return [each for part in parts for each in spans(getattr(of, part.name))]


def test_a_ruleset_is_the_same_from_the_cache(cache: Path) -> None:
    afresh = load(SANCTIONS, afresh=True)
    assert not cache.exists()
    assert same(load(SANCTIONS), afresh)
    again = load(SANCTIONS)
    assert same(again, afresh)
    assert len(again.scenarios) > 10
    assert len(list(cache.iterdir())) == 1


def test_warnings_scenarios_and_places_survive(cache: Path, trial: Path) -> None:
    afresh = load(trial, afresh=True)
    load(trial)
    found = load(trial)
    assert [each.code for each in afresh.warnings] == [each.code for each in found.warnings] != []
    assert spans(found.warnings) == spans(afresh.warnings)
    assert spans(found.program.rules) == spans(afresh.program.rules) != []
    assert spans(found.scenarios) == spans(afresh.scenarios) != []
    assert found.program.rules[0].span.source is found.sources[0]
    assert is_read_from_the_cache(cache, trial)


def test_what_no_author_wrote_has_its_place_too(trial: Path) -> None:
    found = load(trial)
    warning = Compiled(found.program, (), (), found.digest)
    nowhere = (*found.sources, NOWHERE.source)
    content = compiled_bytes(warning, "key", nowhere)
    assert content is not None
    assert read_compiled(content, "key", nowhere) == warning


def test_loading_what_is_kept_needs_no_grammar_and_no_ontology(cache: Path) -> None:
    load(SANCTIONS)
    assert kept(cache)
    statement = f"import sys, neurosym; neurosym.load({str(SANCTIONS)!r}); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", statement], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "neurosym.decision.compiled_form" in done.stdout.split()
    assert not loaded & {"lark", "networkx", "rdflib", "pyoxigraph", "holidays", "pydantic"}
    assert not any(name.startswith(("neurosym.lang", "neurosym.check")) for name in done.stdout.split())


def test_another_text_is_compiled_anew(cache: Path, trial: Path) -> None:
    first = load(trial)
    (trial / "trial.rules").write_text(OTHER)
    assert load(trial).digest != first.digest
    assert len(list(cache.iterdir())) == 2


def test_another_place_of_the_same_texts_is_not(cache: Path, trial: Path, tmp_path: Path) -> None:
    load(trial)
    moved = trial.rename(tmp_path / "moved")
    found = load(moved)
    assert len(list(cache.iterdir())) == 1
    assert str(found.program.rules[0].span).startswith(str(moved))


def test_other_code_compiles_anew(trial: Path) -> None:
    found = load(trial)
    key = compiled_key(found.sources, found.ontologies)
    assert compiled_key(found.sources, found.ontologies) == key
    assert compiled_key(found.sources, [("own.ttl", b"")]) != key
    assert compiled_key([*found.sources, Source("more", "")], ()) != key


def test_a_ruleset_with_errors_is_refused_each_time(cache: Path, trial: Path) -> None:
    (trial / "trial.rules").write_text(RULES.replace("p.amount", "p.amuont"))
    for _ in range(2):
        with pytest.raises(RulesetError, match="NS203"):
            load(trial)
    assert not cache.exists()


def test_what_is_wanted_afresh_is_not_taken_from_the_cache(cache: Path, trial: Path) -> None:
    before = load(trial, afresh=True).digest
    planted(cache, trial)
    assert load(trial, afresh=True).digest == before
    assert load(trial).digest != before


def test_the_command_that_checks_compiles_afresh(cache: Path, trial: Path) -> None:
    planted(cache, trial)
    command = [sys.executable, "-c", "import neurosym.cli as cli; cli.main()", "check", str(trial), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert load(trial, afresh=True).digest in done.stdout


# --- what is kept is not trusted blindly


def test_damage_is_noticed_and_mended(cache: Path, trial: Path) -> None:
    expected = load(trial)
    file = kept(cache)
    whole = file.read_bytes()
    places = [0, len(MAGIC), len(MAGIC) + 31, len(MAGIC) + 32, len(whole) // 2, len(whole) - 1]
    flipped = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in places]
    for damaged in [*flipped, b"", MAGIC, whole[:-1], whole + b"\0"]:
        file.write_bytes(damaged)
        assert same(load(trial), expected)
        assert file.read_bytes() == whole


def test_the_form_of_another_ruleset_is_not_taken(cache: Path, trial: Path) -> None:
    expected = load(trial)
    file = kept(cache)
    (trial / "trial.rules").write_text(OTHER)
    load(trial)
    (other,) = set(cache.iterdir()) - {file}
    file.write_bytes(other.read_bytes())
    (trial / "trial.rules").write_text(RULES)
    assert same(load(trial), expected)


class Hostile:
    """What would run a command when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("exit 7",)


@pytest.mark.parametrize("written", [Hostile(), [1, 2], Path("x"), None])
def test_nothing_but_rulesets_is_read(written: object) -> None:
    content = pickle.dumps(written)
    sealed = MAGIC + sha256(b"key" + content).digest() + content
    assert read_compiled(sealed, "key", ()) is None


@pytest.mark.parametrize("mode", [0o602, 0o620, 0o666])
def test_a_file_that_others_may_write_to_is_not_read(cache: Path, trial: Path, mode: int) -> None:
    assert is_read_from_the_cache(cache, trial)
    kept(cache).chmod(mode)
    assert same(load(trial), load(trial, afresh=True))
    assert stat.S_IMODE(kept(cache).stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o702, 0o720, 0o777])
def test_a_folder_that_others_may_write_to_is_not_used(cache: Path, trial: Path, mode: int) -> None:
    assert is_read_from_the_cache(cache, trial)
    before = kept(cache).read_bytes()
    cache.chmod(mode)
    assert same(load(trial), load(trial, afresh=True))
    assert kept(cache).read_bytes() == before


def test_what_belongs_to_somebody_else_is_not_used(cache: Path, trial: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_read_from_the_cache(cache, trial)
    before = kept(cache).read_bytes()
    somebody = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: somebody)
    assert same(load(trial), load(trial, afresh=True))
    assert kept(cache).read_bytes() == before


def test_links_are_not_followed(cache: Path, trial: Path, tmp_path: Path) -> None:
    assert is_read_from_the_cache(cache, trial)
    file = kept(cache)
    elsewhere = file.rename(tmp_path / "elsewhere")
    file.symlink_to(elsewhere)
    assert same(load(trial), load(trial, afresh=True))
    assert not file.is_symlink()
    planted(cache, trial)
    cache.rename(tmp_path / "real")
    cache.symlink_to(tmp_path / "real")
    assert same(load(trial), load(trial, afresh=True))


def test_what_lies_there_is_ours_alone(cache: Path, trial: Path) -> None:
    load(trial)
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    assert stat.S_IMODE(kept(cache).stat().st_mode) == 0o600


# --- and never stands in the way


def test_a_cache_that_cannot_be_is_no_failure(trial: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/neurosym"), Path("/dev/null")):
        monkeypatch.setenv("NEUROSYM_CACHE", str(place))
        assert same(load(trial), load(trial, afresh=True))


def test_a_folder_in_the_place_of_a_file_is_no_failure(cache: Path, trial: Path) -> None:
    load(trial)
    file = kept(cache)
    file.unlink()
    file.mkdir()
    assert same(load(trial), load(trial, afresh=True))
    assert [each.name for each in cache.iterdir()] == [file.name]


@pytest.mark.parametrize("place", ["off", "", "relative"])
def test_the_cache_can_be_nowhere(trial: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("NEUROSYM_CACHE", place)
    load(trial)
    assert {each.name for each in tmp_path.iterdir()} == {"trial"}


@pytest.mark.parametrize(("xdg", "place"), [("own", "own/neurosym"), (None, "home/.cache/neurosym")])
def test_without_the_variable_the_cache_lies_where_users_keep_theirs(
    trial: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, xdg: str | None, place: str
) -> None:
    monkeypatch.delenv("NEUROSYM_CACHE")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", "relative" if xdg is None else str(tmp_path / xdg))
    load(trial)
    assert kept(tmp_path / place)


def test_the_least_recently_used_go_first(cache: Path, trial: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(private_folder, "FILES_MAX", 2)
    load(trial)
    first = kept(cache)
    for count in range(3):
        os.utime(first, ns=(0, 0))
        load(trial)  # used again, and so the newest
        (trial / "trial.rules").write_text(RULES + f"\n// {count}")
        load(trial)
        (trial / "trial.rules").write_text(RULES)
    assert first in set(cache.iterdir())
    assert len(list(cache.iterdir())) == 2
