"""/api/v1: read-only."""

import logging
from datetime import date
from typing import Annotated, Any

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Query
from ninja.errors import AuthenticationError, ValidationError

from maintien.api.acces import Porteur, entree, jeton_of
from maintien.api.champs import DossierLu, PageDossiers, PageSituations, SituationLue, filtered
from maintien.api.problemes import ProblemeError, reponse, reponse_de
from maintien.apps.comptes.models import Compte
from maintien.apps.dossiers import publics
from maintien.apps.dossiers.enums import EtatDossier
from maintien.apps.dossiers.publics import DossierPublic
from maintien.apps.organismes.enums import ClasseChamp, PorteeApi
from maintien.apps.organismes.selectors import working_day

_log = logging.getLogger(__name__)
LIMITE, LIMITE_MAX = 100, 500
_CLE_MAX = 2**63 - 1
_SANS_NUL = r"^[^\x00]*$"

api = NinjaAPI(
    title="Maintien",
    version="1",
    description="Situations des comptes et état des dossiers d'un bailleur, en lecture. Guide : docs/guide/api.md.",
    urls_namespace="api-v1",
    auth=Porteur(),
    openapi_url=None,
    docs_url=None,
)

Limite = Annotated[int, Query(ge=1, le=LIMITE_MAX)]
Texte = Annotated[str, Query(max_length=40, pattern=_SANS_NUL)]


@api.get("/situations", response=PageSituations, exclude_unset=True, operation_id="situations")
def situations(
    request: HttpRequest,
    au: date | None = None,
    secteur: Texte = "",
    modifie_depuis: date | None = None,
    apres: Texte = "",
    limite: Limite = LIMITE,
) -> dict[str, Any]:
    """Les situations, par référence de compte."""
    with entree(request, PorteeApi.SITUATIONS_LIRE, "au", "secteur", "modifie_depuis", "apres", "limite") as client:
        _check_jour(au, working_day(client.organisme))
        lus = publics.situations(
            client, secteur=secteur, modifie_depuis=modifie_depuis, apres=apres, limite=limite + 1
        )
        classes = publics.situation_classes(client)
        page = lus[:limite]
        return {
            "elements": [_situation(compte, classes) for compte in page],
            "suite": page[-1].reference if len(lus) > limite else None,
        }


@api.get("/situations/{path:reference}", response=SituationLue, exclude_unset=True, operation_id="situation")
def situation(request: HttpRequest, reference: str) -> dict[str, Any]:
    """La situation d'un compte."""
    with entree(request, PorteeApi.SITUATIONS_LIRE) as client:
        compte = None if "\x00" in reference else publics.situation(client, reference)
        if compte is None:
            raise ProblemeError(404)
        return _situation(compte, publics.situation_classes(client))


@api.get("/dossiers", response=PageDossiers, exclude_unset=True, operation_id="dossiers")
def dossiers(
    request: HttpRequest,
    secteur: Texte = "",
    etat: EtatDossier | None = None,
    apres: Annotated[int, Query(ge=0, le=_CLE_MAX)] = 0,
    limite: Limite = LIMITE,
) -> dict[str, Any]:
    """L'état des dossiers, par numéro."""
    with entree(request, PorteeApi.DOSSIERS_LIRE, "secteur", "etat", "apres", "limite") as client:
        lus = publics.dossiers(client, secteur=secteur, etat=etat, apres=apres, limite=limite + 1)
        page = lus[:limite]
        return {
            "elements": [_dossier(lu) for lu in page],
            "suite": page[-1].dossier.pk if len(lus) > limite else None,
        }


@api.get("/dossiers/{int:pk}", response=DossierLu, exclude_unset=True, operation_id="dossier")
def dossier(request: HttpRequest, pk: int) -> dict[str, Any]:
    """L'état d'un dossier."""
    with entree(request, PorteeApi.DOSSIERS_LIRE) as client:
        lu = publics.dossier(client, pk) if pk <= _CLE_MAX else None
        if lu is None:
            raise ProblemeError(404)
        return _dossier(lu)


@api.get("/openapi.json", include_in_schema=False, url_name="openapi")
def openapi(request: HttpRequest) -> dict[str, Any]:
    """To any valid token, whatever its scopes."""
    jeton_of(request)
    return dict(api.get_openapi_schema())


def _check_jour(au: date | None, nuit: date) -> None:
    """One day is served; asking for another is an error rather than figures of a day that was not asked for."""
    if au is not None and au != nuit:
        raise ProblemeError(
            422, f"au : les situations servies sont celles de la dernière passe de nuit, le {nuit.isoformat()}."
        )


def _situation(compte: Compte, classes: frozenset[ClasseChamp]) -> dict[str, Any]:
    lue = compte.situation
    autres = {"reference_compte", "secteur", "date"}
    valeurs = {nom: getattr(lue, nom) for nom in SituationLue.model_fields if nom not in autres}
    valeurs |= {"reference_compte": compte.reference, "date": lue.au}
    valeurs["secteur"] = compte.secteur.code if compte.secteur else None
    return filtered(SituationLue, valeurs, classes)


def _dossier(lu: DossierPublic) -> dict[str, Any]:
    ligne = lu.dossier
    valeurs = {
        "id": ligne.pk,
        "comptes": list(lu.comptes),
        "secteur": ligne.secteur.code if ligne.secteur else None,
        "etat": ligne.etat,
        "niveau": ligne.niveau,
        "ouvert_le": ligne.ouvert_le,
        "clos_le": ligne.clos_le,
        "has_plan": lu.has_plan,
    }
    return filtered(DossierLu, valeurs, lu.classes)


_ATTENDU = {
    "au": "un jour AAAA-MM-JJ",
    "modifie_depuis": "un jour AAAA-MM-JJ",
    "limite": f"un nombre de 1 à {LIMITE_MAX}",
    "etat": "ouvert ou clos",
    "secteur": "le code d’un secteur, 40 caractères au plus",
    "apres": "la valeur « suite » de la page d’avant",
}


def _parametres(_request: HttpRequest, erreur: ValidationError) -> HttpResponse:
    noms = sorted({str(detail["loc"][-1]) for detail in erreur.errors})
    return reponse(422, " ".join(f"{nom} : il faut {_ATTENDU.get(nom, 'une autre valeur')}." for nom in noms))


def _sans_trace(_request: HttpRequest, erreur: Exception) -> HttpResponse:
    _log.error("The API could not answer", exc_info=erreur)
    return reponse(500)


api.exception_handler(ProblemeError)(reponse_de)
api.add_exception_handler(AuthenticationError, lambda *_: reponse(401, entetes={"WWW-Authenticate": "Bearer"}))
api.exception_handler(ValidationError)(_parametres)
api.add_exception_handler(Http404, lambda *_: reponse(404))
api.add_exception_handler(OperationalError, lambda *_: reponse(503, entetes={"Retry-After": "5"}))
api.exception_handler(Exception)(_sans_trace)
