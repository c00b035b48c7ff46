"""`make bench`: every benchmark there is."""

import sys

from benchmarks.clinc150 import main

sys.exit(main())
