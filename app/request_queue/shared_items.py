"""Posts addressed to several groups: one card and one count for whoever looks after those groups. Pure."""

import pandas as pd

# Most pressing first: where it stands on several lists, it is shown on the first of these.
ORDER = ("waiting", "maybe", "welcome", "put off", "check back", "second voice", "done")


def merge_listings(listings: pd.DataFrame) -> pd.DataFrame:
    """Rows of queries.queue.listings → one row per post: group_id (whose card is shown), listed_in, `also` (other groups' ids).

    `also` are those for whom it stands on the same list. Somebody's card goes before a free one, so that a claim is seen.
    """
    places = listings.assign(place=listings["listed_in"].map(ORDER.index)).sort_values(
        ["place", "is_taken", "group_id"], ascending=[True, False, True], kind="stable"
    )
    first = places.drop_duplicates("post_id").set_index("post_id")
    others = places[places.duplicated("post_id")]
    others = others[others["place"] == others["post_id"].map(first["place"])]
    also: dict[str, tuple[str, ...]] = {}
    for post_id, group_id in zip(others["post_id"], others["group_id"], strict=True):
        also[post_id] = (*also.get(post_id, ()), group_id)
    return first.assign(also=pd.Series({post_id: also.get(post_id, ()) for post_id in first.index}, dtype=object))


def count_by_list(items: pd.DataFrame) -> dict[str, int]:
    """How many items stand on each list."""
    return {str(name): int(count) for name, count in items["listed_in"].value_counts().items()}


def keep_shown_cards(rows: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Of some rows of shown.requests those whose card is shown, with the column `also`. `items`: merge_listings()."""
    listing = items.reindex(rows["post_id"])  # somebody may have decided between the two queries: then it has no place
    keep = (listing["group_id"].to_numpy() == rows["group_id"].to_numpy()) & (
        listing["listed_in"].to_numpy() == rows["listed_in"].to_numpy()
    )
    cards: pd.DataFrame = rows[keep]
    return cards.assign(also=listing["also"].to_numpy()[keep])
