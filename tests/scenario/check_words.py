#!/usr/bin/env python3
"""Every word of the contracts that a scenario uses is a word of the contracts.

Enum values, event names and paths into events are looked up in the .proto files, so that a renamed
field is seen before a player or a service stumbles over it.

Usage: check_words.py SCENARIO_DIR PROTO_DIR
"""
import json
import re
import sys
from pathlib import Path

ENUM_VALUE = re.compile(r"^\s+([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+) = \d+;", re.M)
FIELD = re.compile(r"^  (?:repeated |optional )?([\w.]+) (\w+) = \d+", re.M)
PREFIXES = ("TASK_KIND_", "ADMISSION_MODE_", "ORGANIZATION_KIND_", "SIZE_CLASS_", "LANGUAGE_",
            "LEGAL_BASIS_", "AFFILIATION_ROLE_", "LEAD_SOURCE_", "VULNERABILITY_REASON_",
            "DECLINE_REASON_", "DROP_REASON_", "VISIT_CANCEL_REASON_",
            "APPLICATION_WITHDRAWAL_REASON_", "EXTERNAL_OUTCOME_", "GRADE_", "CHANNEL_",
            "LAW_CLASS_", "CATCH_UP_POLICY_", "DIRECTION_", "AGGREGATION_", "METRIC_STATUS_",
            "ENGAGEMENT_STATE_", "APPLICATION_STATE_", "ENROLMENT_STATE_", "CASE_", "CONSENT_",
            "SESSION_", "PLAN_", "GROUP_", "RETENTION_", "ADOPTION_", "HEADCOUNT_KIND_")
PATHS = ("distinct_key", "date_field", "programme_field", "edition_field", "instance_key",
         "subject_field", "sum_field")


def contracts(folder):
    """(enum values, {full message name: {field: type}})"""
    values, messages = set(), {}
    for path in folder.glob("ieum/*/v1/*.proto"):
        text = path.read_text(encoding="utf-8")
        values |= set(ENUM_VALUE.findall(text))
        package = re.search(r"^package ([\w.]+);", text, re.M).group(1)
        for name, body in re.findall(r"^message (\w+) \{\n(.*?)^\}", text, re.M | re.S):
            messages[f"{package}.{name}"] = {field: kind for kind, field in FIELD.findall(body)}
    return values, messages


def resolve(messages, message, path):
    for field in path.split("."):
        kind = messages[message].get(field)
        assert kind, f"{message} has no field {field} (of {path})"
        package = message.rsplit(".", 1)[0]
        message = kind if kind in messages else f"{package}.{kind}"


def words(node):
    if isinstance(node, dict):
        for key, value in node.items():
            yield from (key, *words(value))
    elif isinstance(node, list):
        for value in node:
            yield from words(value)
    elif isinstance(node, str):
        yield from re.findall(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+", node)


def check_matches(messages, node):
    """Whoever names an event names its fields."""
    if isinstance(node, list):
        for item in node:
            check_matches(messages, item)
    if not isinstance(node, dict):
        return
    if "event_type" in node:
        assert node["event_type"] in messages, node["event_type"]
        for path in filter(None, map(node.get, PATHS)):
            resolve(messages, node["event_type"], path)
    if "trigger" in node:
        trigger = node["trigger"]["event_type"]
        anchor = node["timing"].get("anchor_field")
        for path in [*node["audience"], *([anchor] if anchor else [])]:
            resolve(messages, trigger, path)
        for move in node.get("moves_on", []):
            resolve(messages, move["event_type"], anchor)
    for value in node.values():
        check_matches(messages, value)


def main():
    scenario, proto = map(Path, sys.argv[1:])
    values, messages = contracts(proto)
    used = set()
    for path in sorted(scenario.rglob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        used |= {word for word in words(content) if word.startswith(PREFIXES)}
        if path.name in ("rules.json", "indicators.json"):
            check_matches(messages, content)
    unknown = used - values
    assert not unknown, f"no contract knows {sorted(unknown)}"
    print(f"{len(used)} enum values and all events and paths are words of the contracts")


if __name__ == "__main__":
    main()
