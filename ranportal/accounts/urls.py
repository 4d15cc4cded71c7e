"""The pages for getting in: those of allauth that work without a mail server."""

from allauth.account import views
from django.urls import include, path

from ranportal.accounts.views import PasswordChange, Sessions

urlpatterns = [
    path("sign-in/", views.login, name="account_login"),
    path("sign-out/", views.logout, name="account_logout"),
    path("sign-up/", views.signup, name="account_signup"),
    path("not-active/", views.account_inactive, name="account_inactive"),
    path("confirm/", views.reauthenticate, name="account_reauthenticate"),
    path("password/", PasswordChange.as_view(), name="account_change_password"),
    path("sessions/", Sessions.as_view(), name="usersessions_list"),
    path("second-factor/", include("allauth.mfa.urls")),
]
