"""Pages for people outside the council: nobody signs in, and no record is shown."""
