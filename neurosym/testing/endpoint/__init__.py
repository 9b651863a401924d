"""An endpoint on loopback that speaks the three wires of models, and misbehaves on demand.

`python -m neurosym.testing.endpoint --port 8000 --misbehave truncate,schema,quote,500,stall` serves until it is stopped
and goes through the list again and again; without a list it behaves.
"""

from neurosym.testing.endpoint.call import Asked, Call
from neurosym.testing.endpoint.misbehaviour import Misbehaviour, misbehaviours
from neurosym.testing.endpoint.program import main
from neurosym.testing.endpoint.respond import Respond, answer_by, answer_document, answer_first, obey
from neurosym.testing.endpoint.server import Endpoint, nobody

__all__ = [
    "Asked",
    "Call",
    "Endpoint",
    "Misbehaviour",
    "Respond",
    "answer_by",
    "answer_document",
    "answer_first",
    "main",
    "misbehaviours",
    "nobody",
    "obey",
]
