#!/usr/bin/env python3
"""The broker's accounts: prints the part of nats-server's configuration that says who may do what.

    accounts.py [--rooms FILE] [--outside NAME:STREAM[,STREAM...]]... NAME=KEY[,KEY...]...

Each service has an account of its own, its room: in it are its stream and nobody but itself. From the
rooms of others it gets what it reads, and nothing that it says there is heard as said by anybody else:
a question that crosses is answered to whom it came from, wherever the asker says that answers go. A
reader (the auditor, an outside system) has a room without a stream.

KEY is the public half of an nkey (nkey.py). Two keys of one name are both good: so a seed is changed
without a gap. Names without a key get no room. NAME of --outside needs a key like the others. NAME-admin=KEY lets
somebody into the room of a service who may do everything there: for repairs, and nowhere else.
"""

import argparse
import json
import pathlib
import re
import sys

ROOMS = pathlib.Path(__file__).resolve().parent / "rooms.json"
ADMIN = "-admin"  # end of the names of those who may do everything in a service's room
# Consumers of one room, its own and those of all its readers together: so that nobody can fill the broker with
# them. One reader can fill the room.
CONSUMERS_MAX = 256
# What of JetStream a reader of another's stream may ask. Wildcards on purpose: a consumer delivers only to
# subjects that are subscribed to letter by letter, so none of these can be made its target.
READING = ["STREAM.INFO.*", "STREAM.MSG.GET.*", "DIRECT.GET.*", "CONSUMER.CREATE.*", "CONSUMER.DELETE.*.*"]
PULLING = "CONSUMER.MSG.NEXT.*.*"  # many answers to one question


def quoted(words):
    return "[ " + ", ".join(json.dumps(word) for word in words) + " ]"


def account(name):
    return name.upper().replace("-", "_")


def stream(service):
    return "EV_" + service.upper()


def exports(service, readers):
    to = quoted([account(reader) for reader in readers])
    yield f'{{ stream: "mark.{service}.*", accounts: {to} }}'
    for word in READING:
        yield f'{{ service: "$JS.API.{word}", accounts: {to} }}'
    yield f'{{ service: "$JS.API.{PULLING}", response_type: stream, accounts: {to} }}'


def imports(producers):
    for producer in producers:
        place = f"account: {account(producer)}"
        yield f'{{ stream: {{ {place}, subject: "mark.{producer}.*" }} }}'
        for word in [*READING, PULLING]:
            yield f'{{ service: {{ {place}, subject: "$JS.API.{word}" }}, to: "read.{producer}.{word}" }}'


def own_words(service):
    api, name = "$JS.API.", stream(service)
    yield from (f"ev.{service}.>", f"wake.{service}.*", f"mark.{service}.*")
    yield from (api + f"STREAM.{word}.{name}" for word in ("CREATE", "UPDATE", "INFO", "MSG.GET"))
    yield from (api + f"DIRECT.GET.{name}", api + f"CONSUMER.CREATE.{name}")
    yield from (api + f"CONSUMER.DELETE.{name}.*", api + f"CONSUMER.MSG.NEXT.{name}.*")


def read_words(producers):
    for producer in producers:
        for word in [*READING, PULLING]:
            yield f"read.{producer}." + word.replace("*", stream(producer), 1)


def users(name, keys, service, producers):
    say = [*(own_words(name) if service else ()), *read_words(producers)]
    hear = ["_INBOX.>", *([f"wake.{name}.*", f"mark.{name}.*"] if service else ()),
            *(f"mark.{producer}.*" for producer in producers)]
    for key in keys.get(name, ()):
        yield (f"{{ nkey: {key}, permissions: {{\n        publish: {{ allow: {quoted(say)} }}\n"
               f"        subscribe: {{ allow: {quoted(hear)} }} }} }}")
    for key in keys.get(name + ADMIN, ()):
        yield f"{{ nkey: {key} }}"


def block(word, lines):
    lines = list(lines)
    return f"    {word}: [\n" + "".join(f"      {line}\n" for line in lines) + "    ]\n" if lines else ""


def room(name, keys, service, producers, readers):
    others = [producer for producer in producers if producer != name]
    text = f"  {account(name)} {{\n"
    if service:
        text += f"    jetstream: {{ max_streams: 1, max_consumers: {CONSUMERS_MAX} }}\n"
    text += block("users", users(name, keys, service, others))
    text += block("exports", exports(name, readers) if service and readers else ())
    return text + block("imports", imports(others)) + "  }\n"


def accounts(services, readers, keys):
    """services, readers: name -> what it reads. keys: name -> public keys."""
    there = {name: [p for p in reads if p in keys] for name, reads in {**services, **readers}.items() if name in keys}
    text = "accounts {\n"
    for name, producers in there.items():
        heard_by = [other for other, reads in there.items() if name in reads and other != name]
        text += room(name, keys, name in services, producers, heard_by)
    return text + "}\n"


def parsed():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rooms", default=ROOMS, type=pathlib.Path)
    options.add_argument("--outside", action="append", default=[])
    options.add_argument("keys", nargs="+", metavar="NAME=KEY")
    given = options.parse_args()
    rooms = json.loads(given.rooms.read_text(encoding="utf-8"))
    services = {name: entry["reads"] for name, entry in rooms["services"].items()}
    readers = {name: entry["reads"] for name, entry in rooms["readers"].items()}
    for text in given.outside:
        name, _, reads = text.partition(":")
        # Whose key NAME-admin is may do everything in the room of NAME.
        if not re.fullmatch("[a-z][a-z0-9-]*", name) or name.endswith(ADMIN):
            options.error(f"{name}: is no name for an outside system")
        if name in services or name in readers:
            options.error(f"{name}: has a room already")
        readers[name] = reads.split(",")
    keys = {}
    for text in given.keys:
        name, _, values = text.partition("=")
        if name in keys:
            options.error(f"{name}: is named twice; two keys of one name are NAME=KEY,KEY")
        keys[name] = values.split(",")
        if name.removesuffix(ADMIN) not in services and name not in readers:
            options.error(f"{name}: nobody of that name is known")
        if not all(re.fullmatch("U[A-Z2-7]{55}", key) for key in keys[name]):
            options.error(f"{name}: a public key begins with U and has 56 letters")
    for name in keys:
        if name.endswith(ADMIN) and name.removesuffix(ADMIN) not in keys:
            options.error(f"{name}: gets into the room of {name.removesuffix(ADMIN)}, which has no key and so no room")
    for name, reads in readers.items():
        if not set(reads) <= set(services):
            options.error(f"{name}: reads a stream that is not there")
    return services, readers, keys


if __name__ == "__main__":
    sys.stdout.write(accounts(*parsed()))
