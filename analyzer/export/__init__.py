"""Exports: what is sealed, in the forms that other tools read; one module a form."""
