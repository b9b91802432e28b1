"""Main: hands out chunks of samples over TCP and gathers the estimate of pi.

Protocol: one JSON object a line, both ways.
  worker -> main   {"type": "hello", "worker": NAME}
  main -> worker   {"type": "chunk", "id": N, "seed": N, "count": N}
  worker -> main   {"type": "result", "id": N, "inside": N, "last": BOOL}
  main -> worker   {"type": "done"}            no more work, good-bye
A worker that says "last" is leaving and gets nothing more; one that vanishes has its chunk handed to another.
"""

import json
import math
import os
import signal
import socket
import threading
import time
from collections import deque

PORT = int(os.environ.get("PORT", "7000"))
TOTAL_SAMPLES = int(os.environ.get("TOTAL_SAMPLES", "0"))  # 0: endless
CHUNK_SAMPLES = max(1, int(os.environ.get("CHUNK_SAMPLES", "400000")))
REPORT_SECONDS = float(os.environ.get("REPORT_SECONDS", "1"))
# A run that ends is there to be timed: it begins when all workers are here that Flotilla told main of.
EXPECTED_WORKERS = int(os.environ.get("WORKER_COUNT", "0")) if TOTAL_SAMPLES else 0
JOIN_SECONDS = float(os.environ.get("JOIN_SECONDS", "60"))
DRAIN_SECONDS = float(os.environ.get("DRAIN_SECONDS", "3"))


def say(text):
    print(text, flush=True)


def millions(number):
    return f"{number / 1e6:.1f} M"


class Ledger:
    """What is to be done, what is under way, what has come back."""

    def __init__(self):
        self.changed = threading.Condition()
        self.returned = deque()
        self.next_id = 0
        self.planned = 0
        self.under_way = 0
        self.samples = 0
        self.inside = 0
        self.workers = set()
        self.draining = False
        self.begun = EXPECTED_WORKERS == 0
        self.begins_by = time.monotonic() + JOIN_SECONDS

    def join(self, worker):
        with self.changed:
            self.workers.add(worker)
            say(f"worker {worker} joined")
            if not self.begun and len(self.workers) >= EXPECTED_WORKERS:
                self.begun = True
                say(f"all {EXPECTED_WORKERS} workers are here, the work begins")
            self.changed.notify_all()

    def take(self):
        """The next chunk; None when there is no more work. Waits while others may still give one back."""
        with self.changed:
            while True:
                if self.draining:
                    return None
                if not self.begun:
                    self.changed.wait(0.5)
                    if time.monotonic() > self.begins_by and not self.begun:
                        self.begun = True
                        say(f"{len(self.workers)} of {EXPECTED_WORKERS} workers came, the work begins without the others")
                    continue
                if self.returned:
                    chunk = self.returned.popleft()
                elif TOTAL_SAMPLES == 0 or self.planned < TOTAL_SAMPLES:
                    left = TOTAL_SAMPLES - self.planned if TOTAL_SAMPLES else CHUNK_SAMPLES
                    chunk = {"type": "chunk", "id": self.next_id, "seed": self.next_id, "count": min(CHUNK_SAMPLES, left)}
                    self.next_id += 1
                    self.planned += chunk["count"]
                elif self.under_way:
                    self.changed.wait(0.5)
                    continue
                else:
                    return None
                self.under_way += 1
                return chunk

    def give_back(self, chunk):
        with self.changed:
            self.under_way -= 1
            self.returned.append(chunk)
            self.changed.notify_all()

    def add(self, chunk, inside):
        with self.changed:
            self.under_way -= 1
            self.samples += chunk["count"]
            self.inside += inside
            self.changed.notify_all()

    def finished(self):
        with self.changed:
            return TOTAL_SAMPLES > 0 and self.samples >= TOTAL_SAMPLES


def estimate(ledger):
    if ledger.samples == 0:
        return "π not known yet"
    share = ledger.inside / ledger.samples
    error = 4 * math.sqrt(max(share * (1 - share), 1e-12) / ledger.samples)
    return f"π ≈ {4 * share:.6f} ± {error:.6f}"


def serve(connection, ledger):
    """One worker, from its hello to its leaving."""
    worker = None
    chunk = None
    try:
        connection.settimeout(60)
        lines = connection.makefile("r", encoding="utf-8", newline="\n")
        hello = json.loads(lines.readline(65536) or "{}")
        if not isinstance(hello, dict) or hello.get("type") != "hello":
            return
        worker = str(hello.get("worker", "?"))[:64]
        ledger.join(worker)
        while True:
            chunk = ledger.take()
            if chunk is None:
                # Drained and not done: the worker hears nothing and looks for the next main.
                if not ledger.draining:
                    connection.sendall(b'{"type": "done"}\n')
                return
            connection.sendall((json.dumps(chunk) + "\n").encode())
            line = lines.readline(65536)
            if not line:
                return
            answer = json.loads(line)
            inside = answer["inside"]
            if answer["id"] != chunk["id"] or not 0 <= inside <= chunk["count"]:
                raise ValueError("an answer that does not fit its chunk")
            ledger.add(chunk, inside)
            chunk = None
            if answer.get("last"):
                return
    except (OSError, ValueError, KeyError, TypeError) as error:
        say(f"worker {worker or '?'}: {error}")
    finally:
        if chunk is not None:
            ledger.give_back(chunk)
            say(f"worker {worker} vanished; chunk {chunk['id']} goes to another")
        elif worker is not None:
            say(f"worker {worker} left")
        if worker is not None:
            with ledger.changed:
                ledger.workers.discard(worker)
        connection.close()


def accept(listener, ledger):
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=serve, args=(connection, ledger), daemon=True).start()


def main():
    ledger = Ledger()

    def drain(*_):
        # No lock here: a handler runs between two steps of the main thread, which may hold it.
        ledger.draining = True

    signal.signal(signal.SIGTERM, drain)
    signal.signal(signal.SIGINT, drain)

    listener = socket.create_server(("", PORT), backlog=128)
    threading.Thread(target=accept, args=(listener, ledger), daemon=True).start()
    total = "without end" if TOTAL_SAMPLES == 0 else f"{millions(TOTAL_SAMPLES)} samples"
    say(f"main listens on port {PORT}; {total}, {CHUNK_SAMPLES} a chunk")

    before, before_at = 0, time.monotonic()
    while not ledger.draining and not ledger.finished():
        wake_at = before_at + REPORT_SECONDS
        while time.monotonic() < wake_at and not ledger.draining and not ledger.finished():
            time.sleep(0.05)
        now = time.monotonic()
        rate = (ledger.samples - before) / max(now - before_at, 1e-9)
        before, before_at = ledger.samples, now
        count = len(ledger.workers)
        say(
            f"{estimate(ledger)} | {millions(ledger.samples)} samples | "
            f"{count} worker{'' if count == 1 else 's'} | {millions(rate)} samples/s"
        )

    if ledger.draining:
        say("draining: waiting for the chunks under way")
    deadline = time.monotonic() + DRAIN_SECONDS
    while (ledger.under_way or ledger.workers) and time.monotonic() < deadline:
        time.sleep(0.02)
    listener.close()
    say(f"final: {estimate(ledger)} | {ledger.samples} samples")


if __name__ == "__main__":
    main()
