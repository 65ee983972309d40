"""Tests; a package, so that no installed folder of the same name is ever taken for it."""
