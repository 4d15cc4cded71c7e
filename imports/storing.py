"""A kept file is read and its account stored: whole, or not at all."""

import hashlib
import logging

from django.contrib.contenttypes.models import ContentType
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from entries.models import Country
from imports.duplicates import known
from imports.fates import CERTAIN
from imports.formats.block import Unreadable
from imports.models import Block, Import, Proposal
from imports.reader import read_account
from imports.readings.words import normal
from imports.storing_tables import store_table
from meetings.groups import WorkingGroup
from themes.models import Theme

logger = logging.getLogger(__name__)
State = Import.State


def read_next():
    """Read what waits longest, and say what came of it; None if nothing waits."""
    made = take_next()
    if made is None:
        return None
    made = read_import(made)
    return f"{made.name}: {made.get_state_display()}"


def take_next():
    """The next import that waits, marked as begun; None if none does."""
    return _take(Import.objects.waiting())


def take(pk):
    """The import, marked as begun; None if it was read, or somebody reads it at this moment."""
    readable = Import.objects.waiting() | Import.objects.filter(state=State.REFUSED)
    return _take(readable.filter(pk=pk))


def _take(imports):
    with transaction.atomic():
        found = imports.select_for_update(skip_locked=True).first()
        if found is not None:
            found.state, found.begun, found.refusal = State.READING, timezone.now(), ""
            found.save(update_fields=["state", "begun", "refusal"])
    return found


def read_import(made, tell=None):
    """Read the file of an import and store what was read; a file that cannot be says why.

    No file stops the worker, nor is tried for ever: an error of ours refuses it too. `tell` is
    called with how many of how many pages or rows are read.
    """
    try:
        return _read(made, tell)
    except Unreadable as reason:
        refusal = str(reason)
    except (OperationalError, InterfaceError):  # the database is away: the file waits for it
        raise
    except Exception:
        logger.exception("Import %s could not be read.", made.pk)
        refusal = _(
            "The portal failed at this file: that is our fault, not yours. Give it in another"
            " format, and tell whoever runs the portal."
        )
    made.state, made.refusal = State.REFUSED, refusal
    made.save(update_fields=["state", "refusal"])
    return made


def _read(made, tell):
    groups = WorkingGroup.objects.values_list("name", "aliases")
    document, account = read_account(
        made.data(), made.name, groups, made.recipe, made.language, tell
    )
    if account is None:
        return store_table(made, document, tell)
    with transaction.atomic():
        made = Import.objects.select_for_update().get(pk=made.pk)
        store(made, account)
    return made


def store(made, account):
    """Put an account in the place of the one that the import has."""
    made.blocks.all().delete()
    made.proposals.all().delete()
    made.recipe, made.language = account.recipe.name, account.language
    made.format, made.notes = account.document.format, account.notes
    made.title = made.title or account.title[:300]
    made.state, made.refusal = State.READ, ""
    made.save()
    proposals = Proposal.objects.bulk_create(_proposal(made, each) for each in account.proposals)
    by_number = {proposal.number: proposal for proposal in proposals}
    _relate(proposals, account)
    for proposal in proposals:
        if entry := known(proposal):
            proposal.content_type, proposal.object_id = (
                ContentType.objects.get_for_model(entry),
                entry.pk,
            )
    Proposal.objects.bulk_update(proposals, ["content_type", "object_id"], batch_size=200)
    Block.objects.bulk_create(
        (
            Block(
                of=made,
                position=position,
                page=str(block.page or ""),
                text=block.text,
                role=block.role,
                level=block.level,
                marker=block.marker[:10],
                links=block.links,
                fate=fate,
                proposal=by_number.get(number),
                **_absence(account, position),
            )
            for position, (block, (fate, number)) in enumerate(
                zip(account.document.blocks, account.fates, strict=True)
            )
        ),
        batch_size=200,
    )


def _absence(account, position):
    if position not in account.absences:
        return {}
    theme, kind = account.absences[position]
    return {"theme_as_printed": " > ".join(theme)[:600], "kind": kind}


def digest_of(text):
    return hashlib.sha256(normal(text).encode()).hexdigest() if normal(text) else ""


def _proposal(made, read):
    reading = read.date
    return Proposal(
        of=made,
        number=read.number,
        kind=read.kind,
        title=read.title[:400],
        as_printed=read.as_printed,
        page=str(read.page or ""),
        start=reading.start if reading else "",
        end=reading.end if reading and (reading.is_range or read.kind == "meeting") else "",
        precision=reading.precision if reading else "",
        date_as_printed=(reading.printed if reading else read.fields.get("date_as_printed", ""))[
            :100
        ],
        theme_as_printed=" > ".join(read.theme)[:600],
        links=[address for address, sure in read.links if sure == CERTAIN],
        probable_links=[address for address, sure in read.links if sure != CERTAIN],
        certainty=read.certainty,
        details={name: value for name, value in read.fields.items() if value},
        normal=digest_of(read.as_printed),
    )


def _relate(proposals, account):
    """Countries, groups and themes that the portal has; what it lacks stays printed."""
    countries = Country.objects.in_bulk()
    groups = {group.name: group for group in WorkingGroup.objects.all()}
    themes = {}
    for theme in Theme.objects.with_lineage():
        path = tuple(normal(above.title) for above in theme.lineage)
        themes[path] = theme
        themes.setdefault(path[-1:], theme)
    for proposal, read in zip(proposals, account.proposals, strict=True):
        proposal.countries.set(countries[code] for code in read.countries if code in countries)
        proposal.groups.set(groups[name] for name in read.groups if name in groups)
        path = tuple(map(normal, read.theme))
        theme = themes.get(path) or themes.get(path[-1:])
        if path and theme:
            proposal.themes.set([theme])
