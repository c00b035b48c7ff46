"""`make cluster`: several servers on this machine, until Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from guide.cluster.cluster import Cluster
from guide.cluster.postgres import Postgres
from guide.learn.switch import settle
from guide.ports import check_free, free_port
from guide.settings import ROOT, SettingError, port, prepare_environment, read_dotenv, var_folder
from widget.build import build as build_widget


def main() -> int:
    """Everything is in var/cluster; what is wrong is one sentence."""
    read_dotenv()
    try:
        prepare_environment()
        check_free("GUIDE_PORT")
        settle()
        if subprocess.call([sys.executable, "-m", "guide.train"], cwd=ROOT) != 0:
            return 1
        build_widget()
        folder = var_folder() / "cluster"
        folder.mkdir(exist_ok=True)
        # The port of the settings is where patients come in.
        own = {"GUIDE_PROXIES": os.environ.get("GUIDE_PROXIES") or "1"}
        postgres = Postgres(folder / "postgres")
        print("Starting PostgreSQL, Redis, nginx, two chat servers ...", flush=True)
        return run(Cluster(folder, postgres, port("GUIDE_PORT"), free_port(), own))
    except SettingError as error:
        print(error, file=sys.stderr)
        return 2


def run(cluster: Cluster) -> int:
    """Until it is told to end."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with cluster:
            print(f"ready {cluster.url}", flush=True)
            for name, number in sorted(cluster.ports.items()):
                print(f"{name:8} http://127.0.0.1:{number}", flush=True)
            while cluster.nginx.runs:
                time.sleep(1)
        print("nginx ended; its log is in var/cluster", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
