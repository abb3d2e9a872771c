"""The floors' addresses before all of the product's."""

from django.urls import path

from bench import floors
from zusammenplan.config import urls

urlpatterns = [
    path("floor/", floors.trivial),
    path("floor/rows/<int:plan>/", floors.rows),
    path("floor/figures/<int:area>/", floors.figures),
    path("floor/vote/<int:voter>/", floors.vote),
    *urls.urlpatterns,
]
handler400 = urls.handler400
handler403 = urls.handler403
handler404 = urls.handler404
handler500 = urls.handler500
