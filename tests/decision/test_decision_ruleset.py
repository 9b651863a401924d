"""Rulesets on disk: found, read, checked, and known by the digest of what they mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from neurosym.decision.ruleset import checked_ruleset, load, ruleset_folders
from neurosym.text.codes import code_page
from neurosym.text.diagnostic import Diagnostic
from neurosym.text.failure import RulesetError
from neurosym.text.span import JsonPath, Source
from tests.decision.case import HEAD, RULES, SAME, SCREEN, screening

DECLARED = HEAD + SCREEN.format(clauses="") + SAME.format(clauses="")
GRAPH = """
ruleset graphs "Facts from a graph"
  prefix  own "https://neurosym.dev/ns/ownership#"

fact Party  from own:Party
  id:  text  key  from own:identifier
"""


def problems(path: Path) -> list[Diagnostic]:
    with pytest.raises(RulesetError) as refused:
        load(path)
    for found in refused.value.diagnostics:
        assert code_page(found.code) is not None
    return list(refused.value.diagnostics)


def test_a_folder_is_one_ruleset(tmp_path: Path) -> None:
    (tmp_path / "b.rules").write_text("ruleset trial\n" + RULES, encoding="utf-8")
    (tmp_path / "a.rules").write_text(DECLARED, encoding="utf-8")
    (tmp_path / "notes.md").write_bytes(b"\xff no rules")
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "c.rules").write_text("ruleset other", encoding="utf-8")
    loaded = load(tmp_path)
    assert [Path(source.name).name for source in loaded.sources] == ["a.rules", "b.rules"]
    assert sorted(rule.id for rule in loaded.program.rules) == ["block", "hold"]


def test_a_file_is_a_ruleset(tmp_path: Path) -> None:
    file = tmp_path / "screen.rules"
    file.write_text(DECLARED + RULES, encoding="utf-8")
    assert load(file).digest == load(tmp_path).digest == screening().digest


def test_a_folder_without_rule_files(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("nothing", encoding="utf-8")
    for path in (tmp_path, tmp_path / "missing"):
        (found,) = problems(path)
        assert (found.code, found.message) == ("NS217", f"no rule files at `{path}`")
        assert found.help is not None


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    file = tmp_path / "screen.rules"
    file.write_bytes(b'ruleset trial "\xa7 1"')
    (found,) = problems(tmp_path)
    assert (found.code, found.message) == ("NS218", "not UTF-8 at byte 15")
    assert found.primary is not None
    assert found.primary.place == JsonPath(str(file))


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "screen.rules").mkdir()
    (found,) = problems(tmp_path)
    assert found.code == "NS218"
    assert found.message.startswith("cannot be read: ")


def test_every_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.rules").write_bytes(b"\xff")
    (tmp_path / "c.rules").write_text("ruleset trial", encoding="utf-8")
    places = [str(found.primary.place) for found in problems(tmp_path) if found.primary]
    assert [Path(place.split(":")[0]).name for place in places] == ["a.rules", "b.rules"]


def test_what_is_wrong_in_the_rules_is_said_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "screen.rules").write_text(DECLARED + RULES.replace("p.payer.name", "p.payer.nmae"), encoding="utf-8")
    (found,) = problems(tmp_path)
    assert found.help == "did you mean `name`?"
    assert found.primary is not None
    assert str(tmp_path / "screen.rules") in str(found.primary.place)


def test_the_folders_at_or_below_a_path(tmp_path: Path) -> None:
    for name in ("b/one", "a", "a/deeper", "empty"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("b/one/x.rules", "a/y.rules", "a/z.rules", "a/deeper/w.rules"):
        (tmp_path / name).write_text("", encoding="utf-8")
    assert ruleset_folders(tmp_path) == tuple(tmp_path / name for name in ("a", "a/deeper", "b/one"))
    assert ruleset_folders(tmp_path / "a" / "y.rules") == (tmp_path / "a" / "y.rules",)
    assert ruleset_folders(tmp_path / "empty") == ()


def test_ontologies_are_read_for_a_ruleset_that_speaks_of_a_graph(tmp_path: Path) -> None:
    file = tmp_path / "graph.rules"
    file.write_text(GRAPH, encoding="utf-8")
    loaded = load(file)
    assert [name for name, _ in loaded.ontologies] == ["ownership.ttl"]
    assert loaded.program.fact_types["Party"].graph_class is not None
    file.write_text(DECLARED + RULES, encoding="utf-8")
    assert load(file).ontologies == ()


def test_an_ontology_that_cannot_be_read_is_a_problem() -> None:
    with pytest.raises(RulesetError) as refused:
        checked_ruleset([Source("graph.rules", GRAPH)], [("broken.ttl", b"not turtle")])
    assert refused.value.diagnostics[0].primary is not None
    assert "broken.ttl" in str(refused.value.diagnostics[0].primary.place)


# --- the digest


def digest_of(*texts: str) -> str:
    return checked_ruleset([Source(f"{place}.rules", text) for place, text in enumerate(texts)], []).digest


def test_the_digest_is_that_of_the_meaning() -> None:
    expected = screening().digest
    assert digest_of("// a comment\n\n\n" + DECLARED + "\n\n/* and\nanother */" + RULES) == expected
    assert digest_of(DECLARED, "ruleset trial\n" + RULES) == expected
    assert digest_of("ruleset trial\n" + RULES, DECLARED) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('is "hold"', 'is "block"'),
        ('cite  "Act 2"', 'cite  "Act 3"'),
        ('undecided   "hold"', 'undecided   "block"'),
        ("count(quotes) >= 1", "count(quotes) >= 2"),
        ("Is the customer the listed one?", "Is the customer the one listed?"),
        ("route     local?, second?", "route     second?, local?"),
    ],
)
def test_the_digest_changes_with_the_meaning(old: str, new: str) -> None:
    text = DECLARED + RULES
    assert old in text
    assert digest_of(text.replace(old, new)) != screening().digest


def test_scenarios_are_no_part_of_the_meaning() -> None:
    scenario = """
scenario "nothing is known"
  given   Party(id: "A", name: "A"), Payment(id: "1", payer: "A", booked_on: 2026-01-01)
  expect  screen(payment: "1") is "release"
"""
    assert digest_of(DECLARED + RULES + scenario) == screening().digest
