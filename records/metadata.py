"""What a page says of itself to machines, in the words of schema.org."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from records.addresses import address

EMPTY = ("", None, [], {})


def described(request, schema_type, path, name, **properties):
    """What stands at the path, as JSON-LD; what is not known is left out."""
    url = request.build_absolute_uri(path)
    return {
        "@context": "https://schema.org",
        "@type": schema_type,
        "@id": url,
        "url": url,
        "name": str(name),
    } | known(properties)


def known(value):
    """The value without anything empty in it."""
    if isinstance(value, dict):
        pairs = {key: known(part) for key, part in value.items()}
        told = {key: part for key, part in pairs.items() if part not in EMPTY}
        return told if set(told) - {"@type"} else {}  # a type alone says nothing
    if isinstance(value, list):
        return [part for part in map(known, value) if part not in EMPTY]
    return value


def described_portal(request, **properties):
    name = _("RAN Mental Health knowledge portal")
    return described(request, "WebSite", address("home"), name, **properties)


def described_home(request):
    """The portal with the way to search it."""
    search = f"{request.build_absolute_uri(address('search'))}?q={{search_term_string}}"
    return described_portal(
        request,
        description=_(
            "What the mental health working group of the Radicalisation Awareness Network knows"
            " about preventing and countering violent extremism."
        ),
        inLanguage=get_language(),
        potentialAction={
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": search},
            "query-input": "required name=search_term_string",
        },
    )


def part_of_portal(request):
    """The portal, as a page names what it belongs to."""
    portal = described_portal(request)
    return {name: portal[name] for name in ("@type", "@id", "name")}
