"""What a file really is, by its first bytes: its name and the type that a browser declares prove nothing."""

from maintien.connecteurs.exports.erreurs import FichierRefuseError

# Enough for the mark of a tar archive, which comes after the name of its first file.
TETE = 64 * 1024
_BOM_UTF8 = b"\xef\xbb\xbf"
_CLASSEUR = "c'est un classeur Excel ou une archive zip, même si son nom finit en .csv"
_ARCHIVE, _IMAGE = "c'est une archive", "c'est une image"
_PROGRAMME, _PAGE = "c'est un programme", "c'est une page web"
_CSV = "enregistrez-le au format CSV"
_EXTRACTION = "donnez l'extraction CSV du progiciel"
_SIGNATURES: tuple[tuple[tuple[bytes, ...], str, str], ...] = (
    ((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"), _CLASSEUR, _CSV),
    ((b"\xd0\xcf\x11\xe0",), "c'est un ancien classeur Excel (.xls), même si son nom finit en .csv", _CSV),
    ((b"\x1f\x8b",), "c'est un fichier compressé (gzip)", _CSV),
    ((b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"\x1f\x9d"), _ARCHIVE, _CSV),
    ((b"%PDF",), "c'est un document PDF", _CSV),
    ((b"{\\rtf",), "c'est un document de traitement de texte", _CSV),
    ((b"PAR1",), "c'est un fichier Parquet", _CSV),
    ((b"SQLite format 3\x00",), "c'est une base de données", _CSV),
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*"), _IMAGE, _EXTRACTION),
    (
        (b"\x7fELF", b"\xfe\xed\xfa", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe"),
        _PROGRAMME,
        _EXTRACTION,
    ),
    ((b"\x00asm", b"#!", b"<?php"), _PROGRAMME, _EXTRACTION),
)
# Written by people, in capitals or not.
_BALISES: tuple[tuple[tuple[bytes, ...], str, str], ...] = (
    ((b"<?xml",), "c'est un fichier XML", _CSV),
    ((b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<svg", b"<!--"), _PAGE, _CSV),
)
# Letters alone would refuse a column that begins with them: these formats hold zeros at once, a text never does.
_LETTRES = ((b"MZ", _PROGRAMME, _EXTRACTION), (b"BM", _IMAGE, _EXTRACTION), (b"RIFF", _IMAGE, _EXTRACTION))


def refuse_contenu(nom: str, tete: bytes) -> None:
    """`FichierRefuseError`, in one sentence, unless these first bytes are those of a text in lines."""
    if trouve := signature(tete):
        constat, remede = trouve
        raise FichierRefuseError(nom, f"{constat} ; {remede}.")
    if tete.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FichierRefuseError(nom, "il est encodé en UTF-16 ; enregistrez-le en CSV UTF-8.")
    controles = sum(tete.count(bytes((code,))) for code in range(32) if code not in (9, 10, 12, 13))
    if controles * 100 > len(tete):
        raise FichierRefuseError(nom, "ce n'est pas un fichier texte (octets de contrôle) ; donnez l'extraction CSV.")
    if b"\n" not in tete and tete.count(b"\r") > 1:
        raise FichierRefuseError(
            nom, "ses lignes se terminent par un retour chariot seul ; enregistrez-le avec des fins de ligne Windows."
        )


def signature(tete: bytes) -> tuple[str, str] | None:
    """What it is and what to do, when these are the first bytes of another format; the first 512 are enough."""
    debut = tete.removeprefix(_BOM_UTF8).lstrip()[:16]
    for marques, constat, remede in _SIGNATURES:
        if debut.startswith(marques):
            return constat, remede
    for marques, constat, remede in _BALISES:
        if debut.lower().startswith(marques):
            return constat, remede
    for lettres, constat, remede in _LETTRES:
        if debut.startswith(lettres) and b"\x00" in tete[:64]:
            return constat, remede
    if tete[257:262] == b"ustar" or (debut.startswith(b"BZh") and debut[4:10] == b"1AY&SY"):
        return _ARCHIVE, _CSV
    return None
