"""Whose ballot it is: the page gets the voter's own paper, by link or by account."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zusammenplan.ballots.actions import Grades, save_marks, save_secret_marks
from zusammenplan.ballots.models import Ballot, Group, Round, Voter
from zusammenplan.ballots.queries import admitted_voters, marks_of, secret_marks_of
from zusammenplan.ballots.views.room.doors import LINK_COOKIE, closed_door, refused_part
from zusammenplan.core.cookies import cookie_of, set_cookie
from zusammenplan.core.links import derived_key, new_token, token_hash
from zusammenplan.core.pages import wants_part
from zusammenplan.people.actions import LinkError, open_invitation
from zusammenplan.people.choices import InvitationPurpose

PAPER_COOKIE = "zp_paper_"
KEPT_AFTER_THE_END = timedelta(days=1)
KEPT_WITHOUT_AN_END = timedelta(days=30)


@dataclass
class Paper:
    """A voter's ballot; in a secret vote with the key that only the voter holds."""

    voter: Voter
    secret_key: str
    own_secret: str = ""  # of a secret ballot that no link opens

    @property
    def group(self) -> Group:
        return self.voter.group

    @property
    def round(self) -> Round:
        return self.voter.group.round

    @cached_property
    def ballot(self) -> Ballot | None:
        return None if self.round.is_secret else Ballot.objects.filter(voter=self.voter).first()

    @cached_property
    def grades(self) -> dict[int, int | None]:
        """The marks as they are kept now."""
        if self.round.is_secret:
            return secret_marks_of(self.group, self.secret_key)
        return marks_of(self.voter)

    @property
    def is_elsewhere(self) -> bool:
        """Tell whether the person voted in secret with another key than this device has."""
        return self.round.is_secret and self.voter.has_voted and not self.grades

    def url(self, page: str = "ballot") -> str:
        return reverse(f"room:{page}", args=[self.round.slug, self.group.pk])

    def take(self, grades: Grades, *, now: datetime) -> None:
        """Keep these marks, openly or in secret."""
        if self.round.is_secret:
            save_secret_marks(self.voter, self.secret_key, grades, now=now)
        else:
            save_marks(self.voter, grades, now=now)


class NoPaperError(LinkError):
    """Whoever asks has no ballot here; whether there is such a vote at all is not told."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Your ballot opens with your personal link. You find it in the invitation, as an "
                "address and as a QR code. If you have an account, you can also sign in."
            )
        )


PaperView = Callable[[HttpRequest, Paper, datetime], HttpResponse]


def paper_page(view: PaperView) -> Callable[[HttpRequest, str, int], HttpResponse]:
    """Give the view the voter's own paper; nobody reaches another one's."""

    @wraps(view)
    def answer(request: HttpRequest, slug: str, group: int) -> HttpResponse:
        now = timezone.now()
        try:
            paper = _find_paper(request, slug, group, now)
        except NoPaperError as refusal:
            return _no_paper(request, refusal)
        except LinkError as refusal:
            return closed_door(request, refusal)
        response = view(request, paper, now)
        if paper.own_secret:
            # Set anew with each page, because the end of the vote may be moved.
            name, age = f"{PAPER_COOKIE}{paper.voter.pk}", _cookie_age(paper.group, now)
            set_cookie(response, name, paper.own_secret, age=age)
        return response

    return login_not_required(answer)


def _cookie_age(group: Group, now: datetime) -> timedelta:
    end = group.closed_at or group.closes_at
    return KEPT_WITHOUT_AN_END if end is None else max(end + KEPT_AFTER_THE_END - now, timedelta())


def _find_paper(request: HttpRequest, slug: str, group: int, now: datetime) -> Paper:
    """
    Find the ballot that the cookie or the account opens; the cookie goes first.

    :raises LinkError: if the cookie's link was withdrawn or has expired, or nothing opens a ballot
    """
    voters = admitted_voters().select_related("group__round", "invitation")
    voters = voters.filter(group=group, group__round__slug=slug)
    token = cookie_of(request, f"{LINK_COOKIE}{group}")
    if token:
        voter = voters.filter(
            invitation__token_hash=token_hash(token),
            invitation__purpose=InvitationPurpose.VOTE,
        ).first()
        if voter is not None and voter.invitation is not None and voter.invitation.is_valid(now):
            return paper_of(request, voter, token)
    if request.user.is_authenticated:
        voter = voters.filter(user=request.user).first()
        if voter is not None:
            return paper_of(request, voter, "")
    if token:
        open_invitation(token, purpose=InvitationPurpose.VOTE, now=now)
    raise NoPaperError


def paper_of(request: HttpRequest, voter: Voter, token: str) -> Paper:
    if not voter.group.round.is_secret:
        return Paper(voter, "")
    kept = cookie_of(request, f"{PAPER_COOKIE}{voter.pk}")
    secret = kept or token or new_token()
    key = derived_key(secret, f"secret-ballot:{voter.group_id}")
    return Paper(voter, key, own_secret="" if token and not kept else secret)


def _no_paper(request: HttpRequest, refusal: NoPaperError) -> HttpResponse:
    if wants_part(request):
        return refused_part(str(refusal), status=404)
    context = {"sentence": str(refusal), "may_sign_in": not request.user.is_authenticated}
    return render(request, "ballots/room/closed_door.html", context, status=404)
