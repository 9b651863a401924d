"""What of a prompt does not depend on the question: a calibration holds for exactly this."""

from __future__ import annotations

from neurosym.judgment.configuration import ModelTier
from neurosym.judgment.dialect import DEFAULT_DIALECT, Constraint, Dialect
from neurosym.judgment.prompt import FENCES, LAYOUT, ONE, SEVERAL, answer_schema, form_orders, is_text_of_grammar
from neurosym.judgment.shared_prompt import question_json, unlisted
from neurosym.program.judgment import Judgment
from neurosym.values.canonical import Digest, Json, digest


def prompt_template(judgment: Judgment, tier: ModelTier) -> Digest:
    """The digest of the orders, their layout, the form of the answer, and all that says how the model is asked."""
    dialect = tier.dialect or DEFAULT_DIALECT
    return digest(
        {
            "layout": LAYOUT,
            "orders": [ONE, SEVERAL, FENCES, *_form(judgment, dialect)],
            "schema": answer_schema(judgment),
            "dialect": dialect.value,
            "parameters": dict(tier.parameters_sent),
            "batch": tier.batch_max,
            "samples": tier.samples,
            "agree": tier.agreeing,
            "logprobs": tier.logprobs,
            "output_tokens_max": tier.output_tokens_max,
        }
    )


def _form(judgment: Judgment, dialect: Dialect) -> list[Json]:
    if dialect.constraint is Constraint.QUESTIONS:
        return [] if unlisted(judgment) else [question_json(judgment)]
    is_spoken = is_text_of_grammar(judgment, dialect)
    return [*form_orders(dialect, answer_schema(judgment), is_spoken=is_spoken)]
