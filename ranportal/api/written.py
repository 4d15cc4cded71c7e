"""Records written out as JSON: once, whoever asks, and kept while what they tell stays as it is."""

from functools import cache
from operator import attrgetter
from typing import NamedTuple
from uuid import uuid4

import orjson
from rest_framework.renderers import JSONRenderer
from rest_framework.utils.encoders import JSONEncoder

from records.memory import LIGHT, Of, remembered_each

# Stands where the portal's own address will: it is asked for under several, and nobody can know this.
ANYWHERE = f"http://{uuid4().hex}.invalid"


class Anyone:
    """The request that what is kept is written for."""

    def build_absolute_uri(self, path):
        return f"{ANYWHERE}{path}"


class Written(list):
    """Rows that are JSON already."""


# Writes what JSON itself has no word for, as the framework's renderer does.
OTHERWISE = JSONEncoder().default


def as_json(row):
    """The row as that renderer writes it: two signs are no text to old JavaScript."""
    text = orjson.dumps(row, default=OTHERWISE)
    return text.replace(b"\xe2\x80\xa8", rb"\u2028").replace(b"\xe2\x80\xa9", rb"\u2029")


@cache
def writer(serializer_class):
    """One serializer for all: making its fields takes longer than writing a page."""
    return serializer_class(context={"request": Anyone()})


class Kept(NamedTuple):
    """A record as JSON, and what that is of."""

    row: bytes
    of: Of | None


def weight(kept):
    return LIGHT + len(kept.row)


def written(name, keys, bring, serializer_class, request, of=None):
    """The records with these keys, in their order; `bring` gives some of them by their keys, and
    `of` says of a record what its row is of."""

    def write(missing):
        row, rows = writer(serializer_class).to_representation, {}
        for record in bring(missing):
            rows[record.pk] = Kept(as_json(row(record)), of and of(record))
            record.let_go()
        return rows

    found = remembered_each(("api", name), keys, write, weight=weight, of=attrgetter("of"))
    here, root = ANYWHERE.encode(), request.build_absolute_uri("/")[:-1].encode()
    return Written([kept.row.replace(here, root) for kept in found])


class PageRenderer(JSONRenderer):
    """Writes a page around rows that are written already."""

    def render(self, data, accepted_media_type=None, renderer_context=None):
        rows = data.get("results") if isinstance(data, dict) else None
        rest = (accepted_media_type, renderer_context)
        if not isinstance(rows, Written):
            return super().render(data, *rest)
        if self.get_indent(accepted_media_type, renderer_context or {}):
            return super().render(data | {"results": list(map(orjson.loads, rows))}, *rest)
        before, end, after = super().render(data | {"results": []}, *rest).rpartition(b"]")
        return b"".join([before, b",".join(rows), end, after])
