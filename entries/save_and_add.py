"""One entry after the other: the form that saves an entry and opens the next, with what is the same."""

from urllib.parse import urlencode

from django.apps import apps
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

# What an entry has in common with the one before it, as far as both have such a field.
SHARED = ("themes", "tags", "groups", "countries", "source", "source_page", "content_language")
NEXT = "_next"


class SaveAndAddAdmin:
    """The admin of entries that are written one after the other.

    `followed_by` names the kinds that may be next, each with the field by which the next
    one names this one: {"meetings.paper": "meeting"}; None where it only resembles it.
    """

    followed_by = {}

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["show_save_and_add_another"] = False
        may_save = obj is None or self.has_change_permission(request, obj)
        context["next_kinds"] = [
            kind._meta
            for kind in map(apps.get_model, self.followed_by)
            if may_save and self.admin_site.get_model_admin(kind).has_add_permission(request)
        ]
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def response_add(self, request, obj, *args, **kwargs):
        return self._next_form(request, obj) or super().response_add(request, obj, *args, **kwargs)

    def response_change(self, request, obj):
        return self._next_form(request, obj) or super().response_change(request, obj)

    def get_changeform_initial_data(self, request):
        initial = super().get_changeform_initial_data(request)
        if isinstance(initial.get("tags"), str):
            # Django knows of its own many-to-many fields only.
            initial["tags"] = initial["tags"].split(",")
        return initial

    def _next_form(self, request, entry):
        """The way to the form of the next entry, if that button was pressed."""
        label = request.POST.get(NEXT)
        if label not in self.followed_by:
            return None
        kind = apps.get_model(label)._meta
        saved = format_html(
            _("The {} “{}” was saved. Next: {}, with what they have in common filled in."),
            entry._meta.verbose_name,
            format_html('<a href="{}">{}</a>', entry.admin_url, entry),
            kind.verbose_name,
        )
        self.message_user(request, saved, messages.SUCCESS)
        query = self._in_common(entry, kind)
        if request.POST.get("send_to_review"):
            query["send_to_review"] = "on"
        form = reverse(f"admin:{kind.app_label}_{kind.model_name}_add")
        return HttpResponseRedirect(f"{form}?{urlencode(query)}")

    def _in_common(self, entry, kind):
        """The values of the next form, as its address spells them."""
        names = {field.name for field in kind.get_fields()} & {
            field.name for field in entry._meta.get_fields()
        }
        values = {name: spelt(entry, name) for name in SHARED if name in names}
        if naming := self.followed_by[kind.label_lower]:
            values[naming] = entry.pk
        if naming == "source":
            # The page was that of this entry in a source of its own.
            del values["source_page"]
        return {name: value for name, value in values.items() if value}


def spelt(entry, name):
    field = entry._meta.get_field(name)
    if field.many_to_many:
        return ",".join(str(pk) for pk in getattr(entry, name).values_list("pk", flat=True))
    return getattr(entry, field.attname)
