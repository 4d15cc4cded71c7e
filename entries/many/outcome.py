"""The page that names each of many entries with what became of it."""

from django.contrib import admin, messages
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


def outcome_page(request, outcomes, opts=None):
    """Names each entry with what became of it."""
    changed = [each for each in outcomes if each.is_changed]
    refused = [each for each in outcomes if each.refusal]
    if changed:
        count = len(changed)
        said = ngettext("%d entry was changed.", "%d entries were changed.", count) % count
        messages.success(request, said)
    if refused:
        count = len(refused)
        said = ngettext("%d entry was not.", "%d entries were not.", count) % count
        messages.error(request, said)
    context = {
        **admin.site.each_context(request),
        "title": _("What was done"),
        "opts": opts,
        "changed": changed,
        "refused": refused,
        "same": [each for each in outcomes if not (each.refusal or each.is_changed)],
    }
    return TemplateResponse(request, "admin/many/outcome.html", context)
