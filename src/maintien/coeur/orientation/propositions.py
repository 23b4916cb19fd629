"""Les propositions d'un ménage : une à faire, avec toutes ses raisons, et ce que la loi impose à côté."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from maintien.coeur.orientation.canaux import INTERNE, contact
from maintien.coeur.orientation.classement import Classement, evaluer
from maintien.coeur.orientation.conditions import en_mois
from maintien.coeur.orientation.delais import avant_le
from maintien.coeur.orientation.faits import FaitsMenage
from maintien.coeur.orientation.registre import Constat
from maintien.coeur.orientation.regles import JeuDeRegles, Regle, RegleContexte, RegleProposition
from maintien.coeur.orientation.textes import Montant, Quantite, Valeur, choisir, json_valeur, texte_valeur

PRINCIPAL, SECONDAIRE, CONTEXTE = "principal", "secondaire", "contexte"
"""La place d'une raison : celle de la proposition, celles des autres règles, celles qui éclairent."""


@dataclass(frozen=True, slots=True)
class Motif:
    """Une raison : sa phrase, la règle qui la donne, et les valeurs qu'une machine peut relire."""

    texte: str
    place: str
    regle: str
    version: int
    valeurs: Mapping[str, Valeur]

    def en_json(self) -> dict[str, Any]:
        """Rend la raison telle qu'elle est gardée et servie."""
        valeurs = {nom: json_valeur(valeur) for nom, valeur in sorted(self.valeurs.items())}
        return {
            "texte": self.texte,
            "place": self.place,
            "regle": self.regle,
            "version": self.version,
            "valeurs": valeurs,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PropositionCalculee:
    """Ce qu'il convient de faire pour un ménage : quoi, par quel canal, avant quand, pourquoi, sinon.

    `empreinte` : les faits qui font l'identité de la proposition. Tant qu'elle ne change pas, une
    proposition refusée n'est pas refaite, une proposition faite ne l'est qu'après `silence_jours`.
    `compte` : le compte dont il s'agit quand la loi impose l'étape compte par compte, vide pour le ménage.
    `avant_le` est l'objectif de la maison ; `echeance_legale` le dernier jour que la loi laisse, s'il y en a un.
    """

    menage: str
    genre: str
    compte: str
    quoi: str
    canal: str
    destinataire: str
    avant_le: date
    echeance_legale: date | None
    minutes: int
    motifs: tuple[Motif, ...]
    sinon: str
    regle: str
    version: int
    reference: str
    is_imposee: bool
    silence_jours: int | None
    relance_jours: int
    empreinte: str
    classement: Classement

    @property
    def minutes_loi(self) -> int:
        """Les minutes que la loi impose au bailleur."""
        return self.minutes if self.is_imposee else 0


@dataclass(frozen=True, slots=True)
class _Retenue:
    regle: RegleProposition
    constat: Constat

    @property
    def compte(self) -> str:
        """Le compte dont la loi impose l'étape ; ce qui s'adresse au ménage vaut pour tous ses comptes."""
        return self.constat.compte if self.regle.malgre_pause else ""


def propositions(faits: FaitsMenage, regles: JeuDeRegles, au: date) -> list[PropositionCalculee]:
    """Rend la proposition d'un ménage, puis ce que la loi impose au bailleur.

    Toutes les règles en vigueur sont essayées, dans leur ordre explicite ; la première qui voit quelque
    chose donne la proposition, les autres deviennent ses raisons. Un ménage, une proposition : personne
    ne reçoit deux appels. Ce que la loi impose au bailleur (le signalement à l'organisme payeur) ne
    s'adresse pas au ménage et garde sa propre ligne, une par compte. Pendant une pause, il ne reste que
    cela. Ce qu'une personne a refusé, fait ou reporté ne revient pas tant que les faits sont les mêmes.
    """
    actives = regles.en_vigueur(au)
    retenues = [
        _Retenue(regle, constat)
        for regle in actives.propositions
        if regle.malgre_pause or not _en_pause(faits, au)
        for constat in regle.constats(faits, au)
    ]
    imposees = [r for r in retenues if r.regle.malgre_pause and not _is_tue(r, faits) and not _is_reportee(r, faits)]
    tete = _tete([retenue for retenue in retenues if not retenue.regle.malgre_pause], faits)
    calculees = [_composer(imposee, [], actives.contexte, faits, au) for imposee in imposees]
    if tete is None:
        return calculees
    autres = [retenue for retenue in retenues if retenue is not tete]
    return [_composer(tete, autres, actives.contexte, faits, au), *calculees]


def valeurs_communes(faits: FaitsMenage, au: date) -> dict[str, Valeur]:
    """Rend les valeurs que tout texte peut employer."""
    termes = faits.nb_termes_impayes
    valeurs: dict[str, Valeur] = {
        "locataire": faits.locataire or "le ménage",
        "dette": Montant(faits.dette_exigible_centimes),
        "termes": Quantite(termes, "terme", "termes"),
        "au": au,
    }
    mois, echeance, terme = faits.mois_de_dette_centiemes, faits.prochaine_echeance, faits.prochain_terme_centimes
    facultatives: dict[str, Valeur | None] = {
        "du": Montant(faits.du_centimes) if faits.du_centimes > faits.dette_exigible_centimes else None,
        "depuis": faits.date_plus_ancien,
        "mois_de_dette": en_mois(mois) if mois else None,
        "prochaine_echeance": echeance,
        "prochain_terme": Montant(terme) if terme else None,
        "dette_prevue": Montant(faits.dette_exigible_centimes + terme) if terme and echeance else None,
        "mandataire": faits.mandataire or None,
        "protege": faits.protege or None,
        "libres": faits.libres or None,
        "deces": faits.deces_le,
    }
    return valeurs | {nom: valeur for nom, valeur in facultatives.items() if valeur is not None}


def phrases(regle: Regle, constat: Constat, valeurs: Mapping[str, Valeur]) -> list[tuple[str, Mapping[str, Valeur]]]:
    """Rend les raisons d'une règle : une par détail quand le constat en a, sinon son motif."""
    textes = getattr(regle, "details", {})
    if constat.details and textes:
        return [
            (choisir(textes[detail.cle], {**valeurs, **detail.valeurs}), detail.valeurs) for detail in constat.details
        ]
    return [(regle.motif.pour(constat.variante, {**valeurs, **constat.valeurs}), constat.valeurs)]


def _tete(retenues: Iterable[_Retenue], faits: FaitsMenage) -> _Retenue | None:
    """Rend la première proposition à faire, compte tenu de ce que les personnes ont déjà décidé.

    Un contact fait, refusé ou reporté ne laisse pas la place au suivant : le ménage recevrait un second
    appel pour les mêmes faits. Une vérification au bureau, une fois faite ou refusée, la laisse.
    """
    for retenue in retenues:
        if _is_reportee(retenue, faits):
            return None
        if not _is_tue(retenue, faits):
            return retenue
        if retenue.regle.action.canaux != (INTERNE,):
            return None
    return None


def _is_tue(retenue: _Retenue, faits: FaitsMenage) -> bool:
    return _empreinte(retenue.regle, retenue.constat) in faits.tues


def _is_reportee(retenue: _Retenue, faits: FaitsMenage) -> bool:
    return (retenue.regle.genre, retenue.compte) in faits.reportes


def _en_pause(faits: FaitsMenage, au: date) -> bool:
    return faits.pause is not None and faits.pause.couvre(au)


def _composer(
    tete: _Retenue, autres: Iterable[_Retenue], contexte: Iterable[RegleContexte], faits: FaitsMenage, au: date
) -> PropositionCalculee:
    regle, constat = tete.regle, tete.constat
    communes = valeurs_communes(faits, au)
    valeurs = {**communes, **constat.valeurs}
    joint = contact(faits, regle.action.canaux)
    limite = avant_le(regle.action.avant, valeurs, au)
    legale = constat.echeance_legale if regle.malgre_pause else None
    is_pressant = legale is not None and min(limite, legale) <= au + timedelta(days=regle.action.pressant_jours)
    return PropositionCalculee(
        menage=faits.cle,
        genre=regle.genre,
        compte=tete.compte,
        quoi=regle.action.quoi.pour(constat.variante, {**valeurs, "joindre": joint.joindre}),
        canal=joint.canal,
        destinataire=joint.destinataire,
        avant_le=limite,
        echeance_legale=legale,
        minutes=regle.action.duree(joint.canal),
        motifs=tuple(_motifs(tete, autres, contexte, faits, au, communes)),
        sinon=regle.sinon.pour(constat.variante, valeurs),
        regle=regle.identifiant,
        version=regle.version,
        reference=regle.reference,
        is_imposee=regle.malgre_pause,
        silence_jours=regle.action.silence_jours,
        relance_jours=regle.action.relance_jours,
        empreinte=_empreinte(regle, constat),
        classement=evaluer(faits, constat, regle.poids, au, is_pressant=is_pressant),
    )


def _motifs(
    tete: _Retenue,
    autres: Iterable[_Retenue],
    contexte: Iterable[RegleContexte],
    faits: FaitsMenage,
    au: date,
    communes: Mapping[str, Valeur],
) -> Iterable[Motif]:
    """Rend les raisons sans redite : la règle retenue, puis les autres, puis ce qui éclaire."""
    eclairages = ((regle, constat) for regle in contexte if (constat := regle.constat(faits, au)) is not None)
    sources: list[tuple[str, Regle, Constat]] = [
        (PRINCIPAL, tete.regle, tete.constat),
        *((SECONDAIRE, autre.regle, autre.constat) for autre in autres),
        *((CONTEXTE, regle, constat) for regle, constat in eclairages),
    ]
    dites = set()
    for place, regle, constat in sources:
        for texte, valeurs in phrases(regle, constat, communes):
            if texte not in dites:
                dites.add(texte)
                yield Motif(texte, place, regle.identifiant, regle.version, valeurs)


def _empreinte(regle: RegleProposition, constat: Constat) -> str:
    """Rend l'identité de la proposition, lisible : la règle et les valeurs qu'elle nomme."""
    morceaux = [regle.identifiant]
    for nom in regle.identite:
        if nom == "details":
            morceaux.extend(_detail_en_texte(detail.cle, detail.valeurs) for detail in constat.details)
        elif nom in constat.valeurs:
            morceaux.append(f"{nom}={texte_valeur(constat.valeurs[nom])}")
    return " | ".join(morceaux)


def _detail_en_texte(cle: str, valeurs: Mapping[str, Valeur]) -> str:
    stables = (texte_valeur(v) for nom, v in sorted(valeurs.items()) if not isinstance(v, Montant))
    return f"{cle} {' '.join(stables)}"
