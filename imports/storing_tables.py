"""A spreadsheet's rows stored as blocks and proposals, with what each would change."""

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from imports.columns import Table
from imports.models import Block, Import, Proposal

Fate = Block.Fate


@transaction.atomic
def store_table(made, document):
    table = Table(document.cells, [int(block.place) for block in document.blocks], made.name)
    made.blocks.all().delete()
    made.proposals.all().delete()
    made.recipe, made.format, made.state, made.refusal = "", document.format, Import.State.READ, ""
    fates, proposals, unchanged = {}, [], 0
    problems = [f"column {at}: the portal has no column “{header}”" for at, header in table.unknown]
    for number, entry, changes, wrong in table.read():
        problems += wrong
        if not changes:
            unchanged += not wrong
            fates[number] = (Fate.LEFT_OVER if wrong else Fate.FURNITURE, None)
            continue
        proposal = _proposal(made, table, number, entry, changes, wrong)
        proposals.append(proposal)
        fates[number] = (Fate.PROPOSAL, proposal)
    Proposal.objects.bulk_create(proposals, batch_size=200)
    Block.objects.bulk_create(
        (
            Block(
                of=made,
                position=position,
                page=f"row {block.place}",
                text=block.text.replace("\x1b", ""),
                role=block.role,
                fate=fates.get(int(block.place), (Fate.INTRODUCTION, None))[0],
                proposal=fates.get(int(block.place), (None, None))[1],
            )
            for position, block in enumerate(document.blocks)
        ),
        batch_size=200,
    )
    told = [f"{unchanged} rows say what the portal says already."] if unchanged else []
    made.notes = [*document.notes, *told, *problems[:200]]
    made.save()
    return made


def _proposal(made, table, number, entry, changes, wrong):
    """What a row would change: of an entry that is there, or all of a new one."""
    proposal = Proposal(
        of=made,
        number=number,
        kind=table.kind,
        title=_title(entry, changes),
        as_printed="\n".join(f"{name}: {after}" for name, (_, after, _) in changes.items()),
        details={
            "changes": {name: [before, after] for name, (before, after, _) in changes.items()},
            "values": {name: value for name, (_, _, value) in changes.items()},
            "problems": wrong,
            "updates": entry is not None,
        },
    )
    if entry is not None:
        proposal.content_type = ContentType.objects.get_for_model(table.model)
        proposal.object_id = entry.pk
    return proposal


def _title(entry, changes):
    if entry is not None:
        return str(entry)[:400]
    named = next((changes[name][1] for name in ("title", "name", "text") if name in changes), "")
    return named[:400]
