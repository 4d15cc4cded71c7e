from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from allauth.usersessions.admin import UserSession
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ranportal.accounts.log import log_line
from ranportal.accounts.models import AccessLine, What
from ranportal.accounts.passwords import SetPassword, note_given
from ranportal.accounts.second_factor import TYPES, require_fresh
from records.admin import AnyInput, ChoicesField, ReadOnlyAdmin

# Nothing is mailed, and nobody needs to see what a second factor is made of.
admin.site.unregister(EmailAddress)
admin.site.unregister(Authenticator)
admin.site.unregister(UserSession)
admin.site.unregister([User, Group])
apps.get_app_config("auth").verbose_name = _("Users and their groups")


class Granting(AnyInput):
    """Gives and takes rights: of whoever has shown a moment ago who they are, and on record."""

    def changeform_view(self, request, *args, **kwargs):
        require_fresh(request)
        return super().changeform_view(request, *args, **kwargs)

    def delete_view(self, request, *args, **kwargs):
        require_fresh(request)
        return super().delete_view(request, *args, **kwargs)

    def changelist_view(self, request, *args, **kwargs):
        if request.method == "POST":
            require_fresh(request)
        return super().changelist_view(request, *args, **kwargs)

    def delete_model(self, request, obj):
        self.log_deletion_of(request, obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for each in queryset:
            self.log_deletion_of(request, each)
        super().delete_queryset(request, queryset)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs["form_class"] = ChoicesField
        return super().formfield_for_manytomany(db_field, request, **kwargs)


def by(request, text):
    """What was done to an account, and by whom."""
    return _("{done}, by {name}").format(done=text, name=request.user)


def added_and_removed(form, name):
    before, after = {*form.initial.get(name, ())}, {*form.cleaned_data[name]}
    return after - before, before - after


@admin.register(User)
class AccountAdmin(Granting, UserAdmin):
    list_display = [
        "username",
        "first_name",
        "last_name",
        "is_staff",
        "second_factor",
        "last_login",
    ]
    actions = ["remove_second_factor"]
    change_password_form = SetPassword

    def user_change_password(self, request, *args, **kwargs):
        require_fresh(request)
        return super().user_change_password(request, *args, **kwargs)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        user = form.instance
        if not change:
            log_line(request, What.ACCOUNT, user, by(request, _("account made")))
            note_given(request, user)
        for text in self.granted(form) if change else ():
            log_line(request, What.ACCOUNT, user, by(request, text))

    def granted(self, form):
        """What a changed form gives to the account, or takes from it."""
        for name in form.changed_data:
            label = User._meta.get_field(name).verbose_name
            if name in ("groups", "user_permissions"):
                more, fewer = added_and_removed(form, name)
                yield from (f"{label} + {each}" for each in more)
                yield from (f"{label} − {each}" for each in fewer)
            elif name in ("is_active", "is_staff", "is_superuser"):
                yield f"{label}: {_('yes') if form.cleaned_data[name] else _('no')}"
            elif name == "username":
                yield _("renamed, was {before}").format(before=form.initial[name])

    def log_deletion_of(self, request, user):
        log_line(request, What.ACCOUNT, user, by(request, _("account deleted")))

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
                by(request, _("second factor removed")),
            )
        message = ngettext(
            "The second factor of %d account was removed.",
            "The second factors of %d accounts were removed.",
            len(users),
        )
        self.message_user(request, message % len(users), messages.SUCCESS)


@admin.register(Group)
class RoleAdmin(Granting, GroupAdmin):
    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        more, fewer = added_and_removed(form, "permissions")
        what = [f"+ {each.codename}" for each in more] + [f"− {each.codename}" for each in fewer]
        if what or not change:
            self.log_group(request, form.instance, ", ".join(sorted(what)) or _("made"))

    def log_deletion_of(self, request, group):
        self.log_group(request, group, _("deleted"))

    def log_group(self, request, group, what):
        """For whoever did it, and for each member, whom it gives or takes something."""
        text = by(request, f"{group}: {what}")
        for user in {request.user, *group.user_set.all()}:
            log_line(request, What.ACCOUNT, user, text)


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
