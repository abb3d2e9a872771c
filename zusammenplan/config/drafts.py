"""When a form is saved, its draft has served."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from zusammenplan.people.actions.drafts import forget_draft
from zusammenplan.people.queries.work import draft_key

LED_ON = range(300, 400)


class ForgetSavedDraftMiddleware:
    """
    Forget the draft of a form that was saved.

    A form with a draft names it in the field ``entwurf``. Our pages answer a form that they took
    with a redirect and one that they refused with the form itself; so no view thinks of drafts.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_kept = request.method == "POST" and response.status_code in LED_ON
        if is_kept and request.user.is_authenticated and (key := request.POST.get("entwurf")):
            forget_draft(request.user, draft_key(key))
        return response
