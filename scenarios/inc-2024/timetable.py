"""Days, hours and the order of what is done in a year. Deterministic: nothing is drawn."""
from collections import defaultdict
from datetime import date, datetime, time, timedelta

HOLIDAYS = {date(2024, m, d) for m, d in [
    (1, 1), (2, 9), (2, 10), (2, 11), (2, 12), (3, 1), (4, 10), (5, 5), (5, 6), (5, 15), (6, 6),
    (8, 15), (9, 16), (9, 17), (9, 18), (10, 1), (10, 3), (10, 9), (12, 25)]} | {date(2025, 1, 1)}
HOURS = [10, 11, 13, 14, 15, 16, 17]  # at which a provider begins something
MORNING, EVENING = 0, 1               # when things are planned, and when outcomes are written down
BEGIN = {MORNING: time(10, 1), EVENING: time(18, 5)}


def is_business(day):
    return day.weekday() < 5 and day not in HOLIDAYS


def on_business(day):
    """This day, or the next business day."""
    while not is_business(day):
        day += timedelta(days=1)
    return day


def business(day, count):
    """So many business days later; earlier when below zero."""
    step = timedelta(days=1 if count > 0 else -1)
    while count:
        day += step
        count -= 1 if is_business(day) and count > 0 else -1 if is_business(day) else 0
    return day


def stamp(day, at):
    return datetime.combine(day, at).isoformat(timespec="seconds") + "+09:00"


def months_later(day, months):
    """Clamped to the end of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


class Timetable:
    def __init__(self):
        self.actions = []                # (day, part of the day, place among them, action)
        self.begun = defaultdict(int)    # (provider, day) -> how many of the hours are taken

    def add(self, day, part, do, **fields):
        assert is_business(day), (day, do, fields)
        self.actions.append((day, part, len(self.actions), {"do": do, **fields}))

    def hour(self, provider, day):
        """The provider's next free hour of that day, as begin and end."""
        taken = self.begun[provider, day]
        self.begun[provider, day] += 1
        assert taken < len(HOURS), (provider, day)
        return (stamp(day, time(HOURS[taken])), stamp(day, time(HOURS[taken], 50)))

    def dated(self):
        """Every action with its instant, one a minute."""
        counts = defaultdict(int)
        for day, part, _, action in sorted(self.actions, key=lambda one: one[:3]):
            begin = datetime.combine(day, BEGIN[part]) + timedelta(minutes=counts[day, part])
            counts[day, part] += 1
            assert part == EVENING or begin.time() < BEGIN[EVENING], day
            assert begin.date() == day, day
            yield {"at": begin.isoformat(timespec="seconds") + "+09:00", **action}
