"""The people, the channel and the configuration of the playground: a small team with roles.

Ana asks; Ben and Cleo approve; Dan is a guest and Eve works for another company, so neither may.
"""

from bot.playground.slack import PretendSlack

CHANNEL = "C0TREASURY"
ANA, BEN, CLEO, DAN, EVE = "U0ANA", "U0BEN", "U0CLEO", "U0DAN", "U0EVE"

PEOPLE = [
    {"id": ANA, "name": "Ana", "role": "asks", "says": "May ask for purchases, not approve."},
    {"id": BEN, "name": "Ben", "role": "approves", "says": "Approver; may ask as well."},
    {"id": CLEO, "name": "Cleo", "role": "approves", "says": "Approver; may ask as well."},
    {"id": DAN, "name": "Dan", "role": "guest", "says": "A guest: may neither ask nor approve."},
    {"id": EVE, "name": "Eve", "role": "other company", "says": "Works for another company."},
]
"""Who is who, for the page."""

CONFIGURATION = """\
# The playground's own configuration, written by `countersign demo`.
[team]
timezone = "Europe/Ljubljana"
operators = ["U0CLEO"]

[slack]
channel = "C0TREASURY"

[approval]
expires_after = "8h"
valid_for = "1h"

[groups]
buyers = ["U0ANA", "U0BEN", "U0CLEO"]
approvers = ["U0BEN", "S0TREASURY"]

[[rules]]
name = "small"
requesters = ["buyers"]
up_to = "1000 EUR"
approvals = [{{ from = "approvers", count = 1 }}]

[[rules]]
name = "large"
requesters = ["buyers"]
up_to = "10000 EUR"
approvals = [{{ from = "approvers", count = 2 }}]
require_reason = true

[[rules]]
name = "dollars"
requesters = ["buyers"]
providers = ["oak"]
up_to = "1000 USD"
approvals = [{{ from = "approvers", count = 1 }}]

[[rules]]
name = "pesos"
requesters = ["buyers"]
providers = ["coins_ph"]
up_to = "60000 PHP"
approvals = [{{ from = "approvers", count = 1 }}]

[[budgets]]
name = "monthly"
limit = "20000 EUR"
per = "month"

[[budgets]]
name = "dollars"
limit = "5000 USD"
per = "week"

[[budgets]]
name = "pesos"
limit = "300000 PHP"
per = "30d"

[providers.kriptomat]
base_url = "{kriptomat}"
user_id = "1"
assets = ["btc", "eth"]
fee_allowance = "2%"

[providers.coins_ph]
base_url = "{coins_ph}"
quote_url = "{coins_ph}"
payment_method = "bdo_deposit"
target_account_id = "1a2c3b4n"

[providers.oak]
base_url = "{oak}"
provider = "bridge"
payment_method = "customer_wallet"
customer_id = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
amount_unit = "minor"
"""


def furnish(slack: PretendSlack) -> None:
    """Let the people in and open the channel."""
    add = slack.workspace.add_person
    for user, name in ((ANA, "Ana"), (BEN, "Ben"), (CLEO, "Cleo")):
        add(user, name, tz="Europe/Ljubljana")
    add(DAN, "Dan", is_guest=True)
    add(EVE, "Eve", team="T0OTHER")
    slack.workspace.add_group("S0TREASURY", "treasury", [CLEO])
    slack.workspace.add_channel(CHANNEL, "treasury")
