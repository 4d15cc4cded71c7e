"""A dump of the portal moves between the engines without losing anything."""

import shutil

import pytest
from django.core.management import call_command

from entries.models import kinds
from tests import prepared
from tests.elsewhere import manage_in_turn, succeeds

CONTENT = ["themes", "entries", "meetings", "practices", "lessons", "taggit"]


def dump(path):
    call_command("dumpdata", *CONTENT, output=str(path))
    return path.read_text()


@pytest.mark.postgresql
@pytest.mark.django_db
def test_a_dump_from_sqlite_to_this_engine_and_back_loses_nothing(
    empty_db, elsewhere, migrated, tmp_path
):
    first, there, back = (tmp_path / name for name in ("first.json", "there.json", "back.json"))

    corpus = prepared.prepared(prepared.CORPUS)
    if corpus:
        shutil.copy(corpus, elsewhere)
    dumped = ["dumpdata", *CONTENT, f"--output={first}"]
    succeeds(manage_in_turn(elsewhere, *([] if corpus else [["load_corpus"]]), dumped))

    call_command("loaddata", str(first), verbosity=0)
    assert [kind.objects.count() for kind in kinds()] == [58, 16, 27, 21, 9]
    assert dump(there) == first.read_text()

    shutil.copy(migrated, elsewhere)
    dumped = ["dumpdata", *CONTENT, f"--output={back}"]
    succeeds(manage_in_turn(elsewhere, ["loaddata", there], dumped))
    assert back.read_text() == first.read_text()
