"""Every address that the portal has, and those of one entry."""

from django.urls import URLPattern, get_resolver, reverse

from briefings.models import Situation
from entries.models import kinds
from meetings.groups import WorkingGroup
from themes.models import Theme


def addresses_of(entry):
    """Everywhere an entry is by itself: its page, its files, the API."""
    kind = entry.kind
    formats = ["ris", "bib", "jsonld", *(["ics"] if kind == "meeting" else [])]
    yield entry.get_absolute_url()
    yield from (reverse(f"{kind}-detail-{name}", args=[entry.slug]) for name in formats)
    yield reverse(f"{kind}-detail-api", args=[entry.slug])


def list_address(kind, extension=None):
    """The address of a kind's list, or of the list in a format."""
    return reverse(f"{kind._meta.model_name}-{extension or 'list'}")


PAGES = (
    "about",
    "how-sure",
    "map",
    "timeline",
    "countries",
    "situation-list",
    "glossary",
    "accessibility",
    "privacy",
)


def page_addresses():
    """The address of every public page, from what is in the database."""
    yield reverse("home")
    for name in PAGES:
        yield reverse(name)
    yield from (list_address(kind) for kind in kinds())
    records_of_each = (Theme.objects, WorkingGroup.objects, Situation.objects)
    for records in (*records_of_each, *(kind.objects for kind in kinds())):
        yield from (record.get_absolute_url() for record in public(records))


def addresses(of_records=True):
    """Whatever else a visitor can open too: every URL pattern but the curators', filled in."""
    for pattern in patterns(get_resolver()):
        if not pattern.pattern.regex.groups:
            yield reverse(pattern.name)
        elif of_records and set(pattern.pattern.converters) == {"slug"}:
            view = pattern.callback
            model = view.view_initkwargs.get("model") or view.view_class.model
            for record in public(model.objects):
                yield reverse(pattern.name, args=[record.slug])


def public_addresses():
    """All of these, and lists that are filtered and sorted."""
    yield from addresses()
    for kind in kinds():
        for query in ("?theme=mental-health-profiles", "?sort=-updated", "?tag=training"):
            yield list_address(kind) + query
            yield list_address(kind, "csv") + query


def patterns(resolver):
    for pattern in resolver.url_patterns:
        route = str(pattern.pattern)
        if route.startswith(("admin/", "curators/")):
            continue
        if isinstance(pattern, URLPattern):
            yield pattern
        else:
            yield from patterns(pattern)


def public(records):
    return records.published() if hasattr(records, "published") else records.all()
