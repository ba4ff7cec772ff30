"""Where everything is kept: tables, the unit of work and one repository per noun (SQLite and PostgreSQL)."""
