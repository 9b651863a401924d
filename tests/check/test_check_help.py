"""What a ruleset's author is told beside the message: the closest name, what there is, where the other one stands."""

from __future__ import annotations

import pytest

from neurosym.lang.compilation import compile_ruleset
from neurosym.text.diagnostic import Diagnostic
from neurosym.text.failure import RulesetError
from neurosym.text.render import render_text
from neurosym.text.span import Source, Span

HEAD = """ruleset trial
  prefix own "https://example.org/own#"
fact Payment
  id:        text  key
  payer:     text
  amount:    number  [0..100]
  currency:  "USD" | "EUR"
  booked_on: date
derived Large
  payment:  Payment  key
parameter threshold: number
  = 10 from 2024-01-01 cite "x"
define double(n: number) = n * 2
"""


def said(text: str) -> list[Diagnostic]:
    """Everything that is said of a ruleset."""
    try:
        return list(compile_ruleset([Source("x.rules", HEAD + text)]).warnings)
    except RulesetError as error:
        return list(error.diagnostics)


def about(code: str, text: str) -> Diagnostic:
    """What is said under this code."""
    [found] = [each for each in said(text) if each.code == code]
    return found


def rule(condition: str) -> str:
    return f'rule large cite "x"\n  for p: Payment\n  when {condition}\n  then Large(payment: p)\n'


@pytest.mark.parametrize(
    ("code", "text", "marked", "label", "advice"),
    [
        ("NS201", rule("p.amount > treshold"), "treshold", "nothing here has this name", "did you mean `threshold`?"),
        ("NS201", rule("zzz > 5"), "zzz", "nothing here has this name", None),
        ("NS202", "rule r for p: Paymnt then Large(payment: p)", "Paymnt", "", "did you mean `Payment`?"),
        ("NS202", "derived D id: txt key", "txt", "", "did you mean `text`?"),
        (
            "NS203",
            rule("p.amuont > 5"),
            "amuont",
            "`Payment` has: id, payer, amount, currency, booked_on",
            "did you mean `amount`?",
        ),
        ("NS204", rule("doubel(5) > 5"), "doubel", "no built-in, definition or judgment", "did you mean `double`?"),
        ("NS205", rule("true") + "exception e to larg when true", "larg", "", "did you mean `large`?"),
        ("NS205", rule("true") + "exception e to large.Larg when true", "Larg", "", "did you mean `Large`?"),
        ("NS206", "rule r for p: Payment then Lage(payment: p)", "Lage", "", "did you mean `Large`?"),
        ("NS209", "rule r for p: Payment", "r", "", None),
        (
            "NS209",
            'judgment j(p: Payment) returns yes or no ask "?"',
            "j",
            "",
            "write `route local, person`: who is asked, in order",
        ),
        ("NS210", "fact F from onw:F id: text key", "onw", "", "did you mean `own`?"),
        ("NS210", "fact F from q:F id: text key", "q", "", 'declare it in the ruleset block: `prefix q "IRI"`'),
        ("NS211", rule("some p: Payment satisfies true"), "p", "", "choose another name for the variable"),
        ("NS212", rule("double(m: 5) > 5"), "m", "`double` takes: n", None),
        (
            "NS212",
            "rule r for p: Payment then Large(paymnt: p)",
            "paymnt",
            "`Large` takes: payment",
            "did you mean `payment`?",
        ),
        ("NS213", rule("double() > 5"), "double()", "", "add `n: ...`"),
        ("NS302", rule('p.currency = "UDS"'), '"UDS"', 'one of: "USD", "EUR"', "did you mean `USD`?"),
        ("NS308", rule('p.payer > "x"'), "p.payer", "", "numbers, dates, times and durations have one"),
        (
            "NS320",
            "parameter q: number = 1/0 from 2024-01-01",
            "1/0",
            "",
            "write a number, text, date or `true`/`false`",
        ),
        (
            "NS321",
            rule("known(p.payer)"),
            "known(p.payer)",
            "",
            "`known` may stand in `check`, `because` and scenarios",
        ),
        (
            "NS323",
            rule('business_days_after(p.booked_on, 1, "us") > p.booked_on'),
            '"us"',
            "",
            "did you mean `US`?",
        ),
        (
            "NS401",
            "rule r for p: Payment then Payment(id: p.id)",
            "Payment",
            "",
            "declare `derived Payment` if rules conclude it",
        ),
        ("NS405", "define f(n: number) = f(n)", "f", "", "a definition may not call itself"),
        ("NS406", rule("count(1 for q: Payment) > 1"), "1", "", "write `count(o for o: ...)`"),
        ("NS407", "fact F a: text", "F", "", "mark the fields that identify it with `key`"),
        (
            "NS409",
            rule("p.booked_on > today()"),
            "today",
            "",
            "make the day a field of the request, or use the decision's `on`",
        ),
        ("NS416", "fact F a: text key optional", "a", "", "a key is neither optional nor null"),
        (
            "NS901",
            "rule r for p: Payment then Large(payment: p)",
            "r",
            "",
            'add `cite "..."`, if only of a house policy',
        ),
        ("NS903", 'rule r cite "x" for p: Payment then Large(payment: p)', "Large", "", "a rule for it may be missing"),
    ],
)
def test_the_place_the_label_and_the_help(code: str, text: str, marked: str, label: str, advice: str | None) -> None:
    found = about(code, text)
    assert found.primary is not None
    assert isinstance(found.primary.place, Span)
    assert (found.primary.place.text, found.primary.text, found.help) == (marked, label, advice)


def test_the_help_against_a_permissive_clause_says_why() -> None:
    text = 'decision d(p: Payment) on p.booked_on outcomes "a" > "b" otherwise "a" undecided "b"'
    assert about("NS411", text).help == "name a higher outcome: not knowing must never permit"
    text = 'decision d(p: Payment) on p.payer outcomes "a" > "b" otherwise "a" undecided "a"'
    assert about("NS413", text).help == "name a field that is a required date, such as `payment.booked_on`"


@pytest.mark.parametrize(
    "text",
    [
        'rule r cite "31 CFR 1", "31 CFR 2" for p: Payment when p.amuont > 5 then Large(payment: p)',
        'rule r for p: Payment then Large(paymnt: p) cite "31 CFR 1", "31 CFR 2"',
        rule("true") + 'exception e to large cite "31 CFR 1", "31 CFR 2" when p.amuont > 5',
    ],
)
def test_a_problem_in_a_provision_carries_its_citations(text: str) -> None:
    [found] = said(text)
    assert found.cites == ("31 CFR 1", "31 CFR 2")


def test_a_second_declaration_shows_the_first() -> None:
    found = about("NS207", "derived Large other: Payment key")
    [first] = found.secondary
    assert (found.primary.text if found.primary else "", first.text) == ("again here", "first here")
    assert str(first.place) == "x.rules:9:9"


def test_two_versions_on_one_day_show_both() -> None:
    [first] = about("NS410", rule("true") + rule("p.amount > 5")).secondary
    assert first.text == "and this one"


def test_a_cycle_is_printed_with_what_would_be_allowed() -> None:
    text = rule("not(some l: Large satisfies l.payment = p)")
    assert render_text([about("NS402", text)]) == (
        "error[NS402]: a cycle through something that more facts can make false: Large -> Large\n"
        "  --> x.rules:16:12\n"
        "16 |   when not(some l: Large satisfies l.payment = p)\n"
        "   |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `Large` is still being derived here\n"
        "   = help: inside a cycle only `some`, `count` and `sum` of non-negative values compared with `>=` or `>`"
        " may look at it; move the rest to a rule outside the cycle"
    )


def test_all_problems_of_a_pass_are_said_at_once_and_a_slip_is_said_once() -> None:
    text = (
        rule("p.amuont + 1 > treshold") + 'rule other cite "x" for q: Paymnt when doubel(1) = 1 then Lage(payment: q)'
    )
    assert sorted(each.code for each in said(text)) == ["NS201", "NS202", "NS203", "NS204", "NS206"]


def test_a_ruleset_of_several_files_is_checked_as_one() -> None:
    files = [Source("a.rules", HEAD), Source("b.rules", "ruleset trial\n" + rule("p.amuont > 5"))]
    with pytest.raises(RulesetError) as error:
        compile_ruleset(files)
    [found] = error.value.diagnostics
    assert found.primary is not None
    assert str(found.primary.place) == "b.rules:4:10"
