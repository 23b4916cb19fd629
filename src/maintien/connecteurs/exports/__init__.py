"""Landlords' exports: a YAML profile says how a file is written, a bounded reader turns it into typed records.

Nothing here knows a database: records, refusals and control totals come out, `travaux.imports` stores them.
"""
