"""A list as BibTeX itself writes it out, where it is installed (Debian's texlive-binaries and -base)."""

import shutil
import subprocess

import pytest

from lessons.models import Lesson
from tests.addresses import list_address
from tests.made import every_kind, make
from tests.pages import content_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once,
    pytest.mark.skipif(not shutil.which("bibtex"), reason="BibTeX is not installed."),
]


@pytest.fixture
def written(client, tmp_path):
    """A function that gives the references of a kind's list, as a style prints them."""

    def written(kind, style="plain"):
        (tmp_path / "list.bib").write_bytes(content_of(client.get(list_address(kind, "bib"))))
        aux = rf"\citation{{*}}\bibstyle{{{style}}}\bibdata{{list}}".replace("}\\", "}\n\\")
        (tmp_path / "list.aux").write_text(aux)
        command = [shutil.which("bibtex"), "list"]
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        if "couldn't open style file" in run.stdout:
            pytest.skip(f"The style {style} is not installed.")
        assert "error message" not in run.stdout
        return " ".join((tmp_path / "list.bbl").read_text().split())

    return written


@every_kind
def test_every_entry_is_written_out(written, kind):
    assert written(kind).count(r"\bibitem{") == kind.objects.published().count()


def test_a_statement_keeps_its_capitals_its_author_and_its_address(written):
    make(Lesson, "RAN & P/CVE cost 36 %. Teams {of a kind} need it.", slug="a-kind_of")
    text = written(Lesson)
    assert (
        r"{RAN Mental Health knowledge portal}. \newblock {RAN} \& {P/CVE} cost 36 \%."
        r" {T}eams \{of a kind\} need it. \newblock http://testserver/lessons/a-kind\_of/,"
    ) in text
