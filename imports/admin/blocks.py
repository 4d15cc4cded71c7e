"""Blocks on the desk: what no recipe read, and what the curator says it is."""

from django.contrib import admin
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from entries.models import kinds
from imports import deciding
from imports.models import Block
from records.admin import ReadOnlyAdmin


@admin.register(Block)
class BlockAdmin(ReadOnlyAdmin):
    actions = ["join", "introduction", "furniture", "left_over"]  # and those of `get_actions`
    list_display = ["position", "told", "page", "role", "told_fate", "proposal"]
    list_display_links = None
    list_filter = ["fate", "role", "of"]
    list_per_page = 200
    list_select_related = ["proposal", "of"]
    search_fields = ["text"]

    def has_decide_permission(self, request):
        return request.user.has_perm("imports.change_proposal")

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        if not self.has_decide_permission(request):
            return {}
        for model in kinds():
            kind = str(model.kind)
            actions[f"become_{kind}"] = (
                _becomes(kind),
                f"become_{kind}",
                _("It is a %(kind)s") % {"kind": model.kind.name},
            )
            label = _("It and all like it are %(kinds)s") % {"kinds": model.kind.plural}
            actions[f"all_become_{kind}"] = (_all_become(kind), f"all_become_{kind}", label)
        return actions

    @admin.action(description=_("Part of the proposal before it"), permissions=["decide"])
    def join(self, request, queryset):
        self.message_user(request, _("%d joined.") % deciding.join(_undecided(queryset)))

    @admin.action(description=_("Introduction"), permissions=["decide"])
    def introduction(self, request, queryset):
        deciding.set_aside(_undecided(queryset), Block.Fate.INTRODUCTION)

    @admin.action(description=_("Furniture: drop it"), permissions=["decide"])
    def furniture(self, request, queryset):
        deciding.set_aside(_undecided(queryset), Block.Fate.FURNITURE)

    @admin.action(description=_("Left over"), permissions=["decide"])
    def left_over(self, request, queryset):
        deciding.set_aside(_undecided(queryset), Block.Fate.LEFT_OVER)

    # --- columns

    @admin.display(description=_("as printed"))
    def told(self, block):
        return Truncator(block.text).words(60)

    @admin.display(description=_("fate"), ordering="fate")
    def told_fate(self, block):
        return block.get_fate_display()


def _undecided(queryset):
    """Those that belong to no proposal: what a proposal is made of is changed on its own page."""
    return queryset.filter(proposal=None, kept="", absence=None)


def _becomes(kind):
    def action(model_admin, request, queryset):
        made = deciding.become(_undecided(queryset), kind)
        _tell(model_admin, request, len(made))

    return action


def _all_become(kind):
    def action(model_admin, request, queryset):
        chosen = {block.pk: block for block in _undecided(queryset)}
        for block in list(chosen.values()):
            chosen |= {other.pk: other for other in _undecided(deciding.like(block))}
        blocks = sorted(chosen.values(), key=lambda block: block.position)
        _tell(model_admin, request, len(deciding.become(blocks, kind)))

    return action


def _tell(model_admin, request, number):
    text = ngettext("%d proposal was made.", "%d proposals were made.", number)
    model_admin.message_user(request, text % number)
