"""
Addresses of one's own account.

Pages of django-allauth keep the names that allauth asks for; only those that we offer are here.
"""

from allauth.account import views as account_views
from allauth.mfa.base import views as factor_views
from allauth.mfa.recovery_codes import views as code_views
from allauth.mfa.totp import views as app_views
from allauth.mfa.webauthn import views as passkey_views
from allauth.socialaccount import views as directory_views
from allauth.socialaccount.providers.openid_connect.urls import urlpatterns as directory_urls
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from zusammenplan.people.views import account

to_account = RedirectView.as_view(pattern_name="account_home")
to_reset = RedirectView.as_view(pattern_name="account_reset_password")

urlpatterns = [
    path("", account.account, name="account_home"),
    path("einladung/<str:token>/", account.invitation, name="account_invitation"),
    path("anmelden/", account_views.login, name="account_login"),
    path("abmelden/", account.sign_out, name="account_logout"),
    path("geraete/", account.devices, name="account_devices"),
    path("gesperrt/", account_views.account_inactive, name="account_inactive"),
    path("ohne-konto/", account_views.signup, name="account_signup"),
    path("bestaetigen/", account_views.reauthenticate, name="account_reauthenticate"),
    path("passwort/", account_views.password_change, name="account_change_password"),
    # Whoever has none gets a link by mail: a session alone must not make a lasting way in.
    path("passwort/setzen/", to_reset, name="account_set_password"),
    path("passwort/vergessen/", account_views.password_reset, name="account_reset_password"),
    path(
        "passwort/vergessen/gesendet/",
        account_views.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^passwort/neu/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "passwort/gesetzt/",
        account_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("adresse/", account_views.email, name="account_email"),
    path(
        "adresse/bestaetigen/",
        account_views.email_verification_sent,
        name="account_email_verification_sent",
    ),
    re_path(
        r"^adresse/bestaetigen/(?P<key>[-:\w]+)/$",
        account_views.confirm_email,
        name="account_confirm_email",
    ),
    path("zweiter-faktor/", to_account, name="mfa_index"),
    path("zweiter-faktor/code/", factor_views.authenticate, name="mfa_authenticate"),
    path("zweiter-faktor/bestaetigen/", factor_views.reauthenticate, name="mfa_reauthenticate"),
    path("zweiter-faktor/app/", app_views.activate_totp, name="mfa_activate_totp"),
    path("zweiter-faktor/app/entfernen/", app_views.deactivate_totp, name="mfa_deactivate_totp"),
    path("zweiter-faktor/ersatz/", code_views.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "zweiter-faktor/ersatz/neu/",
        code_views.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "zweiter-faktor/ersatz/datei/",
        code_views.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("passkeys/", to_account, name="mfa_list_webauthn"),
    path("passkeys/neu/", passkey_views.add_webauthn, name="mfa_add_webauthn"),
    path("passkeys/anmelden/", account.passkey_sign_in, name="mfa_login_webauthn"),
    path(
        "passkeys/bestaetigen/",
        passkey_views.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("passkeys/<int:pk>/", passkey_views.edit_webauthn, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/entfernen/", passkey_views.remove_webauthn, name="mfa_remove_webauthn"),
    path("verzeichnis/", to_account, name="socialaccount_connections"),
    path("verzeichnis/ohne-konto/", directory_views.signup, name="socialaccount_signup"),
    path(
        "verzeichnis/abgebrochen/",
        login_not_required(directory_views.login_cancelled),
        name="socialaccount_login_cancelled",
    ),
    path(
        "verzeichnis/fehler/",
        login_not_required(directory_views.login_error),
        name="socialaccount_login_error",
    ),
    path("verzeichnis/", include(directory_urls)),
]
