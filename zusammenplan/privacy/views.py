"""Data protection in the settings, and what is kept of oneself."""

import json

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import slugify
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zusammenplan.core.history import ChangedMeanwhileError, changes, entry_time
from zusammenplan.core.pages import demand, download
from zusammenplan.people.actions import LastAdministratorError
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.exports.sheets import XLSX_KIND
from zusammenplan.privacy.actions.persons import OwnAccountError, erase_person
from zusammenplan.privacy.actions.retention import change_rule, let_go
from zusammenplan.privacy.choices import Retention
from zusammenplan.privacy.exports import record_file
from zusammenplan.privacy.forms import PersonForm, RuleForm
from zusammenplan.privacy.models import Erasure
from zusammenplan.privacy.permissions import may_protect_data
from zusammenplan.privacy.queries.due import policies, rule_of
from zusammenplan.privacy.queries.processing import (
    measures_taken,
    record_of_processing,
    responsible,
)
from zusammenplan.privacy.queries.records import Answer, answer_about, answer_as_json
from zusammenplan.privacy.queries.traces import Fate, Trace, traces_at, traces_of

LOG_SHOWN = 20
DEEDS_SHOWN = 200
# A proxy may give up on a page after a minute; before that comes what is left to say.
LONGEST = 20.0  # seconds
# What of somebody was found by name, and what surely by address.
MARK, SURE = "spur", "sicher"
# More says somebody by more of the name; and an address holds no more.
FOUND_AT_MOST = 100
IS_CUT = "gekuerzt"
# What the page of finds was asked for with: it is shown again where nothing on it was ticked.
FINDS = "gefunden"


@never_cache
@require_safe
def overview(request: UserRequest) -> HttpResponse:
    """Show how long what is kept, what is due, and what went."""
    demand(may_protect_data(request.user))
    rows = policies()
    context = {
        "rows": rows,
        "due": sum(row.due for row in rows if not row.is_held),
        "log": [_logged(entry) for entry in _newest()],
        "form": PersonForm(),
    }
    return render(request, "privacy/overview.html", context)


def _newest() -> list[Erasure]:
    newest = Erasure.objects.select_related("erased_by").order_by("-erased_at", "-pk")
    return list(newest[:LOG_SHOWN])


def _logged(entry: Erasure) -> dict[str, object]:
    return {
        "when": entry_time(entry.erased_at),
        "what": entry.get_retention_display(),
        "outcome": entry.get_outcome_display(),
        "count": entry.count,
        "why": _("asked for") if entry.erased_by else _("by itself"),
        "who": entry.erased_by or "",
    }


@never_cache
@require_POST
def let_go_now(request: UserRequest) -> HttpResponse:
    """Let go what is due without waiting for the night, or as much as a page's time allows."""
    demand(may_protect_data(request.user))
    number = sum(gone.count for gone in let_go(now=timezone.now(), seconds=LONGEST))
    told = ngettext("%(number)s record went.", "%(number)s records went.", number)
    told %= {"number": number}
    if left := sum(row.due for row in policies() if not row.is_held):
        rest = ngettext(
            "%(number)s more is due: press again, or leave it to the night.",
            "%(number)s more are due: press again, or leave them to the night.",
            left,
        )
        told = f"{told} {rest % {'number': left}}"
    messages.success(request, told)
    return redirect("privacy:protection")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: UserRequest, retention: str) -> HttpResponse:
    """Change how long a class is kept, or put it on hold."""
    demand(may_protect_data(request.user))
    if retention not in Retention:
        raise Http404
    policy = next(one for one in policies(counted=False) if one.retention == retention)
    row = rule_of(policy.retention)
    form = RuleForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            change_rule(
                policy.retention,
                form.values(),
                seen_version=form.seen_version,
                by=request.user,
            )
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        else:
            messages.success(request, _("Saved: %(what)s.") % {"what": policy.label})
            return redirect("privacy:protection")
    context = {"form": form, "policy": policy, "log": changes(row) if row.pk else []}
    return render(request, "privacy/rule.html", context)


@never_cache
@require_safe
def record(request: UserRequest) -> HttpResponse:
    """Show the record of processing of this program."""
    demand(may_protect_data(request.user))
    context = {
        "responsible": responsible(),
        "activities": record_of_processing(),
        "measures": measures_taken(),
    }
    return render(request, "privacy/record.html", context)


@never_cache
@require_safe
def record_download(request: UserRequest) -> FileResponse:
    """Give the record of processing as a workbook."""
    demand(may_protect_data(request.user))
    name = f"{slugify(_('Record of processing'))}.xlsx"
    return FileResponse(record_file(), as_attachment=True, filename=name, content_type=XLSX_KIND)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: UserRequest) -> HttpResponse:
    """Look for somebody by POST and show what was found, so that no name comes into an address."""
    demand(may_protect_data(request.user))
    form = PersonForm(request.POST or None)
    is_nobody = False
    if request.method == "POST" and form.is_valid():
        found = traces_of(form.cleaned_data["who"], at_most=FOUND_AT_MOST + 1)
        if found:
            return redirect(f"{reverse('privacy:protection-person')}?{_found(found)}")
        is_nobody = True
    sure = request.GET.getlist(SURE)
    context = {
        "form": form,
        "is_nobody": is_nobody,
        "traces": traces_at([*sure, *request.GET.getlist(MARK)]),
        "sure": sure,
        "mark": MARK,
        "finds": {"name": FINDS, "value": request.GET.urlencode()},
        "is_cut": IS_CUT in request.GET,
    }
    return render(request, "privacy/person.html", context)


def _found(traces: list[Trace]) -> str:
    marks = [(SURE if trace.is_sure else MARK, trace.mark) for trace in traces[:FOUND_AT_MOST]]
    return urlencode([*marks, *([(IS_CUT, "1")] if len(traces) > FOUND_AT_MOST else [])])


@never_cache
@require_safe
def answer(request: UserRequest) -> HttpResponse:
    """Show all that is kept in the chosen records, for somebody who asked."""
    demand(may_protect_data(request.user))
    traces = traces_at(request.GET.getlist(MARK))
    if not traces:
        return _nothing_chosen(request)
    chosen = urlencode({MARK: [trace.mark for trace in traces]}, doseq=True)
    context = {
        "answer": answer_about(traces, deeds=DEEDS_SHOWN),
        "file_url": f"{reverse('privacy:protection-answer-file')}?{chosen}",
    }
    return render(request, "privacy/answer.html", context)


@never_cache
@require_safe
def answer_file(request: UserRequest) -> HttpResponse:
    """Give the same as a file that other programs read."""
    demand(may_protect_data(request.user))
    traces = traces_at(request.GET.getlist(MARK))
    if not traces:
        raise Http404
    return _file(answer_about(traces))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: UserRequest) -> HttpResponse:
    """Ask, telling what goes and what has to stay; then let go."""
    demand(may_protect_data(request.user))
    given = request.POST if request.method == "POST" else request.GET
    traces = traces_at(given.getlist(MARK))
    if not traces:
        return _nothing_chosen(request)
    if request.method == "POST":
        try:
            marks = [trace.mark for trace in traces]
            done = erase_person(marks, by=request.user, now=timezone.now())
        except (OwnAccountError, LastAdministratorError) as refusal:
            messages.error(request, str(refusal))
            return redirect("privacy:protection-person")
        gone = sum(trace.verdict.fate != Fate.STAYS for trace in done)
        told = ngettext("Erased in %(number)s record.", "Erased in %(number)s records.", gone)
        messages.success(request, told % {"number": gone})
        return redirect("privacy:protection")
    context = {
        "traces": traces,
        "mark": MARK,
        "any": any(trace.verdict.fate != Fate.STAYS for trace in traces),
    }
    return render(request, "privacy/erase.html", context)


def _nothing_chosen(request: UserRequest) -> HttpResponse:
    messages.error(request, _("Please choose at least one record."))
    finds = QueryDict(request.GET.get(FINDS, "")).urlencode()
    address = reverse("privacy:protection-person")
    return redirect(f"{address}?{finds}" if finds else address)


@never_cache
@require_safe
def own_data(request: UserRequest) -> HttpResponse:
    """Show somebody all that is kept of them."""
    context = {
        "answer": answer_about(_own(request), deeds=DEEDS_SHOWN),
        "file_url": reverse("privacy:own-data-file"),
    }
    return render(request, "privacy/own_data.html", context)


@never_cache
@require_safe
def own_data_file(request: UserRequest) -> HttpResponse:
    """Give the same as a file that other programs read."""
    return _file(answer_about(_own(request)))


def _own(request: UserRequest) -> list[Trace]:
    """Give what is surely of whoever is signed in: the address was confirmed."""
    return [trace for trace in traces_of(request.user.email) if trace.is_sure]


def _file(told: Answer) -> HttpResponse:
    content = answer_as_json(told, made_at=timezone.now(), site=settings.SITE_URL)
    text = json.dumps(content, ensure_ascii=False, indent=1)
    return download(text.encode(), name="auskunft.json", kind="application/json")
