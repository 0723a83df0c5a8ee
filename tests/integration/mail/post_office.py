"""A mail server for the tests: Debian's aiosmtpd, which we did not write.

Takes its settings as JSON, listens on 127.0.0.1, and writes one JSON object a line to standard output:
where it listens, every talk that begins, and every letter it took, read by Python's own parser.

The part of a receiver's address before the @ says what happens: unknown, relay and full are refused,
grey is asked to come again the first time, spam is refused when the letter is there, silent gets no
answer, and with dies the process ends in the middle of the letter.
"""

import asyncio
import json
import os
import ssl
import sys
from email import message_from_bytes, policy

from aiosmtpd.smtp import SMTP, AuthResult

SETTINGS = json.loads(sys.argv[1])
REFUSALS = {
    "unknown": "550 5.1.1 <{}>: no such user",
    "relay": "554 5.7.1 <{}>: relay access denied",
    "full": "452 4.2.2 <{}>: mailbox full",
}


def tell(**fact):
    print(json.dumps(fact), flush=True)


class PostOffice:
    def __init__(self):
        self.known = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        who = address.split("@")[0]
        if who in REFUSALS:
            return REFUSALS[who].format(address)
        if who == "silent":
            await asyncio.sleep(3600)
        if who == "grey" and address not in self.known:
            self.known.add(address)
            return "451 4.7.1 greylisted, come again"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        if envelope.rcpt_tos[0].startswith("spam@"):
            return "554 5.7.1 looks like spam"
        letter = message_from_bytes(envelope.content, policy=policy.default)
        tell(
            letter=letter["message-id"],
            talk=server.talk,
            hello=session.host_name,
            tls=bool(session.ssl or server.transport.get_extra_info("sslcontext")),
            login=session.auth_data.login.decode() if session.auth_data else None,
            envelope=[envelope.mail_from, *envelope.rcpt_tos],
            headers=dict(letter.items()),
            text=letter.get_content(),
            defects=[str(defect) for part in letter.walk() for defect in part.defects],
            raw=envelope.content.decode("ascii"),
        )
        return "250 2.0.0 taken"


class Talk(SMTP):
    count = 0

    def connection_made(self, transport):
        super().connection_made(transport)
        if not self.__dict__.get("talk"):
            Talk.count += 1
            self.talk = Talk.count
            tell(talk=self.talk)

    async def smtp_DATA(self, arg):
        if not any(who.startswith("dies@") for who in self.envelope.rcpt_tos):
            return await super().smtp_DATA(arg)
        await self.push("354 go on")
        await self._reader.readline()
        os._exit(7)


def authenticate(server, session, envelope, mechanism, given):
    login = SETTINGS["login"]
    good = [given.login.decode(), given.password.decode()] == login
    if good:
        session.auth_data = given
    return AuthResult(success=good, handled=False, auth_data=given)


async def main():
    context = None
    if SETTINGS["certificate"]:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(SETTINGS["certificate"], SETTINGS["key"])
    office, security = PostOffice(), SETTINGS["security"]

    def talk():
        return Talk(
            office,
            hostname="mail.test",
            tls_context=context if security == "starttls" else None,
            require_starttls=security == "starttls",
            authenticator=authenticate,
            auth_required=SETTINGS["login"] is not None,
            auth_require_tls=security == "starttls",
        )

    loop = asyncio.get_running_loop()
    implicit = context if security == "tls" else None
    server = await loop.create_server(talk, "127.0.0.1", SETTINGS["port"], ssl=implicit)
    tell(port=server.sockets[0].getsockname()[1])
    await server.serve_forever()


asyncio.run(main())
