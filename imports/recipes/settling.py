"""What is read of a proposal's words, and where addresses and notes go in the end."""

import re

from imports import fates
from imports.formats import block as roles
from imports.formats import marks
from imports.readings import addresses, references

LINKED = ("meeting", "paper", "practice")  # kinds that have addresses of their own


def refresh(account, proposal):
    text = proposal.fields.get("_text") or account.read(proposal.as_printed.replace("\t", ", "))
    if proposal.kind == "practice":
        found = references.practice(text, account.language)
        proposal.title, proposal.countries, proposal.date = found.name, found.countries, found.date
        proposal.fields |= {
            "country_as_printed": "" if found.programme else found.place,
            "programme": found.programme,
        }
        proposal.certainty = fates.CERTAIN if found.sure else fates.PROBABLE
        if re.search(r"process of being included in the (?:ran )?collection", text, re.I):
            proposal.fields["collection_status"] = "in-process"
    elif proposal.kind in ("meeting", "paper"):
        plain = re.sub(r"\s*https?://\S+", "", text)
        found = references.event(
            plain, account.groups, account.language, proposal.fields.get("_paper")
        )
        proposal.kind, proposal.title, proposal.date = found.kind, found.title, found.date
        proposal.groups, proposal.countries = found.groups, found.countries
        proposal.certainty = (
            fates.CERTAIN
            if found.sure and (not found.date or found.date.certain)
            else fates.PROBABLE
        )
        proposal.fields |= {
            "heading_as_printed": found.head,
            "groups_as_printed": found.groups_as_printed,
            "city": found.city if found.kind == "meeting" else "",
            "paper_type": found.paper_type if "paper" in (found.kind, found.also) else "",
            "also": found.also,
            "authors": found.authors,
            "_undated": found.undated,
        }


def settle(account):
    """Addresses and notes find their proposals, and what only served the reading goes."""
    blocks = account.document.blocks
    for proposal in account.proposals:
        for address in addresses.find(proposal.as_printed):
            if address not in dict(proposal.links):
                proposal.links.append((address, fates.CERTAIN))
    by_number = {proposal.number: proposal for proposal in account.proposals}
    for index, block in enumerate(blocks):
        owner = by_number.get(account.fates[index][1])
        if owner and account.fates[index][0] == fates.PART and owner.kind in LINKED:
            owner.links += [(address, fates.CERTAIN) for address, _ in block.links]
        if block.role == roles.FURNITURE:
            account.set(index, fates.FURNITURE)
        elif block.role == roles.NOTE and account.fates[index][0] == fates.LEFT_OVER:
            _settle_note(account, index)
        elif block.role == roles.ADDRESS:
            _settle_address(account, index)
    for proposal in account.proposals:
        proposal.links = list(
            {address: (address, sure) for address, sure in reversed(proposal.links)}.values()
        )[::-1]
        proposal.fields = {
            name: value for name, value in proposal.fields.items() if not name.startswith("_")
        }


def _settle_address(account, index):
    block = account.document.blocks[index]
    for address in addresses.find(block.text):
        own = [each for each in account.proposals if each.kind in LINKED]
        alone = own[0] if own and account.recipe.way == "labels" else None
        held = next((each for each in own if address in dict(each.links)), None)
        found = (
            (held, dict(held.links)[address])
            if held
            else addresses.assign(address, own, account.language)
        )
        if (
            not found
            and alone
            and not addresses.CHANNELS.search(addresses.urlsplit(address).netloc)
        ):
            found = alone, fates.CERTAIN  # a page or form of one thing names its addresses
        if found:
            owner, certainty = found
            if not held:
                owner.links.append((address, certainty))
            account.set(index, fates.PART, owner)


def _settle_note(account, index):
    """A note goes with what carries its mark on the same page."""
    blocks = account.document.blocks
    match = marks.NOTE_START.match(blocks[index].text.strip())
    if not match:
        return
    number = next(filter(None, match.groups()))
    plain = number.translate(str.maketrans("¹²³⁴⁵⁶⁷⁸⁹⁰", "1234567890"))
    raised = plain.translate(str.maketrans("1234567890", "¹²³⁴⁵⁶⁷⁸⁹⁰"))
    mark = re.compile(
        rf"{raised}|[^\W\d_][.,;:’”)]*(?:[(\[]{plain}[)\]]|{plain})(?![\d%\w])|\s[(\[]{plain}[)\]]"
    )
    for other in range(index - 1, -1, -1):
        fate, proposal = account.fates[other]
        if blocks[other].page != blocks[index].page:
            break
        if (
            fate in (fates.PROPOSAL, fates.PART, fates.INTRODUCTION)
            and blocks[other].role != roles.NOTE
            and mark.search(blocks[other].text)
        ):
            owner = next((p for p in account.proposals if p.number == proposal), None)
            account.set(index, fates.PART if owner else fates.INTRODUCTION, owner)
            if owner and owner.kind in LINKED:
                owner.links += [(a, fates.CERTAIN) for a in addresses.find(blocks[index].text)]
            return
