"""The lines that are there already enter their chains, in the order in which they were written."""

from django.db import migrations

from maintien.apps.socle import chaine, declencheurs
from maintien.apps.socle.cles import current_key

TABLE = "socle_evenement"
LOT = 1000
_PHRASE = (
    "UPDATE socle_evenement SET flux = %s, sequence = %s, cle = %s, empreinte = %s, menage_ref = %s WHERE id = %s"
)


def chain(apps, schema_editor):
    connection = schema_editor.connection
    declencheurs.remove(connection, TABLE)
    _chain_lines(apps, connection)
    declencheurs.install(connection, TABLE, scellee=False)


def _chain_lines(apps, connection):
    evenement, tete = apps.get_model("socle", "Evenement"), apps.get_model("socle", "TeteJournal")
    cle, tetes, menages = current_key(), {}, _menages(connection)
    dernier = 0
    while True:
        # By pages and not by a cursor: these rows are being changed.
        lot = list(evenement._base_manager.filter(pk__gt=dernier).order_by("pk")[:LOT])
        if not lot:
            break
        dernier = lot[-1].pk
        with connection.cursor() as cursor:
            cursor.executemany(_PHRASE, [_link(ligne, tetes, cle, menages) for ligne in lot])
    for (organisme_id, flux), (sequence, empreinte) in tetes.items():
        signature = chaine.head_signature(organisme_id, flux, sequence, empreinte, cle)
        tete.objects.create(
            organisme_id=organisme_id, flux=flux, sequence=sequence, empreinte=empreinte, cle=cle, signature=signature
        )


def _link(ligne, tetes, cle, menages):
    ligne.flux = "travaux" if ligne.acteur_id is None else "actes"
    sequence, precedente = tetes.get((ligne.organisme_id, ligne.flux), (0, chaine.ORIGINE))
    ligne.sequence, ligne.cle = sequence + 1, cle
    if ligne.objet_type == "dossiers.menage":
        ligne.menage_ref = ligne.objet_id
    elif ligne.objet_type == "dossiers.dossier":
        ligne.menage_ref = menages.get(ligne.objet_id)
    ligne.empreinte = chaine.digest(precedente, ligne.organisme_id, [getattr(ligne, c) for c in chaine.CHAMPS])
    tetes[ligne.organisme_id, ligne.flux] = (ligne.sequence, ligne.empreinte)
    return (ligne.flux, ligne.sequence, cle, ligne.empreinte, ligne.menage_ref, ligne.pk)


def _menages(connection):
    """Household by dossier. `dossiers` comes after `socle`: on a new database its table is not there, nor any line."""
    if "dossiers_dossier" not in connection.introspection.table_names():
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, menage_id FROM dossiers_dossier")
        return dict(cursor.fetchall())


class Migration(migrations.Migration):
    dependencies = [("socle", "0004_chaine_du_journal")]
    operations = [migrations.RunPython(chain, migrations.RunPython.noop)]
