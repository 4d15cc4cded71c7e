"""What a file is, by its content; its name only decides between texts."""

import re
import zipfile
from io import BytesIO

from imports.formats.block import Unreadable

NAMES = {
    "pdf": "a PDF",
    "docx": "a Word file",
    "html": "a web page",
    "text": "a text",
    "xlsx": "a spreadsheet",
}


def format_of(data, name=""):
    """pdf, docx, xlsx, html or text; refuses what is none of them, in words."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if not data.strip():
        raise Unreadable("The file is empty.")
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return _in_zip(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(
            "This is an old Word or Excel file (before 2007), or one with a password. Save it as"
            " .docx or .xlsx without a password, or as PDF."
        )
    if data.startswith(b"{\\rtf"):
        raise Unreadable("This is a file in Rich Text Format. Save it as .docx or PDF.")
    if (
        data[:8] in (b"\x89PNG\r\n\x1a\n",)
        or data[:3] == b"\xff\xd8\xff"
        or data[:4] in (b"GIF8", b"II*\x00", b"MM\x00*")
    ):
        raise Unreadable(
            "This is a picture, not text: the portal does not read scans. Give the document itself."
        )
    if ending == "pdf":
        raise Unreadable(
            "The file is called .pdf but is no PDF. Was the download cut off, or a web page saved in its place?"
        )
    if ending in ("docx", "xlsx", "doc", "xls"):
        raise Unreadable(f"The file is called .{ending} but is none. Was the download cut off?")
    if re.search(rb"<(?:!doctype\s+html|html|head|body)\b", data[:4000], re.IGNORECASE):
        return "html"
    if ending in ("html", "htm") and b"<" in data:
        return "html"
    return "csv" if ending in ("csv", "tsv") else "text"


def _in_zip(data):
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
            size = sum(entry.file_size for entry in archive.infolist())
            encrypted = any(entry.flag_bits & 1 for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Unreadable("The file is broken: its end is missing. Fetch it again.") from error
    if encrypted:
        raise Unreadable("The file has a password. Save it without one.")
    if size > 200_000_000 or (size > 2_000_000 and size > 150 * len(data)):
        raise Unreadable("Unpacked, the file would be far too large: it is refused unread.")
    if "word/document.xml" in names:
        return "docx"
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "mimetype" in names and "content.xml" in names:
        raise Unreadable("This is an OpenDocument file. Save it as .docx, .xlsx or PDF.")
    raise Unreadable("This is a zip archive, not a document. Unpack it and give the document.")
