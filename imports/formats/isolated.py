"""The door to reading: a child process with limits, so that no file can hurt the portal.

It reads the file and, asked to, concludes from its words too: both are patterns over a stranger's text.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from imports.formats.block import Document, Unreadable
from imports.formats.progress import heard_by

LARGEST = 20_000_000  # bytes of a file
MEMORY = 1_500_000_000  # bytes that the child may ask for
SECONDS = 60  # of processor time
WAITING = 120  # seconds in all, on a machine that has other things to do
MOST_ANSWER = 60_000_000  # bytes that the child may say
ROOT = Path(__file__).parent.parent.parent


def read_file(data, name=""):
    """The document that the bytes are; `Unreadable` says why they are none."""
    return Document.from_dict(ask(data, name)["document"])


def ask(data, name="", account=None, tell=None):
    """What the child says of a file: its document, and its account where that is asked for.

    `tell` is called with how many of how many pages are read.
    """
    if len(data) > LARGEST:
        raise Unreadable(
            f"The file has {len(data) // 1_000_000} MB; the portal reads up to {LARGEST // 1_000_000} MB."
        )
    order = json.dumps({"name": name[:200], "account": account}).encode()
    try:
        with heard_by(tell) as pipes:
            limits = [str(MEMORY), str(SECONDS)]
            done = subprocess.run(
                [sys.executable, "-m", "imports.formats", *limits, *map(str, pipes)],
                input=order + b"\n" + data,
                capture_output=True,
                timeout=WAITING,
                cwd=ROOT,
                env={"PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1", "LANG": "C.UTF-8"},
                pass_fds=pipes,
            )
    except subprocess.TimeoutExpired:
        raise Unreadable(
            "Reading the file took too long and was given up. Give a smaller part of it."
        ) from None
    return _answer(done)


def _answer(done):
    if done.returncode == 0 and len(done.stdout) <= MOST_ANSWER:
        answer = json.loads(done.stdout)
        if "unreadable" in answer:
            raise Unreadable(answer["unreadable"])
        if "fault" in answer:
            raise RuntimeError(answer["fault"])
        return answer
    if done.returncode < 0 or b"MemoryError" in done.stderr or len(done.stdout) > MOST_ANSWER:
        raise Unreadable(
            "Reading the file took more memory or time than the portal gives to one file. It may be"
            " made to do that. Give a smaller part of it, or the plain text."
        )
    raise Unreadable(
        "The file could not be read: it is broken, or made in a way the portal does not know."
    )
