"""The three files of a bucket.

`.parquet`: the écritures as delivered and, beside them, the integers that the kernel reads (columns `n_…`), one row
group for some whole accounts. `.comptes.arrow`: one row an account, where its entries are and the last delivery that
touched it. `.acces`: the same integers row by row, uncompressed, so that a few accounts are read without the rest.
"""

import contextlib
import json
import os
import threading
import uuid
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from maintien.moteurs.colonnes.affectations import lire_mois_designes
from maintien.moteurs.colonnes.manifeste import PREFIXE_SEAU, MiroirIllisibleError, Seau, sceller
from maintien.moteurs.colonnes.noyau.structures import I32, I64, Lignes
from maintien.moteurs.colonnes.preparation import Preparation
from maintien.moteurs.colonnes.schemas import SCHEMA_ECRITURES
from maintien.moteurs.colonnes.tableaux import decouper_comptes, un_bloc

LIGNES_PAR_GROUPE = 250_000

ENTIERS = (
    ("n_effet", pa.int32()),
    ("n_exigible", pa.int32()),
    ("n_mois", pa.int32()),
    ("n_code", pa.int8()),
    ("n_montant", pa.int64()),
    ("n_rang", pa.int32()),
    ("n_cible", pa.int32()),
)
SCHEMA_SEAU: Any = pa.schema([*SCHEMA_ECRITURES, *(pa.field(nom, genre, nullable=False) for nom, genre in ENTIERS)])
COLONNES_DU_NOYAU = ("date_comptable", "affectation", *(nom for nom, _ in ENTIERS))
SCHEMA_INDEX: Any = pa.schema(
    [("reference_compte", pa.string()), ("debut", pa.int64()), ("nombre", pa.int64()), ("livraison", pa.int64())]
)
_METADONNEE_DESIGNES = b"designes"
# The others are nearly unique: their dictionary would be thrown away once full.
A_DICTIONNAIRE = [
    nom for nom in SCHEMA_ECRITURES.names if nom not in ("reference_ecriture", "reference_annulee", "ordre")
]

ENREGISTREMENT = np.dtype(
    [
        ("montant", "<i8"),
        ("comptable", "<i4"),
        ("effet", "<i4"),
        ("exigible", "<i4"),
        ("mois", "<i4"),
        ("code", "<i4"),
        ("rang", "<i4"),
        ("cible", "<i4"),
        ("affectation", "<i4"),
    ]
)


def etendre(table: Any, preparation: Preparation) -> Any:
    """The rows of a prepared table in the order of the kernel, with its integers."""
    brutes = table.take(pa.array(preparation.permutation))
    lignes = preparation.lignes._asdict()
    entiers = [pa.array(lignes[nom[2:]], type=genre) for nom, genre in ENTIERS]
    return pa.table([*brutes.columns, *entiers], schema=SCHEMA_SEAU)


def lire_lignes(table: Any) -> Lignes:
    """What the kernel reads of the rows of a bucket (COLONNES_DU_NOYAU, `affectation` as a dictionary)."""
    entiers = {nom[2:]: _numpy(table.column(nom)) for nom, _ in ENTIERS}
    affectation = un_bloc(table.column("affectation"))
    if not pa.types.is_dictionary(affectation.type):
        affectation = affectation.dictionary_encode()
    bornes, designes = lire_mois_designes(affectation.dictionary.to_pylist())
    return Lignes(
        comptable=_numpy(table.column("date_comptable").cast(pa.int32())),
        **entiers,
        affectation=affectation.indices.cast(pa.int32()).to_numpy(),
        designes_bornes=bornes,
        designes=designes,
    )


def _numpy(colonne: Any) -> Any:
    return un_bloc(colonne).to_numpy(zero_copy_only=False)


class EcrivainSeau:
    """Writes one bucket, row group after row group, accounts in plain character order."""

    def __init__(self, dossier: Path) -> None:
        self.dossier = dossier
        self.nom = f"{PREFIXE_SEAU}{uuid.uuid4().hex[:12]}"
        self.nombre_de_comptes = 0
        self._lignes = 0
        self._index: list[Any] = []
        self._designes: dict[str, int] = {"": 0}
        self._fichiers = contextlib.ExitStack()
        self._acces = self._fichiers.enter_context(self._chemin("acces").open("wb"))
        self._parquet = self._fichiers.enter_context(_ouvrir_parquet(self._chemin("parquet")))

    def _chemin(self, extension: str) -> Path:
        return self.dossier / f"{self.nom}.{extension}"

    def ajouter(self, table: Any, livraisons: I64 | int) -> None:
        """Add whole accounts (SCHEMA_SEAU), and for each the last delivery that touched it."""
        comptes, debuts, nombres = decouper_comptes(un_bloc(table.column("reference_compte")))
        colonnes = [comptes, debuts + self._lignes, nombres, np.broadcast_to(livraisons, len(debuts))]
        self._index.append(pa.table(colonnes, schema=SCHEMA_INDEX))
        self._parquet.write_table(table, row_group_size=len(table))
        enregistrements = np.empty(len(table), dtype=ENREGISTREMENT)
        lignes = lire_lignes(table)
        for nom in ENREGISTREMENT.names or ():
            enregistrements[nom] = self._numeroter(table) if nom == "affectation" else getattr(lignes, nom)
        self._acces.write(enregistrements.data)
        self._lignes += len(table)
        self.nombre_de_comptes += len(debuts)

    def _numeroter(self, table: Any) -> I32:
        """Lists of months get a number in the bucket; a text that names none is the empty list."""
        dictionnaire = un_bloc(table.column("affectation")).dictionary_encode()
        numeros = [self._numero(texte) for texte in dictionnaire.dictionary.to_pylist()]
        numerotees: I32 = np.array(numeros or [0], dtype=np.int32)[dictionnaire.indices.to_numpy()]
        return numerotees

    def _numero(self, texte: str) -> int:
        bornes, _ = lire_mois_designes([texte])
        return self._designes.setdefault(texte if bornes[-1] else "", len(self._designes))

    def fermer(self) -> Seau:
        """Write the index, make the three files durable, describe them."""
        self._fichiers.close()
        index = pa.concat_tables(self._index).combine_chunks()
        textes = json.dumps(list(self._designes)).encode("utf-8")
        index = index.replace_schema_metadata({_METADONNEE_DESIGNES: textes})
        with pa.ipc.new_file(str(self._chemin("comptes.arrow")), index.schema) as ecrivain:
            ecrivain.write_table(index)
        return Seau(
            premier=index.column("reference_compte")[0].as_py(),
            comptes=self.nombre_de_comptes,
            lignes=self._lignes,
            ecritures=sceller(self._chemin("parquet")),
            index=sceller(self._chemin("comptes.arrow")),
            acces=sceller(self._chemin("acces")),
        )

    def abandonner(self) -> None:
        """Give up: close and delete what was written."""
        self._fichiers.close()
        for chemin in self.dossier.glob(f"{self.nom}.*"):
            chemin.unlink(missing_ok=True)


def _ouvrir_parquet(chemin: Path) -> Any:
    return pyarrow.parquet.ParquetWriter(
        chemin,
        SCHEMA_SEAU,
        compression="lz4",
        use_dictionary=[*A_DICTIONNAIRE, *(nom for nom, _ in ENTIERS)],
        column_encoding={"reference_ecriture": "DELTA_BYTE_ARRAY", "ordre": "DELTA_BINARY_PACKED"},
    )


class SeauOuvert:
    """A bucket whose files are open: it can be read to the end even if a writer deletes them meanwhile."""

    def __init__(self, dossier: Path, seau: Seau) -> None:
        self.seau = seau
        self._fichiers = contextlib.ExitStack()
        try:
            self._parquet = self._fichiers.enter_context(pa.OSFile(str(dossier / seau.ecritures.nom)))
            index = self._fichiers.enter_context(pa.OSFile(str(dossier / seau.index.nom)))
            self._index = pa.ipc.open_file(index).read_all().combine_chunks()
            self._acces = self._fichiers.enter_context((dossier / seau.acces.nom).open("rb", buffering=0))
            self._metadonnees = pyarrow.parquet.read_metadata(self._parquet)
        except BaseException:
            self._fichiers.close()
            raise
        self.comptes = un_bloc(self._index.column("reference_compte"))
        self.debuts: I64 = _numpy(self._index.column("debut"))
        self.nombres: I64 = _numpy(self._index.column("nombre"))
        self.livraisons: I64 = _numpy(self._index.column("livraison"))
        self._lecteurs = threading.local()

    def fermer(self) -> None:
        self._fichiers.close()

    def bornes_des_groupes(self) -> I64:
        """First row of each row group, and the number of rows."""
        tailles = [self._metadonnees.row_group(g).num_rows for g in range(self._metadonnees.num_row_groups)]
        return np.concatenate(([0], np.cumsum(tailles))).astype(np.int64)

    def lire_groupe(self, groupe: int, colonnes: tuple[str, ...]) -> Any:
        """Some columns of a row group; several threads may read at once."""
        return self._lecteur().read_row_group(groupe, columns=list(colonnes), use_threads=False)

    def _lecteur(self) -> Any:
        """The reader of this thread: one that two threads share loses its buffers."""
        lecteur = getattr(self._lecteurs, "lecteur", None)
        if lecteur is None:
            lecteur = pyarrow.parquet.ParquetFile(
                self._parquet, metadata=self._metadonnees, read_dictionary=["affectation"]
            )
            self._lecteurs.lecteur = lecteur
        return lecteur

    def lire_comptes(self, rangs: I64) -> tuple[Lignes, I64]:
        """The entries of some accounts of the bucket and where each begins, without reading the others."""
        nombres = self.nombres[rangs]
        debuts = np.concatenate(([0], np.cumsum(nombres)[:-1])).astype(np.int64)
        enregistrements = self._lire_acces(debuts, self.debuts[rangs], nombres)
        textes = json.loads(self._index.schema.metadata[_METADONNEE_DESIGNES])
        bornes, designes = lire_mois_designes(textes)
        colonnes = {
            nom: enregistrements[nom].astype(np.int8 if nom == "code" else enregistrements.dtype[nom])
            for nom in ENREGISTREMENT.names or ()
        }
        return Lignes(**colonnes, designes_bornes=bornes, designes=designes), debuts

    def _lire_acces(self, places: I64, debuts: I64, nombres: I64) -> Any:
        """Runs of rows side by side; read and not mapped, or all the pages around would count as ours."""
        taille, fichier = ENREGISTREMENT.itemsize, self._acces.fileno()
        octets = np.empty(int(nombres.sum()) * taille, dtype=np.uint8)
        vue = octets.data
        for place, debut, nombre in zip(places.tolist(), debuts.tolist(), nombres.tolist(), strict=True):
            lus = os.preadv(fichier, [vue[place * taille : (place + nombre) * taille]], debut * taille)
            if lus != nombre * taille:
                raise MiroirIllisibleError(f"Le fichier {self.seau.acces.nom} est tronqué : reconstruire le miroir.")
        return octets.view(ENREGISTREMENT)
