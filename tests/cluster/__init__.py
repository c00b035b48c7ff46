"""Several servers behind nginx, of which some die, stop and change under a steady load."""
