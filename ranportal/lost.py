"""An address as it comes out of a mail or a memory: with its full stop, in other letters, cut off.

What leads nowhere all the same is answered with the ways out that its words allow.
"""

import re
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection
from django.http import HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.encoding import escape_uri_path
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from briefings.models import Situation
from entries.models import kinds
from meetings.groups import WorkingGroup
from themes.models import Theme

# What stands behind an address in a sentence and is taken for a part of it, seen or not.
SPACES = "".join(filter(str.isspace, map(chr, range(0x3001))))
BEHIND = SPACES + ".,;:!?)]}>'\"’‘”“»›…*\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"


def meant(path):
    """The address that was probably meant; None where it is the very one, or is none of ours."""
    bare = path.rstrip(BEHIND).lower()
    for address in (bare, f"{bare}/"):
        try:
            resolve(address)
        except Resolver404:
            continue
        return address if address != path else None
    return None


def page_not_found(request, exception):
    address = meant(request.path_info) if request.method in ("GET", "HEAD") else None
    if address is None or address.startswith("//"):
        return not_found(request, exception)
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponsePermanentRedirect(
        f"{escape_uri_path(address)}?{query}" if query else escape_uri_path(address)
    )
    response["Cache-Control"] = "no-cache"
    return response


# Lines break in mails, and addresses with them: so much of a slug tells which was meant.
TELLING = 6
MOST_NEAR = 4


def not_found(request, exception):
    """The page that says so, and the ways on."""
    first, _slash, rest = request.path_info.strip("/")[:300].partition("/")
    slug = re.split("[/.]", rest)[0].lower()
    model = models().get(first.lower())
    context = {
        "said": said(exception, model if slug else None),
        "words": " ".join(re.findall(r"[^\W_]+", slug or first))[:100],
        "near": near(model, slug) if model else [],
        "kind": getattr(model, "kind", None),
        "wrong": letter(request),
    }
    return render(request, "404.html", context, status=404)


def said(exception, model):
    """What is not there, in a line; empty where the address is none of the portal's."""
    if isinstance(exception, Resolver404):
        return ""
    if model:
        name = model._meta.verbose_name
        return _("No %(name)s that the public can read has this address.") % {"name": name}
    return str(exception)


def models():
    """Of the records that have a page, by the first part of its address."""
    own = {model.kind.path: model for model in kinds()}
    return own | {"themes": Theme, "groups": WorkingGroup, "situations": Situation}


def near(model, slug):
    """The public records whose address begins as this one does."""
    begun = slug[: max(TELLING, len(slug) * 2 // 3)]
    if len(begun) < TELLING:
        return []
    if connection.vendor == "sqlite":  # whose LIKE is the portal's own: it would ask of every row
        begins = {"slug__gte": begun, "slug__lt": f"{begun}~"}
    else:  # which may sort as a language does, the ~ before the letters
        begins = {"slug__startswith": begun}
    records = getattr(model.objects, "published", model.objects.all)()
    return records.filter(**begins).order_by("slug")[:MOST_NEAR]


def letter(request):
    """The address of a letter to who runs the portal; empty where nobody is named."""
    if not settings.CONTACT_EMAIL:
        return ""
    address = Truncator(request.build_absolute_uri()).chars(300)
    came = Truncator(request.headers.get("Referer", "")).chars(300)
    body = _("The address: %(address)s\nWhere I found it: %(came)s\n\n")
    written = {
        "subject": _("An address leads nowhere"),
        "body": body % {"address": address, "came": came},
    }
    return f"mailto:{settings.CONTACT_EMAIL}?{urlencode(written, quote_via=quote)}"
