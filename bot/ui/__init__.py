"""The chat at `/`: Gradio's components, in Danish, beside the page they answer from."""

from bot.ui.chat import build_ui, mount_ui

__all__ = ["build_ui", "mount_ui"]
