"""What stands behind the question mark of an address that programs read."""

import re
from difflib import get_close_matches

from django.core.exceptions import BadRequest
from django.http import HttpResponseBadRequest
from django.utils.text import Truncator
from django.utils.translation import gettext

# What programs add to an address that they were given: to count clicks, to get past a cache.
ADDED_BY_OTHERS = re.compile(
    "(?:utm|mtm|pk|hsa)_[a-z_]+|_(?:ga|gl|hsenc|hsmi|openstat)?|__s|nocache|cachebuster"
    "|(?:fb|g|d|ms|y|tt|tw)clid|[gw]braid|igshid|srsltid|li_fat_id|mc_[ce]id|mkt_tok|vero_id",
    re.IGNORECASE,
)


def refuse_unknown(names, known):
    """Raise BadRequest for a parameter that is none of the known ones, nor added on the way."""
    for name in names:
        if name not in known and not ADDED_BY_OTHERS.fullmatch(name):
            message = gettext("Unknown parameter: %(name)s.")
            near = get_close_matches(name, known, n=1, cutoff=0)
            if near:
                message = gettext("Unknown parameter: %(name)s. The nearest known one is %(near)s.")
            raise BadRequest(message % {"name": Truncator(name).chars(60), "near": "".join(near)})


def refusal(error):
    """The answer to a request for a file that asks for what the portal does not know."""
    return HttpResponseBadRequest(f"{error}\n", content_type="text/plain; charset=utf-8")


class RefusesUnknown:
    """Of a view that programs read: it refuses a parameter that is none of its `parameters`."""

    parameters = ()
    read_parameters = None  # so that an address with some is an address of its own

    def dispatch(self, request, *args, **kwargs):
        try:
            refuse_unknown(request.GET, self.parameters)
        except BadRequest as error:
            return refusal(error)
        return super().dispatch(request, *args, **kwargs)
