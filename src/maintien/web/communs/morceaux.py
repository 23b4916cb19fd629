"""Pieces of page that lists repeat by the hundred, written by functions: templates would cost ten times the queries.

Each goes through `ecrire`, which escapes what it is given unless it is already a piece; what is kept from one call to
the next holds dates, icons and rules, never anything about a person.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from html import escape
from typing import Protocol

from django.templatetags.static import static
from django.utils import timezone
from django.utils.safestring import SafeString

from maintien.web.communs import typographie
from maintien.web.communs.anciennete import jour_des_delais
from maintien.web.communs.regles import titre_de_la_regle

LEGALE_PROCHE = 7
MAISON_PROCHE = 1
RIEN = SafeString("")


class EtapeDatee(Protocol):
    @property
    def echeance_legale(self) -> date | None: ...
    @property
    def avant_le(self) -> date | None: ...


class EtapeExpliquee(Protocol):
    @property
    def motifs(self) -> Sequence[str]: ...
    @property
    def sinon(self) -> str: ...
    @property
    def regle(self) -> str: ...
    @property
    def version_regle(self) -> str: ...


def ecrire(gabarit: str, **valeurs: object) -> SafeString:
    """`format_html` for pieces written by the hundred: the same escaping, without its care for lazy texts."""
    sures = {nom: v if type(v) is SafeString else escape(str(v)) for nom, v in valeurs.items()}
    return SafeString(gabarit.format_map(sures))


def repeter(gabarit: str, textes: Iterable[object]) -> SafeString:
    """One piece a text, `gabarit` with `{texte}` in it."""
    return SafeString("".join([ecrire(gabarit, texte=texte) for texte in textes]))


@lru_cache(maxsize=256)
def icone(nom: str, classe: str = "") -> SafeString:
    """One icon of the sprite; decorative: the word beside it carries the meaning."""
    return ecrire(
        '<svg class="icon {classe}" aria-hidden="true" focusable="false"><use href="{sprite}#{nom}"></use></svg>',
        classe=classe,
        sprite=static("tiers/icones.svg"),
        nom=nom,
    )


@lru_cache(maxsize=4096)
def instant(jour: date, texte: str, titre: str) -> SafeString:
    return ecrire(
        '<time datetime="{jour}" title="{titre}">{texte}<span class="visually-hidden"> ({titre})</span></time>',
        jour=jour.isoformat(),
        titre=titre,
        texte=texte,
    )


@lru_cache(maxsize=4096)
def jour_court(jour: date, lu_le: date) -> SafeString:
    """« jeu. 15 oct. », with its year when it is not that of the reader; full date on hover."""
    return instant(jour, typographie.jour_court(jour, lu_le), typographie.jour_complet(jour))


@lru_cache(maxsize=4096)
def duree_depuis(jour: date, au: date) -> SafeString:
    """« 4 mois » (after « depuis »), full date on hover."""
    return instant(jour, typographie.duree_entre(jour, au), typographie.jour_complet(jour))


def echeances(etape: EtapeDatee, au: date) -> SafeString:
    """The days of a step: the one that the law leaves, if a text fixes it, and the target of the house.

    A legal delay in danger is the only red of the house, a near or missed target is amber. Days are counted from
    today, or from the day of the situation when it is old.
    """
    return echeances_du_jour(etape.echeance_legale, etape.avant_le, jour_des_delais(au), timezone.localdate())


@lru_cache(maxsize=4096)
def echeances_du_jour(legale: date | None, maison: date | None, aujourd_hui: date, lu_le: date) -> SafeString:
    if legale and maison and legale < aujourd_hui:
        # Once the law itself is missed, the target of the house says nothing more.
        maison = None
    if not (legale or maison):
        return RIEN
    return ecrire(
        '<span class="echeances{classe}">{legale}{maison}</span>',
        classe="" if legale else " echeances-maison",
        legale=_legale(legale, aujourd_hui, lu_le) if legale else RIEN,
        maison=_maison(maison, aujourd_hui, lu_le) if maison else RIEN,
    )


def _legale(jour: date, aujourd_hui: date, lu_le: date) -> SafeString:
    proche = jour - aujourd_hui <= timedelta(LEGALE_PROCHE)
    return ecrire(
        '<span class="echeance{ton}">{icone}<span>délai légal {jour}{depasse}</span></span> ',
        ton=" echeance-rouge" if proche else "",
        icone=icone("scale", "icon-petite"),
        jour=jour_court(jour, lu_le),
        depasse=_depasse(jour, aujourd_hui),
    )


def _maison(jour: date, aujourd_hui: date, lu_le: date) -> SafeString:
    proche = jour - aujourd_hui <= timedelta(MAISON_PROCHE)
    return ecrire(
        '<span class="echeance{ton}">{icone}<span>'
        '<span class="echeance-mot">avant le </span>{jour}{depasse}</span></span>',
        ton=" echeance-ambre" if proche else "",
        icone=icone("clock", "icon-petite") if proche else RIEN,
        jour=jour_court(jour, lu_le),
        depasse=_depasse(jour, aujourd_hui),
    )


def _depasse(jour: date, aujourd_hui: date) -> SafeString:
    retard = (aujourd_hui - jour).days
    if retard <= 0:
        return RIEN
    return ecrire(" <b>dépassé depuis {duree}</b>", duree=typographie.pluriel(retard, "jour,jours"))


# By whether there are reasons, and whether there is an « otherwise ».
_EXPLIQUEE = {
    (motifs, sinon): (
        f'<div class="explication">{"<ul>{motifs}</ul>" if motifs else ""}'
        f"{'<p><b>Sinon&nbsp;:</b> {sinon}</p>' if sinon else ''}{{regle}}</div>"
    )
    for motifs in (True, False)
    for sinon in (True, False)
}


def explication(etape: EtapeExpliquee) -> SafeString:
    """Why this step, what happens otherwise, and which rule says so."""
    return ecrire(
        _EXPLIQUEE[bool(etape.motifs), bool(etape.sinon)],
        motifs=repeter("<li>{texte}</li>", map(typographie.insecables, etape.motifs)),
        sinon=typographie.insecables(etape.sinon),
        regle=_regle(etape.regle, etape.version_regle),
    )


@lru_cache(maxsize=256)
def _regle(regle: str, version: str) -> SafeString:
    if not regle:
        return RIEN
    titre = titre_de_la_regle(regle)
    return ecrire(
        '<details class="regle"><summary>règle</summary>{titre}{regle}{version}</details>',
        titre=ecrire("«&nbsp;{titre}&nbsp;», ", titre=titre) if titre else RIEN,
        regle=regle,
        version=f", version {version}" if version else "",
    )
