"""Addresses of areas."""

from django.urls import path

from zusammenplan.places import views

app_name = "places"
urlpatterns = [
    path("", views.area_list, name="area-list"),
    path("neu/", views.area_add, name="area-add"),
    path("<int:pk>/", views.area_change, name="area-change"),
    path("<int:pk>/verschieben/", views.area_move, name="area-move"),
    path("<int:pk>/loeschen/", views.area_delete, name="area-delete"),
]
