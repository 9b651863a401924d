"""anchors.toml: where checkpoints of a log are kept outside of it. Read strictly, every problem at once.

```
[anchor.share]
kind = "file"
folder = "/mnt/write-once/checkpoints"

[anchor.office]
kind = "witness"
url = "https://witness.example/log"
vkey = "witness.example/1+7b1f0a2c+BA..."

[anchor.authority]
kind = "timestamp"
url = "https://tsa.example/tsr"
certificates = "tsa.pem"
```

What witnesses sign and authorities stamp is kept in `kept`, a folder, or beside the log (`FILE.db.anchors`). A log on a
server has no place beside it; whoever writes to it looks beside its key (`KEY.anchors`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from neurosym.audit.anchor import Anchor
from neurosym.audit.anchors.folder import FolderAnchor
from neurosym.audit.anchors.witness import WitnessAnchor
from neurosym.audit.key import COSIGNATURE, parse_verifier_key
from neurosym.text.diagnostic import Diagnostic, Label, Report, Severity
from neurosym.text.failure import InputError, LogError
from neurosym.text.span import JsonPath
from neurosym.text.suggestion import did_you_mean

NEEDS: Mapping[str, tuple[str, ...]] = {
    "file": ("folder",),
    "witness": ("url", "vkey"),
    "timestamp": ("url", "certificates"),
}


def read_anchors(path: Path, kept: Path | None) -> Sequence[Anchor]:
    """The anchors in a file, in their order; `kept` is where evidence goes unless the file says otherwise, as it has to
    for a log that has no place beside it. Relative paths are those from the file. InputError NS695 with every problem.
    """
    report, at = Report(), JsonPath(str(path))
    document = _document(path, report)
    known = {"anchor", "kept"}
    for name in document.keys() - known:
        report.add(_problem(f"unknown key `{name}`", at / name, did_you_mean(name, known)))
    named = document.get("kept")
    if named is not None and not isinstance(named, str):
        report.add(_problem("`kept` is the name of a folder", at / "kept"))
    elif named is None and kept is None:
        advice = 'write the folder beside the log\'s key that a writer looks into: kept = "KEY.anchors"'
        report.add(_problem("`kept` is missing: a log on a server has no place beside it", at / "kept", advice))
    evidence = FolderAnchor("kept", path.parent / named if isinstance(named, str) else kept or path.parent)
    tables = document.get("anchor", {})
    if not isinstance(tables, dict) or not tables:
        report.add(_problem("there is no anchor", at / "anchor", "write a table: [anchor.NAME]"))
        tables = {}
    found = [
        _anchor(name, table, path.parent, evidence, at / "anchor" / name, report) for name, table in tables.items()
    ]
    report.stop_on_errors(InputError)
    return [each for each in found if each is not None]


def _document(path: Path, report: Report) -> Mapping[str, object]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        report.add(_problem(f"cannot be read: {error.strerror or error}", JsonPath(str(path))))
    except UnicodeDecodeError as error:
        report.add(_problem(f"not UTF-8 at byte {error.start}", JsonPath(str(path))))
    except tomllib.TOMLDecodeError as error:
        report.add(_problem(f"not TOML: {error}", JsonPath(str(path))))
    report.stop_on_errors(InputError)
    raise AssertionError


def _anchor(name: str, table: object, folder: Path, kept: FolderAnchor, at: JsonPath, report: Report) -> Anchor | None:
    if not isinstance(table, dict):
        report.add(_problem(f"`{name}` is no table", at))
        return None
    kind = table.get("kind")
    if not isinstance(kind, str) or kind not in NEEDS:
        advice = did_you_mean(str(kind), NEEDS) or f"one of: {', '.join(NEEDS)}"
        report.add(_problem(f"`{name}` has no kind that there is", at / "kind", advice))
        return None
    before = len(report.diagnostics)
    for each in table.keys() - {"kind", *NEEDS[kind]}:
        report.add(_problem(f"unknown key `{each}`", at / each, did_you_mean(each, NEEDS[kind])))
    for each in NEEDS[kind]:
        if not isinstance(table.get(each), str) or not table[each]:
            report.add(_problem(f"a {kind} needs `{each}`, a text", at / each))
    if len(report.diagnostics) > before:
        return None
    try:
        return MAKERS[kind](name, table, folder, kept)
    except LogError as error:
        report.add(_problem(str(error), at))
        return None


def _file(name: str, table: Mapping[str, str], folder: Path, _: FolderAnchor) -> Anchor:
    return FolderAnchor(name, folder / table["folder"])


def _witness(name: str, table: Mapping[str, str], _: Path, kept: FolderAnchor) -> Anchor:
    key = parse_verifier_key(table["vkey"])
    if key.type != COSIGNATURE:
        raise LogError("the key is that of a log; a witness has a key of its own (`neurosym witness` prints it)")
    return WitnessAnchor(name, table["url"], key, kept)


def _timestamp(name: str, table: Mapping[str, str], folder: Path, kept: FolderAnchor) -> Anchor:
    try:
        from neurosym.audit.anchors.timestamp import TimestampAnchor  # noqa: PLC0415 - an extra
        from neurosym.audit.timestamp import read_certificates  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise LogError("time stamps need `pip install 'neurosym[timestamp]'`") from error
    place = folder / table["certificates"]
    try:
        content = place.read_bytes()
    except OSError as error:
        raise LogError(f"`{place}` cannot be read: {error.strerror or error}") from error
    return TimestampAnchor(name, table["url"], read_certificates(content), kept)


MAKERS: Mapping[str, Callable[[str, Mapping[str, str], Path, FolderAnchor], Anchor]] = {
    "file": _file,
    "witness": _witness,
    "timestamp": _timestamp,
}


def _problem(message: str, at: JsonPath, advice: str | None = None) -> Diagnostic:
    return Diagnostic("NS695", Severity.ERROR, message, Label(at), help=advice)
