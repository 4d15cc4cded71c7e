"""The child process: bytes on standard input, blocks as JSON on standard output."""

import json
import sys

from imports.reading.block import Unreadable
from imports.reading.kind import kind_of

MOST_TEXT = 3_000_000  # characters
MOST_BLOCKS = 20_000


def main():
    data = sys.stdin.buffer.read()
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    try:
        answer = read(data, name).as_dict()
    except Unreadable as reason:
        answer = {"unreadable": str(reason)}
    except RecursionError:
        answer = {"unreadable": "The file is nested deeper than any document: it is refused."}
    sys.stdout.write(json.dumps(answer, ensure_ascii=True))


def read(data, name):
    kind = kind_of(data, name)
    if kind == "pdf":
        from imports.reading import pdf as reader
    elif kind == "docx":
        from imports.reading import docx as reader
    elif kind == "html":
        from imports.reading import html as reader
    elif kind == "text":
        from imports.reading import text as reader
    else:
        from imports.reading import table as reader
    document = reader.read(data, name)
    if (
        sum(len(block.text) for block in document.blocks) > MOST_TEXT
        or len(document.blocks) > MOST_BLOCKS
    ):
        raise Unreadable(
            "The file holds more text than the portal reads at once. Give a chapter of it."
        )
    return document


main()
