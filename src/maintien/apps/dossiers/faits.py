"""Facts: the only way in which what was done for a household reaches rules, lists and timelines."""

from datetime import date
from typing import Any

from django.db.models import Value
from django.db.models.functions import Coalesce, Greatest

from maintien.apps.dossiers.coordonnees import telephone_marks
from maintien.apps.dossiers.enums import GenreFait, IssueContact
from maintien.apps.dossiers.models import Dossier, Fait, Menage
from maintien.apps.organismes.models import Utilisateur

GENRES_CONTACT = frozenset({GenreFait.APPEL, GenreFait.VISITE})
# Someone answered, or said when they would: the household is no longer silent.
ISSUES_ABOUTIES = frozenset({IssueContact.JOINT, IssueContact.RAPPEL_PROMIS})


def record_fait(
    menage: Menage,
    genre: GenreFait,
    jour: date,
    *,
    dossier: Dossier | None = None,
    auteur: Utilisateur | None = None,
    issue: IssueContact | None = None,
    source: str = "",
    cle: str = "",
    is_social: bool = False,
    **donnees: Any,
) -> Fait:
    """Store a fact and bring the two dates up to date by which the worklist sorts its tabs.

    Only what a person did counts as activity; what stands behind the social wall, for its readers alone. The version
    of the dossier does not move: a call conflicts with nothing.
    A number that proved wrong is marked, so that it is tried again once the landlord has corrected it.
    """
    if genre == GenreFait.APPEL and issue == IssueContact.MAUVAIS_NUMERO:
        donnees["telephones"] = telephone_marks([menage.pk]).get(menage.pk, "")
    fait = Fait.objects.create(
        menage=menage,
        dossier=dossier,
        genre=genre,
        issue=issue or "",
        date=jour,
        donnees=donnees,
        auteur=auteur,
        source=source or ("agent" if auteur else "calcul"),
        cle=cle,
    )
    if dossier is not None and auteur is not None:
        _touch(dossier, genre, jour, is_social=is_social)
    return fait


def _touch(dossier: Dossier, genre: GenreFait, jour: date, *, is_social: bool) -> None:
    """Move the dates of the dossier. Its row is locked first, so the silence is counted over all facts, in turn."""
    champ = "activite_sociale_le" if is_social else "derniere_activite_le"
    derniere = Greatest(Coalesce(champ, Value(jour)), Value(jour))
    Dossier.objects.filter(pk=dossier.pk).update(**{champ: derniere})
    if genre in GENRES_CONTACT:
        Dossier.objects.filter(pk=dossier.pk).update(sans_reponse_depuis=_silent_since(dossier))


def _silent_since(dossier: Dossier) -> date | None:
    """The first unanswered attempt after the last exchange; a call noted late takes its place in time."""
    depuis = None
    contacts = Fait.objects.filter(dossier=dossier, genre__in=GENRES_CONTACT).order_by("date", "pk")
    for jour, issue in contacts.values_list("date", "issue"):
        depuis = None if issue in ISSUES_ABOUTIES else depuis or jour
    return depuis
