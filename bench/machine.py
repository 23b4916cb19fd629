"""What machine a measure ran on, in one line."""

import os
import platform
import sqlite3
from pathlib import Path


def _processeur() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for ligne in cpuinfo.read_text(encoding="utf-8").splitlines():
            if ligne.startswith("model name"):
                return ligne.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _memoire_go() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30


def describe() -> str:
    charge = ", ".join(f"{valeur:.1f}" for valeur in os.getloadavg())
    return (
        f"Machine : {_processeur()}, {os.cpu_count()} cœurs, {_memoire_go()} Go ; {platform.system()} "
        f"{platform.release().split('-')[0]} ; Python {platform.python_version()}, SQLite {sqlite3.sqlite_version} ; "
        f"charge {charge}"
    )
