"""Decisions are numbered once and all say the same four things."""

import re
from collections import Counter
from pathlib import Path

import pytest

ADR = Path(__file__).resolve().parents[2] / "docs" / "adr"
DECISIONS = sorted(ADR.glob("[0-9]*.md"))
PARTIES = ["## Context", "## Decision", "## Consequences", "## Alternatives ruled out"]


def test_un_numero_n_est_pris_qu_une_fois() -> None:
    numeros = Counter(decision.name[:4] for decision in DECISIONS)

    assert [numero for numero, fois in numeros.items() if fois > 1] == []


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda decision: decision.stem)
def test_une_decision_dit_son_numero_et_ses_quatre_parties(decision: Path) -> None:
    texte = decision.read_text(encoding="utf-8")

    assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", decision.name)
    assert texte.startswith(f"# {decision.name[:4]}. ")
    assert re.findall(r"^## .+$", texte, re.MULTILINE) == PARTIES
