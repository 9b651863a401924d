"""What is known beside the request: read once, plain JSON, used for many decisions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction

import pytest

from neurosym.decision.intake import Document
from neurosym.decision.knowledge import NOTHING_KNOWN, gather_knowledge
from neurosym.decision.plain import DEPTH_MAX, plain_json
from neurosym.decision.ruleset import Ruleset, load
from neurosym.text.diagnostic import Report
from neurosym.text.failure import InputError
from neurosym.values.temporal import Duration, Months
from tests.decision.case import HEAD, PAYMENT, SCREEN, Told, engine_of, objects, ruleset, screening, told_judge, world

GRAPH_RULES = """
ruleset graphs "Facts from a graph"
  prefix  own "https://neurosym.dev/ns/ownership#"

fact Party  from own:Party
  id:  text  key  from own:identifier

fact Payment
  id:         text  key
  payer:      Party
  booked_on:  date

decision screen(payment: Payment)
  on payment.booked_on
  outcomes "block" > "release"
  otherwise "release"
  undecided "block"

rule embargo
  cite "x"
  for  p: Payment, k: Party
  when k.id = "CUST-9"
  then screen(payment: p) is "block"
"""


NUMBERS = HEAD.replace("booked_on:  date", "booked_on:  date\n  amount: number") + SCREEN.format(clauses="")


def plain(content: object) -> tuple[object, list[str]]:
    report = Report()
    found = plain_json(Document("facts", content), report)
    places = [f"{each.code} {each.primary.place}" for each in report.diagnostics if each.primary]
    return found, places


@pytest.mark.parametrize(
    ("given", "written"),
    [
        (None, None),
        (True, True),
        ("text", "text"),
        (12, 12),
        (2**53 - 1, 9007199254740991),
        (2**53, "9007199254740992"),
        (-(2**53), "-9007199254740992"),
        (Decimal("1.50"), "1.50"),
        (Decimal("1E+2"), "100"),
        (date(2026, 3, 2), "2026-03-02"),
        (datetime(2026, 3, 2, 9, tzinfo=UTC), "2026-03-02T09:00:00Z"),
        (time(9, 30), "09:30:00"),
        (Duration(86400), "P1D"),
        (Months(14), "P1Y2M"),
        ((1, [2]), [1, [2]]),
        ({"a": {"b": (date(2026, 3, 2),)}}, {"a": {"b": ["2026-03-02"]}}),
    ],
)
def test_exact_values_of_python_are_written_as_on_the_wire(given: object, written: object) -> None:
    found, problems = plain(given)
    assert (found, problems) == (written, [])
    assert json.dumps(found) == json.dumps(written)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (0.1, "NS503 facts: $"),
        (float("nan"), "NS503 facts: $"),
        (Decimal("NaN"), "NS506 facts: $"),
        (Decimal("Infinity"), "NS506 facts: $"),
        (Fraction(1, 3), "NS506 facts: $"),
        (b"bytes", "NS506 facts: $"),
        ({1, 2}, "NS506 facts: $"),
        (object(), "NS506 facts: $"),
        ({"a": [1, {"b": 0.5}]}, "NS503 facts: $.a[1].b"),
        ({1: "a"}, "NS512 facts: $"),
        ({"a": {None: 1}}, "NS512 facts: $.a"),
    ],
)
def test_what_has_no_exact_form_is_refused_with_its_place(given: object, problem: str) -> None:
    assert plain(given)[1] == [problem]


def test_every_problem_of_a_document_is_named() -> None:
    assert plain({"a": 0.5, "b": [0.5, b""]})[1] == [
        "NS503 facts: $.a",
        "NS503 facts: $.b[0]",
        "NS506 facts: $.b[1]",
    ]


@pytest.mark.parametrize(
    "given",
    [10**5000, -(10**5000), "1" * 5000, Decimal("1E+400"), Decimal("1E-400"), Decimal("1E+9999999")],
    ids=["integer", "negative", "text", "large", "small", "huge"],
)
def test_a_number_that_is_longer_than_any_we_compute_with_is_refused(given: object) -> None:
    with pytest.raises(InputError) as refused:
        engine_of(ruleset(NUMBERS)).decide("screen", {"payment": {**PAYMENT["payment"], "amount": given}})
    (found,) = [each for each in refused.value.diagnostics if each.is_error]
    assert found.code == "NS506"
    assert found.primary is not None
    assert str(found.primary.place) == "request: $.payment.amount"


def nested(levels: int) -> object:
    found: object = 1
    for _ in range(levels):
        found = [found]
    return found


def test_documents_have_a_depth() -> None:
    assert plain(nested(DEPTH_MAX))[1] == []
    (problem,) = plain(nested(DEPTH_MAX + 1))[1]
    assert problem.startswith("NS512 facts: $[0][0]")


def test_a_document_that_holds_itself_is_refused() -> None:
    endless: list[object] = []
    endless.append(endless)
    assert len(plain(endless)[1]) == 1


def test_documents_are_taken_as_they_are_now() -> None:
    """What the caller does to the facts later changes neither the decision nor its entry."""
    facts = {name: [dict(row) for row in rows] for name, rows in world("E1").items()}
    engine = engine_of(screening(), None, told_judge(Told({"E1": "same"})))
    knowledge = engine.know(facts)
    first = engine.decide("screen", PAYMENT, facts=knowledge)
    facts["Entry"].clear()
    facts["Party"][0]["name"] = "Somebody else"
    assert engine.decide("screen", PAYMENT, facts=knowledge).result_bytes == first.result_bytes


def test_nothing_known_is_not_an_empty_graph() -> None:
    assert NOTHING_KNOWN.snapshot is None
    assert NOTHING_KNOWN.graph_digest is None
    assert gather_knowledge(screening().program) == NOTHING_KNOWN


# --- facts with a decision


def test_facts_may_be_given_by_type_or_as_knowledge() -> None:
    engine = engine_of(screening(), None, told_judge(Told({"E1": "same"})))
    facts = world("E1")
    results = {
        engine.decide("screen", PAYMENT, facts=given).result_bytes
        for given in (facts, engine.know(facts), engine.know([Document("facts", facts)]))
    }
    assert len(results) == 1


def test_without_facts_everything_is_open() -> None:
    decision = engine_of(screening()).decide("screen", PAYMENT)
    assert decision.status.value == "undecided"
    assert {each["kind"] for each in objects(decision.json["missing"])} == {"missing type"}


def test_a_broken_reference_is_a_warning_of_the_decision() -> None:
    decision = engine_of(screening()).decide("screen", PAYMENT, facts=world(Party=[]))
    (found,) = decision.warnings
    assert (found.code, found.is_error) == ("NS511", False)
    assert found.primary is not None
    assert str(found.primary.place) == "request: $.payment.payer"


def test_problems_of_several_documents_are_all_named() -> None:
    engine = engine_of(screening())
    with pytest.raises(InputError) as refused:
        engine.know([Document("a.json", {"Party": [0.5]}), Document("b.json", {"Entry": 1.5})])
    places = [str(found.primary.place) for found in refused.value.diagnostics if found.primary]
    assert places == ["a.json: $.Party[0]", "b.json: $.Entry"]


@pytest.mark.parametrize("request_", [None, [], "PAY-1", 1, {"payment": None}, {"payment": []}, {}, {"payment": 0.5}])
def test_a_request_of_another_shape_is_refused(request_: Mapping[str, object]) -> None:
    with pytest.raises(InputError):
        engine_of(screening()).decide("screen", request_, facts=world())


def test_a_binary_float_in_a_request_is_named_as_such() -> None:
    with pytest.raises(InputError) as refused:
        engine_of(screening()).decide("screen", {"payment": {**PAYMENT["payment"], "payer": 0.5}}, facts=world())
    assert [(found.code, found.help) for found in refused.value.diagnostics] == [("NS503", 'write "0.5"')]


def test_an_unknown_decision_suggests_the_right_one() -> None:
    with pytest.raises(InputError) as refused:
        engine_of(screening()).decide("scren", PAYMENT, facts=world())
    (found,) = refused.value.diagnostics
    assert (found.code, found.help) == ("NS513", "did you mean `screen`?")


def test_a_decision_whose_day_is_not_known_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        engine_of(screening()).decide("screen", {"payment": "PAY-1"}, facts=world())
    assert [found.code for found in refused.value.diagnostics] == ["NS514"]
    pinned = engine_of(screening()).decide("screen", {"payment": "PAY-1"}, facts=world(), on=date(2026, 3, 2))
    assert pinned.on == date(2026, 3, 2)
    assert pinned.outcome != "block"


def test_a_moment_is_no_day() -> None:
    with pytest.raises(InputError):
        engine_of(screening()).decide("screen", PAYMENT, facts=world(), on=datetime(2026, 3, 2, 9, tzinfo=UTC))


# --- graphs


@pytest.fixture(scope="module")
def graph_rules(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    file = tmp_path_factory.mktemp("rules") / "graph.rules"
    file.write_text(GRAPH_RULES, encoding="utf-8")
    return load(file)


PREFIX = b"@prefix own: <https://neurosym.dev/ns/ownership#> .\n"
NINE = b'<https://example.org/CUST-9> a own:Party; own:identifier "CUST-9" .\n'
EIGHT = b'<https://example.org/CUST-8> a own:Party; own:identifier "CUST-8" .\n'
TURTLE = PREFIX + NINE


def test_a_graph_closes_the_types_mapped_to_it(graph_rules: Ruleset) -> None:
    engine = engine_of(graph_rules)
    found = [engine.know((), graphs) for graphs in (None, [("world.ttl", TURTLE)], [("empty.ttl", b"")])]
    outcomes = [engine.decide("screen", PAYMENT, facts=each).outcome for each in found]
    assert outcomes == [None, "block", "release"]


def test_the_digest_of_a_graph_is_that_of_its_statements(graph_rules: Ruleset) -> None:
    def digest_of(*turtle: bytes) -> str | None:
        return (
            engine_of(graph_rules).know((), [(f"{place}.ttl", each) for place, each in enumerate(turtle)]).graph_digest
        )

    both = digest_of(PREFIX + NINE + EIGHT)
    assert digest_of(PREFIX + EIGHT, PREFIX + NINE) == both
    assert digest_of(PREFIX + NINE) != both


def test_a_graph_that_cannot_be_read_is_refused_with_line_and_column(graph_rules: Ruleset) -> None:
    with pytest.raises(InputError) as refused:
        engine_of(graph_rules).know((), [("good.ttl", TURTLE), ("bad.ttl", b"@prefix own: <urn:x#> .\nown:a own:b .")])
    (found,) = refused.value.diagnostics
    assert found.primary is not None
    assert str(found.primary.place).startswith("bad.ttl:2:")


def test_facts_of_a_graph_and_of_a_file_are_the_same_fact(graph_rules: Ruleset) -> None:
    engine = engine_of(graph_rules)
    knowledge = engine.know([Document("facts.json", {"Party": [{"id": "CUST-9"}]})], [("world.ttl", TURTLE)])
    assert engine.decide("screen", PAYMENT, facts=knowledge).outcome == "block"
