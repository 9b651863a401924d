from dataclasses import replace

import pytest

from neurosym.feel.types import Basic, RecordOf
from neurosym.judgment.configuration import ComputedTier, Configuration, LocalTier, ModelTier, PersonTier
from neurosym.judgment.dialect import Dialect
from neurosym.judgment.route import check_routes, data_classes, next_tier, unseen_fields
from neurosym.program.judgment import Judgment, Step
from neurosym.program.schema import FactType, Field
from neurosym.text.codes import code_page
from neurosym.text.diagnostic import Diagnostic, Report, Severity
from tests.judgment.case import CLASSES, JUDGMENT

LOCAL, PERSON = ComputedTier("local"), PersonTier("person", "reviews.db")
SMALL = ModelTier("small", "http://127.0.0.1/v1", "m", ("public", "internal"))
ALL = Configuration((LOCAL, SMALL, PERSON))


def problems(configuration: Configuration, judgment: Judgment = JUDGMENT) -> list[Diagnostic]:
    report = Report()
    check_routes([judgment], configuration, CLASSES, report)
    return report.diagnostics


def test_a_route_is_walked_in_its_order() -> None:
    tried: set[str] = set()
    walked = []
    while (name := next_tier(JUDGMENT, ALL, tried)) is not None:
        walked.append(name)
        tried.add(name)
    assert walked == ["local", "small", "person"]


def test_an_optional_tier_is_used_when_configured() -> None:
    assert next_tier(JUDGMENT, Configuration((LOCAL, PERSON)), {"local"}) == "person"
    assert problems(Configuration((LOCAL, PERSON))) == []


def test_a_judgment_without_a_route_asks_nobody() -> None:
    assert next_tier(replace(JUDGMENT, route=()), ALL, set()) is None


def test_a_tier_that_a_route_needs_is_configured() -> None:
    (found,) = problems(Configuration((LOCAL, SMALL)))
    assert (found.code, found.severity) == ("NS606", Severity.ERROR)
    assert "`person`" in found.message
    assert code_page("NS606") is not None


def test_a_misspelt_tier_suggests_the_right_one() -> None:
    (found,) = problems(ALL, replace(JUDGMENT, route=(Step("locl", is_optional=False),)))
    assert found.help == "did you mean `local`?"


def test_a_model_that_may_not_see_a_field_can_never_serve() -> None:
    (found,) = problems(Configuration((LOCAL, replace(SMALL, may_see=("public",)), PERSON)))
    assert (found.code, found.severity) == ("NS607", Severity.WARNING)
    assert "customer.name (internal)" in found.message
    assert code_page("NS607") is not None


@pytest.mark.parametrize(
    ("tier", "words"),
    [
        (LocalTier("small", "models/minilm"), "a local model chooses among few answers"),
        (replace(SMALL, dialect=Dialect.DECISIONS), "the decisions interface takes no question of this kind"),
    ],
)
def test_a_model_that_chooses_can_never_write_a_record(tier: LocalTier | ModelTier, words: str) -> None:
    record = replace(JUDGMENT, returns=RecordOf((("who", Basic.TEXT),)), examples=())
    (found,) = problems(Configuration((LOCAL, tier, PERSON)), record)
    assert (found.code, found.severity) == ("NS607", Severity.WARNING)
    assert words in found.message
    assert problems(Configuration((LOCAL, tier, PERSON))) == []


def test_a_field_without_a_class_is_secret() -> None:
    assert unseen_fields(JUDGMENT, SMALL, {}) != ()
    assert all(field.endswith("(secret)") for field in unseen_fields(JUDGMENT, SMALL, {}))


def test_evidence_is_seen_too() -> None:
    classes = {**CLASSES, ("Listing", "remarks"): "personal"}
    assert unseen_fields(JUDGMENT, SMALL, classes) == ("entry.remarks (personal)",)


def test_persons_and_our_own_rules_see_everything() -> None:
    assert unseen_fields(JUDGMENT, LOCAL, {}) == unseen_fields(JUDGMENT, PERSON, {}) == ()


def test_the_classes_are_those_of_the_fields() -> None:
    fact_type = FactType("Party", "", is_derived=False, fields=(Field("name", Basic.TEXT, data_class="personal"),))
    assert data_classes([fact_type]) == {("Party", "name"): "personal"}
