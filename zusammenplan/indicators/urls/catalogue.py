"""Addresses of the catalogue, of secrecy, and of what a value comes from."""

from django.urls import path

from zusammenplan.indicators.views import (
    indicators,
    overview,
    quantities,
    secrecy,
    social_indices,
)

urlpatterns = [
    path("bestand/", overview.overview, name="overview"),
    path("neu-rechnen/", overview.recompute_all, name="recompute"),
    path("indikatoren/", indicators.indicator_list, name="indicator-list"),
    path("indikatoren/neu/", indicators.indicator_add, name="indicator-add"),
    path("indikatoren/katalog/", indicators.catalogue_load, name="catalogue-load"),
    path("indikatoren/<slug:code>/", indicators.indicator_detail, name="indicator-detail"),
    path(
        "indikatoren/<slug:code>/bearbeiten/",
        indicators.indicator_change,
        name="indicator-change",
    ),
    path("indikatoren/<slug:code>/loeschen/", indicators.indicator_delete, name="indicator-delete"),
    path("groessen/", quantities.quantity_list, name="quantity-list"),
    path("groessen/neu/", quantities.quantity_add, name="quantity-add"),
    path("groessen/<slug:code>/", quantities.quantity_change, name="quantity-change"),
    path("geheimhaltung/", secrecy.secrecy, name="secrecy"),
    path("sozialindex/", social_indices.social_index_list, name="social-index-list"),
    path("sozialindex/neu/", social_indices.social_index_add, name="social-index-add"),
    path(
        "sozialindex/<slug:slug>/bearbeiten/",
        social_indices.social_index_change,
        name="social-index-change",
    ),
    path(
        "sozialindex/<slug:slug>/loeschen/",
        social_indices.social_index_delete,
        name="social-index-delete",
    ),
]
