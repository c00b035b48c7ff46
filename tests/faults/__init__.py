"""One server under a steady load, while what it needs dies, hangs, fills up or goes away."""
