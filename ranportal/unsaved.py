"""Nothing typed is lost: a form of the desk that is refused comes back filled, with the reason.

Whatever refuses it (signed out meanwhile, a permission, a locked database, a full disk, a body
over the limit), the page that answers holds what was sent and sends it again. The middleware
stands outside the session, whose own writes may fail, and needs no database for its page.
"""

import logging
from dataclasses import dataclass
from urllib.parse import parse_qsl

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    FieldDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.db import DatabaseError, OperationalError
from django.http import Http404, UnreadablePostError
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure as plain_csrf_failure

from imports.uploads import DOOR
from ranportal.request_id import request_id

logger = logging.getLogger("django.request")

MOST_FIELDS = 20_000  # of a form over the limit that is shown again
NEVER_SHOWN = ("password", "csrfmiddlewaretoken")
TECHNICAL = ("opened_with", "action", "select_across", "index")
DOORS = ("/admin/login/", "/admin/logout/", "/admin/password_change/")
FORGED = ("Origin checking", "Referer checking")  # a form of another site: nobody here typed it


# --- Reasons -------------------------------------------------------------------------


@dataclass
class Reason:
    """Why nothing was saved, and what to do; `link` leads to where it is done."""

    status: int
    title: str
    text: str
    link: str = ""
    link_text: str = ""


def signed_out(address):
    return Reason(
        403,
        _("You are not signed in any more"),
        _("Sign in in a new tab, come back to this one, and send it again."),
        address,
        _("Sign in, in a new tab"),
    )


def asked_for_more(address):
    return Reason(
        403,
        _("Something is asked of you first"),
        _("A second factor or a new password. Do it in a new tab, come back, and send it again."),
        address,
        _("Do it in a new tab"),
    )


def signed_in_anew(user):
    text = _(
        "You signed in again after this form was opened, and are %(user)s now. Look it over, and"
        " send it again."
    )
    return Reason(403, _("This form is of an earlier sign-in"), text % {"user": user})


def forbidden(why):
    text = _("Copy what you want to keep, or send it again when it is open to you.")
    return Reason(403, _("This is not open to you"), f"{why} {text}".strip())


def not_there(why):
    return Reason(404, _("What you changed is not there"), why)


def too_large():
    size = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000
    text = _(
        "A form holds %(size)s million characters at most. Shorten it here, or divide it, and send"
        " it again."
    )
    return Reason(413, _("This is too much for one form"), text % {"size": size})


def unreadable(why):
    return Reason(400, _("This could not be read"), why)


def our_fault(request):
    text = _(
        "It is our fault, not yours. Send it again; if it happens again, tell a superuser, and"
        " name this request: %(request)s."
    )
    return Reason(500, _("Something went wrong here"), text % {"request": request_id(request)})


def database(error):
    """Of an error of the database that is not ours: it waits for somebody, or has no room."""
    said = str(error).lower()
    if "full" in said or "no space" in said:
        title = _("There is no room left to save anything")
        text = _("Whoever runs the portal has to make room. Reading goes on; send it again then.")
    elif "lock" in said or "busy" in said or "timeout" in said:
        title = _("The portal is busy saving something else")
        text = _("A large backup or import may hold it up. Send it again in a minute.")
    else:
        title = _("The portal cannot save anything now")
        text = _("Its database does not answer as it should. Send it again in a minute.")
    return Reason(503, title, text)


# --- What was sent -------------------------------------------------------------------


@dataclass
class SentField:
    name: str
    value: str
    label: str = ""  # of what is shown, to be read and changed; the others are only sent along


def pairs_of(request):
    """The fields of a form as (name, value); also of one that is over the limits."""
    try:
        pairs = [(name, value) for name, values in request.POST.lists() for value in values]
    except (RequestDataTooBig, SuspiciousOperation, UnreadablePostError):
        pairs = []
    if pairs or not is_of_staff(request):
        return pairs
    try:
        body = request.body
    except RequestDataTooBig:
        body = request.read(settings.LARGEST_REQUEST)
    except Exception:  # read already, or broken off
        return []
    try:
        return parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS
        )
    except ValueError:
        return []


def is_of_staff(request):
    try:
        return request.user.is_staff
    except (AttributeError, DatabaseError):
        return False


def sent_fields(request):
    model = getattr(admin_of(request), "model", None)
    return [
        SentField(name, value, label_of(model, name) if is_text(model, name, value) else "")
        for name, value in pairs_of(request)
        if not any(secret in name for secret in NEVER_SHOWN)
    ]


def takes_file(request):
    try:
        return resolve(request.path_info).view_name == DOOR
    except Resolver404:
        return False


def admin_of(request):
    match = request.resolver_match or resolve(request.path_info)
    return getattr(match.func, "model_admin", None)


def field_of(model, name):
    """The model field behind a name in a form: 'title', or 'links-0-url' of a row."""
    relation, _number, own = name.split("-", 2) if name.count("-") >= 2 else (None, None, name)
    try:
        if relation:
            model = model._meta.get_field(relation).related_model
        return model._meta.get_field(own)
    except (AttributeError, FieldDoesNotExist):
        return None


def is_text(model, name, value):
    """Whether a person typed it, so far as can be told."""
    if name.startswith("_") or name.endswith("_FORMS") or name in TECHNICAL:
        return False
    field = field_of(model, name)
    if field is not None and (field.is_relation or field.choices or field.primary_key):
        return False
    return any(letter.isalpha() for letter in value) and value != "on"


def label_of(model, name):
    field = field_of(model, name)
    words = field.verbose_name if field is not None else name.rpartition("-")[2].replace("_", " ")
    return capfirst(str(words))


# --- The answer ----------------------------------------------------------------------


def page(request, reason):
    """The form again; None where nothing was typed that could be lost. A file cannot be given back."""
    with_file = takes_file(request)
    fields = [] if with_file else sent_fields(request)
    if not with_file and not any(field.label for field in fields):
        return None
    address = request.get_full_path()
    context = {"reason": reason, "fields": fields, "address": address, "with_file": with_file}
    response = render(request, "admin/unsaved.html", context, status=reason.status)
    response.gives_back = True
    if reason.status == 503:
        response["Retry-After"] = "60"
    return response


def csrf_failure(request, reason=""):
    """Of a form without a good token. What another site sent is not shown as one's own."""
    ours = is_of_the_desk(request) and not reason.startswith(FORGED)
    response = None
    if ours and request.user.is_authenticated:
        response = page(request, signed_in_anew(request.user))
    elif ours:
        response = page(request, signed_out(sign_in_address(request)))
    if response is None:
        response = plain_csrf_failure(request, reason)
        response.gives_back = True
    return response


def sign_in_address(request):
    return f"{reverse('account_login')}?next={request.path}"


def is_of_the_desk(request):
    path = request.path_info
    return request.method == "POST" and path.startswith("/admin/") and path not in DOORS


class UnsavedMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not is_of_the_desk(request) or hasattr(response, "gives_back"):
            return response
        reason = reason_of(request, response)
        return (reason and page(request, reason)) or response

    def process_exception(self, request, exception):
        """Here the reason is known best."""
        if not is_of_the_desk(request):
            return None
        match exception:
            case PermissionDenied():
                return page(request, forbidden(str(exception)))
            case Http404():
                return page(request, not_there(str(exception)))
            case BadRequest():
                return page(request, unreadable(str(exception)))
            case OperationalError():
                logger.error("Not saved: %s", request.path, exc_info=exception)
                return page(request, database(exception))
        return None


def reason_of(request, response):
    """Why an answer refuses a form; None if it does not."""
    if response.status_code == 302:
        return turned_to(response.url)
    if response.status_code == 403:
        return forbidden("")
    if response.status_code == 400 and takes_file(request):  # see `imports.uploads`
        return forbidden("") if is_of_staff(request) else signed_out(sign_in_address(request))
    if response.status_code == 400:
        size = int(request.META.get("CONTENT_LENGTH") or 0)
        over = size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        return too_large() if over else unreadable(_("It has more fields than the portal reads."))
    return our_fault(request) if response.status_code >= 500 else None


def turned_to(address):
    """The reason where a form is answered by leading to the sign-in, or to what it asks."""
    path = address.partition("?")[0]
    if path in (reverse("account_login"), reverse("admin:login")):
        return signed_out(address)
    try:
        route = resolve(path).route
    except Resolver404:
        return None
    return asked_for_more(address) if route.startswith("curators/") else None
