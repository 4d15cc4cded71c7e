"""What every answer tells the browser to refuse, files included."""

import re
from functools import cache

from csp.utils import build_policy
from django.conf import settings
from whitenoise.middleware import WhiteNoiseFileResponse

# Nothing of a device, and nothing for advertising; what a passkey needs stays with the portal.
FEATURES = [
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "usb",
    "web-share",
    "xr-spatial-tracking",
]
PASSKEYS = "publickey-credentials-get=(self), publickey-credentials-create=(self)"
PERMISSIONS = ", ".join([*(f"{feature}=()" for feature in FEATURES), PASSKEYS])


@cache
def content_security():
    """The same for every page, so that it is put together once: the middleware of django-csp does
    so for each answer."""
    return build_policy()


class HeadersMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response
        self.is_open = re.compile(settings.CORS_URLS_REGEX).match

    def __call__(self, request):
        response = self.get_response(request)
        # A static file is no page, and weighs less without.
        if not isinstance(response, WhiteNoiseFileResponse):
            response["Content-Security-Policy"] = content_security()
        response["Permissions-Policy"] = PERMISSIONS
        # What others' pages may read by script, they may load as well.
        is_open = self.is_open(request.path_info)
        response["Cross-Origin-Resource-Policy"] = "cross-origin" if is_open else "same-origin"
        return response
