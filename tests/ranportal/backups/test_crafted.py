"""Files that somebody made to look like backups: refused in words, at a bounded cost."""

import json
import tracemalloc
from hashlib import sha256
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from tests.backups import alter, opened_up, refusal

DEEP = b"[" * 100_000

MANIFESTS = {
    "no object": [],
    "no tables": {"tables": None},
    "tables that are none": {"tables": ["themes.theme"]},
    "a table without words": {"tables": {"themes.theme": None}},
    "rows that are no number": {"tables": {"themes.theme": {"rows": "many"}}},
    "no migrations": {"migrations": None},
    "migrations that are none": {"migrations": ["0001_initial"]},
    "migrations without a name": {"migrations": {"themes": 1}},
    "a format that is none": {"format_version": {"1": 1}},
}
TABLES = {
    "fewer rows than none": {"rows": -1},
    "more rows than can be": {"rows": 2**70},
    "rows yes or no": {"rows": True},
    "no checksum": {"sha256": None},
    "a last number below none": {"last_number": -7},
    "a last number beyond any": {"last_number": 2**63},
    "a last number that is a statement": {"last_number": "1; DROP TABLE themes_theme"},
}
ROWS = {
    "no JSON": b"themes\n",
    "no object": b"[1, 2]\n",
    "nothing": b"null\n",
    "nested without end": DEEP + b"\n",
    "no text": b"\xff\xfe\n",
    "no fields": b"{}\n",
    "a number beyond any": b'{"id": %d}\n' % 10**40,
    "digits without end": b'{"id": ' + b"9" * 10_000 + b"}\n",
    "no number": b'{"id": NaN}\n',
}


@pytest.mark.once
@pytest.mark.parametrize("what", MANIFESTS)
def test_a_crafted_manifest_ends_in_words(backup, what):
    with opened_up(backup) as (manifest, members):
        told = MANIFESTS[what]
        crafted = manifest | told if isinstance(told, dict) else told
        manifest.clear()
        members["kept"] = json.dumps(crafted).encode()
    rewrite(backup, lambda members: members | {"manifest.json": members.pop("kept")})
    assert str(backup) in refusal("restore", backup, "--replace")


@pytest.mark.once
@pytest.mark.parametrize("what", TABLES)
def test_a_crafted_word_on_a_table_ends_in_words(backup, what):
    with opened_up(backup) as (manifest, _members):
        manifest["tables"]["themes.theme"] |= TABLES[what]
    assert "damaged or incomplete" in refusal("restore", backup, "--replace")


@pytest.mark.parametrize("what", ROWS)
def test_a_crafted_row_ends_in_words(backup, what):
    with opened_up(backup) as (manifest, members):
        members["themes.theme.jsonl"] = row = ROWS[what]
        told = {"rows": 1, "sha256": sha256(row).hexdigest()}
        manifest["tables"]["themes.theme"] |= told
    said = refusal("restore", backup, "--replace")
    assert "themes.theme" in said
    assert "as it was before" in said


def test_a_question_that_was_taken_up_is_not_open_in_a_file_either(backup):
    alter(backup, "lessons.question", b'"taken-up"', b'"open"')
    said = refusal("restore", backup, "--replace")
    assert "The database did not keep lessons.question as it is in the file." in said


@pytest.mark.once
def test_a_manifest_that_opens_to_a_gigabyte_is_refused_unopened(backup):
    with ZipFile(backup, "w", ZIP_DEFLATED) as archive, archive.open("manifest.json", "w") as file:
        file.write(b'{"format": "')
        for _ in range(200):
            file.write(b" " * 1_000_000)
        file.write(b'"}')
    assert backup.stat().st_size < 300_000
    tracemalloc.start()
    said = refusal("restore", backup, "--replace")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "its manifest is far too large" in said
    assert most < 60_000_000


def rewrite(path, change):
    with ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with ZipFile(path, "w") as archive:
        for name, content in change(members).items():
            archive.writestr(name, content)
