"""Addresses of the settings."""

from django.urls import path

from zusammenplan.people.views import municipality, organisations, users

app_name = "people"
urlpatterns = [
    path("", municipality.settings, name="settings"),
    path("nutzer/", users.user_list, name="user-list"),
    path("nutzer/neu/", users.user_add, name="user-add"),
    path("nutzer/<int:pk>/", users.user_detail, name="user-detail"),
    path("nutzer/<int:pk>/einladen/", users.user_invite, name="user-invite"),
    path("nutzer/<int:pk>/sperren/", users.user_deactivate, name="user-deactivate"),
    path("nutzer/<int:pk>/freigeben/", users.user_reactivate, name="user-reactivate"),
    path("nutzer/<int:pk>/zweiter-faktor/", users.user_remove_factor, name="user-remove-factor"),
    path("organisationen/", organisations.organisation_list, name="organisation-list"),
    path("organisationen/neu/", organisations.organisation_add, name="organisation-add"),
    path("organisationen/<int:pk>/", organisations.organisation_detail, name="organisation-detail"),
    path(
        "organisationen/<int:pk>/zugehoerigkeit/",
        organisations.affiliation_add,
        name="organisation-affiliation-add",
    ),
    path(
        "zugehoerigkeiten/<int:pk>/beenden/", organisations.affiliation_end, name="affiliation-end"
    ),
    path("barrieren/", municipality.barrier_list, name="barrier-list"),
    path("barrieren/<int:pk>/beantwortet/", municipality.barrier_answer, name="barrier-answer"),
    path("mail/", municipality.mail_test, name="mail-test"),
]
