"""The chat, the API and the widget on http://127.0.0.1:7860: `python app.py`.

The same as `python -m bot serve` without options; the environment sets the rest (`bot.settings`).
"""

from bot.cli import main

if __name__ == "__main__":
    main(["serve"])
