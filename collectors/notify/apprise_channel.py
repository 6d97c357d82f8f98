"""One message through Apprise to one address: the only module that knows Apprise.

An address holds a password, and Apprise writes addresses and hosts to its log: nothing of that log leaves this module. It is
read for why something did not arrive, which is then said in words of our own.
"""

import logging
import re
import warnings
from types import ModuleType

from collectors.notify.messages import Message

_SECONDS = 30.0
_REASONS = (
    (r"\b53[0-9]\b|authenticat|\berror=40[13]\b", "the service refused the name or password"),
    (r"\berror=404\b", "the service knows no such address"),
    (r"\berror=4\d\d\b", "the service refused"),
    (r"\berror=5\d\d\b", "the service had a fault of its own"),
    (r"\berror=3\d\d\b", "the service sent us to another address, which we do not follow"),
    (r"timed out|timeout", "the service did not answer in time"),
    (r"connection|refused|resolve|getaddrinfo|name or service|unreachable", "the service could not be reached"),
)
_OTHERWISE = "the service refused"


class _Heard(logging.Handler):
    """Keeps what a library says, in memory."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def send(address: str, message: Message) -> str:
    """Send it. Returns '' when the service took it, else why not, in words that hold nothing of the address."""
    heard = _Heard()
    log = logging.getLogger("apprise")
    log.propagate, log.handlers = False, [heard]
    log.setLevel(logging.DEBUG)
    apprise = _apprise()
    asset = apprise.AppriseAsset(
        app_id="Mutuals",
        app_desc="Mutuals",
        app_url="",
        image_url_mask="",  # no picture that the service would fetch from elsewhere
        image_url_logo="",
        http_redirects=False,  # to the hosts the group named, and to no other
        storage_mode="memory",
        async_mode=False,
    )
    service = apprise.Apprise(asset=asset)
    try:
        if not service.add(address):
            return "its address is not one that Apprise understands; see https://appriseit.com"
        if service.notify(body=message.body, title=message.title, body_format="text", timeout=_SECONDS):
            return ""
    finally:
        log.handlers = [logging.NullHandler()]
    said = "\n".join(heard.said)
    return next((words for pattern, words in _REASONS if re.search(pattern, said, re.IGNORECASE)), _OTHERWISE)


def _apprise() -> ModuleType:
    """Loaded when first needed: it reads more than a hundred services in, and some of them grumble."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import apprise

        apprise.Apprise.instantiate("json://localhost", suppress_exceptions=True)
    return apprise
