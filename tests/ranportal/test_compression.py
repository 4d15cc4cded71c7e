"""What is sent to whoever takes it compressed is the same to the last byte."""

import gzip
import zlib

import pytest

from tests.pages import content_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.mark.parametrize("address", ["/lessons/", "/lessons.csv"])
def test_what_comes_compressed_holds_the_same(client, address):
    packed = client.get(address, headers={"accept-encoding": "br, gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    content = content_of(packed)
    assert gzip.decompress(content) == content_of(client.get(address))
    assert packed.get("Content-Length", str(len(content))) == str(len(content))


def test_a_page_is_small_and_its_length_tells_nothing(client):
    page = content_of(client.get("/lessons/"))
    # Each is made anew, as for who is signed in: within a transaction no answer is kept.
    answers = [client.get("/lessons/", headers={"accept-encoding": "gzip"}) for _ in range(9)]
    lengths = [len(content_of(each)) for each in answers]
    assert len(set(lengths)) > 1
    assert min(lengths) < 1.02 * len(zlib.compress(page, 6)) + 100


def test_who_takes_no_gzip_gets_the_page_as_it_is(client):
    assert "Content-Encoding" not in client.get("/lessons/", headers={"accept-encoding": "br"})
