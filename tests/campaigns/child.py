"""The parent's side of a serving process: started early, told to go, listened to, finished or killed."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict

from campaigns.process import LOADED, Job
from campaigns.witness import Turn, turn_of


class Child:
    """``hear`` is told everything that the process reported, also what it reported before it was killed."""

    def __init__(self, job: Job, hear: Callable[[Turn], None]) -> None:
        self.job = job
        self._process = subprocess.Popen(
            [sys.executable, "-m", "campaigns.process", json.dumps(asdict(job))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            text=True,
        )
        self._hear = hear
        self._loaded = threading.Event()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def go(self) -> None:
        """It opens the database only now, however long ago it was started; its imports are over."""
        self._loaded.wait()
        if self._process.stdin:
            self._process.stdin.write("go\n")
            self._process.stdin.flush()

    def kill(self) -> None:
        """SIGKILL; returns when all that it reported was heard."""
        self._process.kill()
        self._end()

    def finish(self) -> int:
        """Lets every client have its last answer; returns the exit status."""
        if self._process.stdin:
            self._process.stdin.close()
        self._end()
        return self._process.returncode

    def _end(self) -> None:
        self._listener.join()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            turn = turn_of(line)
            if turn.asked == LOADED:
                self._loaded.set()
            else:
                self._hear(turn)
        self._loaded.set()  # If it died before, go() is what fails.
