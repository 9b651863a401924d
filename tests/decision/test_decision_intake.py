"""Intake: what is taken for a fact, what is refused and where, and what is left open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

import pytest

from neurosym.decision.intake import Document, GraphFact, Intake, take_in, take_in_standing
from neurosym.decision.shelf import Origin
from neurosym.decision.situation import decision_named, situation_of
from neurosym.lang.compilation import compile_ruleset
from neurosym.text.diagnostic import Diagnostic
from neurosym.text.failure import InputError
from neurosym.text.span import JsonPath, Source
from neurosym.values.temporal import Duration, Months, parse_datetime, parse_time
from neurosym.values.unknown import ANYTHING, Between, MissingValue, OneOf, Unknown
from neurosym.values.value import Fact, Record, Reference, Value

RULES = """
ruleset trial
  prefix  own "https://example.org/own#"

fact Party
  id:       text                        key
  name:     text
  born:     date or null                optional
  kind:     "person" | "firm"           optional
  score:    number [0..10]              optional
  amount:   number                      optional
  flag:     boolean                     optional
  at:       datetime                    optional
  clock:    time                        optional
  wait:     duration                    optional
  term:     months                      optional
  tags:     list of text                optional
  home:     record {city: text, zip: number}  optional
  boss:     Party                       optional
  friends:  list of Party               optional
  account:  Account                     optional

fact Account
  bank:    text    key
  number:  number  key
  opened:  date    optional

fact Payment
  id:         text     key
  payer:      Party
  booked_on:  date

fact Owns "From the graph" from own:Owns
  id:     text    key  from iri
  share:  number  from own:share

derived Blocked
  party:  Party  key

rule blocked cite "x"
  for   p: Party
  then  Blocked(party: p)

decision screen(payment: Payment)
  on payment.booked_on  outcomes "block" > "release"  otherwise "release"  undecided "block"

decision link(party: Party, account: Account, payment: Payment)
  on payment.booked_on  outcomes "block" > "release"  otherwise "release"  undecided "block"
"""
PROGRAM = compile_ruleset([Source("trial.rules", RULES)]).program
A = {"id": "A", "name": "Ann"}
PAYMENT = {"id": "P1", "payer": "A", "booked_on": "2026-03-01"}
NO_REQUEST = Document("input", {})


def facts(*contents: object, graph: Sequence[GraphFact] | None = None) -> Intake:
    """What is taken in of fact files."""
    documents = [Document(f"facts{number}.json", content) for number, content in enumerate(contents, start=1)]
    return take_in(PROGRAM, None, NO_REQUEST, take_in_standing(PROGRAM, documents, graph))


def request(content: object, *contents: object, decision: str = "screen") -> Intake:
    """What is taken in of a request, and fact files."""
    documents = [Document(f"facts{number}.json", each) for number, each in enumerate(contents, start=1)]
    return take_in(
        PROGRAM, PROGRAM.decisions[decision], Document("input", content), take_in_standing(PROGRAM, documents)
    )


def refused(content: object, *contents: object, decision: str = "screen") -> list[Diagnostic]:
    with pytest.raises(InputError) as error:
        request(content, *contents, decision=decision)
    return [found for found in error.value.diagnostics if found.is_error]


def refused_facts(*contents: object) -> list[Diagnostic]:
    with pytest.raises(InputError) as error:
        facts(*contents)
    return list(error.value.diagnostics)


def refused_party(**members: object) -> Diagnostic:
    """The one problem with a party that has these members."""
    [found] = refused_facts({"Party": [{**A, **members}]})
    return found


def where(found: Diagnostic) -> str:
    assert found.primary is not None
    assert isinstance(found.primary.place, JsonPath)
    return str(found.primary.place)


def party(members: Mapping[str, object]) -> Fact:
    [fact] = facts({"Party": [{**A, **members}], "Account": []}).facts
    return fact


# --- values


@pytest.mark.parametrize(
    ("member", "given", "value"),
    [
        ("name", "", ""),
        ("born", "1971-03-02", date(1971, 3, 2)),
        ("born", None, None),
        ("born", date(1971, 3, 2), date(1971, 3, 2)),
        ("kind", "firm", "firm"),
        ("score", 10, 10),
        ("score", "0.50", Decimal("0.5")),
        ("amount", -5, -5),
        ("amount", "-49.99", Decimal("-49.99")),
        ("amount", Decimal("49.990"), Decimal("49.99")),
        ("amount", Decimal("1E+3"), 1000),
        ("amount", 10**40, 10**40),
        ("flag", False, False),
        ("at", "2026-01-01T10:00:00Z", parse_datetime("2026-01-01T10:00:00Z")),
        ("at", datetime(2026, 1, 1, 10), datetime(2026, 1, 1, 10)),  # noqa: DTZ001 - a time without an offset is one
        ("clock", "10:00:00", parse_time("10:00:00")),
        ("wait", "P10D", Duration(864_000)),
        ("term", "P1Y2M", Months(14)),
        ("tags", [], ()),
        ("tags", ["a", "b"], ("a", "b")),
        ("tags", ("a",), ("a",)),
        ("home", {"zip": 1, "city": "X"}, Record((("city", "X"), ("zip", 1)))),
        ("boss", "B", Reference("Party", ("B",))),
        ("friends", ["B"], (Reference("Party", ("B",)),)),
        ("account", {"bank": "X", "number": 1}, Reference("Account", ("X", 1))),
        ("account", {"number": "1.0", "bank": "X"}, Reference("Account", ("X", 1))),
    ],
)
def test_a_value_of_its_type_is_taken_as_it_is(member: str, given: object, value: Value) -> None:
    found = party({member: given}).fields[member]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("member", "given", "message"),
    [
        ("name", 1, "a text is wanted here, this is 1"),
        ("name", True, "a text is wanted here, this is true"),
        ("name", None, "a text is wanted here, this is null"),
        ("name", ["Ann"], "a text is wanted here, this is a list"),
        ("name", date(2026, 1, 1), "a text is wanted here, this is a date"),
        ("amount", True, "a number is wanted here, this is true"),
        ("amount", None, "a number is wanted here, this is null"),
        ("amount", {}, "a number is wanted here, this is an object"),
        ("amount", "", '"" is no number: not a plain decimal number'),
        ("amount", "1e5", '"1e5" is no number: not a plain decimal number'),
        ("amount", "1,000", '"1,000" is no number: not a plain decimal number'),
        ("amount", "1" * 35, f'"{"1" * 35}" is no number: more than 34 significant digits'),
        ("amount", 10**35 + 1, f"{10**35 + 1} is no number: more than 34 significant digits"),
        ("amount", Decimal("NaN"), "a number is wanted here, this is a Decimal"),
        ("flag", "true", 'a boolean is wanted here, this is "true"'),
        ("flag", 1, "a boolean is wanted here, this is 1"),
        ("flag", "1", 'a boolean is wanted here, this is "1"'),
        ("flag", None, "a boolean is wanted here, this is null"),
        ("born", 0, "a date is wanted here, this is 0"),
        ("born", "2026-02-30", '"2026-02-30" is no date: no such day in the calendar'),
        ("born", "2026-03-01T00:00:00", '"2026-03-01T00:00:00" is no date: not a date of the form YYYY-MM-DD'),
        ("born", datetime(2026, 1, 1), "a date is wanted here, this is a datetime"),  # noqa: DTZ001 - as above
        ("at", "2026-03-01", '"2026-03-01" is no datetime: not a date and time of the form YYYY-MM-DDTHH:MM:SS'),
        ("clock", "10:00", '"10:00" is no time: not a time of the form HH:MM:SS'),
        ("wait", "P1Y", 'a duration is wanted here, this is "P1Y"'),
        ("wait", "10 days", '"10 days" is no duration: not a duration such as P10D, PT1H or P1Y2M'),
        ("term", "P10D", 'a months is wanted here, this is "P10D"'),
        ("tags", "a", 'a list of text is wanted here, this is "a"'),
        ("tags", {"a": 1}, "a list of text is wanted here, this is an object"),
        ("home", {"city": "X"}, "a record {city: text, zip: number} is wanted here, this is an object"),
        ("home", {"city": "X", "zip": 1, "street": "Y"}, "a record {city: text, zip: number} is wanted here"),
        ("boss", {"id": "B"}, "a text is wanted here, this is an object"),
        ("account", "X", 'a `Account` is named by its key, this is "X"'),
        ("account", {"bank": "X"}, "a `Account` is named by its key, this is an object"),
        ("account", ["X", 1], "a `Account` is named by its key, this is a list"),
    ],
)
def test_nothing_is_coerced(member: str, given: object, message: str) -> None:
    found = refused_party(**{member: given})
    assert (found.code, where(found)) == ("NS506", f"facts1.json: $.Party[0].{member}")
    assert found.message.startswith(message)


@pytest.mark.parametrize(
    ("member", "given", "advice"),
    [
        ("amount", True, 'write an integer, or a decimal as text: "49.99"'),
        ("born", "1 March", 'write "2026-03-01"'),
        ("wait", "P1Y", 'write "P10D" or "PT1H"'),
        ("term", "P10D", 'write "P1Y2M"'),
        ("account", "X", 'write {"bank": ..., "number": ...}'),
        ("flag", "true", None),
    ],
)
def test_a_wrong_type_comes_with_the_right_way_to_write_it(member: str, given: object, advice: str | None) -> None:
    assert refused_party(**{member: given}).help == advice


@pytest.mark.parametrize(
    ("member", "given", "place"),
    [
        ("tags", ["a", 1], ".tags[1]"),
        ("home", {"city": "X", "zip": True}, ".home.zip"),
        ("friends", ["B", None], ".friends[1]"),
        ("account", {"bank": "X", "number": "x"}, ".account.number"),
    ],
)
def test_the_place_is_that_of_the_part_that_is_wrong(member: str, given: object, place: str) -> None:
    found = refused_party(**{member: given})
    assert (found.code, where(found)) == ("NS506", f"facts1.json: $.Party[0]{place}")


@pytest.mark.parametrize("given", [49.99, 1.0, float("nan"), float("inf")])
@pytest.mark.parametrize("member", ["amount", "name", "flag", "born"])
def test_a_binary_float_is_refused_with_what_to_write_instead(member: str, given: float) -> None:
    found = refused_party(**{member: given})
    assert (found.code, where(found), found.help) == (
        "NS503",
        f"facts1.json: $.Party[0].{member}",
        f'write "{given!r}"',
    )


@pytest.mark.parametrize(
    ("member", "given", "message", "advice"),
    [
        ("kind", "frim", '"frim" is not one of the choices', "did you mean `firm`?"),
        ("kind", "", '"" is not one of the choices', None),
        ("kind", 1, "1 is not one of the choices", None),
        ("kind", None, "null is not one of the choices", None),
        ("score", 11, "11 lies outside what `score` allows", None),
        ("score", "-0.01", '"-0.01" lies outside what `score` allows', None),
    ],
)
def test_a_value_that_the_declaration_forbids_is_refused(
    member: str, given: object, message: str, advice: str | None
) -> None:
    found = refused_party(**{member: given})
    assert (found.code, found.message, found.help) == ("NS507", message, advice)


def test_what_is_shown_of_a_value_is_short() -> None:
    assert len(refused_party(kind="x" * 10_000).message) < 100
    assert len(refused_party(flag=10**10_000).message) < 100


# --- members, keys, types


def test_an_unknown_key_suggests_the_closest() -> None:
    found = refused_party(nmae="Ann")
    assert (found.code, where(found), found.message) == (
        "NS504",
        "facts1.json: $.Party[0].nmae",
        "unknown key `nmae` of `Party`",
    )
    assert found.help == "did you mean `name`?"


def test_a_missing_required_key_is_named_at_its_owner() -> None:
    [found] = refused_facts({"Party": [{"id": "A"}]})
    assert (found.code, where(found), found.message, found.help) == (
        "NS505",
        "facts1.json: $.Party[0]",
        "`Party` needs `name`",
        'add `"name": ...`',
    )


def test_everything_that_is_wrong_is_said_at_once() -> None:
    found = refused_facts(
        {"Party": [{"nam": "x", "score": 11, "amount": 0.5}, 5], "Prty": [], "Blocked": [], "incomplete": ["X"]}
    )
    assert [(each.code, where(each).removeprefix("facts1.json: ")) for each in found] == [
        ("NS504", "$.Party[0].nam"),
        ("NS505", "$.Party[0]"),
        ("NS505", "$.Party[0]"),
        ("NS507", "$.Party[0].score"),
        ("NS503", "$.Party[0].amount"),
        ("NS512", "$.Party[1]"),
        ("NS509", "$.Prty"),
        ("NS510", "$.Blocked"),
        ("NS509", "$.incomplete[0]"),
    ]


def test_an_unknown_fact_type_suggests_the_closest() -> None:
    [found] = refused_facts({"Partys": []})
    assert (found.code, where(found), found.help) == ("NS509", "facts1.json: $.Partys", "did you mean `Party`?")


@pytest.mark.parametrize("where_given", [{"Blocked": []}, {"incomplete": ["Blocked"]}])
def test_a_derived_type_cannot_be_given(where_given: dict[str, object]) -> None:
    [found] = refused_facts(where_given)
    assert (found.code, found.message) == ("NS510", "`Blocked` is concluded by rules and cannot be given")


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        ([], "$", "an object with a list for each fact type is wanted here"),
        ("x", "$", "an object with a list for each fact type is wanted here"),
        (None, "$", "an object with a list for each fact type is wanted here"),
        ({"Party": {}}, "$.Party", "a list of `Party` is wanted here"),
        ({"Party": "A"}, "$.Party", "a list of `Party` is wanted here"),
        ({"Party": ["A"]}, "$.Party[0]", "an object, one `Party`, is wanted here"),
        ({"Party": [None]}, "$.Party[0]", "an object, one `Party`, is wanted here"),
        ({"incomplete": "Party"}, "$.incomplete", "a list of fact types is wanted here"),
    ],
)
def test_a_document_of_another_shape_is_refused(content: object, place: str, message: str) -> None:
    [found] = refused_facts(content)
    assert (found.code, where(found), found.message) == ("NS512", f"facts1.json: {place}", message)


@pytest.mark.parametrize("content", [{"incomplete": [["Party"]]}, {"incomplete": [None]}, {"incomplete": [{}]}])
def test_a_type_is_named_by_a_text(content: object) -> None:
    assert [found.code for found in refused_facts(content)] == ["NS509"]


# --- absent, null, unknown


def test_an_absent_optional_value_is_unknown_over_what_its_declaration_allows() -> None:
    fields = party({}).fields
    owner = Reference("Party", ("A",))
    for member, domain in (
        ("score", Between(0, 10)),
        ("kind", OneOf(frozenset({"person", "firm"}))),
        ("flag", OneOf(frozenset({True, False}))),
        ("amount", ANYTHING),
        ("born", ANYTHING),
    ):
        assert fields[member] == Unknown(frozenset({MissingValue(owner, member)}), domain)


def test_null_is_a_value_where_it_is_allowed() -> None:
    assert party({"born": None}).fields["born"] is None


# --- several documents


def test_files_add_up_and_the_same_fact_in_two_of_them_is_one() -> None:
    found = facts({"Party": [A]}, {"Party": [A, {"id": "B", "name": "Bob"}], "Account": []})
    assert [fact.key for fact in found.facts] == [("A",), ("B",)]
    assert found.origins[Reference("Party", ("A",))].place == JsonPath("facts1.json", ("Party", 0))


def test_numbers_written_differently_are_one_content() -> None:
    found = facts({"Party": [{**A, "amount": 1}, {**A, "amount": "1.00"}]})
    assert len(found.facts) == 1


def test_another_content_for_the_same_key_is_refused_with_both_places() -> None:
    [found] = refused_facts({"Party": [A]}, {"Party": [{"id": "A", "name": "Anne"}]})
    assert (found.code, where(found), found.message) == (
        "NS508",
        "facts2.json: $.Party[0]",
        "two different contents for Party `A`",
    )
    assert [str(label.place) for label in found.secondary] == ["facts1.json: $.Party[0]"]


def test_a_key_of_several_fields_is_named_in_full() -> None:
    [found] = refused_facts(
        {"Account": [{"bank": "X", "number": 1}, {"bank": "X", "number": "1", "opened": "2026-01-01"}]}
    )
    assert (found.code, found.message) == ("NS508", "two different contents for Account `X, 1`")


# --- what is closed, and what is not


def test_a_type_that_nobody_mentions_is_incomplete_and_an_empty_list_closes_it() -> None:
    assert facts().incomplete == {"Party", "Account", "Payment", "Owns"}
    assert facts({"Party": []}, {"Account": []}).incomplete == {"Payment", "Owns"}


def test_a_type_stays_incomplete_where_the_caller_says_so() -> None:
    found = facts({"Party": [A], "incomplete": ["Party"]}, {"Account": [], "Payment": [], "Owns": []})
    assert found.incomplete == {"Party"}
    assert len(found.facts) == 1


def test_a_graph_closes_the_types_that_are_mapped_to_it_even_when_it_is_empty() -> None:
    assert facts(graph=[]).incomplete == {"Party", "Account", "Payment"}
    assert facts(graph=None).incomplete == {"Party", "Account", "Payment", "Owns"}
    assert "Owns" in facts({"incomplete": ["Owns"]}, graph=[]).incomplete


def test_a_fact_of_the_graph_is_read_like_any_other_and_keeps_its_triples() -> None:
    origin = Origin(JsonPath("own.ttl"), ("<a> <b> <c> .",))
    [fact] = facts(graph=[GraphFact("Owns", {"id": "x", "share": "25.5"}, origin)]).facts
    assert fact.fields == {"id": "x", "share": Decimal("25.5")}
    with pytest.raises(InputError) as error:
        facts(graph=[GraphFact("Owns", {"id": "x", "share": "all"}, origin)])
    assert [(found.code, where(found)) for found in error.value.diagnostics] == [("NS506", "own.ttl: $.share")]


def test_a_fact_that_a_file_and_a_graph_agree_on_keeps_the_triples() -> None:
    origin = Origin(JsonPath("own.ttl"), ("<a> <b> <c> .",))
    found = facts({"Owns": [{"id": "x", "share": 1}]}, graph=[GraphFact("Owns", {"id": "x", "share": "1"}, origin)])
    assert found.origins[Reference("Owns", ("x",))] == Origin(JsonPath("facts1.json", ("Owns", 0)), origin.triples)


# --- the request


def test_a_subject_in_full_is_a_fact_and_does_not_close_its_type() -> None:
    found = request({"payment": PAYMENT}, {"Party": [A]})
    assert found.subject == (Reference("Payment", ("P1",)),)
    assert {fact.reference for fact in found.facts} == {Reference("Party", ("A",)), *found.subject}
    assert "Payment" in found.incomplete
    assert "Party" not in found.incomplete


def test_a_subject_may_be_the_key_of_a_fact() -> None:
    found = request({"payment": "P1"}, {"Party": [A], "Payment": [PAYMENT]})
    assert found.subject == (Reference("Payment", ("P1",)),)
    assert found.warnings == ()


def test_several_subjects_stand_in_the_order_of_the_parameters() -> None:
    content = {"payment": PAYMENT, "account": {"bank": "X", "number": 1}, "party": A}
    found = request(content, {"Account": [{"bank": "X", "number": 1}]}, decision="link")
    assert found.subject == (
        Reference("Party", ("A",)),
        Reference("Account", ("X", 1)),
        Reference("Payment", ("P1",)),
    )


def test_a_subject_that_contradicts_a_fact_is_refused() -> None:
    [found] = refused({"payment": PAYMENT}, {"Payment": [{**PAYMENT, "payer": "B"}]})
    assert (found.code, where(found)) == ("NS508", "input: $.payment")


@pytest.mark.parametrize(
    ("content", "code", "place", "message"),
    [
        ({}, "NS505", "$", "`screen` needs `payment`"),
        ([], "NS512", "$", "an object with `payment` is wanted here"),
        ({"payment": None}, "NS506", "$.payment", "a text is wanted here, this is null"),
        ({"payment": 1}, "NS506", "$.payment", "a text is wanted here, this is 1"),
        ({"payment": PAYMENT, "paymnt": 1}, "NS504", "$.paymnt", "unknown key `paymnt` of `screen`"),
        ({"payment": {**PAYMENT, "payr": "A"}}, "NS504", "$.payment.payr", "unknown key `payr` of `Payment`"),
        ({"payment": {"id": "P1", "payer": "A"}}, "NS505", "$.payment", "`Payment` needs `booked_on`"),
        ({"payment": {**PAYMENT, "booked_on": "2026-3-1"}}, "NS506", "$.payment.booked_on", '"2026-3-1" is no date'),
    ],
)
def test_a_request_that_cannot_be_read_is_refused_where_it_is_wrong(
    content: object, code: str, place: str, message: str
) -> None:
    [found] = refused(content)
    assert (found.code, where(found)) == (code, f"input: {place}")
    assert found.message.startswith(message)


# --- references that lead nowhere


def test_a_key_that_nobody_supplied_is_a_warning_at_its_first_place() -> None:
    found = facts({"Party": [{**A, "boss": "B"}, {"id": "C", "name": "Cid", "boss": "B", "friends": ["A", "D"]}]})
    assert [(each.code, each.is_error, where(each), each.message) for each in found.warnings] == [
        ("NS511", False, "facts1.json: $.Party[0].boss", "no Party `B`"),
        ("NS511", False, "facts1.json: $.Party[1].friends", "no Party `D`"),
    ]


def test_references_may_lead_to_facts_that_come_later() -> None:
    assert facts({"Party": [{**A, "boss": "B"}]}, {"Party": [{"id": "B", "name": "Bob", "boss": "A"}]}).warnings == ()


def test_a_subject_that_nobody_supplied_is_a_warning() -> None:
    [found] = request({"payment": "P9"}, {"Payment": []}).warnings
    assert (found.code, where(found), found.message) == ("NS511", "input: $.payment", "no Payment `P9`")


# --- which decision, and when


def test_an_unknown_decision_suggests_the_closest_or_lists_them() -> None:
    for name, advice in (("scren", "did you mean `screen`?"), ("xyz", "the ruleset has: link, screen")):
        with pytest.raises(InputError) as error:
            decision_named(PROGRAM, name)
        [found] = error.value.diagnostics
        assert (found.code, found.help) == ("NS513", advice)
    assert decision_named(PROGRAM, "screen").name == "screen"


def test_the_day_is_the_pinned_one_or_the_subject_s() -> None:
    taken = request({"payment": PAYMENT}, {"Party": [A]})
    decision = PROGRAM.decisions["screen"]
    assert situation_of(PROGRAM, decision, taken, None).on == date(2026, 3, 1)
    assert situation_of(PROGRAM, decision, taken, date(2020, 1, 1)).on == date(2020, 1, 1)


def test_without_its_subject_and_a_pinned_day_there_is_no_day() -> None:
    taken = request({"payment": "P9"}, {"Payment": []})
    decision = PROGRAM.decisions["screen"]
    with pytest.raises(InputError) as error:
        situation_of(PROGRAM, decision, taken, None)
    assert [found.code for found in error.value.diagnostics] == ["NS514"]
    assert situation_of(PROGRAM, decision, taken, date(2026, 3, 1)).on == date(2026, 3, 1)


@pytest.mark.parametrize("digits", [401, 5_000])
def test_a_number_that_no_text_could_write_is_refused(digits: int) -> None:
    assert refused_party(amount=10**digits).code == "NS506"


def test_half_a_character_is_refused() -> None:
    assert refused_party(name="\ud800").code == "NS506"


def test_a_warning_is_said_beside_the_errors() -> None:
    with pytest.raises(InputError) as error:
        facts({"Party": [{**A, "boss": "B"}], "Prty": []})
    assert {(found.code, found.is_error) for found in error.value.diagnostics} == {("NS509", True), ("NS511", False)}


def test_a_subject_that_is_nothing_but_its_key_is_taken_for_the_fact_it_is() -> None:
    content = {"party": A, "account": {"bank": "X", "number": 1}, "payment": PAYMENT}
    found = request(content, decision="link")
    assert found.warnings == ()
    assert Reference("Account", ("X", 1)) in {fact.reference for fact in found.facts}


def test_a_subject_that_is_nothing_but_its_key_is_that_of_the_fact_where_there_is_one() -> None:
    content = {"party": A, "account": {"bank": "X", "number": 1}, "payment": PAYMENT}
    found = request(content, {"Account": [{"bank": "X", "number": 1, "opened": "2026-01-01"}]}, decision="link")
    [account] = [fact for fact in found.facts if fact.type == "Account"]
    assert account.fields["opened"] == date(2026, 1, 1)
