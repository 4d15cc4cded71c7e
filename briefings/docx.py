"""A briefing as a document for Word and LibreOffice: the same content as its page."""

from io import BytesIO

from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from entries.formats.text import printable

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def docx_answer(briefing, filename):
    """The document as a download."""
    file = BytesIO()
    document_of(briefing).save(file)
    disposition = {"Content-Disposition": f'attachment; filename="{filename}.docx"'}
    return HttpResponse(file.getvalue(), content_type=CONTENT_TYPE, headers=disposition)


def document_of(briefing):
    document = Document()
    set_page(document)
    set_language(document, get_language())
    portal = gettext("RAN Mental Health knowledge portal")
    document.core_properties.title = printable(briefing.title)
    document.core_properties.author = portal
    document.core_properties.language = get_language()
    document.add_heading(printable(briefing.title), level=0)
    today = date_format(timezone.localdate(), "j F Y")
    document.add_paragraph(f"{today} · {briefing.origin}", style="Subtitle")
    for text in briefing.introduction:
        document.add_paragraph(printable(text))
    for section in briefing.sections:
        add_section(document, section)
    if briefing.notes:
        document.add_heading(gettext("Sources"), level=1)
    for note in briefing.notes:
        # Numbered by hand: the same numbers as on the page, whatever the program makes of lists.
        paragraph = document.add_paragraph(f"{note.number}.\t{printable(note.citation.note)}")
        paragraph.paragraph_format.left_indent = Pt(24)
        paragraph.paragraph_format.first_line_indent = Pt(-24)
        links = [
            document.add_paragraph(printable(told(link))) for link in note.entry.assigned_links
        ]
        for link in links:
            link.paragraph_format.left_indent = Pt(24)
        for each in (paragraph, *links):
            each.paragraph_format.space_after = Pt(2)
            each.runs[0].font.size = Pt(8)
    return document


def told(link):
    """An address and how it is, with its archived copy: on paper nobody can follow a link."""
    parts = [f"{link.url} ({link.get_role_display()}, {link.get_certainty_display()}):"]
    parts += [str(link.health.words), link.health.moved_to]
    copy = gettext("archived copy: %s") % link.archived
    return f"{' '.join(filter(None, parts))}; {copy}"


def set_page(document):
    """A4, as it is printed here, with room for about two pages of a situation."""
    (page,) = document.sections
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(18)
    page.top_margin = page.bottom_margin = Mm(16)
    document.styles["Normal"].font.size = Pt(10.5)
    document.styles["Normal"].paragraph_format.space_after = Pt(4)
    document.styles["Title"].font.size = Pt(22)
    document.styles["Heading 1"].paragraph_format.space_before = Pt(10)


def add_section(document, section):
    document.add_heading(section.heading, level=1)
    if section.note:
        document.add_paragraph(printable(section.note))
    for statement in section.statements:
        entry = statement.entry
        if statement.number is None:
            document.add_paragraph(printable(str(entry)))
            continue
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.keep_together = True
        if statement.title:
            paragraph.add_run(printable(statement.title)).bold = True
            paragraph.add_run(" ")
        paragraph.add_run(printable(entry.text))
        paragraph.add_run(f" [{statement.number}]").font.superscript = True


def set_language(document, language):
    """What the program checks spelling in, for the whole document."""
    properties = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault"))
    run = properties.find(qn("w:rPr"))
    mark = run.find(qn("w:lang"))
    if mark is None:
        mark = OxmlElement("w:lang")
        run.append(mark)
    mark.set(qn("w:val"), "en-GB" if language == "en" else language)
