"""Pages of HTML that load nothing from elsewhere and run nothing; every text in them is escaped."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape

from neurosym.text.escape import printable

STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;margin:1rem 0}caption{text-align:left;font-weight:600;padding:.25rem 0}"
    "td,th{border:1px solid #8888;padding:.25rem .6rem;text-align:left;vertical-align:top}"
    "td.n{text-align:right;font-variant-numeric:tabular-nums}td,p{overflow-wrap:anywhere}"
    "img{max-width:100%;background:#fff}.alarm{border-left:.4rem solid #b23a48;padding-left:.8rem}"
    "@media print{body{max-width:none;margin:0}table,img{break-inside:avoid}}"
)


def page(title: str, *parts: str) -> str:
    """The page of some parts, each of them HTML."""
    head = f'<meta charset="utf-8"><title>{_text(title)}</title><style>{STYLE}</style>'
    return f'<!doctype html>\n<html lang="en"><head>{head}</head><body>\n' + "\n".join(parts) + "\n</body></html>\n"


def heading(level: int, text: str) -> str:
    """A heading."""
    return f"<h{level}>{_text(text)}</h{level}>"


def paragraph(text: str) -> str:
    """A paragraph."""
    return f"<p>{_text(text)}</p>"


def alarm(text: str) -> str:
    """A paragraph that is not to be overlooked."""
    return f'<p class="alarm" role="alert"><strong>Alarm:</strong> {_text(text)}</p>'


def image(png: bytes, said: str) -> str:
    """An image, with what it shows for those who cannot see it."""
    return f'<p><img alt="{_text(said)}" src="data:image/png;base64,{base64.b64encode(png).decode("ascii")}"></p>'


def table(caption: str, headings: Sequence[str], rows: Sequence[Sequence[str | int]]) -> str:
    """A table; whole numbers and figures stand to the right."""
    head = "".join(f'<th scope="col">{_text(each)}</th>' for each in headings)
    body = "\n".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return f"<table><caption>{_text(caption)}</caption>\n<tr>{head}</tr>\n{body}\n</table>"


def listing(caption: str, pairs: Sequence[tuple[str, str]]) -> str:
    """A table of names and values."""
    body = "\n".join(f'<tr><th scope="row">{_text(name)}</th><td>{_text(value)}</td></tr>' for name, value in pairs)
    return f"<table><caption>{_text(caption)}</caption>\n{body}\n</table>"


def _cell(value: str | int) -> str:
    text = str(value)
    return f'<td class="n">{_text(text)}</td>' if text[:1].isdigit() else f"<td>{_text(text)}</td>"


def _text(text: str) -> str:
    return escape(printable(text))
