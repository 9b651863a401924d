"""What the README shows of judges.toml is read, and nothing that is read is missing from it."""

import re
from pathlib import Path

from neurosym.judgment.configuration_file import parse_configuration
from neurosym.text.diagnostic import Report

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SECTION = README.partition("## Models and people")[2].partition("\n## ")[0]
READING = (Path(__file__).parents[2] / "neurosym" / "judgment").glob("configuration_*.py")
KEY = re.compile(
    r"(?:table|inner)\.(?:text|texts|count|number|option|flag|address|variable|names|inner|expressions|choice)\(\s*\"(\w+)\""
)


def test_the_configuration_of_the_reference_is_one() -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", SECTION, re.DOTALL)
    report = Report()
    found = parse_configuration(block.encode(), "judges.toml", Path(), report)
    assert report.diagnostics == []
    assert [tier.name for tier in found.tiers] == ["local", "small", "large", "both", "person"]


def test_every_key_that_is_read_is_in_the_reference() -> None:
    keys = {key for path in READING for key in KEY.findall(path.read_text(encoding="utf-8"))}
    assert len(keys) > 20
    missing = sorted(key for key in keys if not re.search(rf"\b{key}\b", SECTION))
    assert missing == []
