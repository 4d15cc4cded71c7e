"""Tags in the admin: renamed, merged, split and taken away, with the entries that carry them."""

import reversion
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import OuterRef, Q
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from taggit import admin as taggit_admin
from taggit.models import Tag

from entries.many.changing import MOST, change_many, key_of
from entries.many.forms import ManyForm
from entries.many.outcome import outcome_page
from entries.models import kinds
from records.admin import (
    ChoicesField,
    VersionedAdmin,
    VersionedPortalForm,
    could_be_key,
    count_column,
    counted,
)
from records.cleaning import clean_line, slug_of
from records.models import FormerSlug
from records.naming import NamedAdmin, NamedForm
from records.versions.registering import revision

MOST_PARTS = 6

# The admin that taggit brings counts and merges only what its own table holds, not ours.
admin.site.unregister(taggit_admin.Tag)


def carrying(*tags):
    """The first MOST of the entries that carry any of the tags, and how many there are."""
    found = []
    for entries in _carriers(*tags):
        found += entries[: MOST - len(found)]
    return found, number_carrying(*tags)


def number_carrying(*tags):
    return sum(entries.count() for entries in _carriers(*tags))


def _carriers(*tags):
    """Those of each kind."""
    for model in kinds():
        tagged = model.tags.through.objects.filter(tag__in=tags).values("content_object")
        yield model.objects.filter(pk__in=tagged).order_by("pk")


def names_of(tags):
    return ", ".join(f"“{tag}”" for tag in tags)


class TagForm(NamedForm, VersionedPortalForm):
    def clean_name(self):
        """One tag under case and form, beyond ASCII too, on every engine."""
        name = clean_line(self.cleaned_data["name"])
        if "," in name or ";" in name:
            raise ValidationError(_("A comma or semicolon would make two tags of it elsewhere."))
        others = Tag.objects.exclude(pk=self.instance.pk).values_list("name", flat=True)
        if slug_of(name) in map(slug_of, others):
            raise ValidationError(_("There is such a tag already: merge the two instead."))
        return name

    def clean_slug(self):
        """An address that led to a tag once goes on to lead to what became of it."""
        slug = self.cleaned_data["slug"]
        former = FormerSlug.objects.filter(model=Tag._meta.label_lower, slug=slug)
        own = Tag.objects.filter(pk=self.instance.pk).values_list("slug", flat=True).first()
        if former.exclude(current_slug=own or "").exists():
            raise ValidationError(_("This address was another tag’s and still leads there."))
        return slug


class OneTag(forms.ModelChoiceField):
    """A tag, found by typing."""

    def __init__(self, tag_admin, **kwargs):
        tags = kinds()[0]._meta.get_field("tags")
        widget = AutocompleteSelect(tags, tag_admin.admin_site)
        super().__init__(Tag.objects.all(), widget=widget, **kwargs)

    def to_python(self, value):
        if value and not could_be_key(Tag, value):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


class MergeForm(ManyForm):
    """Which of the tags stays: the entries of the others carry it from then on."""

    def __init__(self, *args, tags, tag_admin, **kwargs):
        super().__init__(*args, **kwargs)
        self.tags = tags
        self.fields["stays"] = OneTag(
            tag_admin,
            label=_("The tag that stays"),
            help_text=_("One of these or any other. The addresses of the others lead to it."),
        )
        self.order_fields(["stays", "note"])

    def clean_stays(self):
        stays = self.cleaned_data["stays"]
        if not [tag for tag in self.tags if tag != stays]:
            raise ValidationError(_("Choose another tag: this is the one to be merged."))
        return stays


class RemoveForm(ManyForm):
    """Nobody is told why where no page loses the tag."""

    def __init__(self, *args, tags, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].required = any(entry.is_public for entry in self.entries)


class PartsForm(forms.Form):
    """Into which tags one is split."""

    def __init__(self, *args, tag_admin, **kwargs):
        super().__init__(*args, **kwargs)
        tags = kinds()[0]._meta.get_field("tags")
        self.fields["parts"] = ChoicesField(
            Tag.objects.all(),
            label=_("The tags to choose from"),
            help_text=_("Add those that do not exist yet to the tags first. Up to six."),
            widget=AutocompleteSelectMultiple(tags, tag_admin.admin_site),
        )

    def clean_parts(self):
        parts = self.cleaned_data["parts"]
        if len(parts) > MOST_PARTS:
            raise ValidationError(_("Choose up to six tags."))
        return parts


class SplitForm(ManyForm):
    """Which of the tags each entry carries from then on."""

    def __init__(self, *args, tags, parts, **kwargs):
        super().__init__(*args, **kwargs)
        (tag,) = tags
        choices = [(str(each.pk), each.name) for each in (tag, *parts)]
        for entry in self.entries:
            self.fields[key_of(entry)] = forms.MultipleChoiceField(
                label=entry,
                required=False,
                choices=choices,
                initial=[str(tag.pk)],
                widget=forms.CheckboxSelectMultiple,
            )
        self.order_fields([*map(key_of, self.entries), "note"])

    @property
    def rows(self):
        """Each entry with its boxes."""
        return [(entry, self[key_of(entry)]) for entry in self.entries]

    def chosen(self, entry):
        return {int(key) for key in self.cleaned_data[key_of(entry)]}


@admin.register(Tag)
class TagAdmin(NamedAdmin, VersionedAdmin):
    form = TagForm
    actions = ["merge", "split", "remove"]
    change_form_template = "admin/many/tag_form.html"
    list_per_page = 200
    ordering = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    search_fields = ["name"]
    sortable_by = ["name"]

    def get_queryset(self, request):
        numbers = {
            f"number_of_{model.kind}": counted(
                model.tags.through, "content_object", Q(tag=OuterRef("pk"))
            )
            for model in kinds()
        }
        return super().get_queryset(request).annotate(**numbers)

    def get_list_display(self, request):
        columns = (count_column(kind, lambda tag: f"tags__id__exact={tag.pk}") for kind in kinds())
        return ["name", *columns]

    def get_actions(self, request):
        """Whatever takes a tag away says first which entries carry it."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_urls(self):
        own = [
            path(
                f"<path:object_id>/{name}/", self.admin_site.admin_view(view), name=self._name(name)
            )
            for name, view in (("merge", self.merge_view), ("split", self.split_view))
        ]
        return own + super().get_urls()

    # --- Of one tag, from its form

    def merge_view(self, request, object_id):
        return self._of_one(request, object_id, self.merge)

    def split_view(self, request, object_id):
        return self._of_one(request, object_id, self.split)

    def delete_view(self, request, object_id, extra_context=None):
        return self._of_one(request, object_id, self.remove)

    def _of_one(self, request, object_id, action):
        self._record(request, object_id)
        answer = action(request, Tag.objects.filter(pk=object_id))
        return answer or redirect(self._url("changelist"))

    # --- Actions

    @admin.action(description=_("Merge into one tag"), permissions=["delete"])
    def merge(self, request, queryset):
        tags = self._tags(request, queryset, self.has_delete_permission)
        form, entries, total = self._form(request, MergeForm, tags, tag_admin=self)
        if form.is_bound and form.is_valid():
            stays = form.cleaned_data["stays"]
            return self._take_away(request, [tag for tag in tags if tag != stays], form, stays)
        if not form.is_bound and len(tags) > 1:
            form.initial["stays"] = max(tags, key=number_carrying)
        return self._ask(request, "merge", _("Merge tags"), tags, form, entries, total)

    @admin.action(description=_("Delete, and take them off their entries"), permissions=["delete"])
    def remove(self, request, queryset):
        tags = self._tags(request, queryset, self.has_delete_permission)
        form, entries, total = self._form(request, RemoveForm, tags)
        if form.is_bound and form.is_valid():
            return self._take_away(request, tags, form)
        return self._ask(request, "remove", _("Delete tags"), tags, form, entries, total)

    def _take_away(self, request, tags, form, stays=None):
        """Take the tags off their entries and delete those that none carries any longer."""
        gone = {tag.pk for tag in tags}

        def change(entry):
            kept = [tag for tag in entry.tags.all() if tag.pk not in gone]
            entry.tags.set(kept + [stays] * (stays is not None and stays not in kept))

        entries, _total = carrying(*tags)
        note = form.cleaned_data["note"]
        with transaction.atomic():
            for tag in tags:
                with revision(request.user, note):
                    reversion.add_to_revision(tag)  # with those that carry it now
            outcomes = change_many(entries, request.user, note, change, form.seen)
            deleted = [tag for tag in tags if self._deleted(request, tag, note, stays)]
        if deleted:
            said = _("%(tags)s went into “%(stays)s”.") if stays else _("Deleted: %(tags)s.")
            text = said % {"tags": names_of(deleted), "stays": stays}
            self.message_user(request, text, messages.SUCCESS)
        if left := [tag for tag in tags if tag not in deleted]:
            text = _("Still carried by entries, so still there: %s. Do it once more for the rest.")
            self.message_user(request, text % names_of(left), messages.WARNING)
        return outcome_page(request, outcomes, self.opts)

    def _deleted(self, request, tag, note, stays):
        """Whether the tag could go: no entry carries it. Its address leads to what stays."""
        if number_carrying(tag):
            return False
        key, name, slug, label = tag.pk, str(tag), tag.slug, Tag._meta.label_lower
        tag.delete()
        if stays:
            FormerSlug.rename(label, slug, stays.slug)
        else:
            FormerSlug.reserve(label, slug)
        tag.pk = key  # its versions and the log know it by that
        LogEntry.objects.log_actions(request.user.pk, [tag], DELETION, f"{name}: {note}")
        return True

    @admin.action(description=_("Split into several tags"), permissions=["change"])
    def split(self, request, queryset):
        tags = self._tags(request, queryset, self.has_change_permission)
        if len(tags) != 1:
            self.message_user(request, _("Choose the one tag to be split."), messages.WARNING)
            return None
        parts = PartsForm(request.POST if "_parts" in request.POST else None, tag_admin=self)
        if not (parts.is_bound and parts.is_valid()):
            total = number_carrying(*tags)
            return self._ask(request, "parts", _("Split a tag"), tags, parts, [], total)
        chosen = [tag for tag in parts.cleaned_data["parts"] if tag not in tags]
        form, entries, total = self._form(request, SplitForm, tags, parts=chosen)
        if form.is_bound and form.is_valid():
            return self._split(request, tags[0], chosen, form)
        return self._ask(
            request, "split", _("Split a tag"), tags, form, entries, total, parts=chosen
        )

    def _split(self, request, tag, parts, form):
        known = {each.pk: each for each in (tag, *parts)}

        def change(entry):
            others = [each for each in entry.tags.all() if each != tag]
            entry.tags.set({*others, *(known[key] for key in form.chosen(entry))})

        note = form.cleaned_data["note"]
        outcomes = change_many(form.entries, request.user, note, change, form.seen)
        return outcome_page(request, outcomes, self.opts)

    # --- All of them

    def _tags(self, request, queryset, is_allowed):
        tags = [*queryset.order_by("name")[:20]]
        if not tags:
            raise Http404
        if not is_allowed(request):
            raise PermissionDenied
        return tags

    def _form(self, request, form_class, tags, **kwargs):
        entries, total = carrying(*tags)
        data = request.POST if "_perform" in request.POST else None
        return form_class(data, entries=entries, tags=tags, **kwargs), entries, total

    def _ask(self, request, template, title, tags, form, entries, total, **context):
        context |= {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "tags": [(tag, number_carrying(tag)) for tag in tags],
            "form": form,
            "entries": entries,
            "public": [entry for entry in entries if entry.is_public],
            "total": total,
            "more": total - len(entries),
            "media": self.media + form.media,
            "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "checkbox": ACTION_CHECKBOX_NAME,
            "action": request.POST.get("action"),
        }
        return TemplateResponse(request, f"admin/many/{template}.html", context)
