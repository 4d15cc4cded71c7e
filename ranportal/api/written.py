"""Entries written out as JSON: once, whoever asks, and kept while the content stays as it is."""

import json
from functools import cache
from sys import getsizeof
from uuid import uuid4

from rest_framework.renderers import JSONRenderer

from entries.models import prepared
from records.memory import remembered_each

# Stands where the portal's own address will: it is asked for under several, and nobody can know this.
ANYWHERE = f"http://{uuid4().hex}.invalid"


class Anyone:
    """The request that what is kept is written for."""

    def build_absolute_uri(self, path):
        return f"{ANYWHERE}{path}"


class Written(list):
    """Rows that are JSON already."""


@cache
def writer(serializer_class):
    """One serializer for all: making its fields takes longer than writing a page."""
    return serializer_class(context={"request": Anyone()})


def written(model, keys, serializer_class, request):
    """The published entries with these keys, in their order."""

    def write(missing):
        serializer, renderer = writer(serializer_class), JSONRenderer()
        return {
            entry.pk: renderer.render(serializer.to_representation(entry))
            for entry in prepared(model, "for_api")(missing)
        }

    rows = remembered_each(("api", model), keys, write, weight=getsizeof)
    root = request.build_absolute_uri("/")[:-1].encode()
    return Written([row.replace(ANYWHERE.encode(), root) for row in rows])


class PageRenderer(JSONRenderer):
    """Writes a page around rows that are written already."""

    def render(self, data, accepted_media_type=None, renderer_context=None):
        rows = data.get("results") if isinstance(data, dict) else None
        rest = (accepted_media_type, renderer_context)
        if not isinstance(rows, Written):
            return super().render(data, *rest)
        if self.get_indent(accepted_media_type, renderer_context or {}):
            return super().render(data | {"results": list(map(json.loads, rows))}, *rest)
        before, end, after = super().render(data | {"results": []}, *rest).rpartition(b"]")
        return b"".join([before, b",".join(rows), end, after])
