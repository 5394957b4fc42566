"""A mail server that keeps every mail as a file: smtp_sink.py --dir DIR [--port N] [--port-file F]

It speaks real SMTP on 127.0.0.1 and answers 250 only when the mail lies on disk (file and folder
flushed), so a mail that the sender believes handed over is there after any crash. One file a mail,
named by arrival: 000001.eml, ...; the envelope stands first in X-Envelope-* headers.
"""

import argparse
import asyncio
import os
import pathlib
import signal
import sys

from aiosmtpd.smtp import SMTP

MAIL_BYTES_MAX = 5 * 1024 * 1024


class Keeper:
    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.count = max((int(kept.stem) for kept in folder.glob("[0-9]*.eml")), default=0)

    def write(self, name: str, data: bytes) -> None:
        temporary = self.folder / f".{name}.{os.getpid()}"
        with open(temporary, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # link() refuses an existing name, rename() would replace it.
        os.link(temporary, self.folder / name)
        os.unlink(temporary)
        descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    async def handle_DATA(self, server, session, envelope):
        head = f"X-Envelope-From: {envelope.mail_from}\r\n"
        head += "".join(f"X-Envelope-To: {to}\r\n" for to in envelope.rcpt_tos)
        try:
            self.count += 1
            self.write(f"{self.count:06d}.eml", head.encode("utf-8") + envelope.original_content)
        except OSError as error:
            print(f"smtp_sink: cannot keep a mail: {error}", file=sys.stderr, flush=True)
            return "451 4.3.0 cannot keep the mail now"
        return f"250 2.0.0 kept as {self.count:06d}"


async def serve(arguments: argparse.Namespace) -> None:
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    keeper = Keeper(arguments.dir)
    server = await loop.create_server(
        lambda: SMTP(keeper, data_size_limit=MAIL_BYTES_MAX, enable_SMTPUTF8=True, loop=loop),
        "127.0.0.1",
        arguments.port,
    )
    port = server.sockets[0].getsockname()[1]
    if arguments.port_file:
        temporary = arguments.port_file.with_suffix(".new")
        temporary.write_text(f"{port}\n")
        temporary.replace(arguments.port_file)
    print(port, flush=True)
    await stopped.wait()
    server.close()
    await server.wait_closed()


def main() -> int:
    options = argparse.ArgumentParser(description="SMTP server that keeps mails as files")
    options.add_argument("--dir", required=True, type=pathlib.Path)
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--port-file", type=pathlib.Path)
    arguments = options.parse_args()
    arguments.dir.mkdir(parents=True, exist_ok=True)
    try:
        asyncio.run(serve(arguments))
    except OSError as error:
        print(f"smtp_sink: cannot listen on port {arguments.port}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
