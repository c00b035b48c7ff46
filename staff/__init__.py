"""The staff site: what patients asked, what the guide could not answer, and how to teach it."""
