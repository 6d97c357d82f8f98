"""What a Mastodon-API server says about itself: /api/v2/instance and the older /api/v1/instance."""

from typing import Any

from collectors.sample.mastodon_server.ids import Flavour

VERSIONS: dict[Flavour, str] = {
    "mastodon": "4.5.2",
    "gotosocial": "0.20.1+git-0000000",
    "takahe": "takahe/0.11.0",
}
SOURCES: dict[Flavour, str] = {
    "mastodon": "https://github.com/mastodon/mastodon",
    "gotosocial": "https://codeberg.org/superseriousbusiness/gotosocial",
    "takahe": "https://github.com/jointakahe/takahe",
}
DEFAULT_RULES = (
    "Be kind. This server is for people who support one another.",
    "No harassment, no advice that could harm.",
    "Automated collection of posts: ask the people concerned first.",
)


def configuration(domain: str, tag_feed: str, tag_feed_local: str) -> dict[str, Any]:
    """Limits and feed access. The access values are public, authenticated or disabled (4.5)."""
    live = {"local": "public", "remote": "authenticated"}
    return {
        "urls": {"streaming": f"wss://{domain}", "status": None, "about": f"https://{domain}/about"},
        "vapid": {"public_key": ""},
        "accounts": {"max_featured_tags": 10, "max_pinned_statuses": 5},
        "statuses": {"max_characters": 500, "max_media_attachments": 4, "characters_reserved_per_url": 23},
        "media_attachments": {"description_limit": 1500, "supported_mime_types": ["image/jpeg", "image/png"]},
        "polls": {"max_options": 4, "max_characters_per_option": 50, "min_expiration": 300, "max_expiration": 2629746},
        "translation": {"enabled": False},
        "timelines_access": {
            "live_feeds": live,
            "hashtag_feeds": {"local": tag_feed_local, "remote": tag_feed},
            "trending_link_feeds": live,
        },
        "limited_federation": False,
    }


def v2(domain: str, flavour: Flavour, rules: tuple[str, ...], tag_feed: str, tag_feed_local: str) -> dict[str, Any]:
    """The newer answer."""
    settings = configuration(domain, tag_feed, tag_feed_local)
    if flavour != "mastodon":
        del settings["timelines_access"]
    answer: dict[str, Any] = {
        "domain": domain,
        "title": f"{domain}, a sample server",
        "version": VERSIONS[flavour],
        "source_url": SOURCES[flavour],
        "description": "A made-up server for trying things out.",
        "usage": {"users": {"active_month": 42}},
        "thumbnail": {"url": f"https://{domain}/thumbnail.png"},
        "icon": [],
        "languages": ["en"],
        "configuration": settings,
        "registrations": {"enabled": False, "approval_required": True, "message": None, "url": None},
        "contact": {"email": f"admin@{domain}", "account": None},
        "rules": [{"id": str(number), "text": text, "hint": ""} for number, text in enumerate(rules, 1)],
    }
    if flavour == "mastodon":
        answer["api_versions"] = {"mastodon": 7}
        answer["configuration"]["urls"]["privacy_policy"] = f"https://{domain}/privacy-policy"
        answer["configuration"]["urls"]["terms_of_service"] = f"https://{domain}/terms-of-service"
    elif flavour == "gotosocial":
        answer["terms"] = "<p>Be good.</p>"
    return answer


def v1(domain: str, flavour: Flavour, rules: tuple[str, ...]) -> dict[str, Any]:
    """The older answer."""
    version = VERSIONS[flavour]
    return {
        "uri": domain,
        "title": f"{domain}, a sample server",
        "short_description": "A made-up server for trying things out.",
        "description": "",
        "email": f"admin@{domain}",
        "version": version if flavour != "takahe" else f"4.0.0 (compatible; {version})",
        "urls": {"streaming_api": f"wss://{domain}"},
        "stats": {"user_count": 50, "status_count": 5000, "domain_count": 300},
        "thumbnail": f"https://{domain}/thumbnail.png",
        "languages": ["en"],
        "registrations": False,
        "approval_required": True,
        "invites_enabled": False,
        "configuration": {
            "statuses": {"max_characters": 500, "max_media_attachments": 4, "characters_reserved_per_url": 23},
        },
        "contact_account": None,
        "rules": [{"id": str(number), "text": text} for number, text in enumerate(rules, 1)],
    }
