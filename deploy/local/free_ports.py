"""Prints free loopback ports, one a line: free_ports.py COUNT [PORT...]

Ports given after COUNT are printed again in their order when nobody listens on them, so a suite
keeps its addresses over a restart; the others are replaced. New ports lie below the range from
which the kernel takes the ports of outgoing connections, which would otherwise steal them later.
"""

import random
import socket
import sys

FIRST_PORT, LAST_PORT = 20000, 32000


def bind(port: int) -> socket.socket | None:
    held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind(("127.0.0.1", port))
        # Without listen() two binders with SO_REUSEADDR would both succeed.
        held.listen(1)
    except OSError:
        held.close()
        return None
    return held


def main() -> int:
    count, wanted = int(sys.argv[1]), [int(port) for port in sys.argv[2:]]
    held: list[socket.socket] = []
    for position in range(count):
        taken = bind(wanted[position]) if position < len(wanted) else None
        for _ in range(1000):
            if taken:
                break
            taken = bind(random.randint(FIRST_PORT, LAST_PORT))
        if not taken:
            print("no free port on 127.0.0.1", file=sys.stderr)
            return 1
        held.append(taken)
    for taken in held:
        print(taken.getsockname()[1])
    return 0


if __name__ == "__main__":
    sys.exit(main())
