"""The page that the person reads: plain, without script, in everyday words."""

from collections.abc import Iterable
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from maintien.apps.dossiers.copie import Copie, Fiche, Rubrique, Valeur
from maintien.coeur.calendrier import format_jour
from maintien.coeur.montants import format_euros

PARTIELLE = (
    "Certaines informations peuvent concerner aussi une autre personne : les échanges et les notes du suivi, "
    "l’adresse des logements et les moyens de paiement sont relus avant de vous être communiqués."
)
LIBELLES = {
    "reference": "référence",
    "civilite": "civilité",
    "prenom": "prénom",
    "date_naissance": "né le",
    "telephone": "téléphone",
    "opposition_sms": "opposition aux SMS",
    "situation_entree": "situation à l’entrée",
    "bail_reference": "bail",
    "role": "place",
    "date_signature": "signé le",
    "date_entree": "entrée",
    "date_sortie": "sortie",
    "motif_sortie": "motif de sortie",
    "apl_mode": "aide au logement",
    "depot_garantie_centimes": "dépôt de garantie",
    "mode_paiement": "mode de paiement",
    "rum": "référence du mandat",
    "iban": "IBAN",
    "numero_allocataire": "numéro d’allocataire",
    "residence": "résidence",
    "code_postal": "code postal",
    "type_logement": "type",
    "surface": "surface (m²)",
    "date_comptable": "date",
    "date_exigibilite": "exigible le",
    "periode": "mois",
    "code": "nature",
    "libelle": "libellé",
    "debit_centimes": "débit",
    "credit_centimes": "crédit",
    "solde_centimes": "solde",
    "dette_exigible_centimes": "dette exigible",
    "dette_locative_centimes": "dette de loyer",
    "nb_termes_impayes": "termes impayés",
    "date_plus_ancien": "plus ancien impayé",
    "impaye_apl_legal": "impayé au sens de l’aide au logement",
    "date_impaye_apl_legal": "constitué le",
    "montant_centimes": "montant",
    "nombre_echeances": "échéances",
    "mensualite_centimes": "mensualité",
    "premiere_echeance": "première échéance",
    "date_rupture": "rompu le",
    "date_solde": "soldé le",
    "traitement_limite_le": "traitement limité depuis le",
    "protection_depuis": "depuis le",
    "genre": "nature",
    "recue_le": "reçue le",
    "etat": "état",
    "repondue_le": "répondue le",
    "reponse": "réponse",
    "traitee_par": "traitée par",
    "cause_le": "cause connue le",
    "cause_source": "selon",
    "ouvert_le": "ouvert le",
    "clos_le": "clos le",
    "motif_cloture": "motif de clôture",
    "precision": "précision",
    "levee_le": "levée le",
    "avant_le": "avant le",
    "traitee_le": "traitée le",
    "realisee_le": "réalisée le",
    "motif_refus": "motif",
    "regle": "règle",
}
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}"
    "table{border-collapse:collapse;width:100%}caption{text-align:left}"
    "th,td{border:1px solid #767676;padding:.25rem .5rem;text-align:left;vertical-align:top}"
    "div{overflow-x:auto}"
)


def page_html(copie: Copie, organisme: str, jour: date) -> str:
    return format_html(
        '<!doctype html>\n<html lang="fr"><head><meta charset="utf-8"><title>Vos données</title>'
        '<meta name="viewport" content="width=device-width"><style>{}</style></head><body>'
        "<h1>Les données que {} garde sur vous</h1><p>Établi le {}. Les mêmes données sont dans « dossier.json », "
        "pour un autre logiciel, et les écritures dans « ecritures.csv ».</p>{}{}</body></html>\n",
        SafeString(_STYLE),
        organisme,
        format_jour(jour),
        format_html("<p>{}</p>", PARTIELLE) if copie.is_partielle else "",
        format_html_join("\n", "{}", ((_section(rubrique),) for rubrique in copie.rubriques)),
    )


def _section(rubrique: Rubrique) -> SafeString:
    if not rubrique.fiches:
        return format_html("<h2>{}</h2><p>Rien n’est gardé.</p>", rubrique.titre)
    champs = list(rubrique.fiches[0])
    return format_html(
        '<h2>{}</h2><div tabindex="0"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>',
        rubrique.titre,
        format_html_join("", '<th scope="col">{}</th>', ((_libelle(champ),) for champ in champs)),
        format_html_join("\n", "<tr>{}</tr>", ((_cases(fiche, champs),) for fiche in rubrique.fiches)),
    )


def _cases(fiche: Fiche, champs: Iterable[str]) -> SafeString:
    return format_html_join("", "<td>{}</td>", ((lire(champ, fiche[champ]),) for champ in champs))


def _libelle(champ: str) -> str:
    texte = LIBELLES.get(champ, champ)
    return texte[:1].upper() + texte[1:]


def lire(champ: str, valeur: Valeur) -> str:
    """One value as a person reads it."""
    if valeur is None or valeur == "":
        return "non renseigné"
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, int) and champ.endswith("_centimes"):
        return format_euros(valeur)
    return format_jour(valeur) if isinstance(valeur, date) else str(valeur)
