"""The addresses of links on the desk: what needs a hand, the word of a curator, replacing."""

from collections import defaultdict
from datetime import timedelta

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from entries.links import replacing
from entries.links.checking import follow_links
from entries.links.health import LinkAnswer, LinkCheck, LinkHealth, State
from entries.links.models import Link
from entries.workflow.permissions import has_permission
from records.admin import KnownValueFilter, PortalAdmin, PortalForm

RECENT = timedelta(hours=1)  # what was asked since is not asked again, whoever presses a button
LONGEST_HELD = timedelta(days=366)

HELD = ["held_as", "held_reason", "held_until", "held_on", "held_by"]
SHOWN = {
    State.DEAD: Q(held_as=State.DEAD) | Q(held_as="", state=State.DEAD),
    State.MOVED: Q(held_as="", state=State.MOVED),
    State.REFUSED: Q(held_as="", state=State.REFUSED),
    State.UNCHECKED: Q(held_as="", state=State.UNCHECKED),
    State.WORKS: Q(held_as=State.WORKS) | Q(held_as="", state=State.WORKS),
}
NEEDS_A_HAND = SHOWN[State.DEAD] | SHOWN[State.MOVED]
GROUPS = {
    "hand": (_("needs a hand: dead or moved"), NEEDS_A_HAND),
    **{state.value: (state.label, SHOWN[state]) for state in State},
    "doubt": (_("failed, not yet dead"), Q(held_as="", failures__gt=0) & ~Q(state=State.DEAD)),
    "held": (_("a curator’s word counts"), ~Q(held_as="")),
}


def check_now(checks):
    """Let the worker check these as soon as it can, except what it has just asked; how many."""
    now = timezone.now()
    waiting = checks.exclude(checked__gte=now - RECENT)
    return LinkCheck.objects.filter(pk__in=waiting.values("pk"), due__gt=now).update(due=now)


class ShownFilter(KnownValueFilter):
    title = _("state")
    parameter_name = "shown"

    def lookups(self, request, model_admin):
        return [(name, label) for name, (label, _condition) in GROUPS.items()]

    def narrowed(self, queryset, value):
        return queryset.filter(GROUPS[value][1])


class WithLinks(ChangeList):
    """Brings the links of every address on the page, in two queries."""

    def get_results(self, request):
        super().get_results(request)
        checks = {check.pk: check for check in self.result_list}
        for check in checks.values():
            check.links = []
        told = LinkHealth.objects.filter(check_of__in=checks)
        check_of = dict(told.values_list("url", "check_of"))
        for link in Link.objects.filter(url__in=check_of).select_related(*Link.owners):
            checks[check_of[link.url]].links.append(link)


class CheckForm(PortalForm):
    rules_shown_at = {"link_check_held_with_reason_and_end": "held_reason"}

    def clean(self):
        cleaned = super().clean()
        today, until = timezone.localdate(), cleaned.get("held_until")
        if not cleaned.get("held_as"):
            cleaned["held_until"], cleaned["held_reason"] = None, ""
        elif until and not today < until <= today + LONGEST_HELD:
            self.add_error("held_until", _("Give a day within a year from now."))
        return cleaned


@admin.register(LinkCheck)
class LinkCheckAdmin(PortalAdmin):
    form = CheckForm
    change_form_template = "admin/links/check.html"
    fieldsets = [
        (
            _("Your own word"),
            {
                "description": _(
                    "Some sites answer readers and not machines. Open the address; if the check is"
                    " wrong, say so here. Leave it empty to let the checks count."
                ),
                "fields": ["held_as", "held_reason", "held_until"],
            },
        ),
    ]
    list_display = ["told_state", "short", "stands_at", "since", "said"]
    list_display_links = ["short"]
    list_filter = [ShownFilter]
    search_fields = ["address"]
    ordering = ["host", "address"]
    actions = ["check_selected"]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_changelist(self, request, **kwargs):
        return WithLinks

    # --- The word of a curator

    def save_model(self, request, obj, form, change):
        """No more than the word: what the checks know may have changed meanwhile."""
        obj.held_on = timezone.localdate() if obj.held_as else None
        obj.held_by = request.user if obj.held_as else None
        obj.save(update_fields=HELD)
        obj.refresh_from_db()
        obj.settle()
        said = obj.get_held_as_display() or _("the checks count again")
        LinkAnswer.keep(obj, "held", f"{request.user}: {said}. {obj.held_reason}".strip())

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context |= {
            "answers": obj.answers.all(),
            "links": replacing.links_to(obj),
            "may_change": self.has_change_permission(request, obj),
        }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    # --- Checking now, replacing

    def get_urls(self):
        views = {
            "check-all/": ("check_all", self.check_all_view),
            "<int:pk>/check/": ("check", self.check_view),
            "<int:pk>/replace/": ("replace", self.replace_view),
        }
        own = [
            path(route, self.admin_site.admin_view(view), name=f"entries_linkcheck_{name}")
            for route, (name, view) in views.items()
        ]
        return [*own, *super().get_urls()]

    def _refuse_unless_may_change(self, request):
        if not self.has_change_permission(request):
            raise PermissionDenied

    def _check(self, request, pk):
        self._refuse_unless_may_change(request)
        found = LinkCheck.objects.filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def check_all_view(self, request):
        self._refuse_unless_may_change(request)
        if request.method == "POST":
            follow_links()  # the first of them; the worker goes on
            self._asked(request, LinkCheck.objects.all())
        return redirect("admin:entries_linkcheck_changelist")

    def check_view(self, request, pk):
        check = self._check(request, pk)
        if request.method == "POST":
            self._asked(request, LinkCheck.objects.filter(pk=pk))
        return redirect("admin:entries_linkcheck_change", check.pk)

    @admin.action(description=_("Check now"), permissions=["change"])
    def check_selected(self, request, queryset):
        self._asked(request, queryset)

    def _asked(self, request, checks):
        """Say what comes of it: a button that only waits for somebody else has to say for whom."""
        number = check_now(checks)
        waiting = LinkCheck.objects.filter(due__lte=timezone.now()).count()
        if not settings.CHECK_LINKS:
            text = _("The worker of this portal is told to ask nobody (CHECK_LINKS).")
            self.message_user(request, text, messages.WARNING)
        elif waiting:
            text = _("The worker checks them, one a second and host: %(waiting)d wait.")
            self.message_user(request, text % {"waiting": waiting}, messages.SUCCESS)
        elif not number:
            self.message_user(request, _("They were checked within the last hour."))

    def replace_view(self, request, pk):
        """The new address is typed, then every link shown as it would be, then replaced."""
        check = self._check(request, pk)
        form = replacing.ReplaceForm(
            request.POST or None, initial={"url": check.moved_to if not check.held_as else ""}
        )
        found = []
        if form.is_valid():
            found = replacing.replacements(check, request.user, form.cleaned_data["url"])
            if (
                form.cleaned_data["seen"] == replacing.digest_of(found)
                and "_replace" in request.POST
            ):
                return self._replaced(request, check, found, form.cleaned_data["note"])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Replace everywhere"),
            "opts": self.opts,
            "check": check,
            "links": replacing.links_to(check),
            "form": form,
            "found": found,
            "possible": [each for each in found if not each.refusal],
            "seen": replacing.digest_of(found),
        }
        return TemplateResponse(request, "admin/links/replace.html", context)

    def _replaced(self, request, check, found, note):
        done, refused = replacing.replace(found, request.user, note)
        for each in done:
            change = f"{each.link.short} → {each.url}"
            self.log_change(request, each.link, change)
        self.log_change(request, check, note)
        if done:
            text = _("Replaced at %d entries; each has a version of it.") % len(done)
            self.message_user(request, text, messages.SUCCESS)
        for each in refused:
            text = format_html(
                '{}: <a href="{}">{}</a>', each.refusal, each.entry.admin_url, each.entry
            )
            self.message_user(request, text, messages.WARNING)
        follow_links()
        return redirect("admin:entries_linkcheck_changelist")

    # --- Columns

    @admin.display(description=_("state"), ordering="state")
    def told_state(self, check):
        shown = check.shown
        return format_html('<span class="status link-{}">{}</span>', shown.state, shown.label)

    @admin.display(description=_("address"), ordering="address")
    def short(self, check):
        """Of a long address the host and the last part, which tell it from others."""
        said = [check.address, check.moved_to if not check.held_as else ""]
        parts = [url.split("://", 1)[-1].removeprefix("www.").rstrip("/") for url in said if url]
        brief = [
            text if len(text) <= 60 else f"{text.split('/')[0]}/…/{text.split('/')[-1]}"
            for text in parts
        ]
        rows = [(url, text) for url, text in zip(said, brief, strict=False)]
        return format_html_join(mark_safe("<br>→ "), '<span title="{}">{}</span>', rows)

    @admin.display(description=_("stands at"))
    def stands_at(self, check):
        by_entry = defaultdict(list)
        for link in check.links:
            by_entry[link.entry.admin_url].append(link.entry)
        rows = [(url, Truncator(found[0]).chars(50)) for url, found in by_entry.items()][:5]
        more = len(by_entry) - len(rows)
        listed = format_html_join("; ", '<a href="{}">{}</a>', rows)
        return format_html("{} +{}", listed, more) if more > 0 else listed


def hand_needed(user):
    """For the desk: how many addresses are in each group that somebody has to look at."""
    if not has_permission(user, "view", LinkCheck):
        return []
    changelist = reverse("admin:entries_linkcheck_changelist")
    names = ("dead", "moved", "doubt")
    counts = LinkCheck.objects.filter(told__isnull=False).aggregate(
        **{name: Count("pk", filter=GROUPS[name][1], distinct=True) for name in names}
    )
    return [
        {"name": GROUPS[name][0], "count": counts[name], "url": f"{changelist}?shown={name}"}
        for name in names
        if counts[name]
    ]
