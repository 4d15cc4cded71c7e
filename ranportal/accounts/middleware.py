"""What holds for whoever is signed in, on whatever page; visitors pass untouched."""

from django.conf import settings
from django.contrib.auth import logout
from django.shortcuts import redirect

from ranportal.accounts import log, passwords, second_factor, sessions

# What stays open to someone who has still to show or set up a second factor.
OPEN = ("curators/", "admin/logout/")


class SignInMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # Without the cookie there is nobody: the session is not even looked for.
        known = settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
        if known and sessions.is_over(request.session):
            logout(request)
            known = False
        elif known:
            sessions.go_on(request.session)
        response = self.get_response(request)
        if response.status_code == 403 and known:
            log.refused_permission(request)
        elif response.status_code == 429 and request.resolver_match.route.startswith("curators/"):
            log.turned_away(request)
        return response

    def process_view(self, request, view, args, kwargs):
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        route = request.resolver_match.route
        if passwords.is_given(request) and not route.startswith(OPEN):
            return redirect("account_change_password")
        if not (request.user.is_authenticated and second_factor.is_required_of(request.user)):
            return None
        request.has_to_set_up = not second_factor.is_set_up_by(request.user)
        if route.startswith(OPEN):
            return None
        if request.has_to_set_up:
            return redirect(second_factor.address_to_set_it_up())
        if not second_factor.shown_at(request):
            return redirect(second_factor.address_to_show_it(request))
        return None
