"""Write the document of a plan: its chapters, their blocks, its abbreviations."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _, pgettext

from zusammenplan.core.history import ChangedMeanwhileError, keep, remove
from zusammenplan.core.picture_files import attach_picture
from zusammenplan.people.models import User
from zusammenplan.plans.actions.records import (
    Direction,
    Values,
    keep_changes,
    keep_new,
    lock,
    move_among,
    next_position,
    raise_version_of,
    set_positions,
)
from zusammenplan.plans.actions.refusals import OtherPlanError, demand_reason
from zusammenplan.plans.actions.removal import remove_whole
from zusammenplan.plans.choices import BlockKind, ChapterKind
from zusammenplan.plans.domain import outline
from zusammenplan.plans.domain.rich_text import carry_keys, read_html, write_html
from zusammenplan.plans.domain.usual_outline import USUAL_OUTLINE, Usual
from zusammenplan.plans.models import Abbreviation, Block, Chapter, Plan

# Without letters and digits that are easily taken for another one.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
ADDRESS_LETTERS = 6
TEXTS = ("text_de", "text_en")


class Upload(NamedTuple):
    """A picture that somebody hands in with a block."""

    name: str
    content: bytes


class TooDeepError(Exception):
    """The chapter would stand below itself or deeper than the third level."""

    def __init__(self) -> None:
        super().__init__(
            _("A document has three levels of chapters, and no chapter can stand below itself.")
        )


class ChapterNotEmptyError(Exception):
    """Other chapters stand below the one that is to be deleted."""

    def __init__(self) -> None:
        super().__init__(
            _("Other chapters stand below this one. Move them somewhere else or delete them first.")
        )


class NoTextChapterError(Exception):
    """The chapter fills itself."""

    def __init__(self) -> None:
        super().__init__(
            _("This chapter fills itself from the plan. Choose the kind “text” to write in it.")
        )


class BlocksInTheWayError(Exception):
    """The chapter has written blocks, which a generated chapter would not show."""

    def __init__(self) -> None:
        super().__init__(
            _("The chapter has written blocks, which would no longer be shown. Delete them first.")
        )


class AbbreviationTakenError(Exception):
    """The plan has this abbreviation already."""

    def __init__(self, short: str) -> None:
        super().__init__(
            _("The list already has “%(short)s”. Change that entry.") % {"short": short}
        )


# --- chapters ----------------------------------------------------------------------------


@transaction.atomic
def add_chapter(
    plan: Plan, values: Values, *, parent: Chapter | None = None, by: User | None
) -> Chapter:
    """
    Add a chapter at the end of the plan or below another chapter.

    :raises TooDeepError: if there are three levels above it already
    :raises OtherPlanError: if the field of action belongs to another plan
    """
    plan = lock(plan)
    above = _own(plan, parent)
    if not outline.fits_below(_in_order(plan), None, above.pk if above else None):
        raise TooDeepError
    chapter = Chapter(
        plan=plan,
        parent=above,
        address=_free_address(plan.chapters.values_list("address", flat=True)),
        position=next_position(plan.chapters.filter(parent=above)),
        **values,
    )
    _demand_own_field(plan, chapter)
    keep(chapter, by=by, deed=_("Chapter added"))
    raise_version_of(plan)
    return chapter


@transaction.atomic
def change_chapter(
    chapter: Chapter, values: Values, *, seen_version: int, by: User | None
) -> Chapter:
    """
    Change a chapter's title, kind or field.

    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    :raises BlocksInTheWayError: if a chapter with blocks is to fill itself
    :raises OtherPlanError: if the field of action belongs to another plan
    """
    plan = lock(chapter.plan)
    if values.get("kind", ChapterKind.TEXT) != ChapterKind.TEXT and chapter.blocks.exists():
        raise BlocksInTheWayError
    changed = keep_changes(
        chapter,
        values,
        seen_version=seen_version,
        by=by,
        deed=_("Chapter changed"),
    )
    _demand_own_field(plan, chapter)
    if changed:
        raise_version_of(plan)
    return chapter


@transaction.atomic
def move_chapter(chapter: Chapter, step: outline.Step, *, by: User | None) -> bool:
    """Move a chapter up, down, one level in or out; tell whether it went anywhere."""
    plan = lock(chapter.plan)
    nodes = _in_order(plan)
    place = outline.place_after(nodes, chapter.pk, step)
    if place is None:
        return False
    parent, position = place
    moved = next(node for node in nodes if node.pk == chapter.pk)
    siblings = [node for node in nodes if node.parent_id == parent and node.pk != chapter.pk]
    siblings.insert(position, moved)
    moved.parent_id = parent
    set_positions(siblings)
    deeds = {
        "up": _("Moved up"),
        "down": _("Moved down"),
        "in": _("Moved one level in"),
        "out": _("Moved one level out"),
    }
    keep(moved, by=by, deed=deeds[step], fields=["parent", "position"])
    chapter.parent_id, chapter.position = moved.parent_id, moved.position
    raise_version_of(plan)
    return True


@transaction.atomic
def delete_chapter(chapter: Chapter, *, reason: str, by: User | None) -> None:
    """
    Delete a chapter with its blocks.

    :raises ReasonMissingError: if no reason is given
    :raises ChapterNotEmptyError: if other chapters stand below it
    """
    demand_reason(reason)
    plan = lock(chapter.plan)
    if chapter.children.exists():
        raise ChapterNotEmptyError
    for block in chapter.blocks.all():
        remove(block, by=by, reason=reason)
    remove_whole(chapter, by=by, reason=reason)
    raise_version_of(plan)


@transaction.atomic
def add_usual_chapters(plan: Plan, *, by: User | None) -> int:
    """Add the usual chapters that the document does not have yet; tell how many."""
    plan = lock(plan)
    titles = set(plan.chapters.values_list("title_de", flat=True))
    kinds = set(plan.chapters.values_list("kind", flat=True)) - {ChapterKind.TEXT}

    def lay_out(usual: Iterable[Usual], parent: Chapter | None) -> int:
        added = 0
        for one in usual:
            if one.title.de in titles or one.kind in kinds:
                continue
            values = {"title_de": one.title.de, "title_en": one.title.en, "kind": one.kind}
            chapter = add_chapter(plan, values, parent=parent, by=by)
            added += 1 + lay_out(one.below, chapter)
        return added

    return lay_out(USUAL_OUTLINE, None)


@transaction.atomic
def set_first_chapter(plan: Plan, first: int, *, by: User | None) -> None:
    """Let the numbers of the chapters begin at 0 or 1."""
    plan = lock(plan)
    if plan.first_chapter != first:
        plan.first_chapter = first
        keep(plan, by=by, deed=_("Chapters numbered anew"), fields=["first_chapter"])
        raise_version_of(plan)


# --- blocks ------------------------------------------------------------------------------


@transaction.atomic
def add_block(
    chapter: Chapter,
    kind: BlockKind,
    values: Values,
    *,
    by: User | None,
    now: datetime,
    upload: Upload | None = None,
) -> Block:
    """
    Add a block at the end of a text chapter.

    :raises NoTextChapterError: if the chapter fills itself
    :raises PictureRefusedError: if the upload is no picture that we take
    """
    plan = lock(chapter.plan)
    chapter = plan.chapters.get(pk=chapter.pk)
    if chapter.kind != ChapterKind.TEXT:
        raise NoTextChapterError
    block = Block(
        chapter=chapter,
        kind=kind,
        address=_free_address(
            Block.objects.filter(chapter__plan=plan).values_list("address", flat=True)
        ),
        position=next_position(chapter.blocks.all()),
        **{**values, **_texts_with_keys(Block(), values)},
    )
    if upload:
        block.picture = attach_picture(plan, upload.content, name=upload.name, by=by, now=now)
    keep(block, by=by, deed=_("Block added"))
    raise_version_of(plan)
    return block


@transaction.atomic
def change_block(
    block: Block,
    values: Values,
    *,
    seen_version: int,
    by: User | None,
    now: datetime,
    upload: Upload | None = None,
) -> Block:
    """
    Change a block; each paragraph keeps its address.

    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    :raises PictureRefusedError: if the upload is no picture that we take
    """
    plan = block.chapter.plan
    stored = Block.objects.select_for_update(of=("self",)).get(pk=block.pk)
    if upload and stored.version != seen_version:
        # Before the picture is kept: its file would stay on the disk without a record.
        raise ChangedMeanwhileError(stored)
    new_values = {**values, **_texts_with_keys(stored, values)}
    if upload:
        new_values["picture"] = attach_picture(
            plan, upload.content, name=upload.name, by=by, now=now
        )
    changed = keep_changes(
        block,
        new_values,
        seen_version=seen_version,
        by=by,
        deed=_("Block changed"),
    )
    if changed:
        raise_version_of(plan)
    return block


@transaction.atomic
def move_block(block: Block, direction: Direction, *, by: User | None) -> bool:
    """Change places with the block before or after; tell whether there was one."""
    plan = lock(block.chapter.plan)
    siblings = block.chapter.blocks.order_by("position", "pk")
    moved = move_among(siblings, block, direction, by=by)
    if moved:
        raise_version_of(plan)
    return moved


@transaction.atomic
def delete_block(block: Block, *, reason: str, by: User | None) -> None:
    """
    Delete a block; a frozen version still shows it.

    :raises ReasonMissingError: if no reason is given
    """
    demand_reason(reason)
    plan = lock(block.chapter.plan)
    remove(block, by=by, reason=reason)
    raise_version_of(plan)


# --- abbreviations -----------------------------------------------------------------------


@transaction.atomic
def add_abbreviation(plan: Plan, values: Values, *, by: User | None) -> Abbreviation:
    """
    Add an abbreviation to the plan's list.

    :raises AbbreviationTakenError: if the list has it already
    """
    abbreviation = Abbreviation(plan=plan, **values)
    keep_new(
        abbreviation,
        by=by,
        deed=_("Abbreviation added"),
        taken=lambda: _abbreviation_refusal(abbreviation),
    )
    raise_version_of(plan)
    return abbreviation


@transaction.atomic
def change_abbreviation(
    abbreviation: Abbreviation, values: Values, *, seen_version: int, by: User | None
) -> Abbreviation:
    """
    Change an abbreviation.

    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    :raises AbbreviationTakenError: if the list has another such entry
    """
    changed = keep_changes(
        abbreviation,
        values,
        seen_version=seen_version,
        by=by,
        deed=_("Abbreviation changed"),
        taken=lambda: _abbreviation_refusal(abbreviation),
    )
    if changed:
        raise_version_of(abbreviation.plan)
    return abbreviation


@transaction.atomic
def delete_abbreviation(abbreviation: Abbreviation, *, by: User | None) -> None:
    """Delete an abbreviation; its history keeps it."""
    plan = abbreviation.plan
    remove(abbreviation, by=by, reason=pgettext("abbreviation", "Deleted"))
    raise_version_of(plan)


# --- small things ------------------------------------------------------------------------


def _in_order(plan: Plan) -> list[Chapter]:
    return list(plan.chapters.order_by("position", "pk"))


def _own(plan: Plan, parent: Chapter | None) -> Chapter | None:
    if parent is None:
        return None
    found = plan.chapters.filter(pk=parent.pk).first()
    if found is None:
        raise TooDeepError
    return found


def _demand_own_field(plan: Plan, chapter: Chapter) -> None:
    if chapter.field is not None and chapter.field.plan_id != plan.pk:
        raise OtherPlanError(chapter.field)


def _free_address(taken: Iterable[str]) -> str:
    known = set(taken)
    while (address := _fresh()) in known:
        pass
    return address


def _fresh() -> str:
    return "".join(secrets.choice(LETTERS) for _letter in range(ADDRESS_LETTERS))


def _texts_with_keys(stored: Block, values: Values) -> dict[str, str]:
    """Clean the texts, and give each paragraph its address: the one it had, or a new one."""
    return {
        name: write_html(
            carry_keys(read_html(getattr(stored, name)), read_html(values[name]), _fresh)
        )
        for name in TEXTS
        if name in values
    }


def _abbreviation_refusal(abbreviation: Abbreviation) -> Exception | None:
    others = Abbreviation.objects.filter(
        plan=abbreviation.plan_id, short=abbreviation.short
    ).exclude(pk=abbreviation.pk)
    return AbbreviationTakenError(abbreviation.short) if others.exists() else None
