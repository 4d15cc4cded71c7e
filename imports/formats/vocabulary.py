"""Words that head a part of a document wherever they stand alone on a line."""

import re

_HEADINGS = re.compile(
    r"""(?:\d{1,2}(?:\.\d{1,2})*\.?\s+)?(?:
      (?:main\ |sub[- ]?)?theme(?:\ \d+(?:\.\d+)*)?\s*[:–-].+
    | (?:ran\ |key\ |relevant\ |other\ |related\ )*(?:meetings|papers|publications|activities|events)
        (?:\s*(?:,|and|&)\s*(?:meetings|papers|publications|activities|events))*
    | (?:good\ |promising\ |inspiring\ |relevant\ |best\ |example\ )?practices?
        (?:\ examples?)?(?:\s*[–—:-]\s*(?:local|national|regional|international))?(?:\ level)?
    | (?:key\ |main\ )?(?:lessons|recommendations|lessons\ learn(?:ed|t)|conclusions|findings
        |outcomes|messages|takeaways|take-aways|points)
        (?:\s*(?:,|and|&)\s*(?:lessons|recommendations|lessons\ learn(?:ed|t)|conclusions))*
    | (?:what\ )?needs?\ to\ be\ (?:further\ )?explored(?:\ further)?
    | what\ needs\ to\ be\ further\ explored
    | (?:further|future)\ (?:research|exploration|reading|topics)
    | open\ questions | introduction | description | follow[- ]up | highlights\ of\ the\ discussions?
    | (?:19|20)\d\d
    | (?:key\ )?(?:outcomes|discussion\ points) | references | bibliography | annex(?:es)?
    )\s*[?:]?\s*""",
    re.IGNORECASE | re.VERBOSE,
)


def is_section_heading(text):
    """Whether a line heads a part by its very words."""
    return len(text) < 120 and _HEADINGS.fullmatch(text.strip()) is not None
