"""Records by whose names others are filed (themes, groups, tags): to rename one changes their pages."""

from django import forms
from django.contrib import admin
from django.dispatch import Signal
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from records.versions.registering import revision

# Asks on how many public pages of others the name of a record stands.
pages_with_name = Signal()
# Sent within the save: record, before (its name until now), user, note.
renamed = Signal()


def number_of_pages(record):
    answers = pages_with_name.send(type(record), record=record)
    return sum(number for _receiver, number in answers)


class NamedForm(forms.ModelForm):
    """Asks why, where a name changes that stands on the pages of others."""

    name_field = "name"

    change_note = forms.CharField(
        label=_("Why it gets another name"),
        required=False,
        max_length=2000,
        help_text=_(
            "Only where you change the name. Public: it stands with the date, without yours, on the"
            " page of each entry that carries it."
        ),
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            del self.fields["change_note"]

    @cached_property
    def changed_data(self):
        """Of the record."""
        return [name for name in super().changed_data if name != "change_note"]

    @property
    def is_renamed(self):
        return bool(self.instance.pk) and self.name_field in self.changed_data

    def clean(self):
        cleaned = super().clean()
        silent = not cleaned.get("change_note") and self.name_field not in self.errors
        if self.is_renamed and silent and (number := number_of_pages(self.instance)):
            text = ngettext(
                "Say why: %(number)d public entry shows the name.",
                "Say why: %(number)d public entries show the name.",
                number,
            )
            self.add_error("change_note", text % {"number": number})
        return cleaned


class NamedAdmin(admin.ModelAdmin):
    """Tells those who show the record's name when it is another; its forms are `NamedForm`s."""

    def get_fieldsets(self, request, obj=None):
        """The note stands beside the name, and only where there is one to change."""
        (title, options), *others = super().get_fieldsets(request, obj)
        names = [name for name in options["fields"] if name != "change_note"]
        if obj and self.has_change_permission(request, obj):
            names.append("change_note")
        return [(title, options | {"fields": names}), *others]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if change and form.name_field in form.changed_data:
            before, note = form.initial[form.name_field], form.cleaned_data["change_note"]
            self._tell(request, form.instance, before, note)

    def before_restoring(self, version):
        stored = self.model._base_manager.filter(pk=version.object_id).first()
        return stored and getattr(stored, self.form.name_field)

    def after_restoring(self, request, record, note, before=None):
        super().after_restoring(request, record, note, before)
        if before and before != getattr(record, self.form.name_field):
            self._tell(request, record, before, note)

    def _tell(self, request, record, before, note):
        with revision(request.user, note):
            renamed.send(type(record), record=record, before=before, user=request.user, note=note)
