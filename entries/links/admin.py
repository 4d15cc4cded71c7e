"""Links in the admin."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.urls import path
from django.utils.html import format_html
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _

from entries.links.choosing import EntryField, key_of, offered
from entries.links.models import Link
from entries.workflow import transitions
from records.admin import (
    KnownValueFilter,
    PortalForm,
    RecordRows,
    VersionedAdmin,
    VersionedPortalForm,
)


def tell_what_it_rests_on(form):
    """Whoever places an address says why it is the entry's: nobody can check it otherwise."""
    waited = form.initial.get("role") == Link.Role.UNASSIGNED
    role = form.cleaned_data.get("role")
    if waited and role not in (None, Link.Role.UNASSIGNED) and not form.cleaned_data.get("note"):
        form.add_error("note", _("Say what the reading rests on: why is it the entry’s?"))


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

    def clean(self):
        cleaned = super().clean()
        tell_what_it_rests_on(self)
        return cleaned


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
    """Shows one box for the entry; the five relations that it stands for are hidden."""

    rules_shown_at = LinkInlineForm.rules_shown_at
    rules_left_out = ("link_has_one_entry", "link_unassigned_stays_with_paper")

    entry = EntryField(
        admin.site,
        required=False,
        label=_("The entry it belongs to"),
        help_text=_(
            "Type words of its title or text: lessons, practices, papers and all the rest."
        ),
    )

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(data, *args, **kwargs)
        for owner in Link.owners:
            if owner in self.fields:
                self.fields[owner].widget = forms.HiddenInput()
        if self.is_bound:
            # An edit conflict puts the relations together, not the box.
            self.data = self.data.copy()
            chosen = [f"{owner}-{key}" for owner in Link.owners if (key := self.data.get(owner))]
            self.data["entry"] = chosen[0] if chosen else self.data.get("entry", "")
        elif self.instance.pk:
            self.initial["entry"] = key_of(self.instance.entry)

    def clean(self):
        cleaned = super().clean()
        if any(name in self.errors for name in ("role", "entry", *Link.owners)):
            return cleaned
        tell_what_it_rests_on(self)
        if not cleaned.get("entry"):
            self.add_error(
                "entry",
                _(
                    "A link belongs to exactly one entry: choose it, or the paper that prints the"
                    " address until its entry is known."
                ),
            )
        elif cleaned["role"] == Link.Role.UNASSIGNED and not cleaned.get("paper"):
            self.add_error("role", _("Say what it is to the entry that you chose."))
        return cleaned


class OwnerFilter(KnownValueFilter):
    title = _("kind of entry")
    parameter_name = "belongs_to"

    def lookups(self, request, model_admin):
        owners = map(Link._meta.get_field, Link.owners)
        return [(owner.name, capfirst(owner.related_model._meta.verbose_name)) for owner in owners]

    def narrowed(self, queryset, value):
        return queryset.filter(**{f"{value}__isnull": False})


@admin.register(Link)
class LinkAdmin(VersionedAdmin):
    form = LinkForm
    fieldsets = [
        (
            None,
            {
                "description": _(
                    "An address not yet assigned waits with the paper that prints it. To place it,"
                    " choose its entry, what it is to it, how sure that is, and what that rests on."
                ),
                "fields": ["url", "entry", ("role", "certainty"), "note", "source_page"],
            },
        ),
    ]
    list_display = ["short", "called", "belongs_to", "certainty", "source_page", "answers"]
    list_filter = ["role", "certainty", OwnerFilter]
    list_select_related = Link.owners
    # Those not yet assigned come first: of the roles theirs is last by the alphabet.
    ordering = ["-role", "pk"]
    search_fields = ["url", "note", *(f"{owner}__slug" for owner in Link.owners)]

    def get_urls(self):
        view = self.admin_site.admin_view(self.owners_view)
        return [path("owners/", view, name="entries_link_owners"), *super().get_urls()]

    def owners_view(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return offered(request, self.admin_site)

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        may = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        return [*fieldsets, (None, {"classes": ["stands-for"], "fields": Link.owners})][: 1 + may]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """What the box names goes to the relation that it stands for, as if that had been sent."""
        if request.method == "POST" and "entry" in request.POST:
            request.POST = request.POST.copy()
            owner, _dash, key = request.POST["entry"].partition("-")
            for each in Link.owners:
                request.POST[each] = key if each == owner else ""
        return super().changeform_view(request, object_id, form_url, extra_context)

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
        return link.health.label

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
