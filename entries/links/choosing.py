"""Choosing the entry that a link belongs to, whatever its kind, in one search box."""

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.urls import reverse
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _

from entries.links.models import Link
from entries.workflow.permissions import has_permission
from records.admin import could_be_key

OF_A_KIND = 8  # entries offered at a time
LONGEST = 200


def model_of(owner):
    return Link._meta.get_field(owner).related_model


def key_of(entry):
    """An entry in the box: 'lesson-12'."""
    return f"{entry.kind}-{entry.pk}"


def entry_of(key):
    """The entry that the box names; None for whatever is none."""
    owner, _dash, number = key.partition("-")
    if owner not in Link.owners or not could_be_key(model_of(owner), number):
        return None
    return model_of(owner).objects.filter(pk=number).first()


class EntryWidget(AutocompleteSelect):
    """Asks `offered` for what it offers."""

    def get_url(self):
        return reverse("admin:entries_link_owners")

    def optgroups(self, name, value, attrs=None):
        options = [self.create_option(name, "", "", False, 0)]
        for key in value:
            if key and (entry := entry_of(str(key))):
                options.append(self.create_option(name, key, str(entry), True, 1))
        return [(None, options, 0)]


class EntryField(forms.Field):
    """Any entry, as the box names it."""

    def __init__(self, site, **kwargs):
        widget = EntryWidget(Link._meta.get_field(Link.owners[0]), site)
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value):
        if not value:
            return None
        entry = entry_of(value)
        if entry is None:
            raise ValidationError(_("There is no such entry: choose one that the box offers."))
        return entry

    def has_changed(self, initial, data):
        return False  # told by the relation that it stands for


class OwnersForm(forms.Form):
    """What was typed into the box, and how far its list was read."""

    term = forms.CharField(required=False, max_length=LONGEST)
    page = forms.IntegerField(required=False, min_value=1, max_value=100)


def offered(request, site):
    """The entries that answer what was typed, kind by kind, for those who may look at them."""
    asked = OwnersForm(request.GET)
    if not asked.is_valid():
        return JsonResponse({"results": [], "pagination": {"more": False}})
    first = ((asked.cleaned_data["page"] or 1) - 1) * OF_A_KIND
    groups, more = [], False
    for model in map(model_of, Link.owners):
        if not has_permission(request.user, "view", model):
            continue
        found = answering(request, site.get_model_admin(model), asked.cleaned_data["term"])
        found = found[first : first + OF_A_KIND + 1]
        more = more or len(found) > OF_A_KIND
        rows = [{"id": key_of(entry), "text": text_of(entry)} for entry in found[:OF_A_KIND]]
        if rows:
            groups.append({"text": capfirst(model._meta.verbose_name_plural), "children": rows})
    return JsonResponse({"results": groups, "pagination": {"more": more}})


def answering(request, model_admin, term):
    """What the list of the kind finds."""
    entries = model_admin.model.objects.all()
    found, several = model_admin.get_search_results(request, entries, term)
    return found.distinct() if several else found


def text_of(entry):
    return Truncator(entry).chars(90)
