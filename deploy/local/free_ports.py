"""Prints free loopback ports, one a line: free_ports.py COUNT [PORT...]

Ports given after COUNT are printed again in their order when nobody listens on them, so a suite
keeps its addresses over a restart; the others are replaced. New ports lie below the range from
which the kernel takes the ports of outgoing connections, which would otherwise steal them later.

Each port is reserved by a socket named `ieum-port-<port>` (no file) while its asker lives, as the
C++ tests do it: a server that is down for a moment finds its port again.
"""

import random
import socket
import sys

FIRST_PORT, LAST_PORT = 20000, 32000
reserved: list[socket.socket] = []


def reserve(port: int) -> bool:
    mark = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        mark.bind(f"\0ieum-port-{port}")
    except OSError:
        mark.close()
        return False
    reserved.append(mark)
    return True


def nobody_listens_on(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            # Without listen() two binders with SO_REUSEADDR would both succeed.
            probe.listen(1)
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port of this process until it ends."""
    for _ in range(1000):
        port = random.randint(FIRST_PORT, LAST_PORT)
        if reserve(port) and nobody_listens_on(port):
            return port
    raise OSError("no free port on 127.0.0.1")


def main() -> int:
    count, wanted = int(sys.argv[1]), [int(port) for port in sys.argv[2:]]
    kept = [port if reserve(port) and nobody_listens_on(port) else 0 for port in wanted[:count]]
    for port in kept + [0] * (count - len(kept)):
        print(port or free_port())
    return 0


if __name__ == "__main__":
    sys.exit(main())
