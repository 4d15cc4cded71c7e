from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ranportal.accounts.log import log_line
from ranportal.accounts.models import AccessLine, What
from ranportal.accounts.second_factor import TYPES
from records.admin import AnyInput, ReadOnlyAdmin

# Nothing is mailed, and nobody needs to see what a second factor is made of.
admin.site.unregister(EmailAddress)
admin.site.unregister(Authenticator)
admin.site.unregister([User, Group])
apps.get_app_config("auth").verbose_name = _("Users and their groups")


@admin.register(User)
class AccountAdmin(AnyInput, UserAdmin):
    list_display = [
        "username",
        "first_name",
        "last_name",
        "is_staff",
        "second_factor",
        "last_login",
    ]
    actions = ["remove_second_factor"]

    def get_queryset(self, request):
        own = Authenticator.objects.filter(user=OuterRef("pk"), type__in=TYPES)
        return super().get_queryset(request).annotate(second_factor=Exists(own))

    @admin.display(description=_("second factor"), boolean=True, ordering="second_factor")
    def second_factor(self, user):
        return user.second_factor

    @admin.action(description=_("Remove the second factor (lost)"), permissions=["change"])
    def remove_second_factor(self, request, users):
        """App, passkeys and recovery codes: the next sign-in takes the password alone."""
        users = [*users.filter(second_factor=True)]
        Authenticator.objects.filter(user__in=users).delete()
        for user in users:
            log_line(
                request,
                What.CHANGED,
                user,
                _("second factor removed by {name}").format(name=request.user.get_username()),
            )
        message = ngettext(
            "The second factor of %d account was removed.",
            "The second factors of %d accounts were removed.",
            len(users),
        )
        self.message_user(request, message % len(users), messages.SUCCESS)


@admin.register(Group)
class RoleAdmin(AnyInput, GroupAdmin):
    pass


@admin.register(AccessLine)
class AccessLineAdmin(ReadOnlyAdmin):
    """For superusers only: it says who works when."""

    list_display = ["at", "what", "who", "detail", "network"]
    list_filter = ["what", "at"]
    search_fields = ["username", "detail", "network"]
    date_hierarchy = "at"

    @admin.display(description=_("who"), ordering="username", empty_value=_("no account"))
    def who(self, line):
        return line.username or None

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_module_permission(self, request):
        return request.user.is_superuser
