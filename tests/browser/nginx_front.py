"""nginx in front of a server, with the configuration that ships in `examples/`."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

CONFIGURATION = Path(__file__).parents[2] / "examples" / "nginx_sub_path.conf"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")


@contextmanager
def nginx_before(server: str, folder: Path) -> Iterator[str]:
    """Run nginx before `server`; gives its address. Of the example only the ports are changed, and TLS left out."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    shipped = CONFIGURATION.read_text("utf-8")
    assert shipped.count("listen 443 ssl;") == shipped.count("http://127.0.0.1:7860/") == 1
    site = shipped.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    site = site.replace("127.0.0.1:7860", urlsplit(server).netloc)
    kept = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    path = folder / "nginx.conf"
    path.write_text(
        f"pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\nhttp {{ {kept}\n{site} }}\n", "utf-8"
    )
    command = [NGINX or "nginx", "-p", str(folder), "-c", str(path), "-g", "daemon off; master_process off;"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as nginx:
        try:
            _wait_for(port, nginx)
            yield f"http://127.0.0.1:{port}"
        finally:
            nginx.terminate()


def _wait_for(port: int, nginx: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert nginx.poll() is None, nginx.stderr and nginx.stderr.read()
            assert time.monotonic() < deadline, "nginx does not answer"
            time.sleep(0.05)
