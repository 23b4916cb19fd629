"""The journals of all organismes: verified, anchored outside the database, purged month by month."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TypedDict

from django.conf import settings
from django.db.models import Min
from django.utils import timezone

from maintien.apps.organismes.models import Organisme
from maintien.apps.socle import journal
from maintien.apps.socle.chaine import ORIGINE, Chaine, head_signature, of_chain, seal_signature
from maintien.apps.socle.cles import CleInconnueError, current_key
from maintien.apps.socle.enums import NomReglage
from maintien.apps.socle.models import SceauJournal, TeteJournal
from maintien.apps.socle.portee import organisme_scope
from maintien.apps.socle.reglages import setting
from maintien.apps.socle.soupcons import Faute, Genre
from maintien.apps.socle.verification import Verdict, chains_of, check_segment, lines_of, read_lines, seals_of, verify
from maintien.coeur.calendrier import ajouter_mois

ANCRES = "ancres-journal.jsonl"
PLATEFORME = "PLATEFORME"


class Ancre(TypedDict):
    """Where a chain ended at an instant: to be kept elsewhere, it shows later that nothing was rewritten since."""

    le: str
    organisme: str
    flux: str
    sequence: int
    empreinte: str
    cle: str
    signature: str


class AncreIllisibleError(ValueError):
    """A line of the file is no anchor, or one that this installation never signed."""


@dataclass(frozen=True, slots=True)
class Purge:
    """One month of one chain that goes, or would go; `refus` when it may not, the chain being broken there."""

    organisme: str
    flux: str
    mois: str
    nombre: int
    refus: Faute | None = None


@contextmanager
def _scope(organisme: Organisme | None) -> Iterator[None]:
    with nullcontext() if organisme is None else organisme_scope(organisme):
        yield


def _chains(organismes: list[Organisme | None]) -> Iterator[tuple[Organisme | None, Chaine]]:
    for organisme in organismes:
        for chaine in chains_of(None if organisme is None else organisme.pk):
            yield organisme, chaine


def all_organismes() -> list[Organisme | None]:
    """Every organisme, then the platform."""
    return [*Organisme.objects.order_by("code"), None]


def name_of(organisme: Organisme | None) -> str:
    return PLATEFORME if organisme is None else organisme.code


def verify_all(organismes: list[Organisme | None]) -> Iterator[tuple[str, Verdict]]:
    for organisme, chaine in _chains(organismes):
        with _scope(organisme):
            yield name_of(organisme), verify(chaine)


# --- anchors ---------------------------------------------------------------------------------------------------------


def anchors(organismes: list[Organisme | None], instant: datetime) -> list[Ancre]:
    """The present end of every chain, signed."""
    tetes = {(tete.organisme_id, tete.flux): tete for tete in TeteJournal.objects.all()}
    return [
        Ancre(
            le=instant.isoformat(timespec="seconds"),
            organisme=name_of(organisme),
            flux=tete.flux,
            sequence=tete.sequence,
            empreinte=tete.empreinte,
            cle=tete.cle,
            signature=tete.signature,
        )
        for organisme, chaine in _chains(organismes)
        if (tete := tetes.get(chaine)) is not None
    ]


def write_anchors(instant: datetime) -> Path:
    """Add the present anchors to the file of the data folder, which is only ever lengthened."""
    fichier = Path(settings.MAINTIEN_DONNEES) / ANCRES
    fichier.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lignes = "".join(f"{json.dumps(ancre, ensure_ascii=False)}\n" for ancre in anchors(all_organismes(), instant))
    descripteur = os.open(fichier, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descripteur, "w", encoding="utf-8") as flux:
        flux.write(lignes)
    return fichier


def read_anchors(fichier: Path) -> list[Ancre]:
    lues: list[Ancre] = []
    for numero, ligne in enumerate(fichier.read_text(encoding="utf-8").splitlines(), 1):
        if ligne.strip():
            lues.append(_read_anchor(ligne, numero))
    if not lues:
        raise AncreIllisibleError("le fichier est vide")
    return lues


def _read_anchor(ligne: str, numero: int) -> Ancre:
    try:
        lue = json.loads(ligne)
        textes = {nom: str(lue[nom]) for nom in ("le", "organisme", "flux", "empreinte", "cle", "signature")}
        return Ancre(sequence=int(lue["sequence"]), **textes)  # type: ignore[typeddict-item, no-any-return]
    except (ValueError, KeyError, TypeError) as erreur:
        raise AncreIllisibleError(f"la ligne {numero} n'est pas une ancre du journal") from erreur


def compare_anchor(ancre: Ancre, organisme: Organisme | None) -> Faute | None:
    """What an anchor kept elsewhere contradicts in the chain of today."""
    identifiant = None if organisme is None else organisme.pk
    chaine = (identifiant, ancre["flux"])
    rang, empreinte = ancre["sequence"], ancre["empreinte"]
    jour = ancre["le"][:10]
    try:
        signature = head_signature(identifiant, ancre["flux"], rang, empreinte, ancre["cle"])
    except CleInconnueError as erreur:
        return Faute(Genre.CLE, rang, rang, None, str(erreur))
    if signature != ancre["signature"]:
        return Faute(Genre.ANCRE, rang, rang, None, f"l'ancre du {jour} n'a pas été signée ici, ou a été modifiée")
    if rang == 0:
        return None
    with _scope(organisme):
        sceaux = seals_of(chaine)
        if sceaux and rang <= sceaux[-1].derniere:
            fins = {sceau.derniere: sceau.derniere_empreinte for sceau in sceaux}
            return None if fins.get(rang, empreinte) == empreinte else _contradicted(rang, jour)
        trouvee = lines_of(chaine).filter(sequence=rang).values_list("empreinte", flat=True).first()
    if trouvee is None:
        return Faute(Genre.ANCRE, rang, rang, None, f"la ligne {rang}, ancrée le {jour}, n'existe plus")
    return None if trouvee == empreinte else _contradicted(rang, jour)


def _contradicted(rang: int, jour: str) -> Faute:
    return Faute(Genre.ANCRE, rang, rang, None, f"la ligne {rang} n'est plus celle qui a été ancrée le {jour}")


# --- retention -------------------------------------------------------------------------------------------------------


def purge_all(organismes: list[Organisme | None], au: date, *, a_blanc: bool = False) -> list[Purge]:
    """Whole months older than the retention of each organisme; one transaction a chain, journalled in it."""
    purges: list[Purge] = []
    for organisme, chaine in _chains(organismes):
        with _scope(organisme):
            mois = settings.MAINTIEN_JOURNAL_MOIS if organisme is None else setting(NomReglage.JOURNAL_MOIS, au)
            limite = ajouter_mois(au.replace(day=1), -mois)
            purges += _purge_chain(organisme, chaine, limite, a_blanc=a_blanc)
    return purges


def _purge_chain(organisme: Organisme | None, chaine: Chaine, limite: date, *, a_blanc: bool) -> list[Purge]:
    tranches = _months(chaine, limite)
    if not tranches:
        return []
    nom = name_of(organisme)
    purges = [Purge(nom, chaine[1], mois, derniere - premiere + 1) for mois, premiere, derniere in tranches]
    faute = _first_fault(chaine, tranches[-1][2])
    if faute is not None:
        # Sealed, an altered month would be whole for ever.
        return [Purge(nom, chaine[1], tranches[0][0], 0, faute)]
    if not a_blanc:
        with journal.atomic():
            TeteJournal.objects.select_for_update().get(of_chain(chaine))
            if _months(chaine, limite) != tranches:
                return []  # another purge was first
            for mois, premiere, derniere in tranches:
                _seal(chaine, mois, premiere, derniere)
            lines_of(chaine).filter(sequence__lte=tranches[-1][2]).delete()
            _tell(organisme, chaine, tranches)
    return purges


def _months(chaine: Chaine, limite: date) -> list[tuple[str, int, int]]:
    """Month, first and last rank of what goes. A line written late waits for those before it: ranks go in order."""
    lignes = lines_of(chaine)
    debut = lignes.aggregate(premier=Min("sequence"), instant=Min("instant"))
    if debut["premier"] is None:
        return []
    premiere: int = debut["premier"]
    mois = timezone.localdate(debut["instant"]).replace(day=1)
    tranches = []
    while mois < limite:
        suivant = ajouter_mois(mois, 1)
        borne = timezone.make_aware(datetime.combine(suivant, time.min))
        apres = lignes.filter(instant__gte=borne).aggregate(premier=Min("sequence"))["premier"]
        tete = TeteJournal.objects.get(of_chain(chaine)).sequence
        derniere = tete if apres is None else apres - 1
        if derniere >= premiere:
            tranches.append((f"{mois:%Y-%m}", premiere, derniere))
            premiere = derniere + 1
        mois = suivant
    return tranches


def _first_fault(chaine: Chaine, jusqua: int) -> Faute | None:
    sceaux = seals_of(chaine)
    apres, empreinte = (sceaux[-1].derniere, sceaux[-1].derniere_empreinte) if sceaux else (0, ORIGINE)
    rang, _, faute = check_segment(chaine, empreinte, apres, read_lines(chaine, apres=apres, jusqua=jusqua))
    return faute or (Faute(Genre.TRONQUE, rang + 1, jusqua, None) if rang < jusqua else None)


def _seal(chaine: Chaine, mois: str, premiere: int, derniere: int) -> None:
    bouts = dict(lines_of(chaine).filter(sequence__in=(premiere, derniere)).values_list("sequence", "empreinte"))
    precedents = seals_of(chaine)
    sceau = SceauJournal(
        organisme_id=chaine[0],
        flux=chaine[1],
        mois=mois,
        premiere=premiere,
        derniere=derniere,
        nombre=derniere - premiere + 1,
        premiere_empreinte=bouts[premiere],
        derniere_empreinte=bouts[derniere],
        cle=current_key(),
    )
    sceau.signature = seal_signature(sceau, precedents[-1].signature if precedents else "")
    sceau.save(force_insert=True)


def _tell(organisme: Organisme | None, chaine: Chaine, tranches: list[tuple[str, int, int]]) -> None:
    details: dict[str, Any] = {
        "flux": chaine[1],
        "mois": [mois for mois, *_ in tranches],
        "premiere": tranches[0][1],
        "derniere": tranches[-1][2],
    }
    if organisme is None:
        journal.record_plateforme("journal.purger", **details)
    else:
        journal.record("journal.purger", organisme, **details)


def keep() -> None:
    """What the worker does each hour: an anchor a day, and the months that have had their time."""
    instant = timezone.now()
    fichier = Path(settings.MAINTIEN_DONNEES) / ANCRES
    jour = timezone.localdate(instant)
    if not fichier.exists() or timezone.localdate(_written_at(fichier)) < jour:
        write_anchors(instant)
    purge_all(all_organismes(), jour)


def _written_at(fichier: Path) -> datetime:
    return datetime.fromtimestamp(fichier.stat().st_mtime, tz=timezone.get_current_timezone())
