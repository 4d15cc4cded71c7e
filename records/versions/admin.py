"""The versions of a record in the admin: its history, what changed, and the ways back."""

import reversion
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.admin.utils import flatten_fieldsets, quote, unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.versions.differences import Reader
from records.versions.forms import SeenForm
from records.versions.registering import revision
from records.versions.restoring import Restoring
from records.versions.snapshots import Snapshot, Versioned, deleted, versions_of

PAGE = 50  # versions


class ChooseForm(forms.Form):
    """Which two versions are to be told apart."""

    older = forms.IntegerField(min_value=1)
    newer = forms.IntegerField(min_value=1)


class RestoreForm(SeenForm):
    note = forms.CharField(
        label=gettext_lazy("What you bring back, and why"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )

    def __init__(self, *args, note_is_public, **kwargs):
        super().__init__(*args, **kwargs)
        if note_is_public:
            self.fields["note"].required = True
            self.fields["note"].help_text = _(
                "Public: it stands on its page with the date, without your name."
            )


class HistoryAdmin(admin.ModelAdmin):
    """Shows the versions of a record, what changed from one to another, and goes back."""

    object_history_template = "admin/versions/history.html"

    # --- Where

    def get_urls(self):
        history = "<path:object_id>/history"
        at = {
            f"{history}/choose/": ("choose_versions", self.choose_versions_view),
            f"{history}/before/<int:before>/": ("history_before", self.history_view),
            f"{history}/<int:older>/<int:newer>/": ("differences", self.differences_view),
            f"{history}/<int:version>/": ("version", self.version_view),
            f"{history}/<int:version>/restore/": ("restore", self.restore_view),
            "recover/": ("recover_list", self.recover_list_view),
            "recover/<int:version>/": ("recover", self.recover_view),
        }
        own = [
            path(route, self.admin_site.admin_view(view), name=self._name(name))
            for route, (name, view) in at.items()
        ]
        return own + super().get_urls()

    def _name(self, page):
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def _url(self, page, *args):
        return reverse(f"admin:{self._name(page)}", args=args)

    def changelist_view(self, request, extra_context=None):
        extra = {"recover_url": self._url("recover_list")}
        can = self.has_add_permission(request) and self.has_change_permission(request)
        return super().changelist_view(request, (extra if can else {}) | (extra_context or {}))

    # --- Looking

    def history_view(self, request, object_id, extra_context=None, before=None):
        """The versions of a record, the last first, each with what it changed."""
        record = self._record(request, object_id)
        kept = versions_of(self.model, record.pk)
        if before:
            kept = kept.filter(pk__lt=before)
        found = list(kept[: PAGE + 1])
        last = found[0] if found and not before else None
        context = {
            "rows": self._rows(found, self._order(request, record)),
            "earlier": found[PAGE - 1].pk if len(found) > PAGE else None,
            "last": last,
            "is_ahead": last and Snapshot.of_version(last).says != Snapshot.of(record).says,
        }
        title = _("Change history: %s") % record
        return self._page(request, "history", title, record, **context, **(extra_context or {}))

    def _rows(self, versions, order):
        """A page of versions, each with the one before it and what differs between the two."""
        reader, snapshots = Reader(self.model), [Snapshot.of_version(each) for each in versions]
        rows = []
        for number, version in enumerate(versions[:PAGE]):
            previous = versions[number + 1] if number + 1 < len(versions) else None
            differences = []
            if previous:
                differences = reader.differing(snapshots[number + 1], snapshots[number], order)
            rows.append({"version": version, "previous": previous, "differences": differences})
        return rows

    def choose_versions_view(self, request, object_id):
        """Leads to the differences of the two that were chosen in the history."""
        record = self._record(request, object_id)
        form = ChooseForm(request.GET)
        if not form.is_valid():
            return redirect(self._url("history", quote(record.pk)))
        older, newer = sorted(form.cleaned_data.values())
        return redirect(self._url("differences", quote(record.pk), older, newer))

    def differences_view(self, request, object_id, older, newer):
        """What changed from one version to another."""
        record = self._record(request, object_id)
        older, newer = (self._version(record.pk, key) for key in (older, newer))
        found = Reader(self.model).differences(
            Snapshot.of_version(older), Snapshot.of_version(newer), self._order(request, record)
        )
        context = {
            "older": older,
            "newer": newer,
            "differences": [each for each in found if each.is_one],
            "same": [each.label for each in found if not each.is_one and each.after],
        }
        return self._page(request, "differences", _("What changed: %s") % record, record, **context)

    def version_view(self, request, object_id, version):
        """Everything that one version says."""
        record = self._record(request, object_id)
        version = self._version(record.pk, version)
        title = _("A version of: %s") % record
        return self._page(request, "version", title, record, **self._shown(request, version))

    def _shown(self, request, version):
        """What a page needs to show a version in full."""
        said = Snapshot.of_version(version)
        read = Reader(self.model).differences(said, said, self._order(request))
        return {"version": version, "says": [each for each in read if each.after]}

    # --- Going back

    def restore_view(self, request, object_id, version):
        """Asks, then makes the record say what a version says: a change like any other."""
        if request.method != "POST":
            return self._restore_page(request, object_id, version)
        try:
            with revision(request.user):
                record = self._record(request, object_id, to_change=True)
                form = self._restore_form(request, record, Snapshot.of(record))
                if form.is_valid():
                    return self._restored(request, self._version(record.pk, version), form)
        except ValidationError as error:
            form.add_error(None, error.messages)
        return self._restore_page(request, object_id, version, form)

    def _restore_page(self, request, object_id, version, form=None):
        record = self._record(request, object_id, to_change=True)
        version, found = self._version(record.pk, version), Snapshot.of(record)
        differences = Reader(self.model).differing(
            found, Snapshot.of_version(version), self._order(request, record)
        )
        stays = Versioned.of(self.model).stays
        context = {
            "version": version,
            "form": form or self._restore_form(request, record, found),
            "differences": [each for each in differences if each.name not in stays],
        }
        return self._page(request, "restore", _("Restore: %s") % record, record, **context)

    def recover_list_view(self, request):
        """The records that are gone, each with the way back."""
        self._refuse_unless_may_recover(request)
        gone = list(deleted(self.model))
        log = LogEntry.objects.filter(
            action_flag=DELETION,
            content_type=ContentType.objects.get_for_model(self.model),
            object_id__in=[version.object_id for version in gone],
        )
        deletions = {entry.object_id: entry for entry in log.select_related("user").order_by("pk")}
        rows = [(version, deletions.get(version.object_id)) for version in gone]
        title = _("Deleted %s") % self.opts.verbose_name_plural
        return self._page(request, "recover_list", title, None, rows=rows)

    def recover_view(self, request, version):
        """Shows a record that is gone as it last was, and brings it back."""
        self._refuse_unless_may_recover(request)
        version = get_object_or_404(deleted(self.model), pk=version)
        try:
            record = Restoring(version).record
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return redirect(self._url("recover_list"))
        if not self.may_recover(request, record):
            raise PermissionDenied
        form = self._restore_form(request, record)
        if form.is_valid():
            try:
                with revision(request.user):
                    return self._restored(request, version, form)
            except ValidationError as error:
                form.add_error(None, error.messages)
        title = _("Bring back: %s") % version.object_repr
        context = self._shown(request, version) | {"form": form}
        return self._page(request, "recover", title, None, **context)

    def may_recover(self, request, record):
        return self.has_change_permission(request, record)

    def _refuse_unless_may_recover(self, request):
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied

    def _restore_form(self, request, record, found=None):
        """The question before a restore; `found` is what the record says now, if it is there."""
        return RestoreForm(
            request.POST if request.method == "POST" else None,
            found=found,
            note_is_public=self.is_public(record),
        )

    def _restored(self, request, version, form):
        """Restore the version and lead to the record; left-out things are told in a message."""
        restoring, before = Restoring(version), self.before_restoring(version)
        restoring.restore()
        saved = date_format(localtime(version.revision.date_created), "DATETIME_FORMAT")
        said = _("Restored: the version of %(date)s.") % {"date": saved}
        reversion.set_comment(said)
        record = restoring.record
        self.after_restoring(request, record, form.cleaned_data["note"], before)
        self.log_change(request, record, said)
        self.message_user(request, said, messages.SUCCESS)
        if restoring.left_out:
            gone = _("Not brought back, because it is gone or another’s: %s")
            self.message_user(request, gone % "; ".join(restoring.left_out), messages.WARNING)
        return redirect(self._url("change", quote(record.pk)))

    def is_public(self, record):
        """Whether the note of who restores the record is for the public too."""
        return False

    def before_restoring(self, version):
        """What `after_restoring` has to know of how it was; None if nothing."""

    def after_restoring(self, request, record, note, before=None):
        """Keep the note with the version."""
        with revision(comment=note):
            pass

    # --- All of them

    def _record(self, request, object_id, to_change=False):
        """The record, for somebody who may see it, or change it; else Http404 or refused."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if to_change:
            allowed = self.has_change_permission(request, record)
        else:
            allowed = self.has_view_or_change_permission(request, record)
        if not allowed:
            raise PermissionDenied
        return record

    def _version(self, key, version):
        return get_object_or_404(versions_of(self.model, key), pk=version)

    def _order(self, request, record=None):
        """The order of the fields on the form."""
        return flatten_fieldsets(self.get_fieldsets(request, record))

    def _page(self, request, template, title, record, **context):
        """A page of the record's history; of none if it is gone."""
        context |= {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "object": record,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, f"admin/versions/{template}.html", context)
