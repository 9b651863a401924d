"""A log of any length is replayed in the memory that a short one takes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from neurosym.audit.log import Log
from tests.decision.case import PAYMENT, engine_of, screening, world

DECISIONS = 10_000
WARM = 2_000  # decisions after which all is loaded and compiled
GROWTH_MB_MAX = 4  # of which a list of the findings alone would take more
PROGRAM = """
import sys
from pathlib import Path
from neurosym.audit.reader import LogReader
from neurosym.audit.verdict import Verdict
from neurosym.cli.backtest import reported, show_backtest
from neurosym.cli.output import Output
from neurosym.cli.replay import shown
from neurosym.cli.spool import Spool
from neurosym.decision.log_run import backtested_log, replayed_log
from tests.benchmarks.footprint import largest_mb
from tests.decision.case import EMBARGO, screening

def watched(found):
    for number, each in enumerate(found):
        if number == int(sys.argv[3]):
            warm.append(largest_mb())
        yield each

path, warm = Path(sys.argv[1]), []
with LogReader.open(path) as log:
    entries = range(log.size())
    passed_over = log.followed()
verdict, output = Verdict(len(entries), 0, None, None, (), 0, False, ()), Output(is_json=True)
if sys.argv[2] == "replay":
    shown(watched(replayed_log(path, entries)), entries, verdict, output)
else:
    other = screening(rules=EMBARGO.replace('"XE"', '"XA"'))
    with Spool() as spool:
        report = reported(watched(backtested_log(path, other, entries, passed_over)), entries, spool, output)
        show_backtest(report, spool, other, path.name, verdict, output, None)
print(largest_mb() - warm[0], file=sys.stderr)
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("long") / "decisions.db"
    with Log.open(found) as log:
        engine = engine_of(screening(), log)
        facts = engine.know(world())
        for _ in range(DECISIONS):
            engine.decide("screen", PAYMENT, facts=facts)
    return found


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="the memory of a process is read in /proc")
@pytest.mark.parametrize("what", ["replay", "backtest"])
def test_the_memory_does_not_grow_with_the_log(path: Path, what: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path), what, str(WARM)], capture_output=True, text=True, check=True
    )
    assert done.stdout.count('"decision": "') >= DECISIONS
    assert float(done.stderr.splitlines()[-1]) < GROWTH_MB_MAX
