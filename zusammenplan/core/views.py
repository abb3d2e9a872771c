"""In development, the page that shows every component."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zusammenplan.core.samples import samples


@login_not_required
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Show each piece in each of its states, with invented data."""
    return render(request, "core/components.html", samples(request))
