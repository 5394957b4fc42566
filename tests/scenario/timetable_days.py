"""Business days of 2024, by the holidays as they were announced."""
from datetime import date, timedelta

HOLIDAYS = {date(2024, *day) for day in [
    (1, 1), (2, 9), (2, 10), (2, 11), (2, 12), (3, 1), (4, 10), (5, 5), (5, 6), (5, 15), (6, 6),
    (8, 15), (9, 16), (9, 17), (9, 18), (10, 1), (10, 3), (10, 9), (12, 25)]}


def on_business(day):
    while day.weekday() > 4 or day in HOLIDAYS:
        day += timedelta(days=1)
    return day
