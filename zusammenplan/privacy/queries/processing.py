"""
The record of processing (Verzeichnis von Verarbeitungstätigkeiten, GDPR art. 30) of this program.

What the program does is the same in every municipality, and is written here; how long, whoever is
responsible and who works with it come from the installation. The legal bases are those that a
Thuringian municipality commonly names; its data protection officer has the last word.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from zusammenplan.core.context import municipality
from zusammenplan.privacy.choices import Retention
from zusammenplan.privacy.queries.due import Policy, policies

PUBLIC_TASK = gettext_lazy("GDPR art. 6 para. 1 (e) with ThürDSG § 16")


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity of processing, as the record tells it."""

    name: str
    # What is told of it, each with its label, in the order in which the page and the file tell it.
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is the same everywhere."""

    name: str | Promise
    purpose: str | Promise
    people: str | Promise
    data: str | Promise
    recipients: str | Promise
    retentions: tuple[Retention, ...] = ()
    besides: str | Promise = ""
    basis: str | Promise = PUBLIC_TASK


def record_of_processing() -> list[Activity]:
    """Give all activities with the periods that are in force."""
    found = {policy.retention: policy for policy in policies(counted=False)}
    return [_activity(known, found) for known in ACTIVITIES]


def responsible() -> list[tuple[str, str]]:
    """Tell who is responsible, as far as the settings know it."""
    row = municipality()
    known = [
        (_("Municipality"), row.name),
        (_("Authority"), ", ".join(part for part in (row.authority, row.unit) if part)),
        (_("Address"), ", ".join(part for part in (row.street, row.town) if part)),
        (_("Data protection officer"), _("please add")),
        (_("Transfer to third countries"), _("none by this program")),
    ]
    return [(label, text) for label, text in known if text]


def measures_taken() -> Sequence[str]:
    """Tell what protects the data (art. 32), as far as the program does it."""
    return [
        _("Only invited people sign in; a second factor can be demanded."),
        _("Passwords and personal links are kept as digests only; wrong guesses are slowed down."),
        _("What somebody may not see is not there for them, checked for every page and role."),
        _("Each change of a record is kept with who and when, and can be explained."),
        _("Pages load nothing from others; no tracking, no cookie for whoever only reads."),
        _("In a secret vote nothing that is kept joins a person to a mark."),
        _("Small numbers in statistics are hidden, with all that would give them away."),
        _("Backups carry checksums; restoring is one command and is tested."),
        _("What is kept of people has a period, goes by itself, and can be told and erased."),
    ]


def _activity(known: _Known, found: dict[Retention, Policy]) -> Activity:
    periods = [_period(found[retention]) for retention in known.retentions]
    if known.besides:
        periods.append(str(known.besides))
    return Activity(
        str(known.name),
        (
            (_("Purpose"), str(known.purpose)),
            (_("Legal basis"), str(known.basis)),
            (_("Whose data"), str(known.people)),
            (_("Which data"), str(known.data)),
            (_("Who gets them"), str(known.recipients)),
            (_("When they go"), "\n".join(periods)),
        ),
    )


def _period(policy: Policy) -> str:
    return _("%(what)s: %(period)s (begins %(begins)s), then %(outcome)s.") % {
        "what": policy.label,
        "period": policy.period,
        "begins": policy.begins,
        "outcome": policy.outcome.label,
    }


ACTIVITIES = (
    _Known(
        name=gettext_lazy("Accounts and signing in"),
        purpose=gettext_lazy("to let only those work here who may, and to tell who changed what"),
        people=gettext_lazy("staff, members and providers with an account"),
        data=gettext_lazy(
            "name, e-mail address, language, roles, organisation they act for, digest of the "
            "password, second factor, browser and system of signed-in devices, last sign-in, "
            "history of what they did, drafts"
        ),
        recipients=gettext_lazy("administrators; in histories everybody with a role"),
        retentions=(Retention.ACCOUNTS, Retention.LINKS, Retention.DRAFTS),
        besides=gettext_lazy("Signed-in devices: at most 12 hours."),
    ),
    _Known(
        name=gettext_lazy("Work on the plan"),
        purpose=gettext_lazy("to prepare the integrated social plan and to share out the work"),
        people=gettext_lazy("staff, people to ask about measures"),
        data=gettext_lazy("comments, tasks, when mails with tasks were sent, who is asked"),
        recipients=gettext_lazy("everybody with a role"),
        retentions=(Retention.COMMENTS, Retention.TASKS, Retention.MAILS),
    ),
    _Known(
        name=gettext_lazy("Bodies"),
        purpose=gettext_lazy("to know who advises and decides, and to invite them"),
        people=gettext_lazy("members of steering groups, committees and advisory boards"),
        data=gettext_lazy(
            "name, e-mail address, organisation, role in the body, right to vote, term"
        ),
        recipients=gettext_lazy("everybody with a role"),
        retentions=(Retention.CONTACTS, Retention.SEATS),
    ),
    _Known(
        name=gettext_lazy("Organisations"),
        purpose=gettext_lazy("to tell who is responsible for a measure, and to reach them"),
        people=gettext_lazy(
            "private persons among the organisations, people whose address an organisation gives"
        ),
        data=gettext_lazy("name, e-mail address"),
        recipients=gettext_lazy(
            "everybody with a role; names of whoever is responsible for a published measure "
            "everybody"
        ),
        besides=gettext_lazy("No period: they stay until somebody changes or erases them."),
    ),
    _Known(
        name=gettext_lazy("Prioritisation"),
        purpose=gettext_lazy("to decide by vote which measures come first"),
        people=gettext_lazy("voters, whoever proposes a measure"),
        data=gettext_lazy(
            "name, e-mail address, whether they voted; in an open vote the marks as well, in a "
            "secret one none"
        ),
        recipients=gettext_lazy(
            "social planners; results without names those whom the round lets see them, after the "
            "release everybody"
        ),
        retentions=(Retention.CONTACTS, Retention.VOTES, Retention.LINKS),
    ),
    _Known(
        name=gettext_lazy("Evaluation"),
        purpose=gettext_lazy("to learn how far goals and measures were attained"),
        people=gettext_lazy("whoever is asked to rate"),
        data=gettext_lazy("name, e-mail address, ratings with reason and evidence"),
        recipients=gettext_lazy("everybody with a role; degrees and averages everybody"),
        retentions=(Retention.CONTACTS, Retention.RATINGS, Retention.LINKS),
    ),
    _Known(
        name=gettext_lazy("Reports of barriers"),
        purpose=gettext_lazy("to answer reports and to remove barriers"),
        people=gettext_lazy("whoever reports a barrier"),
        data=gettext_lazy("the message, the page, and the e-mail address if it is given"),
        recipients=gettext_lazy("social planners and administrators"),
        retentions=(Retention.BARRIERS,),
        basis=gettext_lazy("GDPR art. 6 para. 1 (e) with the state's law on accessible websites"),
    ),
    _Known(
        name=gettext_lazy("Running the server"),
        purpose=gettext_lazy("to find faults and attacks, and to restore data that were lost"),
        people=gettext_lazy("everybody who opens a page"),
        data=gettext_lazy(
            "log of the server and of its proxy with address, time and page; backups with all of "
            "the above"
        ),
        recipients=gettext_lazy("whoever runs the server"),
        besides=gettext_lazy("Log and backups: as whoever runs the server has set; please add."),
    ),
)
