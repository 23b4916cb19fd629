"""A file that was found somewhere: whose it was, from the code in its name, its text or its properties."""

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from maintien.apps.organismes.models import Organisme
from maintien.apps.socle import journal
from maintien.apps.socle.models import Extraction
from maintien.apps.socle.portee import organisme_scope

_CODE = re.compile(r"MT-[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}")
_OCTETS_MAX = 100 * 1024 * 1024


class SansMarqueError(LookupError):
    """The file bears no code, or one that no register here knows; the message says which."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """The line of the register behind a file; `is_intact`: byte for byte what went out."""

    organisme: Organisme
    extraction: Extraction
    is_intact: bool


def trace(fichier: Path) -> Provenance:
    """Who took it. That somebody asked is journalled where the file comes from."""
    if fichier.stat().st_size > _OCTETS_MAX:
        raise SansMarqueError("le fichier dépasse 100 Mo, aucun export n'est aussi gros")
    contenu = fichier.read_bytes()
    code = _code_in(contenu) or _first(fichier.name.upper())
    if not code:
        raise SansMarqueError("il ne porte aucun code d'export, ni dans son nom, ni dans son contenu")
    for organisme in Organisme.objects.order_by("pk"):
        with organisme_scope(organisme):
            extraction = Extraction.objects.select_related("demandeur", "approbateur").filter(code=code).first()
            if extraction is not None:
                with transaction.atomic():
                    journal.record("extraction.identifier", extraction, code=code)
                return Provenance(organisme, extraction, hashlib.sha256(contenu).hexdigest() == extraction.empreinte)
    raise SansMarqueError(f"le code {code} n'est dans aucun registre de cette installation")


def _code_in(contenu: bytes) -> str:
    if contenu[:2] != b"PK":
        return _first(contenu.decode("utf-8", errors="ignore"))
    try:
        with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
            parties = (partie for partie in archive.infolist() if partie.filename.endswith(".xml"))
            textes = (archive.open(partie).read(_OCTETS_MAX).decode("utf-8", errors="ignore") for partie in parties)
            return next((code for texte in textes if (code := _first(texte))), "")
    except zipfile.BadZipFile:
        return ""


def _first(texte: str) -> str:
    trouve = _CODE.search(texte)
    return trouve[0] if trouve else ""
