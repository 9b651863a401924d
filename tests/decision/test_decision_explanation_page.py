"""The page of an explanation: what it holds, that each thing stands once, and that hostile text stays text."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from neurosym.decision.explanation.markup import element, linked, text_of, worded
from neurosym.decision.explanation.missing import wanted
from neurosym.decision.explanation.page import explanation_page, missing_page
from neurosym.decision.explanation.provision_text import ProvisionTexts
from neurosym.decision.explanation.why import Why, headline, why_outcome
from neurosym.judgment.answer import Quote
from neurosym.program.period import ALWAYS
from neurosym.text.span import NOWHERE, Source, Span
from tests.decision.case import EMBARGO, PAYMENT, REMARKS, RULES, Told, person_judge, ruleset, told_judge
from tests.decision.page_elements import Element, elements_of
from tests.decision.test_decision_conflict import BLOCK as RISK_BLOCKS
from tests.decision.test_decision_conflict import TEXT as RISKS
from tests.decision.test_decision_explanation import OWNERSHIP, about, accounted, holdings, judged, owned
from tests.decision.test_decision_report import BROWSERS

HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>\u202e\x00\x1b[2J javascript:alert(3)'


def page_of(why: Why) -> Element:
    return elements_of(explanation_page(why))


def section(page: Element, title: str) -> Element:
    (found,) = [each for each in page.of("section") if each.of("h2") and each.of("h2")[0].text == title]
    return found


def step(page: Element, start: str) -> Element:
    (found,) = [each for each in page.of("li", "step") if says(each).startswith(start)]
    return found


def says(item: Element) -> str:
    return item.of("summary")[0].of("span", "says")[0].text


# --- what it holds


def test_the_page_begins_with_the_outcome_and_which_decision_it_is(tmp_path: Path) -> None:
    account = owned(tmp_path, "A", holdings(("X", "A", 50)))
    page = page_of(why_outcome(account))
    (header,) = page.of("header")
    assert [each.text for each in header.of("h1")] == ["block"]
    assert [each.text for each in header.of("li")] == ["Party A is blocked"]
    for shown in (account.decision.id, "2026-03-02", "entry 2", 'case "CASE-1"', account.decision.digests["program"]):
        assert str(shown) in header.text
    assert page.of("title")[0].text == headline(account)
    assert page.attributes == {"lang": "en"}


def test_an_undecided_page_says_what_is_possible_what_holds_meanwhile_and_what_is_missing(tmp_path: Path) -> None:
    account = judged(tmp_path, person_judge(tmp_path), "E1")
    page = page_of(why_outcome(account))
    assert page.of("h1")[0].text == "block or hold or release"
    assert "Until that is settled: hold" in page.of("header")[0].text
    missing = section(page, "What keeps it open").text
    assert "Is the customer the listed one?" in missing
    assert '2 possible conclusions rest on it, of "block" and "hold".' in missing
    assert "To settle it: a person answers it: neurosym review list." in missing


def test_every_step_stands_once_and_is_linked_where_it_is_shared(tmp_path: Path) -> None:
    facts = holdings(("X", "A", 60), ("X", "B", 60), ("A", "C", 30), ("B", "C", 30))
    why = why_outcome(owned(tmp_path, "C", facts))
    page = page_of(why)
    steps = [each for each in page.ids if each.startswith("step-")]
    assert sorted(steps) == sorted(f"step-{at + 1}" for at in range(len(why.explanation.steps)))
    assert [each.text for each in page.of("li", "again") if each.text.startswith("Blocked")] == [
        'Blocked "X": see step 9'
    ]
    assert says(next(each for each in page.of("li", "step") if each.attributes["id"] == "step-9")) == 'Blocked "X"'


def test_what_is_nested_too_deep_goes_on_after_the_tree(tmp_path: Path) -> None:
    names = ["X", *(f"N{at:02}" for at in range(30))]
    facts = holdings(*((owner, owned_, 100) for owner, owned_ in pairwise(names)))
    why = why_outcome(owned(tmp_path, names[-1], facts))
    page = page_of(why)
    assert len(page.of("li", "step")) == len(why.explanation.steps) > 60
    assert len([each for each in page.of("h3") if each.text == "Further down"]) >= 3
    depth = max(len([1 for outer in _outer(each) if outer.tag == "details"]) for each in page.of("li", "step"))
    assert depth < 10


def _outer(of: Element) -> list[Element]:
    return [] if of.parent is None else [of.parent, *_outer(of.parent)]


def test_the_first_levels_are_open_and_the_deeper_ones_closed(tmp_path: Path) -> None:
    page = page_of(why_outcome(owned(tmp_path, "C", holdings(("X", "A", 50), ("A", "C", 50)))))
    is_open = {says(each): "open" in each.of("details")[0].attributes for each in page.of("li", "step")}
    assert is_open['Blocked "C"']
    assert not is_open['Blocked "A"']


def test_a_step_shows_its_rule_citations_days_text_conditions_and_parameters(tmp_path: Path) -> None:
    page = page_of(why_outcome(owned(tmp_path, "A", holdings(("X", "A", 50)))))
    shown = step(page, 'Blocked "A"')
    assert "By the rule Who belongs to the blocked is blocked owned" in shown.text
    assert "Source: Act 2" in shown.text
    assert "In force from 2014-08-13." in shown.text
    assert shown.of("pre")[0].text.startswith(
        'rule owned "Who belongs to the blocked is blocked"\n  cite       "Act 2"'
    )
    assert shown.of("pre")[0].text.endswith("then       Blocked(party: p)")
    (condition, here) = shown.of("tbody")[0].of("td")
    assert (condition.text[:12], here.text) == ("sum(o.share ", "50 >= 50")
    assert "Parameter limit: 50, since 2025-01-01; source: Policy 2" in shown.text


def test_the_text_of_a_rule_stands_once_and_is_linked_after_that(tmp_path: Path) -> None:
    page = page_of(why_outcome(owned(tmp_path, "C", holdings(("X", "A", 50), ("A", "C", 50)))))
    texts = [each.text for each in page.of("pre")]
    assert len(texts) == len(set(texts)) == 4
    (again,) = [each for each in page.of("a") if each.text == "Text of this rule"]
    (target,) = [each for each in page.all if f"#{each.attributes.get('id')}" == again.attributes["href"]]
    assert "rule owned" in target.text


def test_a_given_fact_shows_its_fields_and_where_it_was_supplied(tmp_path: Path) -> None:
    page = page_of(why_outcome(owned(tmp_path, "A", holdings(("X", "A", 50)))))
    given = step(page, 'Owns "XA"')
    assert [each.text for each in given.of("dt")] == ["id", "owner", "owned", "share"]
    assert [each.text for each in given.of("dd")] == ['"XA"', '"X"', '"A"', "50"]
    assert "Supplied at facts: $.Owns[0]." in given.text


def test_an_exception_that_was_considered_is_shown_with_what_became_of_it(tmp_path: Path) -> None:
    facts = holdings(("X", "A", 50), Licence=[{"id": "L", "party": "A"}])
    page = page_of(why_outcome(owned(tmp_path, "A", facts)))
    assert page.of("h1")[0].text == "release"
    taken = section(page, "What exceptions took away, step by step")
    (licence, *inner) = taken.of("section", "exception")
    assert "Exception considered: it applies." in licence.text
    assert "By the exception A licence lets it pass licence" in licence.text
    assert 'Licence "L"' in licence.text
    assert [each.of("p")[0].text for each in inner] == [
        "Exception considered: it does not apply: nothing satisfies it."
    ]


def test_a_judgment_shows_question_answer_answerer_quote_verdicts_and_what_was_read(tmp_path: Path) -> None:
    account = judged(tmp_path, told_judge(Told({"E1": "same"})), "E1")
    page = page_of(why_outcome(account))
    (shown,) = page.of("section", "judgment")
    assert shown.of("p", "ask")[0].text == "Is the customer the listed one?"
    assert 'Answer: "same"' in shown.text
    assert "Given by a computation (tier local)." in shown.text
    assert [each.text for each in shown.of("blockquote")] == [REMARKS]
    assert [each.text for each in shown.of("tbody")[0].of("td")][:2] == ["local", "answered"]
    assert "entry.remarks" in [each.text for each in shown.of("dt")]
    assert (
        "rests on judged answers: 1 answer by tier local (computed)." in section(page, "How much of it was judged").text
    )


def test_duties_are_shown_with_debtor_day_and_source(tmp_path: Path) -> None:
    page = page_of(why_outcome(owned(tmp_path, "A", holdings(("X", "A", 50)))))
    says_so = 'report(case: "CASE-1") owed by "bank", due 2026-03-16 Source: Act 3; Act 4'
    assert " ".join(section(page, "Duties").of("li")[0].text.split()) == says_so


def test_an_outcome_that_no_rule_concludes_has_no_drawing(tmp_path: Path) -> None:
    page = page_of(why_outcome(owned(tmp_path, "A", holdings(("X", "A", 20)))))
    assert page.of("h1")[0].text == "release"
    assert 'No rule concludes anything else, and then otherwise says "release".' in page.of("header")[0].text
    assert page.of("svg") == []


def test_facts_that_contradict_one_another_are_both_shown(tmp_path: Path) -> None:
    party = {"id": "CUST-7", "exotic": True, "known": True}
    facts = {"Party": [party], "Payment": []}
    with accounted(tmp_path, ruleset(RISKS + RISK_BLOCKS), PAYMENT, facts) as account:
        page = page_of(why_outcome(account))
    (verdict,) = page.of("div", "verdict")
    assert "conflict" in str(verdict.attributes["class"])
    assert verdict.of("p")[0].text == "In conflict"
    assert "It rests on facts that contradict one another." in page.of("header")[0].text
    risks = [each for each in page.of("li", "step") if says(each).startswith("Risk")]
    assert {each.of("dd")[1].text for each in risks} == {'"high"', '"low"'}


def test_a_question_is_in_full_once_and_linked_after_that(tmp_path: Path) -> None:
    page = page_of(why_outcome(judged(tmp_path, person_judge(tmp_path), "E1")))
    assert [each for each in page.ids if each.startswith("question-")] == ["question-1"]
    assert len(page.of("section", "judgment")) == 1
    again = [each.text for each in page.of("p", "again")]
    assert again
    assert set(again) == {"Judged: no answer (waiting for a person), see question 1."}


def test_a_page_of_what_is_missing_holds_that_alone(tmp_path: Path) -> None:
    account = judged(tmp_path, person_judge(tmp_path), "E1")
    page = elements_of(missing_page(account, headline(account), wanted(account)))
    assert [each.text for each in page.of("h2")] == ["What keeps it open"]
    assert len(page.of("section", "judgment")) == 1


def test_a_page_says_when_nothing_is_missing(tmp_path: Path) -> None:
    account = owned(tmp_path, "A", holdings())
    page = elements_of(missing_page(account, headline(account), ()))
    assert "Nothing is missing: the outcome is decided." in page.text


def test_a_page_says_when_nothing_that_is_missing_would_change_the_outcome(tmp_path: Path) -> None:
    account = judged(tmp_path, person_judge(tmp_path), "E1")
    told = elements_of(missing_page(account, headline(account), ()))
    assert "Nothing that anybody could answer or supply would change it." in told.text


def test_another_engine_that_gives_the_same_bytes_is_mentioned(tmp_path: Path) -> None:
    account = replace(owned(tmp_path, "A", holdings()), is_same_engine=False)
    assert "The log was written by another version of the engine" in page_of(why_outcome(account)).text


# --- what it does not do


def test_the_page_allows_its_own_style_and_nothing_else(tmp_path: Path) -> None:
    text = explanation_page(why_outcome(owned(tmp_path, "A", holdings(("X", "A", 50))))).decode()
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    named = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{named}'; base-uri 'none'; form-action 'none'"
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy}">' in text
    assert "url(" not in style
    assert "@import" not in style


def hostile_why(path: Path) -> Why:
    """An explanation with hostile text in names, keys, a citation, a label, a reason and a comment of a rule."""
    marked = HOSTILE.replace("\\", "").replace('"', '\\"').replace("\x00", "").replace("\x1b", "").replace("\u202e", "")
    rules = OWNERSHIP.replace('"Act 2"', f'"{marked}"').replace('"Who is listed is blocked"', f'"{marked}"')
    rules = rules.replace("  for   l: Listed\n", "  // </pre><script>alert(4)</script>\n  for   l: Listed\n")
    facts = holdings(("X", HOSTILE, 50))
    facts["Party"] = [{"id": "X", "name": HOSTILE}, {"id": HOSTILE, "name": HOSTILE}]
    with accounted(path, ruleset(rules), about(HOSTILE), facts) as account:
        return why_outcome(account)


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    content = explanation_page(hostile_why(tmp_path))
    page = elements_of(content)
    assert page.of("script") == page.of("img") == []
    for char in ("\u202e", "\x00", "\x1b"):
        assert char not in content.decode()
    assert "\\u{202e}\\u{0}\\u{1b}[2J javascript:alert(3) is blocked" in page.of("header")[0].of("li")[0].text
    assert "// </pre><script>alert(4)</script>" in next(each.text for each in page.of("pre") if "Listed" in each.text)
    assert [each.attributes["href"] for each in page.of("a") if not str(each.attributes["href"]).startswith("#")] == []


def test_a_hostile_quotation_stays_text(tmp_path: Path) -> None:
    why = why_outcome(judged(tmp_path, told_judge(Told({"E1": "same"})), "E1"))
    steps = {}
    for key, each in why.explanation.steps.items():
        spoilt = []
        for shown in each.judgments:
            assert shown.answer is not None
            answer = replace(shown.answer, quotes=(Quote("entry.remarks", 0, HOSTILE),), by=(HOSTILE,), tier=HOSTILE)
            spoilt.append(replace(shown, answer=answer, ask=HOSTILE, cites=(HOSTILE,), standing=HOSTILE))
        steps[key] = replace(each, judgments=tuple(spoilt))
    content = explanation_page(replace(why, explanation=replace(why.explanation, steps=steps)))
    (quote,) = elements_of(content).of("blockquote")
    assert quote.text == HOSTILE.replace("\u202e", "\\u{202e}").replace("\x00", "\\u{0}").replace("\x1b", "\\u{1b}")


def test_an_address_that_a_rule_cites_is_a_link_and_one_in_a_fact_is_not(tmp_path: Path) -> None:
    rules = ruleset(OWNERSHIP.replace('"Act 1"', '"https://law.example/act/1, section 2"'))
    facts = holdings(("X", "A", 50))
    facts["Party"] = [{"id": each, "name": "https://evil.example/"} for each in ("X", "A")]
    with accounted(tmp_path, rules, about("A"), facts) as account:
        page = page_of(why_outcome(account))
    links = [str(each.attributes["href"]) for each in page.of("a")]
    outside = {each for each in links if not each.startswith("#")}
    assert outside == {"https://law.example/act/1"}
    assert "https://evil.example/ is blocked" in page.of("header")[0].text


def test_a_browser_runs_nothing_and_shows_the_page(tmp_path: Path) -> None:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        pytest.skip(f"no browser on this machine: none of {', '.join(BROWSERS)}")
    file = tmp_path / "why.html"
    content = explanation_page(hostile_why(tmp_path))
    file.write_bytes(content)
    flags = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    done = subprocess.run([browser, *flags, "--dump-dom", file.as_uri()], capture_output=True, check=True)
    dom = done.stdout.decode("utf-8")
    assert "<script" not in dom
    assert "<img" not in dom
    assert dom.count('<li id="step-') == content.count(b'<li id="step-') > 1


# --- its parts


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://eur-lex.europa.eu/eli/reg/2016/679/oj.", "https://eur-lex.europa.eu/eli/reg/2016/679/oj"),
        ("(http://example.org/a?b=1&c=2)", "http://example.org/a?b=1&c=2"),
        ("javascript:alert(1)", None),
        ("data:text/html,<b>", None),
        ("xhttps://", None),
        ("https://[", None),
        ("https://example.org/\u202egpj", None),
        ("HTTPS:example.org", None),
    ],
)
def test_only_web_addresses_become_links(text: str, address: str | None) -> None:
    page = elements_of(f"<p>{linked(text)}</p>".encode())
    assert [each.attributes["href"] for each in page.of("a")] == ([address] if address else [])
    assert page.text == text.replace("\u202e", "\\u{202e}")


def test_an_attribute_cannot_be_left() -> None:
    page = elements_of(element("p", aria_label='"><b onclick="x">').encode())
    assert page.attributes == {"aria-label": '"><b onclick="x">'}


def test_what_stands_between_backticks_is_code_where_they_pair() -> None:
    assert worded("say `a<b` now") == "say <code>a&lt;b</code> now"
    assert worded("one ` alone") == text_of("one ` alone")


def test_the_text_of_a_provision_is_its_declaration_without_what_stands_around_it() -> None:
    source = Source("a.rules", "// before\n" + RULES + "\n// between\n" + EMBARGO)
    at = source.text.index("hold ")
    found = ProvisionTexts().declaration(Span(source, at, at + 4))
    assert found is not None
    assert found.text.startswith('rule hold "The payer may be listed"')
    assert found.text.endswith('then  screen(payment: p) is "hold"')
    assert ProvisionTexts().declaration(NOWHERE) is None
    assert ProvisionTexts().declaration(Span(source, 3, 4)) is None


def test_a_provision_without_a_text_is_shown_without_one(tmp_path: Path) -> None:
    why = why_outcome(owned(tmp_path, "A", holdings(("X", "A", 50))))
    steps = {}
    for key, each in why.explanation.steps.items():
        assert each.provision is None or each.provision.span != NOWHERE
        provision = each.provision and replace(each.provision, span=NOWHERE, period=ALWAYS)
        steps[key] = replace(each, provision=provision, exceptions=())
    page = page_of(replace(why, explanation=replace(why.explanation, steps=steps)))
    assert page.of("pre") == []
