"""What exports say of decisions whose data subject was erased."""

from __future__ import annotations

from pathlib import Path

from neurosym.audit.erasure import erase_payloads
from neurosym.audit.log import Log
from neurosym.decision.export.opa import opa_events
from neurosym.decision.export.prov import prov_documents
from tests.decision.case import PAYMENT, engine_of, screening, world


def test_an_erased_payload_is_listed_as_erased(tmp_path: Path) -> None:
    with Log.open(tmp_path / "decisions.db") as log:
        made = engine_of(screening(), log).decide("screen", PAYMENT, facts=world())
        entry = log.decision(made.id)
        erase_payloads(log, [entry.payload_digest("case")], "asked", "Kim")
        (event,) = opa_events(log, log.decisions())
        assert event["erased"] == ["/input"]
        assert isinstance(event["result"], dict)
        assert len(list(prov_documents(log, log.decisions()))) == 1
