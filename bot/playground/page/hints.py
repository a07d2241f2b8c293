"""What the page offers while somebody types ``/buy``; a test parses every line of it."""

HINTS = [
    {"words": "250 EUR btc via kriptomat for cold storage", "says": "Ask for a purchase"},
    {"words": "25 USD usdc via oak", "says": "Ask for stablecoins at Oak Network"},
    {"words": "5000 PHP btc via coins", "says": "Ask at Coins.ph, which is paid afterwards"},
    {"words": "1500 EUR eth via kriptomat for the fund", "says": "A large one: two must approve"},
    {
        "words": "every friday at 9:00 50 EUR btc via kriptomat runs 12",
        "says": "Buy every week; approved once, as a whole",
    },
    {
        "words": "remind every month on the 1st at 10:00 100 EUR btc via kriptomat",
        "says": "Only be reminded, with Buy, Skip and Snooze",
    },
    {"words": "schedules", "says": "See what recurs, and when it comes next"},
    {"words": "status", "says": "See what is open and what has just ended"},
    {"words": "list mine", "says": "See what you asked for"},
    {"words": "explain 1500 EUR btc", "says": "See which rule would decide, and who approves"},
    {"words": "policy", "says": "See all the rules, budgets and groups"},
    {"words": "budget", "says": "See what is left to spend"},
    {"words": "report", "says": "See what this month was spent on, and by whom"},
    {"words": "export", "says": "Get this month as a file"},
    {"words": "providers", "says": "See what each provider can do, and how it is"},
    {"words": "freeze we are being phished", "says": "Stop everything at once (approvers)"},
    {"words": "unfreeze", "says": "Lift a freeze; two people have to"},
    {"words": "help", "says": "All commands"},
]
