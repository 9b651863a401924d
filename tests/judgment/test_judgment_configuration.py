import json
from decimal import Decimal
from pathlib import Path

import pytest

from neurosym.judgment.configuration import ComputedTier, Configuration, EnsembleTier, ModelTier, PersonTier, tier_json
from neurosym.judgment.configuration_file import parse_configuration, read_configuration
from neurosym.judgment.cost import Price
from neurosym.judgment.dialect import Dialect
from neurosym.text.codes import code_page
from neurosym.text.diagnostic import Diagnostic, Label, Report
from neurosym.text.span import JsonPath, Span
from neurosym.values.canonical import canonical_bytes
from neurosym.values.temporal import Duration

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
        "parameters = { tools = 'n' }",
        "parameters = { grammar = 'n' }",
        "dialect = 'sms'",
        "dialect = 3",
        "concurrent = 0",
        "backoff_ms = 0",
        "backoff_ms = 60001",
        "batch = 65",
        "samples = 0",
        "samples = 3\nagree = 4",
        "logprobs = 1",
        "output_tokens_max = 0",
        "price = 3",
        "output_tokens_max = 9\nprice = { currency = 'usd' }",
        "output_tokens_max = 9\nprice = { currency = 'USD', per_call = 1 }",
        "output_tokens_max = 9\nprice = { currency = 'USD', per_call = '-1' }",
        "output_tokens_max = 9\nprice = { currency = 'USD', per_million_read = '1e3' }",
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


MANNER = """
dialect = "responses+lark"
concurrent = 8
backoff_ms = 40
batch = 3
samples = 5
agree = 4
output_tokens_max = 500
price = { currency = "USD", per_million_read = "0.15", per_million_written = "0.6" }
"""


def test_how_a_model_is_asked_is_read_and_comes_back_from_the_log() -> None:
    configuration, diagnostics = parse(MODEL + MANNER)
    assert diagnostics == []
    (tier,) = configuration.tiers
    assert isinstance(tier, ModelTier)
    assert tier.dialect is Dialect.RESPONSES_LARK
    assert (tier.concurrent, tier.batch_max, tier.samples, tier.agreeing) == (8, 3, 5, 4)
    assert tier.backoff_ms == 40
    assert tier.price == Price("USD", Decimal("0.15"), Decimal("0.6"), 0)
    recorded = json.loads(canonical_bytes(configuration.json))
    assert read_configuration(recorded).tiers == configuration.tiers


def test_a_configuration_recorded_before_there_were_dialects_is_read() -> None:
    configuration, _ = parse(WHOLE)
    recorded = json.loads(canonical_bytes(configuration.json))
    known = {"kind", "base_url", "model", "key_env", "timeout_ms", "attempts", "may_see", "parameters"}
    recorded["tier"]["small"] = {key: value for key, value in recorded["tier"]["small"].items() if key in known}
    assert set(read_configuration(recorded).tiers) == set(configuration.tiers)


def test_a_dialect_that_is_looked_for_is_none_yet() -> None:
    (tier,) = parse(MODEL + 'dialect = "auto"')[0].tiers
    assert isinstance(tier, ModelTier)
    assert tier.dialect is None
    assert b'"dialect":"auto"' in canonical_bytes(tier_json(tier))


def test_decisions_take_several_questions_by_themselves() -> None:
    (tier,) = parse(MODEL + 'dialect = "decisions"')[0].tiers
    assert isinstance(tier, ModelTier)
    assert tier.batch_max == 16
    assert tier.parameters_sent == ()


def test_a_misspelt_dialect_suggests_the_right_one() -> None:
    assert only(MODEL + "dialect = 'chat+shema'", "NS603").help == "did you mean `chat+schema`?"


def test_a_price_needs_a_bound_of_what_may_be_written() -> None:
    price = 'price = { currency = "USD", per_call = "1" }'
    assert path(only(MODEL + price, "NS650")) == "$.tier.small.price"
    assert parse(MODEL + price + "\noutput_tokens_max = 9")[1] == []


@pytest.mark.parametrize("other", ["batch = 2", 'dialect = "decisions"'])
def test_one_text_with_several_answers_tells_no_confidence(other: str) -> None:
    assert path(only(MODEL + f"logprobs = true\n{other}", "NS651")) == "$.tier.small.logprobs"


def test_all_problems_are_reported_at_once() -> None:
    _, diagnostics = parse(MODEL.replace("kind", "knd") + "[tier.person]\nkind = 'person'\nreviews = 'x'")
    assert sorted(found.code for found in diagnostics) == ["NS601", "NS602", "NS602"]


def test_an_ensemble_and_what_a_model_may_see_in_disguise() -> None:
    other = (
        MODEL.replace("small", "large") + 'samples = 5\nagree = 4\npseudonymise = ["personal"]\nsuspended = "drift"\n'
    )
    configuration, diagnostics = parse(
        f'{MODEL}{other}[tier.board]\nkind = "ensemble"\nmembers = ["small", "large"]\nagree = 1\n'
    )
    assert diagnostics == []
    large = configuration.tier("large")
    assert isinstance(large, ModelTier)
    assert (large.samples, large.agree, large.pseudonymise, large.suspended) == (5, 4, ("personal",), "drift")
    assert configuration.tier("board") == EnsembleTier("board", ("small", "large"), 1)
    assert [(tier.name, sample) for tier, sample in configuration.voices("board")] == [
        ("small", 0),
        *(("large", sample) for sample in range(5)),
    ]
    assert read_configuration(configuration.json).tiers == configuration.tiers


def test_the_members_of_an_ensemble_are_models() -> None:
    found = only(f'{MODEL}[tier.board]\nkind = "ensemble"\nmembers = ["small", "smal"]\n', "NS619")
    assert path(found) == "$.tier.board.members"
    assert found.help == "did you mean `small`?"
    assert only(f'{MODEL}[tier.board]\nkind = "ensemble"\nmembers = ["small"]\n', "NS603").help is not None


# --- persons

PERSON = '[tier.person]\nkind = "person"\nreview = "reviews.db"\n'


def test_persons_have_deadlines_and_claims_an_end() -> None:
    configuration, diagnostics = parse(PERSON + 'deadline = "P2DT12H"\nclaim_minutes = 45\n')
    assert diagnostics == []
    assert configuration.tiers == (PersonTier("person", "reviews.db", Duration(216_000), 45),)
    assert tier_json(configuration.tiers[0]) == {
        "kind": "person",
        "review": "reviews.db",
        "deadline": "P2DT12H",
        "claim_minutes": 45,
    }


@pytest.mark.parametrize("more", ["", 'deadline = "P2D"', 'deadline = "P1M"\nclaim_minutes = 1'])
def test_a_person_tier_is_read_back_from_the_log(more: str) -> None:
    configuration, _ = parse(PERSON + more)
    assert read_configuration(configuration.json) == configuration


@pytest.mark.parametrize(
    "written", ['""', '"2 days"', '"P0D"', '"-P2D"', '"P11Y"', '"P1M2D"', '"PT0.0000001S"', f'"P{"9" * 30}Y"', "2"]
)
def test_a_deadline_is_a_duration_that_makes_sense(written: str) -> None:
    found = only(f"{PERSON}deadline = {written}", "NS603")
    assert path(found) == "$.tier.person.deadline"
    assert found.help == 'write for instance `deadline = "P2D"`'


@pytest.mark.parametrize("written", ["0", "-1", "10081", '"30"', "1.5", "true"])
def test_a_claim_holds_for_minutes(written: str) -> None:
    assert path(only(f"{PERSON}claim_minutes = {written}", "NS603")) == "$.tier.person.claim_minutes"


def test_a_queue_on_a_server_is_named_by_its_address() -> None:
    address = "postgresql://kim@db.example/reviews?sslmode=verify-full"
    configuration, diagnostics = parse(PERSON.replace("reviews.db", address))
    assert diagnostics == []
    assert configuration.tiers == (PersonTier("person", address),)


def test_a_password_in_its_address_is_refused_and_not_repeated() -> None:
    found = only(PERSON.replace("reviews.db", "postgresql://kim:hunter2@db.example/reviews"), "NS628")
    assert path(found) == "$.tier.person.review"
    assert "hunter2" not in str(found)
