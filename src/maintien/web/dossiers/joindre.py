"""Who can be reached and how. Guarantors are not tenants; a protected household shows no coordinates."""

from urllib.parse import quote

from maintien.apps.comptes.enums import RoleOccupation
from maintien.apps.comptes.models import Bail, Occupation, Personne
from maintien.apps.dossiers.destinataires import Destinataire, nom_complet, split_protected
from maintien.apps.dossiers.enums import GenreFait, IssueContact, Protection
from maintien.apps.dossiers.selectors import DetailDossier
from maintien.apps.organismes.enums import ClasseChamp
from maintien.web.communs.typographie import sur_une_ligne, telephone
from maintien.web.dossiers.attention import voie_lue
from maintien.web.dossiers.presentation import Moyen, PersonneLue

CHIFFRES_FRANCE = 10
A_VERIFIER = ("à vérifier", "question-mark", "")
A_CORRIGER = ("à corriger", "alert-triangle", "ambre")
JOINTS = frozenset({IssueContact.JOINT, IssueContact.RAPPEL_PROMIS})


def personnes_a_joindre(detail: DetailDossier) -> list[PersonneLue]:
    """Tenants first, each once, then whoever must be written to beside or instead of them."""
    tenus: dict[int, Occupation] = {}
    for occupation in detail.occupations:
        if occupation.role != RoleOccupation.CAUTION:
            tenus.setdefault(occupation.personne_id, occupation)
    autorises = {d.personne.pk for d in detail.destinataires.personnes if d.personne is not None}
    lues = [_personne(occupation, detail, autorises) for occupation in tenus.values()]
    lues += [_mandataire(d) for d in detail.destinataires.personnes if d.personne is None]
    return lues


def _mandataire(destinataire: Destinataire) -> PersonneLue:
    """A curateur or tuteur is written to at his own address."""
    return PersonneLue(destinataire.nom, destinataire.qualite, remarque=sur_une_ligne(destinataire.adresse))


def _personne(occupation: Occupation, detail: DetailDossier, autorises: set[int]) -> PersonneLue:
    personne = occupation.personne
    nom, role = nom_complet(personne), occupation.get_role_display()
    if personne.deces_le is not None:
        return PersonneLue(nom, role, remarque="Personne décédée : ne pas écrire à son nom.")
    if not detail.is_a_joindre_par_le_fichier(personne.pk) or detail.dossier.menage.contact_restreint:
        return PersonneLue(nom, role, remarque=voie_lue(personne, detail))
    if personne.pk not in autorises:
        return PersonneLue(nom, role, remarque=_pourquoi_pas(personne, detail))
    moyens = _moyens(personne, detail)
    return PersonneLue(nom, role, moyens, _a_savoir(personne, detail, has_moyens=bool(moyens)))


def _a_savoir(personne: Personne, detail: DetailDossier, *, has_moyens: bool) -> str:
    menage = detail.dossier.menage
    if menage.protection == Protection.CURATELLE and menage.personne_protegee_id in (None, personne.pk):
        return "Sous curatelle : écrire aussi au curateur."
    return "" if has_moyens else "Aucun numéro ni courriel connu."


def _pourquoi_pas(personne: Personne, detail: DetailDossier) -> str:
    proteges, _ = split_protected(detail.dossier.menage, [personne])
    match detail.dossier.menage.protection if proteges else Protection.AUCUNE:
        case Protection.TUTELLE:
            return "Sous tutelle : s’adresser au tuteur."
        case Protection.HABILITATION:
            return "Sous habilitation familiale : s’adresser à la personne habilitée."
    if detail.dossier.menage.deces_le is None:
        return "Ne doit rien sur ce compte : la dette est celle d’un autre bail."
    return "À vérifier avant de contacter."


def _moyens(personne: Personne, detail: DetailDossier) -> list[Moyen]:
    moyens = []
    if personne.telephone:
        moyens.append(_telephone(personne, detail))
        if personne.opposition_sms:
            moyens.append(Moyen("message", "SMS", "refusés", "ban", ""))
    if personne.courriel:
        moyens.append(_courriel(personne.courriel))
    return moyens


def _telephone(personne: Personne, detail: DetailDossier) -> Moyen:
    lu = telephone(personne.telephone)
    chiffres = "".join(c for c in lu if c.isdigit())
    if len(chiffres) != CHIFFRES_FRANCE or not lu.startswith("0"):
        return Moyen("phone", lu, *A_CORRIGER)
    etat = _ETATS.get(_derniere_issue(detail), A_VERIFIER)
    return Moyen("phone", lu, *etat, lien=f"tel:+33{chiffres[1:]}")


def _courriel(adresse: str) -> Moyen:
    nom, arobase, domaine = adresse.strip().partition("@")
    if not (nom and arobase and "." in domaine) or " " in adresse.strip():
        return Moyen("mail", adresse, *A_CORRIGER)
    return Moyen("mail", adresse, *A_VERIFIER, lien=f"mailto:{quote(adresse.strip(), safe='@')}")


def _derniere_issue(detail: DetailDossier) -> str:
    """The outcome of the latest call says whether the number still answers."""
    appels = (entree.fait for entree in detail.fil if entree.fait.genre == GenreFait.APPEL)
    dernier = next(appels, None)
    return dernier.issue if dernier is not None else ""


_ETATS: dict[str, tuple[str, str, str]] = {
    **dict.fromkeys(JOINTS, ("a répondu", "check", "vert")),
    IssueContact.MESSAGE_LAISSE: ("messagerie", "message", ""),
    IssueContact.SANS_REPONSE: ("sans réponse", "phone-off", ""),
    IssueContact.MAUVAIS_NUMERO: ("numéro à vérifier", "alert-triangle", "ambre"),
}


def adresse_postale(detail: DetailDossier) -> str:
    """Where the home is; nothing when nobody who lives there may be written to."""
    tus = (
        detail.dossier.menage.contact_restreint or bool(detail.gardes) or ClasseChamp.COORDONNEES not in detail.classes
    )
    if tus or not any(d.personne for d in detail.destinataires.personnes):
        return ""
    bail = bail_principal(detail)
    if bail is None or bail.logement is None:
        return ""
    logement = bail.logement
    return ", ".join(filter(None, (logement.voie, f"{logement.code_postal} {logement.commune}".strip())))


def bail_principal(detail: DetailDossier) -> Bail | None:
    """The lease of the home: current before ended, annexed ones last."""
    baux = [bail for compte in detail.comptes for bail in compte.baux]
    return min(baux, key=lambda b: (bool(b.bail_annexe_de), b.date_sortie is not None, b.reference), default=None)
