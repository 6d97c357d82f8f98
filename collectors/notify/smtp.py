"""One weekly mail through the group's own mail service. What goes wrong is said in words that hold no address and no password."""

import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid

from warehouse.casebook.mail_preferences import MailAddressee
from warehouse.settings import Mail, Settings

_SECONDS = 30.0
_OTHER_WAY = {
    "starttls": 'if it speaks TLS from the start, write security = "tls" and port = 465 below [mail]',
    "tls": 'if it speaks STARTTLS, write security = "starttls" and port = 587 below [mail]',
    "none": "if it takes no name and password, leave out user below [mail]",
}
_UNTRUSTED = (
    "this computer does not trust the certificate of the mail service, so nothing was sent; if it is your own, add its"
    " authority to the system's (on Debian: into /usr/local/share/ca-certificates, then update-ca-certificates)"
)
# OpenSSL's X509_V_ERR_…: https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/
_CERTIFICATE = {
    9: "the certificate of the mail service is not valid yet, so nothing was sent; look at this computer's clock",
    10: "the certificate of the mail service has run out, so nothing was sent; whoever runs it has to renew it",
    62: "the certificate of the mail service is for another name, so nothing was sent; write that name as host below [mail]",
    64: "the certificate of the mail service is for a name, so nothing was sent; write that name as host below [mail]",
}


def send_mail(settings: Settings, to: str, letter: MailAddressee, now: datetime) -> str:
    """Send it. Returns '' when the service took it, else why not."""
    mail = settings.mail
    try:
        with _connected(mail) as line:
            if mail.user:
                line.login(mail.user, settings.secrets.mail_password)
            line.send_message(build_message(mail, to, letter, now))
    except smtplib.SMTPAuthenticationError:
        return "the mail service refused the name or password"
    except smtplib.SMTPRecipientsRefused:
        return "the mail service refused the address"
    except smtplib.SMTPSenderRefused:
        return "the mail service refused the sender"
    except smtplib.SMTPNotSupportedError:
        return f"the mail service does not offer what the settings ask for; {_OTHER_WAY[mail.security]}"
    except smtplib.SMTPResponseException as error:
        return f"the mail service said {error.smtp_code}"
    except ssl.SSLCertVerificationError as error:
        return _CERTIFICATE.get(error.verify_code, _UNTRUSTED)
    except ssl.SSLError:
        return f"the line to the mail service could not be made private; {_OTHER_WAY[mail.security]}"
    except TimeoutError:
        return "the mail service did not answer in time"
    except (OSError, smtplib.SMTPException):
        return "the mail service could not be reached"
    return ""


def build_message(mail: Mail, to: str, letter: MailAddressee, now: datetime) -> EmailMessage:
    """The mail with its headers: plain text first, then the same as HTML."""
    message = EmailMessage()
    message["From"] = formataddr(("Mutuals", mail.sender))
    message["To"] = to
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=mail.sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    if mail.reply_to:
        message["Reply-To"] = mail.reply_to
    if letter.ways_out:
        message["List-Unsubscribe"] = ", ".join(f"<{way}>" for way in letter.ways_out)
        if letter.ways_out[0].startswith("https:"):
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def _connected(mail: Mail) -> smtplib.SMTP:
    if mail.security == "tls":
        return smtplib.SMTP_SSL(mail.host, mail.port, timeout=_SECONDS, context=ssl.create_default_context())
    line = smtplib.SMTP(mail.host, mail.port, timeout=_SECONDS)
    if mail.security == "starttls":
        try:
            line.starttls(context=ssl.create_default_context())
        except BaseException:
            line.close()
            raise
    return line
