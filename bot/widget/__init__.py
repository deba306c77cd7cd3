"""The chat on a site's own page: one script, a plain page that shows it, and the tag to paste."""

from bot.widget.embed import embed_tag, policy_lines
from bot.widget.routes import add_widget
from bot.widget.script import integrity, widget_script

__all__ = ["add_widget", "embed_tag", "integrity", "policy_lines", "widget_script"]
