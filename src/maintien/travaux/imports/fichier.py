"""One file: read it, then write what it brings in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from django.db import transaction
from django.db.models import Max

from maintien.apps.comptes.enums import EtatFichier, GenreFichier
from maintien.apps.comptes.models import FichierImporte, Livraison
from maintien.apps.dossiers.menages import attach_menages, protect_menages
from maintien.apps.organismes.models import Organisme
from maintien.apps.socle import journal
from maintien.connecteurs.exports.controle import Controle
from maintien.connecteurs.exports.enregistrements import EnregistrementBail, EnregistrementPlan, Refus, Remarque
from maintien.connecteurs.exports.erreurs import ExportError
from maintien.connecteurs.exports.fichiers import FichierReconnu
from maintien.connecteurs.exports.lecture import Bilan, LectureFichier
from maintien.connecteurs.exports.profil import Format, Profil
from maintien.travaux.imports.baux import keep_first_baux, write_baux
from maintien.travaux.imports.ecritures import (
    count_sorts,
    create_comptes,
    find_known,
    insert_ecritures,
    mark_known,
    refuse_contradictions,
)
from maintien.travaux.imports.etabli import CONNUE, NEUVE, Etabli
from maintien.travaux.imports.locataires import FichesLocataires, protect_comptes, write_locataires
from maintien.travaux.imports.plans import keep_first_plans, write_plans
from maintien.travaux.imports.refus import store_refus
from maintien.travaux.imports.rejets import correct_rejets, split_rejets
from maintien.travaux.imports.versions import Versions, established_on

_REMARQUES_CITEES = 5


class Avancement(Protocol):
    """What the reading of a file tells its caller."""

    def advance(self, lignes: int) -> None: ...

    def before_writing(self, lignes: int) -> None: ...

    def seal(self) -> None: ...


@dataclass(slots=True)
class _Recolte:
    """What one file gave, écritures aside, which wait on the workbench. `ecartes`: rejects of earlier files that it
    shows to be wrong; none of its own lines is refused for them."""

    locataires: FichesLocataires
    baux: dict[str, EnregistrementBail] = field(default_factory=dict)
    lignes_baux: dict[str, list[int]] = field(default_factory=dict)
    plans: dict[str, EnregistrementPlan] = field(default_factory=dict)
    versions: Versions = field(default_factory=Versions)
    refus: list[Refus] = field(default_factory=list)
    ecartes: list[Refus] = field(default_factory=list)
    remarques: list[Remarque] = field(default_factory=list)
    ecritures: int = 0
    nb_remarques: int = 0


def import_fichier(
    fichier: FichierImporte, reconnu: FichierReconnu | ExportError, profil: Profil, avancement: Avancement
) -> None:
    """Take one file, or refuse it as a whole with its sentence."""
    try:
        if isinstance(reconnu, ExportError):
            raise reconnu
        with Etabli() as etabli:
            fichier.etabli_le = established_on(reconnu.periode)
            lecture = LectureFichier(reconnu.chemin, profil, reconnu.declare, nom=fichier.nom)
            recolte = _read(lecture, etabli, avancement)
            avancement.before_writing(lecture.bilan.lignes)
            with journal.atomic():
                _write(fichier, reconnu.declare, profil, recolte, lecture.bilan, etabli)
                avancement.seal()
    except ExportError as erreur:
        _refuse(fichier, erreur, avancement)


def _refuse(fichier: FichierImporte, erreur: ExportError, avancement: Avancement) -> None:
    with transaction.atomic():
        FichierImporte.objects.filter(pk=fichier.pk).update(etat=EtatFichier.REFUSE, message=str(erreur))
        avancement.seal()


def _read(lecture: LectureFichier, etabli: Etabli, avancement: Avancement) -> _Recolte:
    recolte = _Recolte(FichesLocataires(lecture.nom))
    for lot in lecture.lots():
        etabli.load(lot.ecritures)
        recolte.ecritures += len(lot.ecritures)
        recolte.refus += lot.refus
        recolte.remarques += lot.remarques[: _REMARQUES_CITEES - len(recolte.remarques)]
        recolte.nb_remarques += len(lot.remarques)
        recolte.refus += keep_first_baux(recolte.baux, lot.baux, lecture.nom)
        for bail in lot.baux:
            recolte.lignes_baux.setdefault(bail.reference, []).append(bail.ligne)
        recolte.refus += recolte.locataires.add(lot.locataires)
        recolte.refus += keep_first_plans(recolte.plans, lot.plans, lecture.nom)
        avancement.advance(lecture.bilan.lignes)
    etabli.index()
    return recolte


def _write(
    fichier: FichierImporte, declare: Format, profil: Profil, recolte: _Recolte, bilan: Bilan, etabli: Etabli
) -> None:
    """In the transaction of the file."""
    # Deliveries of one landlord are numbered one after the other: whoever writes waits for whoever is writing.
    Organisme.objects.select_for_update().get(pk=fichier.organisme_id)
    fichier.refusees = 0
    if recolte.ecritures:
        _write_ecritures(fichier, recolte, etabli, profil.limites.refus)
    recolte.versions = Versions(fichier.etabli_le)
    touchees, lignes = _write_fiches(declare, recolte)
    refusees = {un.ligne for un in recolte.refus}
    fichier.prises += len((touchees & lignes) - refusees)
    fichier.deja_connues += len(lignes - touchees - refusees)
    protect_comptes({un.compte_a_proteger for un in recolte.refus if un.compte_a_proteger})
    fichier.refusees = store_refus(fichier, recolte.refus)
    store_refus(fichier, recolte.ecartes)
    _report(fichier, declare, bilan, recolte)
    journal.record(
        "import.fichier",
        fichier,
        prises=fichier.prises,
        refusees=fichier.refusees,
        deja_connues=fichier.deja_connues,
    )


def _write_ecritures(fichier: FichierImporte, recolte: _Recolte, etabli: Etabli, limite: int) -> None:
    organisme_id, nom = fichier.organisme_id, fichier.nom
    mark_known(etabli, organisme_id)
    recolte.refus += refuse_contradictions(etabli, organisme_id, nom, limite)
    recolte.refus += split_rejets(etabli, organisme_id, nom)
    recolte.ecartes += correct_rejets(etabli, organisme_id, nom)
    sorts = count_sorts(etabli)
    fichier.prises += sorts.get(NEUVE, 0)
    fichier.deja_connues += sorts.get(CONNUE, 0)
    if not sorts.get(NEUVE):
        return
    if create_comptes(etabli, organisme_id):
        attach_menages()
    dernier = Livraison.objects.aggregate(dernier=Max("numero"))["dernier"] or 0
    livraison = Livraison.objects.create(numero=dernier + 1, fichier_importe=fichier)
    insert_ecritures(etabli, livraison)


def _write_fiches(declare: Format, recolte: _Recolte) -> tuple[set[int], set[int]]:
    """Leases, people, plans. Returns the lines that changed something, and all their lines."""
    touchees: set[int] = set()
    lignes: set[int] = set()
    if recolte.baux:
        touches = write_baux(recolte.baux, declare.enregistrements["bail"], recolte.versions)
        _count(touches, recolte.lignes_baux, touchees, lignes)
    if recolte.locataires.personnes:
        touches = write_locataires(recolte.locataires, declare.enregistrements["locataire"], recolte.versions)
        _count(touches, recolte.locataires.lignes, touchees, lignes)
    if recolte.plans:
        touches = write_plans(recolte.plans, declare.enregistrements["plan"], recolte.versions)
        _count(touches, {r: [plan.ligne] for r, plan in recolte.plans.items()}, touchees, lignes)
    if recolte.baux or recolte.locataires.personnes:
        attach_menages()
        protect_menages()
    elif recolte.plans:
        attach_menages()
    return touchees, lignes


def _count(touches: set[str], lignes_de: dict[str, list[int]], touchees: set[int], lignes: set[int]) -> None:
    for reference, numeros in lignes_de.items():
        lignes.update(numeros)
        if reference in touches:
            touchees.update(numeros)


def _report(fichier: FichierImporte, declare: Format, bilan: Bilan, recolte: _Recolte) -> None:
    fichier.genre = GenreFichier(declare.genre)
    fichier.lignes = bilan.prises + bilan.refusees
    rien = fichier.prises == 0 and fichier.refusees == 0 and fichier.deja_connues > 0
    fichier.etat = EtatFichier.DEJA_IMPORTE if rien else EtatFichier.IMPORTE
    controle = bilan.controle
    if controle.nb_annonce is not None or controle.total_annonce_centimes is not None:
        fichier.nb_annonce = controle.nb_annonce
        fichier.total_annonce_centimes = controle.total_annonce_centimes
        fichier.total_lu_centimes = controle.total_lu_centimes
    fichier.totaux_expliques = controle.is_ecart_explique
    fichier.references_sans_montant = _without_amount(controle, recolte.refus) if controle.is_nombre_juste else []
    phrases = [
        controle.phrase(),
        _redelivered(fichier, recolte.refus),
        recolte.versions.phrase(),
        _set_aside(recolte.ecartes),
        _remarks(recolte),
    ]
    fichier.message = " ".join(phrase for phrase in phrases if phrase)
    fichier.save()


def _without_amount(controle: Controle, refus: Sequence[Refus]) -> list[str]:
    """The entries of the lines without a readable amount; none when one of these lines does not name its own."""
    illisibles = set(controle.lignes_sans_montant)
    references = {un.reference for un in refus if un.ligne in illisibles and un.reference}
    return sorted(references) if len(references) == len(illisibles) else []


def _redelivered(fichier: FichierImporte, refus: Sequence[Refus]) -> str:
    """Refused lines whose entry is in the ledger all the same, delivered right by another line or another file."""
    connues = find_known(sorted({un.reference for un in refus if un.reference})).values()
    ici = sum(une.fichier_id == fichier.pk for une in connues)
    ailleurs = len(connues) - ici
    phrases = [
        _by_another(ici, "une autre ligne de ce fichier", "d'autres lignes de ce fichier"),
        _by_another(ailleurs, "une autre livraison", "d'autres livraisons"),
    ]
    return " ".join(phrase for phrase in phrases if phrase)


def _by_another(nombre: int, une: str, autres: str) -> str:
    if nombre < 2:
        return f"Une ligne refusée est au grand livre par {une}." if nombre else ""
    return f"{nombre} lignes refusées sont au grand livre par {autres}."


def _set_aside(ecartes: Sequence[Refus]) -> str:
    if not ecartes:
        return ""
    cites = ", ".join(un.reference for un in ecartes[:_REMARQUES_CITEES])
    if len(ecartes) == 1:
        return f"Un rejet livré avant son paiement est retiré des comptes, à vérifier : {cites}."
    suite = ", …" if len(ecartes) > _REMARQUES_CITEES else ""
    return f"{len(ecartes)} rejets livrés avant leur paiement sont retirés des comptes, à vérifier : {cites}{suite}."


def _remarks(recolte: _Recolte) -> str:
    if not recolte.remarques:
        return ""
    citees = " ; ".join(f"ligne {r.ligne} : {r.texte}" for r in recolte.remarques)
    reste = recolte.nb_remarques - len(recolte.remarques)
    suite = f" ; et {reste} autre{'s' if reste > 1 else ''}" if reste else ""
    return f"À vérifier : {citees}{suite}."
