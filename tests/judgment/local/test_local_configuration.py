"""The tables of judges.toml that name a model of this process: every key, read strictly, and as the log holds it."""

from __future__ import annotations

import pytest

from neurosym.judgment.configuration import DATA_CLASSES, Configuration, LocalTier
from neurosym.judgment.configuration_file import read_configuration
from tests.judgment.test_judgment_configuration import only, parse, path

LEAST = '[tier.embedded]\nkind = "model"\ndirectory = "models/minilm"\n'
WHOLE = """
[tier.embedded]
kind = "model"
directory = "models/minilm"
artefact = "models/same_person-1.json"
model = "minilm/0a1b2c3d4e5f6a7b"
may_see = ["internal", "public"]
suspended = "a person contradicted it"
[tier.embedded.features]
names = "similar(customer.name, entry.name)"
born = "customer.born = entry.born"
"""


def test_every_key_is_read_and_the_features_are_in_the_order_of_their_names() -> None:
    configuration, diagnostics = parse(WHOLE)
    assert diagnostics == []
    features = (("born", "customer.born = entry.born"), ("names", "similar(customer.name, entry.name)"))
    assert configuration.tiers == (
        LocalTier(
            "embedded",
            "models/minilm",
            "models/same_person-1.json",
            features,
            ("public", "internal"),
            "minilm/0a1b2c3d4e5f6a7b",
            "a person contradicted it",
        ),
    )


def test_only_the_folder_has_to_be_named_and_then_it_sees_everything_since_nothing_leaves() -> None:
    configuration, diagnostics = parse(LEAST)
    assert diagnostics == []
    assert configuration.tiers == (LocalTier("embedded", "models/minilm", None, (), DATA_CLASSES, None, None),)


@pytest.mark.parametrize("text", [WHOLE, LEAST])
def test_what_the_log_holds_is_read_back(text: str) -> None:
    configuration, _ = parse(text)
    assert read_configuration(configuration.json).tiers == configuration.tiers


def test_an_empty_list_of_classes_is_a_statement() -> None:
    configuration, _ = parse(LEAST + "may_see = []")
    assert configuration.tiers == (LocalTier("embedded", "models/minilm", may_see=()),)


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("artefact = 3", "artefact"),
        ("artefact = ' '", "artefact"),
        ("model = true", "model"),
        ("model = ''", "model"),
        ("may_see = 'public'", "may_see"),
        ("may_see = ['publik']", "may_see"),
        ("suspended = true", "suspended"),
        ("features = 'born'", "features"),
        ("features = { born = 3 }", "features"),
        ("features = { born = '' }", "features"),
    ],
)
def test_a_value_of_another_type_is_refused_where_it_stands(line: str, place: str) -> None:
    assert path(only(LEAST + line, "NS603")) == f"$.tier.embedded.{place}"


@pytest.mark.parametrize("value", ["3", "''", "['models/minilm']"])
def test_the_folder_is_a_text(value: str) -> None:
    assert path(only(LEAST.replace('"models/minilm"', value), "NS603")) == "$.tier.embedded.directory"


@pytest.mark.parametrize(
    "line", ["base_url = 'http://127.0.0.1/v1'", "key_env = 'KEY'", "timeout_ms = 3", "samples = 3"]
)
def test_what_belongs_to_an_endpoint_is_an_unknown_key(line: str) -> None:
    assert path(only(LEAST + line, "NS601")) == f"$.tier.embedded.{line.split(maxsplit=1)[0]}"


def test_a_misspelt_key_suggests_the_right_one() -> None:
    assert only(LEAST + "artifact = 'x'", "NS601").help == "did you mean `artefact`?"


def test_a_local_model_can_be_a_member_of_an_ensemble() -> None:
    second = LEAST.replace("embedded", "second")
    text = LEAST + second + '[tier.both]\nkind = "ensemble"\nmembers = ["embedded", "second"]\nagree = 2\n'
    configuration, diagnostics = parse(text)
    assert diagnostics == []
    assert [voice.name for voice, _ in configuration.voices("both")] == ["embedded", "second"]
    assert read_configuration(configuration.json) == Configuration(configuration.tiers)
