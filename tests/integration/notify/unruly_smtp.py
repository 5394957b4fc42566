"""A mail server that misbehaves by a script: unruly_smtp.py --port-file F --log F MODE,MODE,...

One mode a mail, of whatever connection, the last one for all that follow:
  ok          takes it
  451 550     answers so at the end of the mail
  rcpt451 rcpt550 mail550   answers so to the recipient or the sender
  drop        loses the connection after the end of the mail, having kept it
  lost        the same, having kept nothing
  early       loses the connection when the mail is announced
The log has one line a mail that is kept: its Message-ID.
"""

import argparse
import asyncio
import email
import pathlib

from aiosmtpd.smtp import SMTP, syntax


class Unruly:
    def __init__(self, modes, log):
        self.modes = modes
        self.log = log

    async def handle_MAIL(self, server, session, envelope, address, options):
        session.mode = self.modes.pop(0) if len(self.modes) > 1 else self.modes[0]
        if session.mode == "mail550":
            return "550 5.7.1 not from you"
        envelope.mail_from = address
        return "250 2.1.0 ok"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if session.mode == "rcpt451":
            return "451 4.2.1 mailbox busy"
        if session.mode == "rcpt550":
            return "550 5.1.1 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    def keep(self, envelope):
        mail = email.message_from_bytes(envelope.original_content)
        with open(self.log, "a") as file:
            file.write(mail["Message-ID"].strip() + "\n")

    async def handle_DATA(self, server, session, envelope):
        if session.mode in ("ok", "drop"):
            self.keep(envelope)
        if session.mode in ("drop", "lost"):
            server.transport.abort()
        if session.mode in ("451", "550"):
            return f"{session.mode} 0.0.0 no"
        return "250 2.0.0 kept"


class Server(SMTP):
    @syntax("DATA")
    async def smtp_DATA(self, arg):
        if self.session.mode == "early":
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


async def main():
    options = argparse.ArgumentParser()
    options.add_argument("modes")
    options.add_argument("--port-file", type=pathlib.Path, required=True)
    options.add_argument("--log", type=pathlib.Path, required=True)
    options.add_argument("--port", type=int, default=0)
    arguments = options.parse_args()
    arguments.log.touch()
    unruly = Unruly(arguments.modes.split(","), arguments.log)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Server(unruly, loop=loop), "127.0.0.1", arguments.port
    )
    fresh = arguments.port_file.with_suffix(".new")
    fresh.write_text(f"{server.sockets[0].getsockname()[1]}\n")
    fresh.replace(arguments.port_file)
    await server.serve_forever()


asyncio.run(main())
