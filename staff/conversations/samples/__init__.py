"""Made-up conversations to show the site with, and to measure it: marked, and removable."""
