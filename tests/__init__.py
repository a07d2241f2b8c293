"""Why we believe it: the bot is driven from outside, the core by exhaustion, nothing is patched."""
