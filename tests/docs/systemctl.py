"""``systemctl`` for one unit, without systemd: what the unit says is what is done.

Usage: systemctl.py FOLDER VERB ... It starts ``ExecStart`` with ``EnvironmentFile`` and every
``LoadCredential`` (a missing one is an error, as it is there), waits for READY=1, and stops with
SIGTERM.
"""

import fcntl
import os
import shlex
import signal
import socket
import subprocess
import sys
from pathlib import Path


def main(folder: Path, *words: str) -> int:
    """Exit status."""
    if "countersign" not in words:
        return 0
    unit = folder / "etc/systemd/system/countersign.service"
    settings = [
        line.partition("=")[::2]
        for line in unit.read_text().splitlines()
        if "=" in line and not line.startswith("#")
    ]
    verb = words[0]
    if verb == "start" or (verb == "enable" and "--now" in words):
        start(folder, settings)
    elif verb == "stop":
        stop(folder)
    elif verb == "status":
        return 0 if (folder / "pid").exists() else 3
    return 0


def start(folder: Path, settings: list[tuple[str, str]]) -> None:
    """Run it until it says that it is ready."""
    given = dict(settings)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.environ["PYTHONPATH"]}
    for line in Path(given["EnvironmentFile"]).read_text().splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.partition("=")
            environment[name] = value
    handed = folder / "run/credentials"
    handed.mkdir(parents=True, exist_ok=True)
    for _, value in (one for one in settings if one[0] == "LoadCredential"):
        name, _, path = value.partition(":")
        (handed / name).write_bytes(Path(path).read_bytes())
    environment["CREDENTIALS_DIRECTORY"] = str(handed)
    place = folder / "notify"
    place.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind(str(place))
        supervisor.settimeout(120)
        environment["NOTIFY_SOCKET"] = str(place)
        with (folder / "journal").open("ab") as journal:
            process = subprocess.Popen(
                shlex.split(given["ExecStart"]),
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=journal,
                stderr=journal,
                start_new_session=True,
            )
        (folder / "pid").write_text(str(process.pid))
        while not supervisor.recv(4096).startswith(b"READY=1"):
            pass


def stop(folder: Path) -> None:
    """SIGTERM, and wait until it has let go of its database."""
    pid = folder / "pid"
    os.kill(int(pid.read_text()), signal.SIGTERM)
    pid.unlink()
    with (folder / "var/lib/countersign/countersign.db.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
