"""Whatever listens to people in Slack: each verb registers its own words and buttons."""

from commands import (
    approvals,
    buy,
    doubts,
    form,
    freezing,
    home,
    mentions,
    payments,
    recurring,
    reminders,
    schedules,
    slash,
)

VERBS = (
    slash,
    approvals,
    buy,
    doubts,
    form,
    freezing,
    home,
    mentions,
    payments,
    recurring,
    reminders,
    schedules,
)
