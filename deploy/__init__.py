"""Running the guide in containers: see deploy/README.md."""
