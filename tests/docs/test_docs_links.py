"""What the documents name is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.docs.transcript import blocks
from tests.meta.package_code import PACKAGE, ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *(path for name in ("grammars", "ontologies", "rulesets") for path in (ROOT / name).rglob("*.md")),
    ]
)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)")
NAMED_PATH = re.compile(r"`((?:neurosym|tests|grammars|rulesets|ontologies|\.ci)(?:/[\w.-]+)+/?)`")
CODE = re.compile(r"\bNS\d{3}\b")
# As a newcomer types them: each makes its own environment.
FRESH = "python -m venv .venv && . .venv/bin/activate && "
TWO_COMMANDS = (FRESH + "pip install -e . && neurosym demo", FRESH + "pip install -e '.[dev]' && pytest")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    links = LINK.findall(document.read_text(encoding="utf-8"))
    assert not [link for link in links if not (document.parent / link).exists()]


def test_the_readme_has_the_two_commands() -> None:
    lines = [line for block in blocks(README) if block.language == "sh" for line in block.content.splitlines()]
    assert tuple(lines) == TWO_COMMANDS


def test_the_pipeline_runs_the_readmes_test_command() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in script if "install" in line and "'.[dev]'" in line and not line.startswith("say")]
    (slow,) = [place for place, line in enumerate(script) if line.startswith("pytest -m slow")]
    assert script.index("pytest") < slow


def test_every_path_that_the_readme_names_is_there() -> None:
    named = set(NAMED_PATH.findall(README))
    assert len(named) > 20
    assert not [path for path in named if not (ROOT / path).exists()]


def test_every_code_that_the_readme_names_has_a_page() -> None:
    codes = set(CODE.findall(README))
    assert codes
    assert not [code for code in codes if not (PACKAGE / "text" / "pages" / f"{code}.md").exists()]


def test_the_layers_of_the_readme_are_the_layers_of_the_code() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = [each for each in settings["tool"]["importlinter"]["contracts"] if each["type"] == "layers"]
    (drawn,) = [block for block in blocks(README) if block.title == "layers"]
    assert drawn.content.splitlines() == contract["layers"]


def test_the_readme_says_what_each_package_holds() -> None:
    rows = set(re.findall(r"^\| `neurosym/(\w+)` \|", README, re.MULTILINE))
    assert rows == {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
