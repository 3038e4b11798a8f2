"""Attribution of plain files: no server, no database, no settings."""
