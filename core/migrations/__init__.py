"""Base: the schema, step by step (alembic)."""
