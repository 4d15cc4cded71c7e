"""The child process: an order and a file on standard input, what was read as JSON on standard output.

It takes its limits upon itself before it reads a byte: the portal has threads, and a fork of those
must not run code of ours before the new program.
"""

import json
import resource
import sys
import traceback

from imports.formats import progress
from imports.formats.block import Unreadable
from imports.formats.format import format_of

MOST_TEXT = 3_000_000  # characters
MOST_BLOCKS = 20_000


def main():
    memory, seconds, *pipes = map(int, sys.argv[1:])
    limit(memory, seconds)
    for pipe in pipes:
        progress.say_on(pipe)
    order, data = json.loads(sys.stdin.buffer.readline()), sys.stdin.buffer.read()
    try:
        document = read(data, order["name"])
        answer = {"document": document.as_dict()}
        if order["account"] is not None and not document.cells:
            answer |= account(document, **order["account"])
    except Unreadable as reason:
        answer = {"unreadable": str(reason)}
    except RecursionError:
        answer = {"unreadable": "The file is nested deeper than any document: it is refused."}
    sys.stdout.write(json.dumps(answer, ensure_ascii=True))


def limit(memory, seconds):
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(data, name):
    format_ = format_of(data, name)
    if format_ == "pdf":
        from imports.formats import pdf as reader
    elif format_ == "docx":
        from imports.formats import docx as reader
    elif format_ == "html":
        from imports.formats import html as reader
    elif format_ == "text":
        from imports.formats import text as reader
    else:
        from imports.formats import spreadsheet as reader
    document = reader.read(data, name)
    if (
        sum(len(block.text) for block in document.blocks) > MOST_TEXT
        or len(document.blocks) > MOST_BLOCKS
    ):
        raise Unreadable(
            "The file holds more text than the portal reads at once. Give a chapter of it."
        )
    return document


def account(document, groups, recipe, language):
    from django.conf import settings

    settings.configure(USE_I18N=False)  # the names of countries ask for them; no secret comes here

    from imports.reader import account_of
    from imports.readings.groups import Groups

    try:
        return {"account": account_of(document, Groups(groups), recipe, language).readings()}
    except (MemoryError, RecursionError):  # of the file
        raise
    except Exception:  # of ours: the portal logs it
        return {"fault": traceback.format_exc()}


main()
