"""Worker: asks main for chunks, throws darts at a square, hands back how many fell inside the circle.

It may come and go at any time: it waits for a main that is not there yet, and on SIGTERM it finishes the chunk in
hand, hands it in and leaves.
"""

import json
import os
import random
import signal
import socket
import threading
import time

MAIN_HOST = os.environ.get("MAIN_HOST", "main")
PORT = int(os.environ.get("PORT", "7000"))
# Share of one core to use, 0.01 to 1. Light by default, so that many workers fit on a laptop.
PACE = min(1.0, max(0.01, float(os.environ.get("PACE", "0.12"))))
NAME = os.environ.get("WORKER_NAME") or socket.gethostname()

BATCH = 5_000  # samples between two pauses
leaving = False


def say(text):
    print(f"[{NAME}] {text}", flush=True)


def leave(*_):
    global leaving
    leaving = True


def pause(seconds):
    """Sleeps, but not past a SIGTERM."""
    until = time.monotonic() + seconds
    while not leaving and time.monotonic() < until:
        time.sleep(min(0.05, max(0.0, until - time.monotonic())))


def throw(seed, count):
    """Counts the darts inside the quarter circle. The same seed gives the same answer on every worker."""
    dice = random.Random(seed)
    inside = 0
    left = count
    while left:
        batch = min(BATCH, left)
        # Of the core, not of the clock: others that use it must not make the pauses longer.
        started = time.thread_time()
        for _ in range(batch):
            x, y = dice.random(), dice.random()
            if x * x + y * y <= 1.0:
                inside += 1
        left -= batch
        # Once asked to leave, the rest of the chunk is done at full speed.
        pause((time.thread_time() - started) * (1 / PACE - 1))
    return inside


def knock():
    """One try to reach main: a connection, an error, or None when asked to leave first."""
    answers = []

    def attempt():
        try:
            answers.append(socket.create_connection((MAIN_HOST, PORT), timeout=5))
        except OSError as error:
            answers.append(error)

    # In a thread: looking up a name that is not there yet can take seconds, and no signal is handled meanwhile.
    thread = threading.Thread(target=attempt, daemon=True)
    thread.start()
    while thread.is_alive() and not leaving:
        thread.join(0.05)
    return answers[0] if answers else None


def connect():
    """Knocks until main opens; None when asked to leave first."""
    wait = 0.2
    while not leaving:
        answer = knock()
        if isinstance(answer, socket.socket):
            answer.settimeout(1)
            return answer
        if answer is not None:
            say(f"main is not there yet ({answer}); next try in {wait:.1f} s")
            pause(wait)
            wait = min(wait * 2, 5)
    return None


def read_line(connection, buffer):
    """The next line; None when main has gone, or when asked to leave while nothing is in hand."""
    while b"\n" not in buffer:
        try:
            piece = connection.recv(65536)
        except socket.timeout:
            if leaving:
                return None
            continue
        if not piece:
            return None
        buffer += piece
    line, _, rest = bytes(buffer).partition(b"\n")
    buffer[:] = rest
    return json.loads(line)


def work(connection):
    """True when main said that all is done."""
    buffer = bytearray()

    def send(message):
        connection.sendall((json.dumps(message) + "\n").encode())

    send({"type": "hello", "worker": NAME})
    while True:
        chunk = read_line(connection, buffer)
        if chunk is None:
            return False
        if chunk["type"] == "done":
            return True
        started = time.monotonic()
        inside = throw(chunk["seed"], chunk["count"])
        last = leaving
        send({"type": "result", "id": chunk["id"], "inside": inside, "last": last})
        seconds = time.monotonic() - started
        say(f"chunk {chunk['id']}: {inside} of {chunk['count']} inside, {seconds:.2f} s")
        if last:
            return True


def main():
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    say(f"ready, using about {PACE:.0%} of a core")
    while not leaving:
        connection = connect()
        if connection is None:
            break
        try:
            with connection:
                if work(connection):
                    break
                if not leaving:
                    say("main has gone; looking for it again")
        except (OSError, ValueError, KeyError) as error:
            say(f"lost main: {error}")
        pause(0.5)
    say("good-bye")


if __name__ == "__main__":
    main()
