from pathlib import Path

import pytest

from neurosym.judgment.configuration import ComputedTier, Configuration, ModelTier, PersonTier
from neurosym.judgment.configuration_file import parse_configuration
from neurosym.text.codes import code_page
from neurosym.text.diagnostic import Diagnostic, Label, Report
from neurosym.text.span import JsonPath, Span
from neurosym.values.canonical import canonical_bytes

MODEL = """
[tier.small]
kind = "model"
base_url = "http://127.0.0.1:8000/v1"
model = "m"
may_see = ["public"]
"""
WHOLE = """
[tier.local]
kind = "computed"
[tier.small]
kind = "model"
base_url = "http://127.0.0.1:8000/v1"
model = "m"
key_env = "SMALL_KEY"
timeout_ms = 1000
attempts = 3
may_see = ["internal", "public"]
parameters = { temperature = 1, seed = 7, verbosity = "low", store = false }
[tier.person]
kind = "person"
review = "reviews.db"
"""


def parse(text: str | bytes) -> tuple[Configuration, list[Diagnostic]]:
    report = Report()
    content = text if isinstance(text, bytes) else text.encode()
    return parse_configuration(content, "judges.toml", Path("conf"), report), report.diagnostics


def only(text: str | bytes, code: str) -> Diagnostic:
    """The one problem of a configuration, which then has no tiers."""
    configuration, diagnostics = parse(text)
    assert [found.code for found in diagnostics] == [code]
    assert configuration.tiers == ()
    assert code_page(code) is not None
    return diagnostics[0]


def path(found: Diagnostic) -> str:
    assert isinstance(found.primary, Label)
    assert isinstance(found.primary.place, JsonPath)
    return found.primary.place.path


def test_a_configuration_is_read() -> None:
    configuration, diagnostics = parse(WHOLE)
    assert diagnostics == []
    assert configuration.folder == Path("conf")
    parameters = (("seed", 7), ("store", False), ("temperature", 1), ("verbosity", "low"))
    address = "http://127.0.0.1:8000/v1"
    assert configuration.tiers == (
        ComputedTier("local"),
        ModelTier("small", address, "m", ("public", "internal"), "SMALL_KEY", 1000, 3, parameters),
        PersonTier("person", "reviews.db"),
    )


def test_what_is_left_out_has_its_default() -> None:
    configuration, diagnostics = parse(MODEL)
    assert diagnostics == []
    (tier,) = configuration.tiers
    assert isinstance(tier, ModelTier)
    assert (tier.key_env, tier.timeout_ms, tier.attempts, tier.parameters) == (None, 20_000, 2, (("temperature", 0),))


def test_an_empty_configuration_has_no_tiers() -> None:
    assert parse("") == (Configuration((), Path("conf")), [])


def test_the_log_sees_the_configuration_in_canonical_json() -> None:
    configuration, _ = parse(WHOLE)
    shown = canonical_bytes(configuration.json)
    assert b'"key_env":"SMALL_KEY"' in shown
    assert shown == canonical_bytes(parse(WHOLE.replace("\n[", "\n\n["))[0].json)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[tier.small", "judges.toml:1:12"),
        ("[tier.a]\nkind = 'computed'\nkind = 'model'\n", "judges.toml:3:15"),
        (b"\xff", "judges.toml: $"),
        ("a = " + "9" * 5000, "judges.toml: $"),
        ("a = " + "[" * 5000, "judges.toml: $"),
    ],
)
def test_what_is_no_toml_is_refused_where_it_stands(text: str | bytes, place: str) -> None:
    found = only(text, "NS600")
    assert found.primary is not None
    assert str(found.primary.place) == place


def test_the_place_of_a_syntax_error_is_a_span() -> None:
    primary = only("[tier.small\n", "NS600").primary
    assert primary is not None
    assert isinstance(primary.place, Span)


def test_a_misspelt_key_suggests_the_right_one() -> None:
    found = only(MODEL + "timeout_m = 3", "NS601")
    assert path(found) == "$.tier.small.timeout_m"
    assert found.help == "did you mean `timeout_ms`?"


def test_a_misspelt_table_suggests_the_right_one() -> None:
    assert only("[tiers.local]\nkind = 'computed'", "NS601").help == "did you mean `tier`?"


@pytest.mark.parametrize("key", ["kind", "base_url", "model", "may_see"])
def test_a_missing_key_is_named(key: str) -> None:
    text = "\n".join(line for line in MODEL.splitlines() if not line.startswith(key))
    found = only(text, "NS602")
    assert f"`{key}`" in found.message
    assert path(found) == "$.tier.small"


def test_a_person_tier_names_its_queue() -> None:
    assert "`review`" in only("[tier.person]\nkind = 'person'", "NS602").message


@pytest.mark.parametrize(
    "line",
    [
        "timeout_ms = 0",
        "timeout_ms = '20'",
        "timeout_ms = 1.5",
        "timeout_ms = true",
        "attempts = 6",
        "attempts = -1",
        "key_env = 'not a name'",
        "key_env = 'sk-123'",
        "key_env = 3",
        "parameters = 3",
        "parameters = { temperature = 0.2 }",
        "parameters = { stop = ['a'] }",
        "parameters = { seed = 9007199254740992 }",
        "parameters = { model = 'n' }",
        "parameters = { messages = 'n' }",
    ],
)
def test_a_value_of_another_type_or_out_of_bounds_is_refused(line: str) -> None:
    assert path(only(MODEL + line, "NS603")).startswith("$.tier.small.")


@pytest.mark.parametrize("value", ["'public'", "['publik']", "[3]", "[['public']]"])
def test_what_a_tier_may_see_is_a_list_of_classes(value: str) -> None:
    only(MODEL.replace('["public"]', value), "NS603")


def test_a_misspelt_class_suggests_the_right_one() -> None:
    assert only(MODEL.replace("public", "publik"), "NS603").help == "did you mean `public`?"


def test_a_key_written_in_place_of_its_variable_is_not_repeated() -> None:
    found = only(MODEL + "key_env = 'sk-very-secret'", "NS603")
    assert "sk-very-secret" not in str(found)


@pytest.mark.parametrize("text", ["tier = 3", "[tier]\nlocal = 3", "[[tier.local]]\nkind = 'computed'"])
def test_tiers_are_tables(text: str) -> None:
    only(text, "NS603")


@pytest.mark.parametrize("name", ["Local", "'a b'", "'ﬁ'", "'1'", "''"])
def test_the_name_of_a_tier_is_a_name(name: str) -> None:
    only(f"[tier.{name}]\nkind = 'computed'", "NS603")


def test_an_unknown_kind_suggests_a_known_one() -> None:
    assert only("[tier.local]\nkind = 'compute'", "NS604").help == "did you mean `computed`?"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1:8000/v1",
        "ftp://host/v1",
        "http:///v1",
        "http://host:99999/v1",
        "http://host:0/v1",
        "http://[::zz]/v1",
        "http://a..b/v1",
        "http://host name/v1",
        "http://hôst/v1",
        f"http://{'a' * 64}/v1",
        "https://user:hunter2@host/v1",
        "https://hunter2@host/v1",
        "https://host/v1?key=hunter2",
        "https://host/v1#hunter2",
    ],
)
def test_an_address_is_plain_and_holds_no_secret(address: str) -> None:
    found = only(MODEL.replace("http://127.0.0.1:8000/v1", address), "NS605")
    assert "hunter2" not in str(found)


@pytest.mark.parametrize("address", ["http://[::1]:8000/v1", "https://api.example.com/v1/", "http://llm_1:80"])
def test_ordinary_addresses_are_taken(address: str) -> None:
    assert parse(MODEL.replace("http://127.0.0.1:8000/v1", address))[1] == []


def test_all_problems_are_reported_at_once() -> None:
    _, diagnostics = parse(MODEL.replace("kind", "knd") + "[tier.person]\nkind = 'person'\nreviews = 'x'")
    assert sorted(found.code for found in diagnostics) == ["NS601", "NS602", "NS602"]
