"""A collector of traces (OTLP/HTTP JSON): otlp_sink.py --dir DIR

It listens on a free port of 127.0.0.1, written to DIR/port, and keeps each span it took as a line of
DIR/spans, with its service. What breaks OTLP's rules is refused with 400 and said in DIR/faults. How it
answers is the word in DIR/mode when a request comes: empty = as it should, a number = with this status,
`slow` = not within any patience.
"""

import argparse
import http.server
import json
import pathlib
import re
import sys
import threading

LIMITS = {"traceId": r"(?!0+$)[0-9a-f]{32}", "spanId": r"(?!0+$)[0-9a-f]{16}", "parentSpanId": r"[0-9a-f]{16}"}
NANOSECONDS = r"[1-9][0-9]{17,19}"
KNOWN = {"traceId", "spanId", "parentSpanId", "flags", "name", "kind", "startTimeUnixNano", "endTimeUnixNano",
         "attributes", "links", "droppedLinksCount", "status"}
NEVER = threading.Event()


def need(holds, what):
    if not holds:
        raise ValueError(what)


def attributes_of(pairs):
    found = {}
    for pair in pairs:
        (kind, value), = pair["value"].items()
        need(isinstance(pair["key"], str) and pair["key"] not in found, f"key {pair['key']}")
        need(kind in ("stringValue", "intValue"), kind)
        need(isinstance(value, str), f"{kind} of {pair['key']} is no text")
        need(kind == "stringValue" or re.fullmatch(r"-?[0-9]+", value), value)
        found[pair["key"]] = int(value) if kind == "intValue" else value
    return found


def span_of(span, service):
    need(set(span) <= KNOWN, f"unknown fields {set(span) - KNOWN}")
    for key, pattern in LIMITS.items():
        if key in span or key != "parentSpanId":
            need(re.fullmatch(pattern, span[key]), f"{key} {span[key]!r}")
    need(isinstance(span["kind"], int) and 1 <= span["kind"] <= 5, f"kind {span['kind']!r}")
    need(span["name"] and isinstance(span["name"], str), "no name")
    for key in ("startTimeUnixNano", "endTimeUnixNano"):
        need(isinstance(span[key], str) and re.fullmatch(NANOSECONDS, span[key]), f"{key} {span[key]!r}")
    need(int(span["startTimeUnixNano"]) <= int(span["endTimeUnixNano"]), "ends before it starts")
    need(span.get("status", {}).get("code", 0) in (0, 1, 2), "status")
    for link in span.get("links", []):
        need(re.fullmatch(LIMITS["traceId"], link["traceId"]) and re.fullmatch(LIMITS["spanId"], link["spanId"]), "link")
    return {**span, "service": service, "attributes": attributes_of(span["attributes"])}


def spans_of(body):
    need(set(body) == {"resourceSpans"}, "not an ExportTraceServiceRequest")
    for resource in body["resourceSpans"]:
        of_process = attributes_of(resource["resource"]["attributes"])
        for key in ("service.name", "service.version", "service.instance.id"):
            need(of_process.get(key), f"the resource has no {key}")
        for scope in resource["scopeSpans"]:
            need(scope["scope"]["name"], "no scope")
            for span in scope["spans"]:
                yield span_of(span, of_process["service.name"])


class Collector(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    folder = None
    writing = threading.Lock()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        mode = (self.folder / "mode").read_text().strip() if (self.folder / "mode").exists() else ""
        if mode == "slow":
            NEVER.wait(60)
        if mode.isdigit():
            return self.answer(int(mode))
        try:
            need(self.path == "/v1/traces", self.path)
            need(self.headers["Content-Type"] == "application/json", "Content-Type")
            spans = list(spans_of(json.loads(body)))
        except (ValueError, KeyError, TypeError) as fault:
            with self.writing, open(self.folder / "faults", "a", encoding="utf-8") as file:
                file.write(f"{fault!r}: {body[:2000]!r}\n")
            return self.answer(400)
        with self.writing, open(self.folder / "spans", "a", encoding="utf-8") as file:
            file.writelines(json.dumps(span, ensure_ascii=False) + "\n" for span in spans)
        return self.answer(200)

    def answer(self, status):
        text = b'{"partialSuccess":{}}'
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--dir", required=True, type=pathlib.Path)
    Collector.folder = options.parse_args().dir
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    server.daemon_threads = True
    written = Collector.folder / "port.new"
    written.write_text(f"{server.server_address[1]}\n")
    written.replace(Collector.folder / "port")
    server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
