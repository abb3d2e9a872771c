"""Addresses of a plan's document: outline, chapters, blocks, abbreviations."""

from django.urls import path

from zusammenplan.plans.views import abbreviations, blocks, document

DOCUMENT = "<slug:slug>/dokument/"
urlpatterns = [
    path(DOCUMENT, document.document, name="document"),
    path(f"{DOCUMENT}neu/", document.chapter_add, name="chapter-add"),
    path(f"{DOCUMENT}gliederung/", document.outline_suggest, name="outline-suggest"),
    path(f"{DOCUMENT}zaehlung/", document.first_chapter, name="first-chapter"),
    path(f"{DOCUMENT}abkuerzungen/", abbreviations.abbreviation_list, name="abbreviation-list"),
    path(
        f"{DOCUMENT}abkuerzungen/<int:pk>/",
        abbreviations.abbreviation_change,
        name="abbreviation-change",
    ),
    path(f"{DOCUMENT}kapitel/<int:pk>/", document.chapter, name="chapter"),
    path(f"{DOCUMENT}kapitel/<int:pk>/bearbeiten/", document.chapter_change, name="chapter-change"),
    path(f"{DOCUMENT}kapitel/<int:pk>/verschieben/", document.chapter_move, name="chapter-move"),
    path(f"{DOCUMENT}kapitel/<int:pk>/loeschen/", document.chapter_delete, name="chapter-delete"),
    path(f"{DOCUMENT}kapitel/<int:pk>/neu/<slug:block_kind>/", blocks.block_add, name="block-add"),
    path(f"{DOCUMENT}baustein/<int:pk>/", blocks.block_change, name="block-change"),
    path(f"{DOCUMENT}baustein/<int:pk>/verschieben/", blocks.block_move, name="block-move"),
    path(f"{DOCUMENT}baustein/<int:pk>/loeschen/", blocks.block_delete, name="block-delete"),
    path(f"{DOCUMENT}baustein/<int:pk>/bild/", blocks.picture, name="block-picture"),
]
