"""Lists of orders and of what recurs: that nothing stands in them, or more than was shown."""

NO_ORDERS = {
    "lately": "No order is open, and none has ended in the last 24 hours.",
    "open": "No order is open.",
    "mine": "You have not asked for anything yet. `/buy help` shows how.",
    "all": "There are no orders yet. `/buy help` shows how to ask for one.",
}
"""By what was asked to be listed."""

MORE_ORDERS = "… and more; `/buy status ORDER` shows any of them."

NO_SCHEDULES = "Nothing recurs here yet. `/buy help every` shows how."

MORE_SCHEDULES = "… and more; `/buy schedules REC-7K3FQ` shows any of them."
