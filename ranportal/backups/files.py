"""A file that is there whole or not at all, whatever happens while it is written."""

import fcntl
import glob
import os
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile


@contextmanager
def replacing(path):
    """A new file, its owner's alone, that takes the place of `path` if all goes well."""
    beside = {"dir": path.parent, "prefix": f".{path.name}.", "suffix": ".part"}
    remove_abandoned(beside)
    with NamedTemporaryFile("w+b", **beside, delete=False) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def remove_abandoned(beside):
    """Take away what backups to the same file left that were killed: nobody locks it."""
    for part in beside["dir"].glob(glob.escape(beside["prefix"]) + "*" + beside["suffix"]):
        with suppress(OSError), part.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink()
