"""The page of a bundle in a browser: it verifies what it shows, shows nothing else, and hostile text stays text."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from neurosym.audit.reader import LogReader
from tests.decision.bundle_case import HOSTILE, erase, exported, logged

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
HELD = re.compile(r'(<script type="application/json" id="held">)(.*?)(</script>)', re.DOTALL)
SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
VERDICT = re.compile(r'<section id="banner"[^>]*data-verdict="(\w+)"[^>]*>(.*?)</section>', re.DOTALL)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("report")
    return (exported(logged(folder), folder / "bundle") / "report.html").read_text(encoding="utf-8")


class Seen(HTMLParser):
    """What a browser made of a page: the elements outside the scripts, and the text."""

    def __init__(self, dom: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self._skipped = 0
        self.feed(dom)
        (found,) = VERDICT.findall(dom)
        self.verdict: str = found[0]
        self.banner = unescape(re.sub(r"<[^>]+>", " ", found[1]))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._skipped += tag in ("script", "style")
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self._skipped -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.text += data


def seen(page: str, folder: Path, fragment: str = "") -> Seen:
    """The page as a browser shows it, opened from disk."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        pytest.skip(f"no browser on this machine: none of {', '.join(BROWSERS)}")
    file = folder / "report.html"
    file.write_text(page, encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
    command = [browser, *flags, "--virtual-time-budget=60000", "--dump-dom", file.as_uri() + fragment]
    done = subprocess.run(command, capture_output=True, check=True)
    return Seen(done.stdout.decode("utf-8"))


def held_in(page: str) -> dict[str, Any]:
    found = HELD.search(page)
    assert found is not None
    document = json.loads(found[2])
    assert isinstance(document, dict)
    return document


def with_held(page: str, change: Callable[[dict[str, Any]], None]) -> str:
    """The page with something changed in what it embeds."""
    document = held_in(page)
    change(document)
    text = json.dumps(document).replace("<", "\\u003c")
    return HELD.sub(lambda found: found[1] + text + found[3], page)


def flipped(text: str, at: int) -> str:
    """A base64 text with one bit of its content flipped."""
    content = bytearray(base64.b64decode(text))
    content[at] ^= 1
    return base64.b64encode(content).decode()


# --- what it verifies


def test_an_honest_page_says_verified_and_what_was_checked(page: str, tmp_path: Path) -> None:
    shown = seen(page, tmp_path)
    assert shown.verdict == "verified"
    assert "verified" in shown.banner
    assert "NOT VERIFIED" not in shown.banner
    assert "The outcome, day and rules of 3 entries are those of the recorded results." in shown.banner


def first_payload(document: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = next(iter(document["payloads"].values()))
    return found


def change_envelope(document: dict[str, Any]) -> None:
    entry = document["entries"][str(document["decisions"][0])]
    entry["envelope"] = flipped(entry["envelope"], 40)


def change_proof(document: dict[str, Any]) -> None:
    entry = document["entries"][str(document["decisions"][0])]
    entry["proof"][0] = flipped(entry["proof"][0], 3)


def cut_proof(document: dict[str, Any]) -> None:
    document["entries"][str(document["decisions"][0])]["proof"].pop()


def change_payload(document: dict[str, Any]) -> None:
    first_payload(document)["stored"] = flipped(first_payload(document)["stored"], 50)


def change_key(document: dict[str, Any]) -> None:
    first_payload(document)["key"] = flipped(first_payload(document)["key"], 0)


def change_commitment_key(document: dict[str, Any]) -> None:
    first_payload(document)["key"] = flipped(first_payload(document)["key"], 75)


def change_checkpoint(document: dict[str, Any]) -> None:
    lines = document["checkpoint"].split("\n")
    lines[1] = str(int(lines[1]) + 1)
    document["checkpoint"] = "\n".join(lines)


def change_root(document: dict[str, Any]) -> None:
    lines = document["checkpoint"].split("\n")
    lines[2] = flipped(lines[2], 0)
    document["checkpoint"] = "\n".join(lines)


def change_signature(document: dict[str, Any]) -> None:
    *lines, last, _ = document["checkpoint"].split("\n")
    dash, name, code = last.split(" ")
    document["checkpoint"] = "\n".join([*lines, f"{dash} {name} {flipped(code, 20)}", ""])


def change_vkey(document: dict[str, Any]) -> None:
    name, key_id, code = document["vkey"].split("+", 2)
    document["vkey"] = f"{name}+{key_id}+{flipped(code, 8)}"


def another_vkey(document: dict[str, Any]) -> None:
    name, _, code = document["vkey"].split("+", 2)
    raw = b"\x01" + base64.b64decode(flipped(code, 8))[1:]
    key_id = hashlib.sha256(name.encode() + b"\n" + raw).hexdigest()[:8]
    document["vkey"] = f"{name}+{key_id}+{base64.b64encode(raw).decode()}"


def swap_entries(document: dict[str, Any]) -> None:
    one, two = (str(seq) for seq in document["decisions"][:2])
    document["entries"][one], document["entries"][two] = document["entries"][two], document["entries"][one]


CHANGES: dict[Callable[[dict[str, Any]], None], str] = {
    change_envelope: "entry ",
    change_proof: "entry ",
    cut_proof: "entry ",
    swap_entries: "entry ",
    change_payload: "payload ",
    change_key: "payload ",
    change_commitment_key: "payload ",
    change_checkpoint: "the checkpoint: is not signed",
    change_root: "the checkpoint: is not signed",
    change_signature: "the checkpoint: is not signed",
    change_vkey: "the verifier key: is no Ed25519 verifier key",
    another_vkey: "the checkpoint: is not signed",
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_of_what_the_page_holds_is_found_and_the_place_is_named(
    page: str, tmp_path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    shown = seen(with_held(page, change), tmp_path)
    assert shown.verdict == "refused"
    assert "NOT VERIFIED" in shown.banner
    assert CHANGES[change] in shown.banner


def test_what_does_not_verify_is_not_shown(page: str, tmp_path: Path) -> None:
    seq = str(held_in(page)["decisions"][0])
    before, after = seen(page, tmp_path, "#all"), seen(with_held(page, change_envelope), tmp_path, "#all")
    assert f"entry{seq} of" in before.text.replace("\n", "")
    assert f"entry{seq} of" not in after.text.replace("\n", "")


def test_a_browser_without_ed25519_is_not_said_to_have_verified_a_signature(page: str, tmp_path: Path) -> None:
    (script,) = SCRIPT.findall(page)
    lacking = script.replace('name: "Ed25519"', 'name: "Ed1"')
    assert source_hash(script) in page
    shown = seen(page.replace(script, lacking).replace(source_hash(script), source_hash(lacking)), tmp_path)
    assert shown.verdict == "partly"
    assert "does not know Ed25519" in shown.banner
    assert "is signed by" not in shown.banner


@pytest.mark.parametrize(("given", "said"), [("VKEY", "matches"), (" VKEY ", "matches"), ("x+1+y", "does not match")])
def test_a_key_from_elsewhere_matches_or_does_not(page: str, tmp_path: Path, given: str, said: str) -> None:
    typed = json.dumps(given.replace("VKEY", held_in(page)["vkey"]))
    (script,) = SCRIPT.findall(page)
    typing = f'{script}\nconst typed = document.getElementById("vkey"); typed.value = {typed};\n'
    typing += 'typed.dispatchEvent(new Event("input"));\n'
    shown = seen(page.replace(script, typing).replace(source_hash(script), source_hash(typing)), tmp_path)
    assert f"{said}: the page was checked with" in shown.text


def test_a_script_that_the_policy_does_not_name_does_not_run(page: str, tmp_path: Path) -> None:
    (script,) = SCRIPT.findall(page)
    changed = page.replace(script, script + " ")
    browser_page = changed.replace('id="banner"', 'id="banner" data-verdict="untouched"')
    assert seen(browser_page, tmp_path).verdict == "untouched"


def test_the_page_asks_for_nothing_from_elsewhere(page: str) -> None:
    outside = HELD.sub("", page)
    assert not re.findall(r"""(?:src|href)=|url\(|@import|fetch\(|XMLHttpRequest|WebSocket""", outside)
    assert "default-src 'none'" in page
    assert "innerHTML" not in page


# --- what it shows


def test_everything_about_a_decision_is_shown(page: str, tmp_path: Path) -> None:
    text = seen(page, tmp_path, "#all").text
    missing = [said for said in SHOWN if said not in text]
    assert missing == []


SHOWN = (
    "3 decisions",
    'screen(payment: "PAY-1")',
    "undecided: hold",
    "by block (Act 1)",
    "Ali Karimi is LISTED E1",
    'same(customer: "CUST-7", entry: "E1") = "same" by tier person (person), ada (as claimed)',
    '"Passport A1234567" entry.remarks, from character 0',
    "Questions that stayed open",
    "review by ada (as claimed)",
    "trial (entry 1)",
    "takes the place of",
    "No rule concludes anything for certain.",
    "by embargo (Act 3)",
    "given",
)


def eager(page: str) -> str:
    """The page with the texts of rules open."""
    (script,) = SCRIPT.findall(page)
    opening = "(...of) { const made = lazily(...of); setTimeout(() => made.openNow()); return made; }"
    changed = script.replace('lazily("more",', 'eagerly("more",') + f"\nfunction eagerly{opening}\n"
    return page.replace(script, changed).replace(source_hash(script), source_hash(changed))


def source_hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def test_the_text_of_a_rule_is_cut_out_of_the_sources(page: str, tmp_path: Path) -> None:
    shown = seen(eager(page), tmp_path, "#all")
    assert 'rule block "The payer is listed"\n  cite  "Act 1"\n  for   p: Payment, e: Entry' in shown.text
    assert 'judgment same(customer: Party, entry: Entry) returns "same"' in shown.text


def test_the_text_of_another_rule_is_not_shown_for_it(page: str, tmp_path: Path) -> None:
    def lead_astray(document: dict[str, Any]) -> None:
        (places,) = document["positions"].values()
        places["rule embargo"] = places["rule hold"]

    shown = seen(with_held(eager(page), lead_astray), tmp_path, "#all")
    assert shown.verdict == "verified"
    assert "text of block" in shown.text
    assert "text of embargo" not in shown.text


def test_hostile_text_is_inert(page: str, tmp_path: Path) -> None:
    assert "<img" not in page
    shown = seen(page, tmp_path, "#all")
    assert shown.verdict == "verified"
    assert "img" not in shown.tags
    assert '</script><img src=x onerror=\\"document.title=1\\">' in shown.text  # a name, written as a text
    assert "\x1b" not in shown.text
    assert "\u202e" not in shown.text
    assert "\\u{202e}Eve" in shown.text
    assert HOSTILE not in shown.text


def test_a_redacted_page_shows_the_envelopes_and_says_why_there_is_no_more(tmp_path: Path) -> None:
    place = exported(logged(tmp_path), tmp_path / "bundle", is_redacted=True)
    shown = seen((place / "report.html").read_text(encoding="utf-8"), tmp_path, "#all")
    assert shown.verdict == "verified"
    assert "the bundle is redacted" in shown.text
    assert "CUST-7" not in shown.text
    assert "block" in shown.text


def test_an_erased_payload_is_said_to_be_away(tmp_path: Path) -> None:
    path = logged(tmp_path)
    with LogReader.open(path) as log:
        seq = next(log.decisions()).seq
    erase(path, seq, "result")
    erase(path, seq, "case")
    place = exported(path, tmp_path / "bundle", seq)
    shown = seen((place / "report.html").read_text(encoding="utf-8"), tmp_path, "#all")
    assert shown.verdict == "verified"
    assert "it was erased, cannot be opened or is too large" in shown.text
