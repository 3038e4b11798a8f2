"""The channel `offline_store`: shops, their walls, shelves, tables and clerks, and what their tills tell."""
