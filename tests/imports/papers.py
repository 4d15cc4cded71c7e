"""Documents for the tests of imports, made anew from blocks: HTML for a browser to print, Word."""

from html import escape
from io import BytesIO
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SOURCES = ROOT.parent / "shared" / "sources"  # they stay out of the repository

STYLE = """
@page { size: A4; margin: 14mm 18mm }
body { font: 8.6pt/1.25 sans-serif } h1 { font-size: 15pt } h2 { font-size: 12.5pt } h3 { font-size: 10.5pt }
section { break-before: page } .cover { height: 10mm } .columns { column-count: 2; column-gap: 9mm; list-style-type: "•  " }
footer { font-size: 6pt; word-break: break-all } .columns ul { list-style-type: "•  " } li { margin-bottom: 2pt } p, ul, h1, h2, h3 { margin: 3pt 0 }
"""
LEVELS = ((r"Main theme", 1), (r"Sub", 2))


def by_page(blocks):
    pages = {}
    for block in blocks:
        pages.setdefault(block.page, []).append(block)
    return pages


def level_of(text):
    return next((level for start, level in LEVELS if text.strip().startswith(start)), 3)


def as_html(blocks, columns=False, running=True):
    """A page of HTML for each page, its addresses in the foot, a running head on each."""
    parts = [f"<style>{STYLE}</style><title>Overview paper</title><div class=cover></div>"]
    for number, page in by_page(blocks).items():
        parts.append("<section>")
        if running:
            parts.append(
                f"<p>DISCUSSIONS PAPER<br>RAN HEALTH Working Group<br>Page {number} of 15</p>"
            )
        parts.append("<div class=columns>" if columns else "<div>")
        addresses = [block.text for block in page if block.role == "address"]
        open_list = False
        for block in page:
            if block.role in ("address", "furniture"):
                continue
            if (block.role == "bullet") != open_list:
                open_list = not open_list
                parts.append("<ul>" if open_list else "</ul>")
            text = escape(" ".join(block.body.replace("-\n", "-").split()))
            if block.role == "heading":
                level = level_of(block.text)
                parts.append(f"<h{level}>{text}</h{level}>")
            else:
                parts.append(f"<li>{text}</li>" if block.role == "bullet" else f"<p>{text}</p>")
        parts.append("</ul>" if open_list else "")
        parts.append("</div><footer>" + "<br>".join(map(escape, addresses)) + "</footer></section>")
    return f"<!doctype html><html lang=en><meta charset=utf-8>{''.join(parts)}"


def as_word(blocks):
    """A Word file with styles and a page break before each page."""
    from docx import Document
    from docx.enum.text import WD_BREAK

    word = Document()
    for page in by_page(blocks).values():
        word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        for block in page:
            text = " ".join(block.body.replace("-\n", "-").split())
            if block.role == "heading":
                word.add_heading(text, level_of(block.text))
            elif block.role == "bullet":
                word.add_paragraph(text, style="List Bullet")
            elif block.role != "furniture":
                word.add_paragraph(text)
    written = BytesIO()
    word.save(written)
    return written.getvalue()


def source(name):
    path = SOURCES / name
    if not path.exists():
        pytest.fail(f"{path} is missing: the three documents lie beside the project's folder.")
    return path.read_bytes()
