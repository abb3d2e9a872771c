"""The groups of a round: add, change, open, close; and the tally of a show of hands."""

from collections.abc import Sequence

from django.contrib import messages
from django.forms.boundfield import BoundField
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zusammenplan.ballots import actions
from zusammenplan.ballots.choices import Way
from zusammenplan.ballots.forms.groups import GroupForm, OpenForm, group_facts
from zusammenplan.ballots.forms.tallies import (
    PresentForm,
    TallyRow,
    stored_row,
    tally_text,
    typed_row,
)
from zusammenplan.ballots.models import Group
from zusammenplan.ballots.permissions import may_prepare, may_run
from zusammenplan.ballots.queries import group_infos, items_of, rule_of, turnout_of, written_tally
from zusammenplan.ballots.views.workspace import (
    confirm,
    readable_group,
    readable_round,
    refused,
    released_sentence,
    typed,
)
from zusammenplan.core.forms import ReasonForm
from zusammenplan.core.german import within
from zusammenplan.core.history import ChangedMeanwhileError, changes
from zusammenplan.core.pages import demand, wants_part
from zusammenplan.people.permissions import UserRequest


@require_http_methods(["GET", "HEAD", "POST"])
def group_add(request: UserRequest, slug: str) -> HttpResponse:
    round_, _day = readable_round(request, slug)
    demand(may_prepare(request.user))
    form = GroupForm(typed(request), round_=round_, number=round_.groups.count())
    if request.method == "POST" and form.is_valid():
        try:
            group = actions.add_group(round_, form.values(), by=request.user)
        except actions.RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The group is added."))
            if group.way == Way.PERSONAL:
                return redirect("ballots:voter-list", group.pk)
            return redirect("ballots:round-detail", slug)
    return render(
        request, "ballots/group_form.html", {"form": form, "round": round_, "group": None}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def group_change(request: UserRequest, pk: int) -> HttpResponse:
    group, _day = readable_group(request, pk)
    demand(may_prepare(request.user))
    if group.round.is_released:
        return refused(request, released_sentence(), "ballots:round-detail", group.round.slug)
    name = group.name
    form = GroupForm(typed(request), round_=group.round, instance=group)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_group(
                group,
                form.values(),
                seen_version=form.seen_version,
                by=request.user,
            )
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        except actions.RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The group is saved."))
            return redirect("ballots:round-detail", group.round.slug)
    context = {
        "form": form,
        "round": group.round,
        "group": group,
        "name": name,
        "facts": group_facts(group) if form.is_frozen else [],
        "log": changes(group),
    }
    return render(request, "ballots/group_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def group_delete(request: UserRequest, pk: int) -> HttpResponse:
    group, _day = readable_group(request, pk)
    demand(may_prepare(request.user))
    form = ReasonForm(typed(request))
    slug = group.round.slug
    if request.method == "POST" and form.is_valid():
        try:
            actions.delete_group(group, by=request.user, reason=form.cleaned_data["reason"])
        except actions.RefusedError as refusal:
            return refused(request, str(refusal), "ballots:round-detail", slug)
        messages.success(request, _("The group is deleted."))
        return redirect("ballots:round-detail", slug)
    return confirm(
        request,
        group.round,
        form=form,
        head=_("Delete the group “%(name)s”?") % {"name": group.name},
        text=_("Its list of voters is deleted as well, and their links stop working."),
        deed=_("Delete the group"),
        danger=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def group_open(request: UserRequest, pk: int) -> HttpResponse:
    group, day = readable_group(request, pk)
    demand(may_run(request.user, group, day=day))
    now = timezone.now()
    form = OpenForm(typed(request), now=now)
    slug = group.round.slug
    if request.method == "POST" and form.is_valid():
        try:
            actions.open_group(
                group, by=request.user, now=now, closes_at=form.cleaned_data["closes_at"]
            )
        except actions.RefusedError as refusal:
            return refused(request, str(refusal), "ballots:round-detail", slug)
        messages.success(request, within(_("The vote is open: %(groups)s."), groups=group.name))
        if group.way in {Way.HANDS, Way.MAJORITY}:
            return redirect("ballots:tally", group.pk)
        return redirect("ballots:round-detail", slug)
    text = _("From now on marks are taken. The way of voting cannot change any more.")
    if not actions.has_begun(group.round):
        text = _(
            "From now on marks are taken. The measures on the ballot, the scale and the rules of "
            "the round cannot change any more."
        )
    return confirm(
        request,
        group.round,
        form=form,
        head=_("Open the vote of “%(name)s”?") % {"name": group.name},
        text=text,
        deed=_("Open the vote"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def group_close(request: UserRequest, pk: int) -> HttpResponse:
    group, day = readable_group(request, pk)
    demand(may_run(request.user, group, day=day))
    slug = group.round.slug
    if request.method == "POST":
        try:
            actions.close_group(group, by=request.user, now=timezone.now())
        except actions.RefusedError as refusal:
            return refused(request, str(refusal), "ballots:round-detail", slug)
        messages.success(request, within(_("The vote of “%(name)s” is closed."), name=group.name))
        return redirect("ballots:round-detail", slug)
    info = next(info for info in group_infos(group.round) if info.key == group.pk)
    text = _("No marks are taken any more. So far: %(turnout)s.") % {"turnout": turnout_of(info)}
    if group.round.is_secret:
        text += " " + _(
            "Of the secret ballots only the tally remains, so the vote cannot be opened again."
        )
    return confirm(
        request,
        group.round,
        form=None,
        head=_("Close the vote of “%(name)s”?") % {"name": group.name},
        text=text,
        deed=_("Close the vote"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def group_reopen(request: UserRequest, pk: int) -> HttpResponse:
    group, day = readable_group(request, pk)
    demand(may_run(request.user, group, day=day))
    form = ReasonForm(typed(request))
    slug = group.round.slug
    if request.method == "POST" and form.is_valid():
        try:
            actions.reopen_group(group, by=request.user, reason=form.cleaned_data["reason"])
        except actions.RefusedError as refusal:
            return refused(request, str(refusal), "ballots:round-detail", slug)
        messages.success(request, within(_("The vote is open: %(groups)s."), groups=group.name))
        return redirect("ballots:round-detail", slug)
    return confirm(
        request,
        group.round,
        form=form,
        head=_("Open the vote of “%(name)s” again?") % {"name": group.name},
        text=_("Marks that are already there stay and can be changed until the vote is closed."),
        deed=_("Open the vote again"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def tally(request: UserRequest, pk: int) -> HttpResponse:
    """Write down hands: all measures at once, or one with HTMX."""
    group, day = readable_group(request, pk)
    demand(may_run(request.user, group, day=day))
    present_form = PresentForm(typed(request), initial={"present": group.present})
    if request.method == "POST":
        return _take_tally(request, group, present_form)
    grades = rule_of(group.round).scale.grades
    written = written_tally(group)
    rows = [
        stored_row(item, grades, written.get(item.pk, {}), present=group.present)
        for item in items_of(group.round)
    ]
    return _tally_page(request, group, rows, present_form)


def _take_tally(request: UserRequest, group: Group, present_form: PresentForm) -> HttpResponse:
    items = items_of(group.round)
    grades = rule_of(group.round).scale.grades
    written = written_tally(group)
    only = request.POST.get("row", "")
    if only:
        items = [item for item in items if str(item.pk) == only]
        if not items:
            raise Http404
    present = present_form.cleaned_data["present"] if present_form.is_valid() else None
    rows = [
        typed_row(item, grades, request.POST, counts_marks=group.counts_marks, present=present)
        for item in items
    ]
    rows = [_with_conflict(row, written.get(row.item.pk, {})) for row in rows]
    refusals = [row.error for row in rows if row.error]
    if not refusals and present_form.is_valid():
        try:
            actions.enter_tally(
                group,
                {row.item.pk: row.counts for row in rows if tally_text(row.counts) != row.seen},
                by=request.user,
                now=timezone.now(),
                known=written,
                present=present,
            )
        except actions.RefusedError as refusal:
            refusals = [str(refusal)]
        else:
            return _tally_saved(request, group, rows, grades, present)
    if wants_part(request) and only:
        context = {
            "group": group,
            "grades": grades,
            "row": rows[0],
            "refusals": refusals or _faults(present_form["present"]),
            "is_open": True,
        }
        return render(request, "ballots/tally.html#sum", context)
    return _tally_page(request, group, rows, present_form, refusals=refusals)


def _faults(field: BoundField) -> list[str]:
    return [f"{field.label}: {fault}" for fault in field.errors]


def _tally_saved(
    request: UserRequest,
    group: Group,
    rows: Sequence[TallyRow],
    grades: Sequence[int],
    present: int | None,
) -> HttpResponse:
    if wants_part(request) and request.POST.get("row"):
        fresh = stored_row(rows[0].item, grades, rows[0].counts, present=present)
        context = {
            "group": group,
            "grades": grades,
            "row": fresh,
            "is_open": True,
            "saved_at": timezone.now(),
        }
        return render(request, "ballots/tally.html#sum", context)
    too_many = [row for row in rows if row.warning]
    messages.success(request, _("The hands are written down."))
    for row in too_many:
        messages.warning(
            request,
            _("Measure %(number)s: %(warning)s.")
            % {"number": row.item.number, "warning": row.warning},
        )
    return redirect("ballots:tally", group.pk)


def _with_conflict(row: TallyRow, written: dict[int, int]) -> TallyRow:
    """Refuse to overwrite what somebody else wrote down after this page was opened."""
    now = tally_text(written)
    mine = tally_text(row.counts)
    if row.error or row.seen == now or mine in {now, row.seen}:
        return row
    told = ", ".join(f"{grade}: {count}" for grade, count in sorted(written.items()))
    return TallyRow(
        row.item,
        row.cells,
        row.counts,
        now,
        _(
            "Measure %(number)s: somebody else wrote down other numbers meanwhile (%(told)s). "
            "Nothing was overwritten. Save again to replace them by yours."
        )
        % {"number": row.item.number, "told": told or _("none")},
        row.warning,
    )


def _tally_page(
    request: UserRequest,
    group: Group,
    rows: Sequence[TallyRow],
    present_form: PresentForm,
    *,
    refusals: Sequence[str] = (),
) -> HttpResponse:
    scale = rule_of(group.round).scale
    context = {
        "round": group.round,
        "group": group,
        "rows": rows,
        "grades": scale.grades,
        "present_form": present_form,
        "refusals": refusals,
        "is_open": group.is_open(timezone.now()),
        "log": changes(group),
    }
    return render(request, "ballots/tally.html", context)
