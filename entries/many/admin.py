"""The admin of entries of which many can be changed at once, from their list."""

from hashlib import sha256

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from entries.many.changing import MOST, change_many, preview
from entries.many.forms import ManyForm
from entries.many.outcome import outcome_page
from records.admin import ChoicesField, ChoicesWidget, ChoiceWidget
from records.printed import PrintedDateField
from records.versions.differences import Difference

# Relations to which something is added, or from which it is taken; and fields that are set.
RELATIONS = ("themes", "tags", "countries")
SOURCE, REVIEW = "source", "review_on"


class ChangeForm(ManyForm):
    """What is to become of each of the entries."""

    def __init__(self, *args, model, site, **kwargs):
        super().__init__(*args, **kwargs)
        names = {field.name for field in model._meta.get_fields()}
        self.relations = [name for name in RELATIONS if name in names]
        for name in self.relations:
            field = model._meta.get_field(name)
            for verb, label in (("add", _("Add {}")), ("remove", _("Take off {}"))):
                self.fields[f"{verb}_{name}"] = ChoicesField(
                    field.related_model.objects.all(),
                    label=format_lazy(label, field.verbose_name),
                    required=False,
                    widget=ChoicesWidget(field, site),
                )
        for name in (SOURCE, REVIEW):
            field = model._meta.get_field(name)
            how = (
                {"widget": ChoiceWidget(field, site), "limit_choices_to": None}
                if field.is_relation
                else {"form_class": PrintedDateField}
            )
            label = format_lazy(_("Set “{}” to"), field.verbose_name)
            self.fields[name] = field.formfield(label=label, required=False, help_text="", **how)
        # To look at what would become of them, no reason is needed yet.
        asks = "_perform" in self.data and any(entry.is_public for entry in self.entries)
        self.fields["note"].required = asks
        self.order_fields([*(name for name in self.fields if name != "note"), "note"])

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self.answers:
            raise ValidationError(_("Say what is to become of them: choose something to change."))
        return cleaned

    @property
    def answers(self):
        """{field: keys or value} of what was chosen."""
        found = {}
        for name, value in self.cleaned_data.items():
            if name != "note" and value:
                several = hasattr(value, "values_list")
                found[name] = sorted(each.pk for each in value) if several else str(value)
        return found

    @property
    def digest(self):
        return sha256(repr(self.answers).encode()).hexdigest()[:16]

    @property
    def is_previewed(self):
        """Whether the page showed what exactly this would do."""
        return self.data.get("previewed") == self.digest

    def apply(self, entry):
        for name in self.relations:
            add, remove = (set(self.cleaned_data[f"{verb}_{name}"]) for verb in ("add", "remove"))
            if add or remove:
                relation = getattr(entry, name)
                relation.set((set(relation.all()) | add) - remove)
        if source := self.cleaned_data[SOURCE]:
            entry.source = source
        day, before = self.cleaned_data[REVIEW], entry.review_on
        if not day or day == before:
            return []
        entry.review_on = day
        label = capfirst(entry._meta.get_field(REVIEW).verbose_name)
        days = [[date_format(each)] if each else [] for each in (before, day)]
        return [Difference(REVIEW, label, *days, is_text=False)]


class ChangeManyAdmin(admin.ModelAdmin):
    actions = ["change_many"]

    @admin.action(description=_("Change themes, tags, source … of all"), permissions=["change"])
    def change_many(self, request, queryset):
        """A page that asks what is to change, shows what would become of each, and changes it."""
        entries = [*queryset[: MOST + 1]]
        if len(entries) > MOST:
            text = _("Choose up to %(most)d at once: that is what a person can look through.")
            self.message_user(request, text % {"most": MOST}, messages.WARNING)
            return None
        is_sent = {"_preview", "_perform"} & set(request.POST)
        data = request.POST if is_sent else None
        form = ChangeForm(data, model=self.model, site=self.admin_site, entries=entries)
        outcomes = []
        if is_sent and set(form.errors) <= {"note"}:
            if form.is_valid() and "_perform" in request.POST and form.is_previewed:
                note = form.cleaned_data["note"]
                done = change_many(entries, request.user, note, form.apply, form.seen)
                return outcome_page(request, done, self.opts)
            outcomes = preview(entries, request.user, form.apply)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Change several %s") % self.opts.verbose_name_plural,
            "opts": self.opts,
            "form": form,
            "entries": entries,
            "differing": [each for each in outcomes if each.is_changed],
            "refused": [each for each in outcomes if each.refusal],
            "same": [each for each in outcomes if not (each.is_changed or each.refusal)],
            "media": self.media + form.media,
            # Whoever chose all of a list ticked only those of its first page.
            "selected": [entry.pk for entry in entries],
            "checkbox": ACTION_CHECKBOX_NAME,
            "action": "change_many",
            "is_previewed": bool(outcomes),
        }
        return TemplateResponse(request, "admin/many/change.html", context)
