"""What is said when something of ours went wrong; never less than what is surely true."""

STILL_AT_IT = (
    "This takes longer than usual; I am still at it. Look at `/buy status` in a moment before you"
    " repeat it."
)

BROKEN = (
    "Something went wrong on my side and I cannot say whether this was written down. Look at"
    " `/buy status` before you repeat it; the operators can see what happened."
)

FORM_NOT_OPENED = (
    "Slack did not open the form. If it is not on your screen, press the button again; nothing was"
    " changed."
)

READERS_ONLY = (
    "Only the people whom the policy names as readers can see the team's orders."
    " Ask the administrator of Countersign to add you."
)
