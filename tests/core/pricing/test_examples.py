"""The examples in the docstrings of core.pricing are true."""

import doctest
import importlib
import pkgutil

import pytest

from core import pricing

MODULES = [each.name for each in pkgutil.iter_modules(pricing.__path__, "core.pricing.")]


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples_are_true(name: str):
    found = doctest.testmod(importlib.import_module(name))

    assert found.failed == 0
