"""Links in the admin."""

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.utils.html import format_html
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _

from entries.links.models import Link
from entries.workflow import transitions
from records.admin import PortalForm, RecordRows, VersionedAdmin, VersionedPortalForm


class LinkInlineForm(PortalForm):
    rules_shown_at = {
        f"link_once_per_{owner}": ("url", _("This entry has this address already."))
        for owner in Link.owners
    } | {"link_certainty_of_a_reading": "certainty"}

    @property
    def rules_left_out(self):
        """Of an entry that is not saved yet the rules would say that it is missing."""
        if any(getattr(self.instance, f"{owner}_id") for owner in Link.owners):
            return ()
        return ("link_has_one_entry", "link_unassigned_stays_with_paper")


class LinkFormSet(forms.BaseInlineFormSet):
    def clean(self):
        super().clean()
        seen = set()
        for form in self.forms:
            typed = getattr(form, "cleaned_data", {})
            url = typed.get("url")
            if not url or typed.get("DELETE"):
                continue
            if url in seen:
                form.add_error("url", _("This entry has this address already."))
            seen.add(url)


class LinkInline(RecordRows):
    model = Link
    form = LinkInlineForm
    formset = LinkFormSet
    fields = ["url", "role", "certainty", "source_page", "note"]

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "role" and self.parent_model._meta.model_name != "paper":
            # Only a paper keeps addresses whose entry nobody knows yet.
            kwargs["choices"] = [
                choice for choice in Link.Role.choices if choice[0] != Link.Role.UNASSIGNED
            ]
        return super().formfield_for_choice_field(db_field, request, **kwargs)


class LinkForm(VersionedPortalForm):
    rules_shown_at = LinkInlineForm.rules_shown_at | {
        "link_unassigned_stays_with_paper": (
            "role",
            _("Say what it is to its entry: only a paper keeps addresses not yet assigned."),
        ),
    }

    def clean(self):
        cleaned = super().clean()
        if any(name in self.errors for name in ("role", *Link.owners)):
            return cleaned
        chosen = [owner for owner in Link.owners if cleaned.get(owner)]
        was_waiting = self.initial.get("role") == Link.Role.UNASSIGNED
        if (
            was_waiting
            and len(chosen) == 2
            and "paper" in chosen
            and "paper" not in self.changed_data
        ):
            # The paper kept it until now; it goes over to the other.
            cleaned["paper"] = None
            if cleaned["role"] == Link.Role.UNASSIGNED:
                self.add_error("role", _("Say what it is to the entry that you chose."))
        elif len(chosen) > 1:
            for owner in chosen:
                self.add_error(
                    owner, _("A link belongs to exactly one entry: keep one and clear the others.")
                )
        elif not chosen:
            self.add_error(
                "paper",
                _(
                    "A link belongs to exactly one entry: choose it, or the paper that prints the"
                    " address until its entry is known."
                ),
            )
        return cleaned


class OwnerFilter(admin.SimpleListFilter):
    title = _("kind of entry")
    parameter_name = "belongs_to"

    def lookups(self, request, model_admin):
        owners = map(Link._meta.get_field, Link.owners)
        return [(owner.name, capfirst(owner.related_model._meta.verbose_name)) for owner in owners]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        if self.value() in Link.owners:
            return queryset.filter(**{f"{self.value()}__isnull": False})
        raise IncorrectLookupParameters


@admin.register(Link)
class LinkAdmin(VersionedAdmin):
    form = LinkForm
    autocomplete_fields = Link.owners
    fieldsets = [
        (None, {"fields": ["url", ("role", "certainty")]}),
        (
            _("The entry it belongs to"),
            {
                "description": _(
                    "Exactly one. An address not yet assigned waits with the paper that prints it:"
                    " to place it, choose its entry here and another role above; the paper lets"
                    " it go by itself."
                ),
                "fields": Link.owners,
            },
        ),
        (_("Where it is printed"), {"fields": ["source_page", "note"]}),
    ]
    list_display = ["short", "called", "belongs_to", "certainty", "source_page", "answers"]
    list_filter = ["role", "certainty", OwnerFilter]
    list_select_related = Link.owners
    # Those not yet assigned come first: of the roles theirs is last by the alphabet.
    ordering = ["-role", "pk"]
    search_fields = ["url", "note", *(f"{owner}__slug" for owner in Link.owners)]

    def has_delete_permission(self, request, obj=None):
        if obj is None or not any(getattr(obj, f"{owner}_id") for owner in Link.owners):
            # Of no entry is a link while a form that says so is being refused.
            return super().has_delete_permission(request)
        # Also asked of the links that go with an entry when that is deleted.
        return transitions.may_change(request.user, obj.entry)

    def save_model(self, request, obj, form, change):
        before = Link.objects.get(pk=obj.pk).entry if change else None
        super().save_model(request, obj, form, change)
        if change and not form.has_changed():
            return
        if before and before != obj.entry:
            self._note_change(request, before, _("A link went to another entry: %(address)s."), obj)
        self._note_change(request, obj.entry, _("A link was added or changed: %(address)s."), obj)

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        self._note_change(request, obj.entry, _("A link was removed: %(address)s."), obj)

    def delete_queryset(self, request, queryset):
        for link in queryset:
            self.delete_model(request, link)

    def before_restoring(self, version):
        stored = Link.objects.filter(pk=version.object_id).first()
        return stored and stored.entry

    def after_restoring(self, request, record, note, before=None):
        """A link that is brought back changes its entry, and the one it leaves."""
        super().after_restoring(request, record, note)
        for entry in {record.entry, before or record.entry}:
            self._note_change(request, entry, _("A link was restored: %(address)s."), record)

    def _note_change(self, request, entry, note, link):
        """A link is part of its entry: to change it is to change the entry."""
        transitions.note_change(entry, request.user, str(note % {"address": link.short}))

    @admin.display(description=_("address"), ordering="url")
    def short(self, link):
        """Of a long address the host and the last part, which tell it from others."""
        parts = link.short.rstrip("/").split("/")
        text = link.short if len(link.short) <= 60 else f"{parts[0]}/…/{parts[-1]}"
        return format_html('<span title="{}">{}</span>', link.url, text)

    def get_queryset(self, request):
        return super().get_queryset(request).with_health()

    @admin.display(description=_("state"))
    def answers(self, link):
        return link.health.get_state_display()

    @admin.display(description=_("role"), ordering="role")
    def called(self, link):
        return format_html(
            '<span class="status status-{}">{}</span>', link.role, link.get_role_display()
        )

    @admin.display(description=_("belongs to"))
    def belongs_to(self, link):
        kind = capfirst(link.entry._meta.verbose_name)
        name = Truncator(link.entry).chars(60)
        return format_html('{}: <a href="{}">{}</a>', kind, link.entry.admin_url, name)
