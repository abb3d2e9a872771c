"""Addresses of bodies and seats."""

from django.urls import path

from zusammenplan.meetings import views

app_name = "meetings"
urlpatterns = [
    path("", views.body_list, name="body-list"),
    path("neu/", views.body_add, name="body-add"),
    path("<int:pk>/", views.body_detail, name="body-detail"),
    path("<int:pk>/aendern/", views.body_change, name="body-change"),
    path("<int:pk>/sitz/", views.seat_add, name="seat-add"),
    path("sitz/<int:pk>/", views.seat_change, name="seat-change"),
    path("sitz/<int:pk>/beenden/", views.seat_end, name="seat-end"),
]
