"""Who is responsible at a moment: calendar, shifts, rota, ladders; pure functions of playbook and time."""

from domain.duty.calendar import CalendarGap, calendar_gaps, is_day_for, is_working_day, shift_runs
from domain.duty.ladder import Reason, Rung, ladder, next_rung
from domain.duty.rota import is_absent, on_duty, stand_in, without
from domain.duty.shifts import (
    ShiftRun,
    moment,
    next_shift,
    production_date,
    run_on,
    runs_between,
    shift_at,
    worked,
)

__all__ = [
    "CalendarGap",
    "Reason",
    "Rung",
    "ShiftRun",
    "calendar_gaps",
    "is_absent",
    "is_day_for",
    "is_working_day",
    "ladder",
    "moment",
    "next_rung",
    "next_shift",
    "on_duty",
    "production_date",
    "run_on",
    "runs_between",
    "shift_at",
    "shift_runs",
    "stand_in",
    "without",
    "worked",
]
