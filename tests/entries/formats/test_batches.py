"""A file is made of some hundred entries at once: of how many, nothing in it tells."""

import gc
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import rispy

from entries.formats.base import one_at_a_time
from lessons.models import Lesson
from practices.models import Practice
from tests.addresses import list_address
from tests.made import every_kind
from tests.pages import content_of

pytestmark = pytest.mark.django_db


def keys_in(ris):
    return [each["id"] for each in rispy.loads(ris.decode())]


def practices_held():
    return sum(type(each) is Practice for each in gc.get_objects())


@every_kind
def test_a_file_of_many_batches_is_the_file_of_one(client, kind, monkeypatch):
    addresses = [list_address(kind, name) for name in ("csv", "ris", "bib", "atom")]
    whole = [content_of(client.get(address)) for address in addresses]
    assert kind.objects.published().count() > 3
    monkeypatch.setattr("entries.models.AT_ONCE", 3)
    monkeypatch.setattr("entries.together.MOST_KNOWN", 1)
    monkeypatch.setattr("entries.formats.citation.MOST_CITED", 1)
    assert [content_of(client.get(address)) for address in addresses] == whole


def test_what_is_withdrawn_while_a_file_is_made_is_not_in_what_is_still_to_come(
    client, monkeypatch
):
    monkeypatch.setattr("entries.models.AT_ONCE", 3)
    monkeypatch.setattr("entries.formats.base.PIECE", 1)
    address = list_address(Lesson, "ris")
    before = keys_in(content_of(client.get(address)))
    pieces = iter(client.get(address).streaming_content)
    begun = next(pieces)
    withdrawn = Lesson.objects.get(slug=before[-2].partition("-")[2])
    withdrawn.status = Lesson.Status.WITHDRAWN
    withdrawn.save()
    found = keys_in(begun + b"".join(pieces))
    assert found == [key for key in before if key != before[-2]]


def test_a_table_leaves_no_entry_that_python_would_have_to_search_for(client):
    assert Practice.objects.published().filter(links__isnull=False).exists()
    gc.collect()
    before = practices_held()
    gc.disable()
    try:
        content_of(client.get(list_address(Practice, "csv")))
        assert practices_held() == before
    finally:
        gc.enable()


def test_of_several_files_one_is_written_on_at_a_time_and_one_that_breaks_holds_up_no_other(
    monkeypatch,
):
    monkeypatch.setattr("entries.formats.base.LONGEST_TURN", 60)  # on a machine that stands still
    busy, most = [], []

    def pieces(name):
        for number in range(20):
            busy.append(name)
            time.sleep(0.001)  # so that the others come
            most.append(len(busy))
            busy.remove(name)
            if (name, number) == ("breaks", 5):
                raise ArithmeticError
            yield f"{name} {number}"

    def whole(name):
        try:
            return len(list(one_at_a_time(pieces(name))))
        except ArithmeticError:
            return "broken"

    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(whole, ["one", "breaks", "other"])) == [20, "broken", 20]
    assert max(most) == 1
