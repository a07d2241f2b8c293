"""What Slack's words of refusal mean for whoever owes a message: a table, and nothing else.

A word that is not in it is UNKNOWN: the message stays owed and the operator reads of it in the log.
"""

from enum import StrEnum

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError


class Meaning(StrEnum):
    """What is to be done about it.

    SLOWER: wait for as long as Slack says. AWAY: its own trouble, all messages wait. LOCKED_OUT:
    our token is worth nothing at the moment, all wait. NO_PLACE: this channel takes nothing until a
    person does something. NOBODY: this person cannot be written to, today or ever. GONE: this
    message cannot be edited any more. LOST_THREAD: there is nothing to reply to. UNSHOWABLE: these
    blocks or this metadata will never be taken.
    """

    SLOWER = "slower"
    AWAY = "away"
    LOCKED_OUT = "locked out"
    NO_PLACE = "no place"
    NOBODY = "nobody"
    GONE = "gone"
    LOST_THREAD = "lost thread"
    UNSHOWABLE = "unshowable"
    UNKNOWN = "unknown"


class NoPlace(Exception):
    """A new message must not be posted in its channel; ``str()`` says why, as a phrase."""


UNREACHABLE = (SlackClientError, aiohttp.ClientError, TimeoutError, OSError)
"""What a call raises when Slack has not answered; SlackApiError, an answer, comes before it."""

_TABLE = {
    Meaning.SLOWER: "ratelimited rate_limited message_limit_exceeded",
    Meaning.AWAY: "internal_error fatal_error service_unavailable request_timeout"
    " team_added_to_org org_login_required update_failed external_channel_migrating",
    Meaning.LOCKED_OUT: "account_inactive token_revoked token_expired invalid_auth not_authed"
    " accesslimited two_factor_setup_required",
    Meaning.NO_PLACE: "channel_not_found not_in_channel is_archived restricted_action"
    " restricted_action_read_only_channel restricted_action_thread_only_channel",
    Meaning.NOBODY: "user_not_found users_not_found user_disabled user_not_visible cannot_dm_bot"
    " invalid_user_combination",
    Meaning.GONE: "message_not_found cant_update_message edit_window_closed is_inactive"
    " message_not_owned_by_app",
    Meaning.LOST_THREAD: "cannot_reply_to_message thread_not_found"
    " restricted_action_non_threadable_channel",
    Meaning.UNSHOWABLE: "invalid_blocks invalid_blocks_format block_mismatch msg_too_long"
    " msg_blocks_too_long metadata_too_large invalid_metadata_format invalid_metadata_schema",
}

MEANINGS = {code: meaning for meaning, codes in _TABLE.items() for code in codes.split()}
"""Slack's word to what it means."""


def code_of(error: SlackApiError) -> str:
    """Slack's word; ``unreadable`` when the reply was a page, or half of one, and not its JSON."""
    data = getattr(error.response, "data", error.response)
    return str(data["error"]) if isinstance(data, dict) and "error" in data else "unreadable"


def meaning_of(error: SlackApiError) -> Meaning:
    """By the word, and by the status where there is none."""
    # What cannot be parsed at all comes with the reply of the HTTP library itself.
    status = getattr(error.response, "status_code", None) or error.response.status
    if status == 429:
        return Meaning.SLOWER
    if status >= 500:
        return Meaning.AWAY
    if code_of(error) == "unreadable":
        return Meaning.AWAY
    return MEANINGS.get(code_of(error), Meaning.UNKNOWN)


def surely_not_posted(error: SlackApiError | aiohttp.ClientConnectorError) -> bool:
    """Slack was not reached, or has said no; after a fault of its own nobody knows."""
    return not isinstance(error, SlackApiError) or meaning_of(error) is not Meaning.AWAY


def seconds_to_wait(error: SlackApiError) -> float:
    """How long Slack wants us to wait; one second when it does not say it as a number."""
    text = str(error.response.headers.get("Retry-After", "1"))
    return float(text) if text.isdigit() else 1.0
