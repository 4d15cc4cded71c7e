"""How far a reader is: the child says it on a pipe, for whoever waits at the other end."""

import os
import re
from contextlib import contextmanager
from threading import Thread

SAID = re.compile(rb"(\d{1,6}) ([1-9]\d{0,5})\n")
pipe = None


def say(done, whole):
    """In the child: so many of so many pages are read."""
    if pipe is not None:
        os.write(pipe, b"%d %d\n" % (done, whole))


def say_on(descriptor):
    global pipe
    pipe = descriptor


@contextmanager
def heard_by(tell):
    """The descriptors to give to the child; what it says meanwhile is told as (done, whole)."""
    if tell is None:
        yield ()
        return
    reading, writing = os.pipe()
    listener = Thread(target=_listen, args=(reading, tell), daemon=True)
    listener.start()
    try:
        yield (writing,)
    finally:
        os.close(writing)
        listener.join()


def _listen(reading, tell):
    with os.fdopen(reading, "rb") as lines:
        for line in lines:
            if said := SAID.fullmatch(line):
                tell(int(said[1]), int(said[2]))
