"""The heartbeat, in a process of its own: it ends in order, and a clock that jumps does not stop it."""

import signal
import subprocess
import sys
import time

import pytest

BEATING = """
import sys, threading, time
from datetime import datetime, timedelta
from apscheduler import job
from apscheduler.schedulers import base, blocking
from apscheduler.triggers import interval
from collectors.pipeline import scheduler

jump, beats, jumped = 0.0, [], threading.Event()
real = time.time

class Jumping(datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + timedelta(seconds=jump)

for module in (base, interval, job, scheduler):
    if hasattr(module, "datetime"):
        module.datetime = Jumping
scheduler._LOOK_SECONDS = 0.1
time.time = lambda: real() + jump

def beat():
    global jump
    beats.append(jumped.is_set())
    print("beat", jumped.is_set(), flush=True)
    jumped.clear()
    if len(beats) == 1:
        jump = float(sys.argv[1])

scheduler.run_scheduler(beat, lambda: None, poll_seconds=60, stop=threading.Event(), jumped=jumped)
print("ended", flush=True)
"""


@pytest.mark.parametrize("jump", [-86_400, 86_400])
def test_when_the_clock_jumps_the_next_beat_comes_at_once(jump: int) -> None:
    process = subprocess.Popen([sys.executable, "-c", BEATING, str(jump)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "beat False\n"
        started = time.monotonic()
        said = process.stdout.readline()
        assert said == "beat True\n" or (jump > 0 and said == "beat False\n")  # ahead, it may be due before we looked
        assert time.monotonic() - started < 30, "that was the ordinary beat"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read().endswith("ended\n")
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.communicate()


SLOW = """
import threading
from collectors.pipeline import scheduler

stop, told = threading.Event(), threading.Event()

def beat():
    print("told while collecting" if told.wait(20) else "had to wait", flush=True)

scheduler.run_scheduler(beat, lambda: None, poll_seconds=1, stop=stop, jumped=threading.Event(), tell=told.set)
"""


def test_people_are_told_while_collecting_takes_its_time() -> None:
    process = subprocess.Popen([sys.executable, "-c", SLOW], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "told while collecting\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.communicate()
