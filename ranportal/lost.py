"""An address as it comes out of a mail or a memory: with its full stop, in other letters."""

from django.http import HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve
from django.utils.encoding import escape_uri_path
from django.views import defaults

# What stands behind an address in a sentence and is taken for a part of it.
BEHIND = ".,;:!?)]}>'\"’”»…"


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
        return defaults.page_not_found(request, exception)
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponsePermanentRedirect(
        f"{escape_uri_path(address)}?{query}" if query else escape_uri_path(address)
    )
    response["Cache-Control"] = "no-cache"
    return response
