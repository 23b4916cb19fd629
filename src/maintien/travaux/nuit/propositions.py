"""What is proposed for the households of a lot: new, brought up to date, or no longer so."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from maintien.apps.dossiers.droits import limited_menage_ids
from maintien.apps.dossiers.enums import EtatProposition
from maintien.apps.dossiers.models import Dossier, Proposition
from maintien.coeur.calendrier import format_jour
from maintien.coeur.orientation.classement import rang_entier
from maintien.coeur.orientation.couverture import Couverture
from maintien.coeur.orientation.faits import FaitsMenage
from maintien.coeur.orientation.propositions import CONTEXTE, Motif, PropositionCalculee, propositions
from maintien.coeur.orientation.regles import JeuDeRegles
from maintien.coeur.orientation.retards import is_tu_par_la_franchise
from maintien.travaux.nuit.passage import Passage
from maintien.travaux.nuit.suivi import Suivi

_LOT = 250
_SAMEDI = 5
_RANG = frozenset({"rang", "classement", "au"})


def update_propositions(ouverts: Mapping[int, tuple[Dossier, FaitsMenage]], suivi: Suivi, passage: Passage) -> None:
    """Write what the rules propose; what they no longer propose lapses, except what was put off to a later day."""
    nouvelles: list[Proposition] = []
    changees: dict[int, tuple[Proposition, frozenset[str]]] = {}
    perimees: list[int] = []
    revenues: list[int] = []
    limites = limited_menage_ids(list(ouverts))
    for menage_id, (dossier, faits) in ouverts.items():
        siennes = (p for p in suivi.vivantes.get(menage_id, ()) if p.dossier_id == dossier.pk)
        vivantes = {(p.genre, p.reference_compte): p for p in siennes}
        calculees = propose(faits, passage.regles, passage.couverture)
        if menage_id in limites:
            # The person had the use of the data limited (GDPR, art. 18): the law alone still asks for a step.
            calculees, vivantes = _imposed(calculees, vivantes, perimees)
        gardee = kept_by_grace(faits, vivantes, calculees, passage.regles, passage.faits_au)
        if gardee is not None:
            vivantes.pop((gardee.genre, gardee.reference_compte))
            if gardee.etat == EtatProposition.REPORTEE and not _is_put_off(gardee, passage.au):
                revenues.append(gardee.pk)
            calculees = [calculee for calculee in calculees if calculee.is_imposee]
        for calculee in calculees:
            deja = vivantes.pop((calculee.genre, calculee.compte), None)
            if deja is None:
                nouvelles.append(Proposition(dossier=dossier, **_values(calculee, passage.au)))
            else:
                changees[deja.pk] = (deja, _bring(deja, calculee, passage))
        perimees += [p.pk for p in vivantes.values() if not _is_put_off(p, passage.au)]
    Proposition.objects.bulk_create(nouvelles, batch_size=200)
    _save(changees.values(), passage.au)
    Proposition.objects.filter(pk__in=perimees).update(etat=EtatProposition.PERIMEE)
    Proposition.objects.filter(pk__in=revenues).update(etat=EtatProposition.A_FAIRE, reportee_au=None, au=passage.au)
    passage.bilan.propositions_nouvelles += len(nouvelles)
    passage.bilan.propositions_perimees += len(perimees)
    passage.bilan.propositions_mises_a_jour += len(revenues)


def _imposed(
    calculees: list[PropositionCalculee], vivantes: dict[tuple[str, str], Proposition], perimees: list[int]
) -> tuple[list[PropositionCalculee], dict[tuple[str, str], Proposition]]:
    """What the law imposes, among what is computed and what lives; the rest lapses, be it put off to a later day."""
    perimees += [vivante.pk for vivante in vivantes.values() if not vivante.imposee]
    restent = {cle: vivante for cle, vivante in vivantes.items() if vivante.imposee}
    return [calculee for calculee in calculees if calculee.is_imposee], restent


def propose(faits: FaitsMenage, regles: JeuDeRegles, couvre: Couverture) -> list[PropositionCalculee]:
    """What the rules propose tonight. Books that stop earlier: contacts are those of the day that they cover.

    What the law asks of the landlord keeps its dates, and says of when the books are.
    """
    if couvre.is_a_jour or couvre.faits_au is None or couvre.livres_au is None:
        return propositions(faits, regles, couvre.au)
    texte = f"Les écritures datent du {format_jour(couvre.livres_au)}."
    livres = Motif(texte, CONTEXTE, "NUI-LIVRES", 1, {"livres_au": couvre.livres_au})
    contacts = [p for p in propositions(faits, regles, couvre.faits_au) if not p.is_imposee]
    imposees = [p for p in propositions(faits, regles, couvre.au) if p.is_imposee]
    return [
        *(replace(p, avant_le=max(p.avant_le, working_day_from(couvre.au))) for p in contacts),
        *(replace(p, motifs=(*p.motifs, livres)) for p in imposees),
    ]


def working_day_from(jour: date) -> date:
    while jour.weekday() >= _SAMEDI:
        jour += timedelta(days=1)
    return jour


def kept_by_grace(
    faits: FaitsMenage,
    vivantes: Mapping[tuple[str, str], Proposition],
    calculees: Iterable[PropositionCalculee],
    regles: JeuDeRegles,
    au: date,
) -> Proposition | None:
    """The live step of a household whose whole debt is, tonight, hidden by the grace of its rule: left as it is.

    The oldest sums are paid first: who owes 300 € and pays a whole term still owes 300 €, of the new term. Without
    this, the step would lapse with each due date and come back as another one a few days later. A rule that comes
    before its own still takes its place.
    """
    actives = {regle.identifiant: regle for regle in regles.en_vigueur(au).propositions}
    ordres = [actives[calculee.regle].ordre for calculee in calculees if not calculee.is_imposee]
    for vivante in vivantes.values():
        regle = actives.get(vivante.regle)
        if regle is None or regle.malgre_pause or min(ordres, default=regle.ordre) < regle.ordre:
            continue
        franchise = regle.parametres.get("franchise_jours", 0)
        if franchise and is_tu_par_la_franchise(faits, au, franchise):
            return vivante
    return None


def _save(changees: Iterable[tuple[Proposition, frozenset[str]]], au: date) -> None:
    """Most nights move only the rank: those rows are written apart, since each column of each row is paid for."""
    ecrites = [(proposition, champs) for proposition, champs in changees if champs]
    rangs = [proposition for proposition, champs in ecrites if champs <= _RANG]
    contenus = [(proposition, champs) for proposition, champs in ecrites if not champs <= _RANG]
    Proposition.objects.bulk_update(rangs, ["rang", "classement"], batch_size=_LOT)
    if contenus:
        champs_changes = frozenset().union(*(champs for _, champs in contenus))
        Proposition.objects.bulk_update([p for p, _ in contenus], sorted(champs_changes), batch_size=_LOT)
    Proposition.objects.filter(pk__in=[proposition.pk for proposition, _ in ecrites]).update(au=au)


def _bring(proposition: Proposition, calculee: PropositionCalculee, passage: Passage) -> frozenset[str]:
    """Bring a live proposition up to date; what changed in it. Its deadline never slips by itself."""
    valeurs = _values(calculee, passage.au)
    is_meme = proposition.classement.get("empreinte") == calculee.empreinte
    if is_meme and proposition.avant_le is not None:
        valeurs["avant_le"] = min(valeurs["avant_le"], proposition.avant_le)
        valeurs["rang"] = rang_entier(calculee.classement, valeurs["avant_le"])
    changes = frozenset(champ for champ, valeur in valeurs.items() if getattr(proposition, champ) != valeur)
    if not changes <= _RANG:
        passage.bilan.propositions_mises_a_jour += 1
    for champ in changes:
        setattr(proposition, champ, valeurs[champ])
    return changes


def _is_put_off(proposition: Proposition, au: date) -> bool:
    return (
        proposition.etat == EtatProposition.REPORTEE
        and proposition.reportee_au is not None
        and proposition.reportee_au > au
    )


def _values(calculee: PropositionCalculee, au: date) -> dict[str, Any]:
    """The row of a proposition to do; one that was put off comes back as such on its day."""
    classement = calculee.classement
    return {
        "genre": calculee.genre,
        "reference_compte": calculee.compte,
        "quoi": calculee.quoi,
        "canal": calculee.canal,
        "avant_le": calculee.avant_le,
        "echeance_legale": calculee.echeance_legale,
        "imposee": calculee.is_imposee,
        "minutes": calculee.minutes,
        "motifs": [motif.en_json() for motif in calculee.motifs],
        "sinon": calculee.sinon,
        "regle": calculee.regle,
        "version_regle": str(calculee.version),
        "rang": rang_entier(classement, calculee.avant_le),
        "classement": {
            "palier": classement.palier,
            "points": classement.points,
            "retard": classement.retard,
            "comportement": classement.comportement,
            "aide": classement.aide,
            "plus_ancien": classement.plus_ancien.isoformat() if classement.plus_ancien else None,
            "destinataire": str(calculee.destinataire),
            "reference": calculee.reference,
            "silence_jours": calculee.silence_jours,
            "relance_jours": calculee.relance_jours,
            "empreinte": calculee.empreinte,
        },
        "etat": EtatProposition.A_FAIRE,
        "reportee_au": None,
        "motif_refus": "",
        "traitee_par_id": None,
        "traitee_le": None,
        "realisee_le": None,
        "au": au,
    }
