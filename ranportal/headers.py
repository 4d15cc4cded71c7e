"""What every answer tells the browser to refuse, files included."""

import re

from django.conf import settings

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
POLICY = ", ".join([f"{feature}=()" for feature in FEATURES])
PASSKEYS = "publickey-credentials-get=(self), publickey-credentials-create=(self)"


class HeadersMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response["Permissions-Policy"] = f"{POLICY}, {PASSKEYS}"
        # What others' pages may read by script, they may load as well.
        is_open = re.match(settings.CORS_URLS_REGEX, request.path_info)
        response["Cross-Origin-Resource-Policy"] = "cross-origin" if is_open else "same-origin"
        return response
