"""A machine in a folder, on which the commands of a page are typed as they stand.

Paths of the system are put into the folder; ``sudo``, ``useradd``, ``docker`` and the like write
down how they were called; installing Python packages does too, and the virtual environment of the
tests is what was installed. Everything else is real: the shell, the program, the files, the bot.
"""

import asyncio
import os
import shutil
import sys
from pathlib import Path

from tests.docs.pages import ROOT

PLACES = (
    "/opt/countersign",
    "/etc/countersign",
    "/etc/systemd/system",
    "/usr/local/bin",
    "/var/lib/countersign",
    "/var/backups/countersign",
)
"""Where the pages put things."""

PORT = "127.0.0.1:9464"

SUDO = '#!/bin/sh\n[ "$1" = -u ] && shift 2\nSUDO_USER=fay\nexport SUDO_USER\nexec "$@"\n'

NOTED = '#!/bin/sh\necho "{name} $*" >> {deeds}\n'

INSTALL = """#!/bin/sh
for word in "$@"; do
    shift
    if [ -n "$skip" ]; then skip=; continue; fi
    case "$word" in -o|-g) skip=yes; continue;; esac
    set -- "$@" "$word"
done
exec {install} "$@"
"""

PYTHON3 = """#!/bin/sh
echo "python3 $*" >> {deeds}
[ "$1 $2" = "-m venv" ] || exit 0
mkdir -p "$3/bin"
cp {bin}/venv-python "$3/bin/python"
cp {bin}/venv-countersign "$3/bin/countersign"
"""

VENV_PYTHON = """#!/bin/sh
echo "python $*" >> {deeds}
for file in requirements.lock pyproject.toml; do test -f "$file"; done
"""

RUN = '#!/bin/sh\nexec {python} -m bot "$@"\n'

CURL = (
    "#!{python}\nimport sys, urllib.request\n"
    "print(urllib.request.urlopen(sys.argv[-1], timeout=5).read().decode())\n"
)


class Machine:
    """``address`` stands in for the port of the pages, which may be taken here."""

    def __init__(self, folder: Path, *, address: str) -> None:
        self.folder = folder
        self._address = address
        self._bin = folder / "bin"
        self._bin.mkdir()
        for place in PLACES:
            (folder / place[1:]).mkdir(parents=True)
        self._unpack()
        deeds = folder / "deeds"
        self._tool("sudo", SUDO)
        for name in ("useradd", "chown", "docker", "timedatectl"):
            self._tool(name, NOTED.format(name=name, deeds=deeds))
        self._tool("install", INSTALL.format(install=shutil.which("install")))
        self._tool("python3", PYTHON3.format(deeds=deeds, bin=self._bin))
        self._tool("venv-python", VENV_PYTHON.format(deeds=deeds))
        self._tool("venv-countersign", RUN.format(python=sys.executable))
        control = f'{sys.executable} {ROOT}/tests/docs/systemctl.py {folder} "$@"'
        noted = NOTED.format(name="systemctl", deeds=deeds)
        self._tool("systemctl", f"{noted}exec {control}\n")
        if shutil.which("curl") is None:
            self._tool("curl", CURL.format(python=sys.executable))

    @property
    def deeds(self) -> list[str]:
        """How the noted commands were called, in order."""
        return (self.folder / "deeds").read_text(encoding="utf-8").splitlines()

    def path(self, place: str) -> Path:
        """Where this file of the system is here."""
        return self.folder / place[1:]

    def mapped(self, text: str) -> str:
        """The same text for this machine."""
        for place in PLACES:
            text = text.replace(place, str(self.folder / place[1:]))
        return text.replace(PORT, self._address)

    async def type(self, block: str, *, typed: str = "", seconds: float = 180) -> str:
        """Run a block in a shell that stops at the first fault; what it printed."""
        process = await asyncio.create_subprocess_exec(
            "/bin/sh", "-euc", self.mapped(block),
            cwd=self.folder,
            env={
                "PATH": f"{self._bin}:{self.folder}/usr/local/bin:{os.environ['PATH']}",
                "PYTHONPATH": str(ROOT),
                "COLUMNS": "120",
                "HOME": str(self.folder),
            },
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        async with asyncio.timeout(seconds):
            out, _ = await process.communicate(typed.encode())
        printed = out.decode(errors="replace")
        assert process.returncode == 0, f"{block}\n{printed}"
        return printed

    def _unpack(self) -> None:
        """The release, as far as the pages touch it."""
        release = self.path("/opt/countersign")
        for name in ("requirements.lock", "pyproject.toml", "countersign.example.toml"):
            shutil.copy(ROOT / name, release)
        shutil.copytree(ROOT / "deploy", release / "deploy")
        for file in (release / "deploy").iterdir():
            file.write_text(self.mapped(file.read_text(encoding="utf-8")), encoding="utf-8")

    def _tool(self, name: str, text: str) -> None:
        path = self._bin / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)
