"""The only home of SQL: rows, repositories where sealing happens, the unit of work, migrations."""
