"""What versions are kept of (`themes.versions`)."""

from django.apps import apps
from taggit.models import Tag

from entries.links.models import Link
from entries.search.models import Synonym
from records.models import Record
from records.versions.snapshots import register


def register_all():
    # First, since it is a row of each kind too: a link changed on its own page is a
    # change of its entry.
    register(Link, owners=Link.owners)
    for model in apps.get_models():
        if issubclass(model, Record) or model in (Synonym, Tag):
            register(model)
