"""The explanation of a decision as one page of HTML that loads nothing, runs nothing and sends nothing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from string import Template

from neurosym.decision.explanation.account import Account
from neurosym.decision.explanation.boxes import boxes_of
from neurosym.decision.explanation.drawing import drawing
from neurosym.decision.explanation.markup import Markup, element, joined, text_of, texted
from neurosym.decision.explanation.missing import Wanted
from neurosym.decision.explanation.page_judgment import Questions
from neurosym.decision.explanation.page_provision import Provisions
from neurosym.decision.explanation.page_step_head import StepHead
from neurosym.decision.explanation.page_steps import Steps
from neurosym.decision.explanation.page_summary import duties_shown, header, missing_shown, reliance_shown
from neurosym.decision.explanation.structure import Explanation
from neurosym.decision.explanation.why import Why
from neurosym.decision.page_style import COMMON, source_hash
from neurosym.engine.verdict import Status

FOLDER = Path(__file__).parent
LEGEND = (
    "Arrows lead from what is known to what follows from it; the numbers are those of the steps below. "
    "Dashed boxes are possible, not certain; dashed arrows lead to exceptions that were considered."
)
CLOSED = "What is folded opens with a click or the Enter key."


def explanation_page(why: Why) -> bytes:
    """The page of an explanation in UTF-8: each step once, each hostile text inert; equal explanations, equal bytes."""
    questions = Questions()
    keys = dict.fromkeys((*why.explanation.steps, *why.defeated.steps))
    numbers = {key: at for at, key in enumerate(keys, start=1)}
    steps = Steps(StepHead(why.account.deliberation.case.program), numbers, questions, Provisions())
    parts = [
        _section("What keeps it open", missing_shown(why.missing, questions), why.missing),
        _section("Duties", duties_shown(why.duties), why.duties),
        _section("How much of it was judged", joined(reliance_shown(why.explanation.reliance))),
        *_explained("Why", "why", why.explanation, steps),
        *_explained("What exceptions took away", "defeated", why.defeated, steps),
    ]
    asked = element("ul", (element("li", questions.shown(each)) for each in why.asked), class_="asked")
    unproven = element("ul", (texted("li", each) for each in why.not_proven))
    parts += [_section("Asked on the way", asked, why.asked), _section("Not proven", unproven, why.not_proven)]
    return _page(why.account, why.headline, why.note, parts)


def missing_page(account: Account, headline: str, missing: tuple[Wanted, ...]) -> bytes:
    """The page of what keeps an outcome open, likewise."""
    if missing:
        shown = missing_shown(missing, Questions())
    elif account.decision.status is Status.DECIDED:
        shown = texted("p", "Nothing is missing: the outcome is decided.")
    else:
        shown = texted("p", "Nothing that anybody could answer or supply would change it.")
    return _page(account, headline, None, [_section("What keeps it open", shown)])


def _explained(title: str, name: str, explanation: Explanation, steps: Steps) -> list[Markup]:
    """The drawing and the tree of an explanation, or nothing of one without steps."""
    if not explanation.steps:
        return []
    program = steps.head.program
    boxes = boxes_of(explanation, steps.numbers, program)
    left_out = ""
    if boxes.left_out:
        left_out = f" {boxes.left_out} steps further from the outcome are left out of the drawing, not of the list."
    scroll = element("div", drawing(boxes, name), class_="scroll", tabindex=0, role="region", aria_label="Drawing")
    figure = element("figure", scroll, texted("figcaption", LEGEND + left_out), class_="drawing")
    tree = joined(texted("p", CLOSED, class_="soft screen"), steps.tree(explanation))
    return [_section(f"{title}, drawn", figure), _section(f"{title}, step by step", tree)]


def _section(title: str, content: Markup, things: Iterable[object] = (None,)) -> Markup:
    return element("section", texted("h2", title), content) if any(True for _ in things) else joined()


def _page(account: Account, headline: str, note: str | None, parts: Iterable[Markup]) -> bytes:
    style = COMMON.read_text(encoding="utf-8") + (FOLDER / "page.css").read_text(encoding="utf-8")
    template = Template((FOLDER / "page.html").read_text(encoding="utf-8"))
    text = template.substitute(
        title=text_of(headline),
        header=header(account, note),
        sections=joined(parts),
        style=style,
        style_hash=source_hash(style),
    )
    return text.encode()
