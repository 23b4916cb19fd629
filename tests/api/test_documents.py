"""What the documentation says of the API is what the API says of itself."""

import pytest
from outils.documents_api import DOCUMENTS, FORMATS, texte


@pytest.mark.parametrize("nom", DOCUMENTS)
def test_le_document_publie_est_celui_de_l_api(nom: str) -> None:
    assert (FORMATS / nom).read_text(encoding="utf-8") == texte(DOCUMENTS[nom]()), (
        "lancez python outils/documents_api.py, puis relisez ce qui change pour les clients"
    )
