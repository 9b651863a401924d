import os
import subprocess
import sys

SHOW = """
from neurosym.judgment.computed import ComputedAsker
from neurosym.judgment.attempt import attempt_json
from neurosym.judgment.computations import COMPUTATIONS
from neurosym.judgment.identity import question_id
from neurosym.judgment.prompt import build_prompt
from neurosym.judgment.tier import Request
from tests.judgment.case import JUDGMENT, question
id = question_id(JUDGMENT, question())
print(build_prompt(JUDGMENT, question()).digest, id)
print(attempt_json(ComputedAsker("local", COMPUTATIONS).ask(Request(JUDGMENT, question(), id, "D1"))).decode())
"""


def shown(seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    return subprocess.run(
        [sys.executable, "-c", SHOW], check=True, capture_output=True, text=True, env=environment
    ).stdout


def test_ids_prompts_and_computed_answers_do_not_depend_on_the_hash_seed() -> None:
    assert "sha256:" in shown("1")
    assert shown("1") == shown("2")


def test_nothing_heavy_is_loaded_before_a_model_is_asked() -> None:
    program = "import sys, neurosym.judgment.judge; print({'openai', 'httpx2'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "set()"
