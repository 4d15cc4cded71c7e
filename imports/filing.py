"""What a document says beside its proposals: what is missing, and addresses that nothing assigns."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from entries.links.models import Link
from entries.workflow import transitions
from imports.accepting import NotAccepted
from imports.formats import block as roles
from imports.models import Block
from imports.readings import addresses
from records.versions.registering import revision
from records.versions.snapshots import piece_of, read, versions_of
from themes.models import Absence

Fate = Block.Fate


def imported_from(made):
    return _("Imported from %(name)s") % {"name": made.name}


@transaction.atomic
def file_absence(block, absence, user):
    """Keep with its theme what the document says is missing there."""
    with revision(user, imported_from(block.of), changing=absence.theme):
        absence.save()
        absence.theme.save()
    block.absence, block.wording = absence, absence.text
    block.save(update_fields=["absence", "wording"])


@transaction.atomic
def take_absences_back(made, user):
    """Those that nobody has worked on, by whoever may; the others stay, and are returned."""
    kept, may = [], user.has_perm("themes.change_theme")
    for block in made.blocks.exclude(absence=None).select_related("absence__theme"):
        absence = block.absence
        if not may or _worked_on(absence):
            kept.append(absence)
            continue
        with revision(user, _("Import undone"), changing=absence.theme):
            absence.delete()
            absence.theme.save()
    return kept


def _worked_on(absence):
    """Whether it says anything else than when it was filed."""
    filed = versions_of(Absence, absence.pk).last()
    return filed is None or read(filed) != piece_of(absence)


def unassigned(made):
    """The blocks of addresses that no proposal has."""
    return made.blocks.filter(role=roles.ADDRESS, fate=Fate.LEFT_OVER)


@transaction.atomic
def keep_addresses(made, user):
    """Keep them with the paper, for a curator to place; return how many."""
    paper = _paper(made, user)
    with revision(user, imported_from(made), changing=paper):
        there, number = set(paper.links.values_list("url", flat=True)), 0
        for block in unassigned(made):
            found = [url for url in addresses.find(block.text) if not _wrong(url)]
            for url in (url for url in found if url not in there):
                Link.objects.create(
                    url=url, role=Link.Role.UNASSIGNED, paper=paper, source_page=block.page
                )
            if found:
                block.fate, number = Fate.PART, number + len(found)
                block.kept = "known" if there.issuperset(found) else "added"
                block.save(update_fields=["fate", "kept"])
            there.update(found)
        if number:
            transitions.note_change(paper, user, imported_from(made) if paper.is_public else "")
    return number


@transaction.atomic
def let_addresses_go(made, user):
    """Take back those that the import gave to its paper and that nobody has placed since."""
    kept = made.blocks.exclude(kept="")
    if not kept.exists():
        return
    paper = made.source
    if paper is not None and not transitions.may_change(user, paper):
        return
    if paper is not None:
        urls = [url for block in kept.filter(kept="added") for url in addresses.find(block.text)]
        with revision(user, _("Import undone"), changing=paper):
            paper.links.unassigned().filter(url__in=urls).delete()
            transitions.note_change(paper, user, _("Import undone") if paper.is_public else "")
    kept.update(kept="", fate=Fate.LEFT_OVER)


def _paper(made, user):
    if made.source is None:
        raise NotAccepted(_("Choose the paper that the document is, and save: they stay with it."))
    if not transitions.may_change(user, made.source):
        raise NotAccepted(_("You may not change that entry."))
    return made.source


def _wrong(url):
    try:
        Link._meta.get_field("url").clean(url, None)
    except ValidationError:
        return True
    return False
