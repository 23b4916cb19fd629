"""A QR code as an inline drawing: no image of elsewhere, no style, one path that keeps its contrast in the dark."""

import qrcode  # type: ignore[import-untyped]
from django.utils.safestring import SafeString, mark_safe

_MARGE = 4


def qr_svg(texte: str) -> SafeString:
    code = qrcode.QRCode(border=0)
    code.add_data(texte)
    code.make(fit=True)
    grille = code.get_matrix()
    cote = len(grille) + 2 * _MARGE
    trace = "".join(
        f"M{x + _MARGE} {y + _MARGE}h1v1h-1z" for y, rang in enumerate(grille) for x, plein in enumerate(rang) if plein
    )
    # Numbers of our own only: nothing of the text is in the drawing but black and white squares.
    return mark_safe(  # noqa: S308
        f'<svg class="qr" viewBox="0 0 {cote} {cote}" role="img" '
        'aria-label="Code QR à photographier avec l’application">'
        f'<rect width="{cote}" height="{cote}" fill="#fff"></rect><path d="{trace}" fill="#000"></path></svg>'
    )
