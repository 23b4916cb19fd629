"""The rows of the worklist as HTML: fifty are nearly the whole page (communs/morceaux.py says why no template).

`ecrire` escapes every value; what is cached here holds an identifier, a channel or a number, never a household.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.utils import timezone
from django.utils.safestring import SafeString

from maintien.web.communs.anciennete import jour_des_delais
from maintien.web.communs.etapes import CanalLu
from maintien.web.communs.morceaux import RIEN, duree_depuis, echeances_du_jour, ecrire, explication, icone, repeter
from maintien.web.communs.typographie import duree_minutes, euros, insecables
from maintien.web.journee.presentation import LigneJournee

_ETAPE = (
    '<div class="ligne{seconde}" id="ligne-{cle}" data-ligne data-dossier="{adresse}">'
    '<div class="ligne-corps">'
    '<div class="ligne-qui">'
    '<a href="{adresse}" data-principal title="{nom}"><span class="ligne-nom">{nom}</span>{meme}</a> '
    '<span class="ligne-lieu">{lieu}</span>'
    "</div>"
    '<details class="ligne-pourquoi">'
    '<summary><span class="ligne-raison">{raison}</span> <span class="ligne-quoi">{quoi}</span></summary>'
    "{explication}"
    "</details>"
    '<div class="ligne-du nombre">{montant} {depuis}</div>'
    '<div class="ligne-canal">{canal}</div>'
    '<div class="ligne-avant">{echeances}</div>'
    '<div class="ligne-minutes nombre">{minutes}</div>'
    '<div class="ligne-actions actions">{actions}</div>'
    "</div>"
    '<div class="panneau" id="panneau-{cle}" data-panneau></div>'
    "</div>"
)

_FAIRE = (
    '<a class="btn btn-sm btn-discret" href="{faire}" hx-get="{faire}" hx-target="#panneau-{cle}" data-touche="a">'
    "{coche}Fait</a>"
)
_REPORTER = (
    '<a class="btn btn-sm btn-nu" href="{reporter}" hx-get="{reporter}" hx-target="#panneau-{cle}" data-touche="r"'
    ' title="Reporter">{agenda}<span class="mot">Reporter</span></a>'
)
_REFUSER = (
    '<a class="btn btn-sm btn-nu" href="{refuser}" hx-get="{refuser}" hx-target="#panneau-{cle}" title="{titre}">'
    '{pouce}<span class="mot">{mot}</span></a>'
)


def menages(lignes: Iterable[LigneJournee], au: date) -> SafeString:
    """One element of the list a household: its first step, then the short lines of the others."""
    jours = _Jours.of(au)
    return repeter('<li class="menage">{texte}</li>', (_menage(ligne, jours) for ligne in lignes))


def _menage(ligne: LigneJournee, jours: "_Jours") -> SafeString:
    return SafeString("".join([_etape(etape, jours) for etape in (ligne, *ligne.suites)]))


def etape(ligne: LigneJournee, au: date) -> SafeString:
    """One line alone, for the list that is already on the screen."""
    return _etape(ligne, _Jours.of(au))


class _Jours(NamedTuple):
    """The day of the situation, the one that delays are counted from, the one on which the page is read."""

    au: date
    delais: date
    lu_le: date

    @classmethod
    def of(cls, au: date) -> "_Jours":
        return cls(au, jour_des_delais(au), timezone.localdate())


def _etape(ligne: LigneJournee, jours: _Jours) -> SafeString:
    return ecrire(
        _ETAPE,
        seconde=" ligne-seconde" if ligne.seconde else "",
        cle=ligne.cle,
        adresse=ligne.adresse,
        nom=ligne.nom,
        meme=_meme_menage() if ligne.seconde else RIEN,
        lieu=ligne.lieu,
        raison=insecables(ligne.raison),
        quoi=insecables(ligne.quoi),
        explication=explication(ligne),
        montant=euros(ligne.montant_centimes) if ligne.montant_centimes else "",
        depuis=_depuis(ligne.depuis, jours.au) if ligne.depuis else RIEN,
        canal=_canal(ligne.canal) if ligne.canal else RIEN,
        echeances=echeances_du_jour(ligne.echeance_legale, ligne.avant_le, jours.delais, jours.lu_le),
        minutes=duree_minutes(ligne.minutes) if ligne.minutes else "",
        actions=_actions(ligne) if ligne.proposition_id else RIEN,
    )


@lru_cache(maxsize=1)
def _meme_menage() -> SafeString:
    return ecrire(
        '<span class="ligne-meme">{icone} même ménage</span>', icone=icone("corner-down-right", "icon-petite")
    )


@lru_cache(maxsize=4096)
def _depuis(jour: date, au: date) -> SafeString:
    return ecrire('<span class="ligne-depuis">depuis {duree}</span>', duree=duree_depuis(jour, au))


@lru_cache(maxsize=32)
def _canal(canal: CanalLu) -> SafeString:
    return ecrire("{icone}{libelle}", icone=icone(canal.icone), libelle=canal.libelle)


def _actions(ligne: LigneJournee) -> SafeString:
    return ecrire(
        _FAIRE + (_REPORTER if ligne.reporter else "") + _REFUSER,
        faire=ligne.faire,
        reporter=ligne.reporter,
        refuser=ligne.refuser,
        cle=ligne.cle,
        coche=icone("check", "icon-petite"),
        agenda=icone("calendar-event", "icon-petite"),
        pouce=icone("thumb-down", "icon-petite"),
        titre="Noter un désaccord" if ligne.imposee else "Pas d’accord",
        mot="Désaccord" if ligne.imposee else "Pas d’accord",
    )
