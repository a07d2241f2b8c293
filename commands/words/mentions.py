"""What is answered to ``@countersign ...`` in a message."""

HELP = (
    "Mention me with a question, also in a thread, where commands do not work: `status BUY-7K3FQ`"
    " and `explain BUY-7K3FQ` (in the thread of a card `status` and `explain` are enough),"
    " `list open`, `budget`, `policy`, `providers`. Only you see the answer. Everything else is"
    " typed as a command in the channel: `/buy help` shows how."
)

ONLY_QUESTIONS = (
    "Nothing was changed: a mention only asks. Type it as a command in the channel (not in a"
    " thread), beginning with `/buy`; `/buy help` shows how."
)

NOT_UNDERSTOOD = (
    "I did not understand that. Mention me with `status BUY-7K3FQ`, with `status` in the thread of"
    " a card, or with `help`."
)
