"""A spreadsheet's rows stored as blocks and proposals, with what each would change."""

from collections import defaultdict

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from entries.columns import parts
from imports.cells import date_in
from imports.columns import Table, named_rows
from imports.formats.spreadsheet import FORMULA
from imports.models import Block, Import, Proposal

Fate = Block.Fate
MOST_TOLD = 200  # problems that the page of an import names
EVERY = 250  # rows after which the page is told how far it is


def table_of(document, name, kind="", clears=False):
    return Table(document.cells, [int(b.place) for b in document.blocks], name, kind, clears)


def store_table(made, document, tell=None):
    """Compare without a lock, as long as it takes; then write all at once."""
    table = table_of(document, made.name, made.recipe, made.clears)
    stored, rows = Import.objects.filter(pk=made.pk), []
    for row in table.read():
        rows.append(row)
        if tell is not None:
            tell(len(rows), len(table.rows))
        if not len(rows) % EVERY:
            stored.update(rows=len(table.rows), rows_read=len(rows))
    with transaction.atomic():
        made = stored.select_for_update().get()
        _store(made, document, table, rows)
    return made


def _store(made, document, table, rows):
    made.blocks.all().delete()
    made.proposals.all().delete()
    proposals = {row.number: _proposal(made, table, row) for row in rows if row.changes}
    Proposal.objects.bulk_create(proposals.values(), batch_size=200)
    fates = _fates(rows)
    Block.objects.bulk_create(
        (
            Block(
                of=made,
                position=position,
                page=f"row {block.place}",
                text=block.text.replace(FORMULA, ""),
                role=block.role,
                fate=fates.get(int(block.place), Fate.INTRODUCTION),
                proposal=proposals.get(int(block.place)),
            )
            for position, block in enumerate(document.blocks)
        ),
        batch_size=200,
    )
    made.recipe, made.format = str(table.model.kind), document.format
    made.state, made.refusal, made.rows = Import.State.READ, "", len(rows)
    made.notes = _notes(document, table, rows)
    made.save()


def _fates(rows):
    """A row that says nothing new is furniture; one of which nothing can be taken is left over."""
    return {
        row.number: Fate.PROPOSAL
        if row.changes
        else (Fate.FURNITURE if row.says_the_same else Fate.LEFT_OVER)
        for row in rows
    }


def _notes(document, table, rows):
    unchanged = sum(row.says_the_same for row in rows)
    told = [f"{unchanged} rows say what the portal says already."] if unchanged else []
    return [*document.notes, *told, *table.headings.told(), *table.remarks(), *_problems(rows)]


def _problems(rows):
    """Each with its row and column; what is the same in other rows is told once."""
    by_text = defaultdict(list)
    for row in rows:
        for text in row.problems:
            by_text[text].append(row.number)
    told = []
    for text, (first, *others) in by_text.items():
        same = f"; the same in row {named_rows(others)}" if others else ""
        told.append(f"row {first}, {text}{same}")
    if more := told[MOST_TOLD:]:
        told = [*told[:MOST_TOLD], f"and {len(more)} more, each named at its row."]
    return told


def _proposal(made, table, row):
    """What a row would change: of an entry that is there, or all of a new one."""
    proposal = Proposal(
        of=made,
        number=row.number,
        kind=table.model.kind,
        title=_title(row),
        as_printed=_as_printed(row),
        details={
            "changes": {name: [before, after] for name, (before, after, _) in row.changes.items()},
            "values": {name: value for name, (_, _, value) in row.changes.items()},
            "problems": row.named_problems,
            "updates": row.entry is not None,
        },
    )
    if row.entry is not None:
        proposal.content_type = ContentType.objects.get_for_model(table.model)
        proposal.object_id = row.entry.pk
    return proposal


def _as_printed(row):
    return "\n".join(f"{name}: {after}" for name, (_, after, _) in row.changes.items())


def _title(row):
    if row.entry is not None:
        return str(row.entry)[:400]
    named = (row.changes[name][1] for name in ("title", "name", "text") if name in row.changes)
    return next(named, "")[:400]


# --- The same as an account, where nothing is stored


def account_of_table(document, name):
    """The whole account of a spreadsheet, as that of a document is written."""
    table = table_of(document, name)
    rows = list(table.read())
    fates = _fates(rows)
    return {
        "recipe": str(table.model.kind),
        "language": None,
        "format": document.format,
        "title": None,
        "notes": _notes(document, table, rows),
        "blocks": [
            {
                "page": None,
                "text": block.text.replace(FORMULA, ""),
                "fate": fates.get(int(block.place), Fate.INTRODUCTION).value,
                "proposal": int(block.place) if fates.get(int(block.place)) == "proposal" else None,
            }
            for block in document.blocks
        ],
        "proposals": [_told(table, row) for row in rows if row.changes],
    }


def _told(table, row):
    after = {name: cell for name, (_, cell, _) in row.changes.items()}
    day = date_in(after.get(table.model.dated_by, "") or "")
    last = date_in(after.get("end_date", "")) or day
    return {
        "number": row.number,
        "kind": str(table.model.kind),
        "title": _title(row) or None,
        "as_printed": _as_printed(row),
        "page": None,
        "start": day.start if day else None,
        "end": last.end if day and table.model.kind == "meeting" else None,
        "precision": day.precision if day else None,
        "countries": parts(after.get("countries", "")),
        "groups": parts(after.get("groups", "")),
        "links": parts(after.get("links", "")),
        "theme": after.get("themes"),
        "certainty": "certain",
        "updates": str(row.entry.identifier) if row.entry is not None else None,
        "fields": after,
        "problems": row.problems,
    }
