"""The overview paper as a browser prints it, tagged and untagged, in one column and in two.

Each PDF has to give the very account that the text gives; what that is stands in
`tests/imports/test_corpus_documents.py`, beside the corpus.
"""

import pytest

from imports.formats.isolated import read_file
from imports.reader import account_of
from imports.readings.words import normal
from tests.imports import papers
from tests.imports.papers import source

READINGS = ("kind", "title", "page", "start", "end", "precision", "countries", "groups", "theme")


def told(account):
    """What the proposals say, each with the addresses it was given."""
    return [
        [normal(p["as_printed"]), sorted(p["links"]), *(p[name] for name in READINGS)]
        for p in account["proposals"]
    ]


@pytest.fixture(scope="module")
def document():
    return read_file(source("overview-paper.txt"), "overview-paper.txt")


@pytest.fixture(scope="module")
def what_the_text_gives(document):
    return told(account_of(document).as_dict())


@pytest.mark.parametrize("tagged", [True, False], ids=["tagged", "untagged"])
@pytest.mark.parametrize("columns", [False, True], ids=["one column", "two columns"])
def test_a_printed_pdf_gives_what_the_text_gives(
    page, document, what_the_text_gives, tagged, columns
):
    page.goto("about:blank")  # which has no policy
    page.set_content(papers.as_html(document.blocks, columns=columns))
    printed = page.pdf(tagged=tagged, prefer_css_page_size=True)
    account = account_of(read_file(printed, "overview-paper.pdf")).as_dict()
    assert account["recipe"] == "overview-paper"
    assert told(account) == what_the_text_gives
    assert sum(block["fate"] == "absence" for block in account["blocks"]) == 1
