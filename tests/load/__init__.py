"""Many patients at once, on the web, in Slack and in Telegram, and a ledger of what came of it.

load = Load(url, slack, bot_api, patients=60, per_second=5)
async with load:                 # patients write, one message after the other each
    ...                          # break things
report = load.check(database_url)      # on leaving, all have their replies or gave up
print(report.table())
assert not report.faults
"""

from tests.load.check import Report
from tests.load.ledger import Ledger
from tests.load.load import Load

__all__ = ["Ledger", "Load", "Report"]
