"""What the pages show, gathered in one read session; nothing here knows a visit's form."""
