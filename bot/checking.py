"""``countersign policy check``: is the policy as it was meant? Without tokens, Slack or database.

What ``countersign run`` would refuse in the file is refused here as well, so that it can be checked
before it reaches the machine. ``--explain`` holds one request against it.
"""

import asyncio
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from bot.clients import make_providers
from bot.clock import SystemClock
from bot.config import Config, Faulty, environment, load
from bot.domain.capabilities import Sheet
from bot.domain.people import Person, Roster
from bot.domain.policy import Denied, Policy, decide
from bot.domain.quorum import absent
from bot.domain.requests import Refusal, Why, resolve
from bot.operator import give_up
from bot.policy_remarks import known_roster, remarks
from bot.settings import Environment, File
from bot.tables import Offer
from bot.workflow.explaining import Explanation, Voters
from bot.workflow.rules import request_of
from commands.intents import Buy
from commands.parse import NotUnderstood, parse
from commands.words import explaining, misunderstood, unmarked
from commands.words import policy as words

app = typer.Typer()
policy = typer.Typer(help="The policy of a configuration file.", no_args_is_help=True)
app.add_typer(policy, name="policy")

NO_SECRETS = {
    "slack_bot_token": "xoxb-none",
    "slack_app_token": "xapp-none",
    "kriptomat_email": "nobody@example.com",
    "kriptomat_password": "none",
    "kriptomat_client_id": "none",
    "kriptomat_client_secret": "none",
    "kriptomat_totp_secret": "AAAAAAAAAAAAAAAA",
    "coins_ph_token": "none",
    "oak_client_id": "none",
    "oak_client_secret": "none",
}
"""In the place of secrets, of which a file knows nothing. Nobody is ever logged in with them."""


@policy.command()
def check(
    file: Annotated[
        Path | None,
        typer.Argument(help="The configuration; COUNTERSIGN_CONFIG or countersign.toml."),
    ] = None,
    said: Annotated[
        str | None,
        typer.Option("--explain", help='What would come of "250 EUR btc via kriptomat".'),
    ] = None,
    user: Annotated[
        str | None,
        typer.Option("--as", help="Who asks: the id of a user, or of a user group."),
    ] = None,
) -> None:
    """Find what is wrong or doubtful, and tell each rule as a sentence; exit 2 on a fault."""
    if (said is None) != (user is None):
        give_up(["--explain and --as go together: what is asked, and by whom"])
    try:
        path = file or environment().countersign_config
        config = load(Environment.model_validate(NO_SECRETS), path)
    except Faulty as error:
        give_up(error.faults)
    sheets = asyncio.run(_sheets(config))
    if said is not None and user is not None:
        parts = _explained(config.policy, sheets, said, user)
    else:
        typer.echo(f"{path}: no faults\n")
        parts = _told(config.policy, sheets)
    for part in parts:
        typer.echo(f"{unmarked(part)}\n")
    for remark in remarks(config.policy, _offers(path)):
        typer.echo(f"warning: {remark}")


def _offers(path: Path) -> dict[str, Offer]:
    """The file has no faults, so it is read again for what only the rules of start-up look at."""
    file = File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    return file.offers


async def _sheets(config: Config) -> dict[str, Sheet]:
    """What each provider can do, of which none is asked."""
    made = make_providers(config, SystemClock())
    for provider in made.values():
        await provider.aclose()
    return {name: provider.sheet for name, provider in made.items()}


def _told(whole: Policy, sheets: Mapping[str, Sheet]) -> Iterator[str]:
    titles = {name: sheet.title for name, sheet in sheets.items()}
    yield words.rules(whole, titles)
    yield words.bare_limits(whole.budgets, titles)
    yield words.named(whole)
    yield words.times(whole)


def _explained(whole: Policy, sheets: Mapping[str, Sheet], said: str, user: str) -> Iterator[str]:
    """What this request would come to, as far as the file knows."""
    buy, titles = _bought(said), {name: sheet.title for name, sheet in sheets.items()}
    roster = _roster(whole, user)
    asker = min(roster.usergroups.get(user, [user]))
    one = Explanation(requester=asker, cost="", order=None, is_real=False)
    terms = resolve(buy, sheets)
    if isinstance(terms, Refusal):
        refused = replace(one, refusal=replace(terms, said=buy))
        yield from explaining.told(refused, whole, titles, reader="")
        return
    sheet = sheets[terms.provider]
    decision = decide(whole, roster, request_of(terms, asker, sheet))
    behind = whole.rules[len(decision.tried) :]
    one = replace(one, cost=terms.cost.human, tried=decision.tried, untried=behind)
    if isinstance(decision, Denied):
        refusal = Refusal(
            why=Why.POLICY, given=one.cost, provider=sheet.title, denied=decision, said=buy
        )
        yield from explaining.told(replace(one, refusal=refusal), whole, titles, reader="")
        return
    lost = absent(whole, roster, decision.rule, asker)
    can = _can(decision.eligible, roster)
    voters = Voters(can=can, missing=decision.rule.approvals, absent=lost)
    *parts, last = explaining.told(replace(one, voters=voters), whole, titles, reader="")
    limits = words.bare_limits(decision.budgets, titles)
    yield from (*parts, limits, last)


def _can(eligible: Collection[str], roster: Roster) -> frozenset[str]:
    """Those whom the file names, and each user group as one."""
    made_up = {one for group in roster.usergroups.values() for one in group}
    whole = {
        f"whoever is in {group}"
        for group, members in roster.usergroups.items()
        if members & set(eligible)
    }
    return frozenset((set(eligible) - made_up) | whole)


def _bought(said: str) -> Buy:
    try:
        meant = parse(said)
    except NotUnderstood as fault:
        give_up([unmarked(misunderstood.sentence(fault)).replace("\n", " ")])
    if not isinstance(meant, Buy):
        give_up(['--explain takes a purchase, such as "250 EUR btc via kriptomat"'])
    return meant


def _roster(whole: Policy, user: str) -> Roster:
    """Everybody whom the file names is a full member, and so are enough in each user group."""
    known = known_roster(whole)
    seats = sum(need.count for rule in whole.rules for need in rule.approvals) + 1
    usergroups = {
        group: frozenset(f"member {number:03} of {group}" for number in range(1, seats + 1))
        for group in whole.usergroups
    }
    everybody = {*known.people, user}.union(*usergroups.values())
    people = {one: Person(id=one, name=one, team="") for one in everybody}
    return Roster(people=people, usergroups=usergroups)
