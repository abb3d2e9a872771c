"""Printed documents composed of several apps (Tischvorlage, Ergebnis)."""
