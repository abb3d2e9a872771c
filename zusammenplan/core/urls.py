"""The component page; the address exists in development only."""

from django.urls import path

from zusammenplan.core import views

app_name = "core"
urlpatterns = [path("komponenten/", views.components, name="components")]
