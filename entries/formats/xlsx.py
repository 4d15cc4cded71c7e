"""A list as a workbook: typed cells, and a sheet that says what the file is."""

from datetime import datetime
from tempfile import TemporaryFile

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from entries.formats.base import with_query
from entries.formats.csv import Table
from entries.formats.text import printable

MOST_ROWS = 10_000
LONGEST_CELL = 32_767  # characters, to Excel
AT_ONCE = 64 * 1024
# Columns of long texts are as wide as one reads them, others as their header and a date.
WIDE, NARROW = 60, 18
LONG = {"text", "description", "summary", "title", "objectives", "conclusions", "key_points"}


def cell_of(sheet, value):
    """A cell of the value's own type: a text is never a formula, nor a number."""
    if isinstance(value, datetime):
        return value.replace(microsecond=0)
    if not isinstance(value, str):
        return value
    text = printable(value)[:LONGEST_CELL]
    if not text:
        return None
    if text[0] != "=" and "\n" not in text:
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.alignment = Alignment(wrap_text="\n" in text, vertical="top")
    return cell


def heading(sheet, text):
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell


class EntryXLSX(Table):
    """A list as a workbook, for Excel and its kin."""

    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    extension = "xlsx"
    response_class = HttpResponse  # made as a whole, and kept until the content changes

    def refuse(self):
        super().refuse()
        self.count = len(self.filterset.keys)
        if self.count > MOST_ROWS:
            address = with_query(self.model.kind.url("csv"), self.filterset.query())
            message = _(
                "This list has %(count)d rows, and a workbook is made of %(most)d at most: choose"
                " fewer, or take it as CSV from %(csv)s."
            )
            csv = self.request.build_absolute_uri(address)
            raise BadRequest(message % {"count": self.count, "most": MOST_ROWS, "csv": csv})

    def chunks(self, entries):
        book = Workbook(write_only=True)
        self.write_rows(book.create_sheet(str(capfirst(self.model.kind.plural))), entries)
        self.write_about(book.create_sheet(_("About this file")))
        with TemporaryFile() as file:
            book.save(file)
            file.seek(0)
            while piece := file.read(AT_ONCE):
                yield piece

    def write_rows(self, sheet, entries):
        sheet.freeze_panes = "C2"
        for number, header in enumerate(self.headers, 1):
            sheet.column_dimensions[get_column_letter(number)].width = (
                WIDE if header in LONG else NARROW
            )
        sheet.append([heading(sheet, header) for header in self.headers])
        for columns in self.some_at_once(entries):
            for row in zip(*columns, strict=True):
                sheet.append([cell_of(sheet, value) for value in row])
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(self.headers))}{self.count + 1}"

    def write_about(self, sheet):
        sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = NARROW, 2 * WIDE
        page = with_query(self.model.kind.list_url, self.filterset.query())
        licence = settings.CONTENT_LICENCE
        rows = [
            (_("Portal"), _("RAN Mental Health knowledge portal")),
            (_("Selection"), capfirst(self.filterset.sentence(self.count))),
            (_("Rows"), self.count),
            (_("Made"), localtime().replace(tzinfo=None, microsecond=0)),
            (_("Address"), self.request.build_absolute_uri(page)),
            (
                _("Whose words"),
                _(
                    "Texts are the portal’s own wording of what its sources say; titles, names and"
                    " what is headed as printed are the sources’ own. Empty: not stated."
                ),
            ),
            *([(_("Licence of the wording"), licence)] if licence else []),
        ]
        for row in rows:
            sheet.append([cell_of(sheet, value) for value in row])
