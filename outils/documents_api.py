"""Writes what the documentation says of the API from the API itself: the schema of its pages, its OpenAPI document.

python outils/documents_api.py
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

RACINE = Path(__file__).resolve().parents[1]
FORMATS = RACINE / "docs" / "formats"


def schema() -> dict[str, Any]:
    """The two pages and the two single rows; nothing else may be in them."""
    from pydantic.json_schema import models_json_schema  # noqa: PLC0415 - Django is set up first

    from maintien.api.champs import DossierLu, PageDossiers, PageSituations, SituationLue  # noqa: PLC0415 - Django is set up first

    modeles = [PageSituations, PageDossiers, SituationLue, DossierLu]
    _, definies = models_json_schema([(modele, "serialization") for modele in modeles])
    for definie in definies["$defs"].values():
        definie["additionalProperties"] = False
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://maintien.invalid/formats/api.schema.json",
        "title": "Réponses de /api/v1",
        "oneOf": [{"$ref": f"#/$defs/{modele.__name__}"} for modele in (PageSituations, PageDossiers)],
        "$defs": definies["$defs"],
    }


def openapi() -> dict[str, Any]:
    from maintien.api.v1 import api  # noqa: PLC0415 - Django is set up first

    return dict(api.get_openapi_schema(path_prefix="/api/v1/"))


DOCUMENTS = {"api.schema.json": schema, "api.openapi.json": openapi}


def texte(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def main() -> int:
    sys.path.insert(0, str(RACINE / "src"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maintien.config.settings.test")
    import django  # noqa: PLC0415 - Django is set up first

    django.setup()
    for nom, document in DOCUMENTS.items():
        (FORMATS / nom).write_text(texte(document()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
