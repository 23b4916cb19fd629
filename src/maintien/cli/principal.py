"""The `maintien` command: one sub-command a file, usage errors in one French sentence, exit codes 0, 1, 2."""

import os
import sys

import typer
from typer.main import get_command

from maintien.cli import demo, francais, importer, nuit, organisme, situation, travailleur

app = typer.Typer(
    name="maintien",
    cls=francais.Groupe,
    help="Maintien : traiter tôt les impayés de loyer et prévenir les expulsions.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

MAUVAIS_USAGE = 2
INTERROMPU = 130


@app.callback()
def racine() -> None:
    """Maintien : traiter tôt les impayés de loyer et prévenir les expulsions."""


app.command("demo", cls=francais.Commande)(demo.commande)
app.command("situation", cls=francais.Commande)(situation.situation)
app.command("importer", cls=francais.Commande)(importer.commande)
app.command("nuit", cls=francais.Commande)(nuit.nuit)
app.command("travailleur", cls=francais.Commande)(travailleur.commande)
app.add_typer(organisme.groupe)


def main(arguments: list[str] | None = None) -> None:
    """Run one command; 0 done, 1 done with refusals or differences, 2 nothing done."""
    # What a command writes (base, deposits, reports, situations) names people: it is for its user alone.
    os.umask(0o077)
    commande = get_command(app)
    try:
        code = commande.main(args=arguments, prog_name="maintien", standalone_mode=False)
    except typer.Abort:
        sys.exit(INTERROMPU)
    except Exception as erreur:
        # The library's usage errors share no public class; everything else is a defect and shows its trace.
        if not hasattr(erreur, "format_message"):
            raise
        if type(erreur).__name__ == "NoArgsIsHelpError":
            print(erreur)  # noqa: T201 - the help that was asked for
            sys.exit(MAUVAIS_USAGE)
        contexte = getattr(erreur, "ctx", None)
        aide = f" (aide : {contexte.command_path} --help)" if contexte is not None else ""
        print(f"{francais.phrase(erreur)}{aide}", file=sys.stderr)  # noqa: T201 - the one sentence of the error
        sys.exit(MAUVAIS_USAGE)
    sys.exit(code if isinstance(code, int) else 0)
