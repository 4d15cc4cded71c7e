"""Of whatever goes through review, in whichever app it stands, and of what hangs on entries.

Which records a contributor may change is a rule about each (`entries.workflow.transitions`),
as is who may make which transition.
"""

from entries.workflow.models import reviewed_models
from records.roles import LOOK, WRITE

REVIEWED = [model._meta.label_lower for model in reviewed_models()]
VOCABULARY = ("entries.synonym", "entries.term", "taggit.tag")

ROLES = {
    "contributor": {
        **dict.fromkeys(REVIEWED, WRITE),
        **dict.fromkeys(VOCABULARY, LOOK),
        "entries.country": LOOK,
        "entries.link": LOOK,
        "entries.linkcheck": LOOK,
    },
    "curator": {
        **dict.fromkeys(REVIEWED, ("curate",)),
        "entries.link": WRITE,
        "entries.linkcheck": ("view", "change"),
    },
    "editor": {**dict.fromkeys(REVIEWED, ("publish",)), **dict.fromkeys(VOCABULARY, WRITE)},
}
