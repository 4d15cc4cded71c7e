"""What an authenticator app does (RFC 6238), so that tests do not ask the portal for its own code."""

import base64
import hmac
import time

PERIOD = 30


def code(key):
    """The code of this half minute; late in one, that of the next, when it has begun."""
    left = PERIOD - time.time() % PERIOD
    if left < 5:
        time.sleep(left)
    counter = int(time.time() // PERIOD).to_bytes(8, "big")
    digest = hmac.digest(base64.b32decode(key), counter, "sha1")
    place = digest[-1] & 15
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**6:06}"
