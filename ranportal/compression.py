"""Answers are compressed with zlib-ng: hardly more bytes than with zlib, in a third of the time."""

import secrets
import struct

from django.middleware.gzip import GZipMiddleware, re_accepts_gzip
from django.utils.cache import patch_vary_headers
from zlib_ng import zlib_ng

LEVEL = 4
SHORTEST = 200  # bytes that are worth it
HEAD = b"\x1f\x8b\x08\x08\0\0\0\0\0\xff"  # of a gzip file with a name
WITHOUT_HEAD = -15  # what zlib is told so


class Compression(GZipMiddleware):
    """Django's own, with another library."""

    def process_response(self, request, response):
        if not response.streaming and len(response.content) < SHORTEST:
            return response
        if response.has_header("Content-Encoding"):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if not re_accepts_gzip.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
            return response
        if response.streaming:
            response.streaming_content = packed(response.streaming_content, self.max_random_bytes)
            del response["Content-Length"]
        else:
            content = b"".join(packed([response.content], self.max_random_bytes))
            if len(content) >= len(response.content):
                return response
            response.content = content
            response["Content-Length"] = str(len(content))
        if response.get("ETag", "").startswith('"'):  # the same page, no longer the same bytes
            response["ETag"] = f"W/{response['ETag']}"
        response["Content-Encoding"] = "gzip"
        return response


def packed(pieces, most):
    """A gzip file of the pieces. Its name has no meaning and up to so many letters: how long an
    answer is then tells nobody what it holds (the attack called BREACH)."""
    yield HEAD + b"a" * secrets.randbelow(most) + b"\0"
    packing, digest, size = zlib_ng.compressobj(LEVEL, wbits=WITHOUT_HEAD), 0, 0
    for piece in pieces:
        digest, size = zlib_ng.crc32(piece, digest), size + len(piece)
        if ready := packing.compress(piece):
            yield ready
    yield packing.flush() + struct.pack("<LL", digest, size & 0xFFFFFFFF)
