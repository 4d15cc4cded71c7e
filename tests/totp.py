"""What an authenticator app does (RFC 6238), so that tests do not ask the portal for its own code."""

import base64
import hmac
import time

PERIOD = 30
handed_out = set()


def code_at(key, moment):
    counter = int(moment // PERIOD).to_bytes(8, "big")
    digest = hmac.digest(base64.b32decode(key), counter, "sha1")
    place = digest[-1] & 15
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**6:06}"


def code(key):
    """A code not asked for before: of this half minute, or of the next, which a fast clock is in.

    Either is good for half a minute at least, however late it is typed in: none is of a slow clock.
    """
    for offset in (0, PERIOD):
        fresh = code_at(key, time.time() + offset)
        if (key, fresh) not in handed_out:
            handed_out.add((key, fresh))
            return fresh
    time.sleep(PERIOD - time.time() % PERIOD)
    return code(key)
