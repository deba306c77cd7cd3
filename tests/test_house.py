"""The house's own rules: one direction of imports, light imports, one reader of the environment."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ORDER = ("corpus", "index", "bot", "app")


def imports(path: Path) -> set[str]:
    """The names a file imports, in full."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def files(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py")) if package != "app" else [ROOT / "app.py"]


@pytest.mark.parametrize("package", ORDER)
def test_imports_go_one_way(package: str) -> None:
    above = set(ORDER[ORDER.index(package) + 1 :])
    for path in files(package):
        wrong = {name for name in imports(path) if name.split(".")[0] in above}
        assert not wrong, f"{path.relative_to(ROOT)} imports {sorted(wrong)}"


def test_only_the_ui_imports_gradio() -> None:
    users = {
        str(path.relative_to(ROOT))
        for package in ORDER
        for path in files(package)
        if any(name.split(".")[0] == "gradio" for name in imports(path))
    }
    assert all("ui" in name or "tab" in name or "server" in name for name in users), users


def test_only_settings_read_the_environment() -> None:
    readers = {
        str(path.relative_to(ROOT))
        for package in ORDER
        for path in files(package)
        if any(text in path.read_text(encoding="utf-8") for text in ("os.getenv", "os.environ[", "os.environ.get"))
    }
    assert readers <= {"bot/settings.py"}, readers


def test_nothing_is_pickled() -> None:
    for package in ORDER:
        for path in files(package):
            assert not imports(path) & {"pickle", "joblib", "dill", "cloudpickle"}, path


@pytest.mark.parametrize("module", ["app", "bot.cli"])
def test_importing_an_entry_point_loads_nothing_heavy(module: str) -> None:
    heavy = ["torch", "gradio", "sentence_transformers", "transformers", "faiss", "langchain_core", "fastapi"]
    code = f"import sys, {module}; print([name for name in {heavy!r} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert found.stdout.strip() == "[]"
