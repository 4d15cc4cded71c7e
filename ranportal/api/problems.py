"""Errors under /api/ as problem details (RFC 9457), whoever raises them."""

from http import HTTPStatus

from django.core.exceptions import BadRequest
from django.http import HttpResponsePermanentRedirect, JsonResponse
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from rest_framework.exceptions import APIException, ParseError
from rest_framework.renderers import JSONRenderer
from rest_framework.views import exception_handler

from ranportal import request_id
from ranportal.lost import page_not_found

CONTENT_TYPE = "application/problem+json"


def problem(request, status, detail):
    return {
        "type": "about:blank",  # it is what its status says, and `detail` says why
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": str(detail),
        "instance": escape_uri_path(request.path),
    }


class Moved(APIException):
    """The same list has another address now."""

    def __init__(self, address):
        super().__init__()
        self.address = address


def problem_of_view(error, context):
    """What a view of the API answers an error with; None leaves it to `server_error`."""
    if isinstance(error, Moved):
        return HttpResponsePermanentRedirect(error.address, headers={"Cache-Control": "no-cache"})
    if isinstance(error, BadRequest):
        error = ParseError(str(error))
    response = exception_handler(error, context)
    if response is not None:
        request = context["request"]
        # Also from the schema, which speaks YAML to those who ask for it.
        request.accepted_renderer = JSONRenderer()
        request.accepted_media_type = JSONRenderer.media_type
        response.data = problem(request, response.status_code, response.data["detail"])
        response.content_type = CONTENT_TYPE
    return response


def handler(status, detail, page):
    """What answers an error that no view of the API does; other addresses get the `page`."""

    def handle(request, *args, **kwargs):
        if not request.path_info.startswith("/api/"):
            return page(request, *args, **kwargs)
        return JsonResponse(
            problem(request, status, detail), status=status, content_type=CONTENT_TYPE
        )

    return handle


bad_request = handler(400, _("The request could not be read."), defaults.bad_request)
not_found = handler(
    404,
    _("There is nothing at this address. /api/v1/ lists what there is, /api/v1/docs explains it."),
    page_not_found,
)


def server_error(request):
    """An error of ours, with what it is called in the log."""
    if not request.path_info.startswith("/api/"):
        return request_id.server_error(request)
    name = request_id.request_id(request)
    told = problem(request, 500, _("Something went wrong on the portal's side."))
    told["request_id"] = name
    headers = {request_id.HEADER: name}
    return JsonResponse(told, status=500, content_type=CONTENT_TYPE, headers=headers)
