"""From words over votes to completed: the path that the whole product exists for."""

import json

from tests.stage import ANA, BEN, Stage, order_of, state_of


async def test_words_to_completed_is_exactly_one_purchase(stage: Stage) -> None:
    """The promise of the README: asked, approved by another person, bought once, card true."""
    card = await stage.asked(ANA, "250 EUR btc via kriptomat")
    assert state_of(card) == "pending_approval"

    answer = await stage.click(BEN, card, "Approve")
    await stage.until(card, "completed")

    assert "decides" in answer
    (post,) = stage.kriptomat.posts
    body = json.loads(post.body)
    assert (body["amount"], body["pair"]) == ("250.00", "btceur")
    (order,) = await stage.rows("SELECT key, ref FROM orders WHERE id = ?", order_of(card))
    assert body["idempotency_key"] == order["key"]
    assert order["ref"] == str(stage.kriptomat.purchases[0].id)
    assert len(stage.kriptomat.purchases) == 1
