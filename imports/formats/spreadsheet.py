"""Spreadsheets: CSV in its dialects and encodings, XLSX; cells as text, with what is no text named."""

import csv
from datetime import date, datetime, time
from io import BytesIO, StringIO

from imports.formats import block as roles
from imports.formats.block import Block, Document, Unreadable
from imports.formats.text import decode

MOST_ROWS = 10_000
MOST_COLUMNS = 200
LAST_LINE = 50_000  # of a sheet, with all that is only formatted
LONGEST_CELL = 32_767
FORMULA = "\x1b"  # opens a cell that holds one
GUARDED = ("'=", "'+", "'-", "'@", "'\t", "'\r", "'\n", "'＝", "'＋", "'－", "'＠", "' ", "'\"")


def read(data, name=""):
    is_book = data.startswith(b"PK")
    rows, notes = _book(data) if is_book else _csv(data)
    rows = [(number, cells) for number, cells in rows if any(cell.strip() for cell in cells)]
    if not rows:
        raise Unreadable("The spreadsheet is empty.")
    blocks = [
        Block("\t".join(cells).rstrip("\t") or " ", None, roles.ROW, place=str(number))
        for number, cells in rows
    ]
    document = Document("xlsx" if is_book else "csv", blocks, notes=notes)
    document.cells = [cells for _, cells in rows]
    return document


def _csv(data):
    text, notes = decode(data)
    if "\x00" in text:
        raise Unreadable("This is no table: it holds bytes that no text has.")
    sample = text[:20_000]
    try:
        dialect = csv.Sniffer().sniff(sample, delimiters=",;\t")
        dialect.doublequote = True
        delimiter = dialect.delimiter
    except csv.Error:
        delimiter = max(",;\t", key=text.partition("\n")[0].count)
    csv.field_size_limit(LONGEST_CELL * 4)
    rows = []
    try:
        for number, cells in enumerate(
            csv.reader(StringIO(text, newline=""), delimiter=delimiter), 1
        ):
            _bound(number, cells)
            rows.append(
                (
                    number,
                    [cell[1:] if cell.startswith(GUARDED) else _formula(cell) for cell in cells],
                )
            )
    except csv.Error as error:
        raise Unreadable(f"The file is no table: {error}.") from error
    return rows, notes


def _formula(cell):
    """A formula is marked: what it would come to nobody can say."""
    return f"{FORMULA}{cell}" if cell.startswith("=") else cell


def _book(data):
    from openpyxl import load_workbook

    try:
        book = load_workbook(BytesIO(data), read_only=True)
        sheet = book.worksheets[0]
    except Exception as error:  # openpyxl's own and those of zip and XML
        raise Unreadable(
            "The workbook is broken or has a password. Save it again as .xlsx."
        ) from error
    rows = []
    looked_at = sheet.iter_rows(max_row=LAST_LINE, max_col=MOST_COLUMNS + 1)
    for number, row in enumerate(looked_at, 1):
        cells = [_cell(cell) for cell in row]
        while cells and not cells[-1].strip():
            cells.pop()  # cells that are only formatted go on to the end of the sheet
        if cells:
            _bound(len(rows) + 1, cells)
            rows.append((number, cells))
    others = [each.title for each in book.worksheets[1:]]
    notes = [f"Only the first sheet is read; left out: {', '.join(others)}."] if others else []
    if (sheet.max_row or 0) > LAST_LINE or (sheet.max_column or 0) > MOST_COLUMNS + 1:
        notes.append(
            f"The sheet goes on beyond row {LAST_LINE} or column {MOST_COLUMNS}: nothing there was read."
        )
    return rows, notes


def _cell(cell):
    value = cell.value
    if value is None:
        return ""
    if getattr(cell, "data_type", "") == "f":
        return f"{FORMULA}{value}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return (
            value.date().isoformat()
            if value.time() == time()
            else value.isoformat(timespec="seconds")
        )
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _bound(number, cells):
    if number > MOST_ROWS or len(cells) > MOST_COLUMNS:
        raise Unreadable(
            f"The table is larger than {MOST_ROWS} rows and {MOST_COLUMNS} columns: give a part of it."
        )
