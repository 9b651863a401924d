"""What entries there are."""

from __future__ import annotations

from enum import Enum

VERSION, SALTED_VERSION = 2, 1
ENVELOPE_BYTES_MAX = 65_535  # C2SP tlog-tiles: the length of an entry is two bytes


class EntryKind(Enum):
    """What happened.

    CALIBRATION is reserved: nothing writes it. Calibrations are a payload of the RULESET entry, of which each engine
    writes one before its first decision; so artefacts that were changed beside unchanged rules leave one.
    """

    DECISION = "decision"
    BATCH = "batch"
    ANSWER = "answer"
    REVIEW = "review"
    OVERRIDE = "override"
    RULESET = "ruleset"
    RULESET_RETIRED = "ruleset retired"
    CONFIGURATION = "configuration"
    CALIBRATION = "calibration"
    KEY_CHANGE = "key change"
    HOLD = "hold"
    ERASURE = "erasure"
    SEGMENT_SEALED = "segment sealed"
    START = "start"
    STOP = "stop"
    FAILURE = "failure"
