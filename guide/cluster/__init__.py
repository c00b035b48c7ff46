"""Several servers on this machine: nginx, two chat servers, action server, staff site, PostgreSQL
and Redis, each a program of its own. See `python -m guide.cluster`."""
