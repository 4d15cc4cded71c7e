"""What is typed, as the public would see it: saved, shown and undone in one transaction."""

from django.contrib import admin, messages
from django.http import HttpRequest
from django.urls import resolve
from django.utils.cache import patch_cache_control

PREVIEW = "_preview"


class Previewed(Exception):
    """Undoes all that was saved, and carries the page."""

    def __init__(self, response):
        super().__init__()
        self.response = response


class PreviewAdmin(admin.ModelAdmin):
    """Of records that have a page: a button of their forms shows it, and nothing is saved."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        shown = {"can_be_previewed": True} | (extra_context or {})
        try:
            return super().changeform_view(request, object_id, form_url, shown)
        except Previewed as previewed:
            # What was to be said of the saving is not said: nothing was saved.
            list(messages.get_messages(request))
            return previewed.response

    def response_add(self, request, obj, *args, **kwargs):
        self._show(request, obj)
        return super().response_add(request, obj, *args, **kwargs)

    def response_change(self, request, obj):
        self._show(request, obj)
        return super().response_change(request, obj)

    def _show(self, request, record):
        if PREVIEW in request.POST:
            raise Previewed(page_of(request, record))


def page_of(request, record):
    """The public page of a record as this transaction has it; nobody keeps it."""
    address = record.get_absolute_url()
    asked = HttpRequest()
    asked.method, asked.path, asked.path_info = "GET", address, address
    asked.META = request.META | {"REQUEST_METHOD": "GET", "QUERY_STRING": ""}
    asked.COOKIES, asked.session, asked.user = request.COOKIES, request.session, request.user
    view, args, kwargs = asked.resolver_match = resolve(address)
    response = view(asked, *args, **kwargs)
    response = response.render() if hasattr(response, "render") else response
    for name in ("ETag", "Last-Modified", "Link"):
        response.headers.pop(name, None)
    patch_cache_control(response, private=True, no_store=True)
    return response
