"""The labelled cases of `same_person` that are shipped, all invented: `python -m tests.labelled_set` writes the file.

No person in them exists. One case is one line, so that a change shows which.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from neurosym.text.shipped import shipped_path
from tests.judgment.local.invented import labelled_cases

FILE = shipped_path("rulesets", "sanctions", "labels", "same_person.json")
CASES = 3_000
SEED = 20_261_123


def content() -> str:
    """The text of the file."""
    lines = [json.dumps(case, ensure_ascii=False, separators=(",", ":")) for case in labelled_cases(CASES, SEED)]
    return "[\n" + ",\n".join(lines) + "\n]\n"


def main(file: Path = FILE) -> None:
    """Write the file."""
    file.parent.mkdir(exist_ok=True)
    file.write_text(content(), encoding="utf-8")
    sys.stdout.write(f"{file}: {CASES} cases\n")


if __name__ == "__main__":
    main()
