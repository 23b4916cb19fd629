"""The measures of docs/mesures.md: ratios inside one run, on one machine. Never part of the tests."""
