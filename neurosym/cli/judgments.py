"""`neurosym judgments`: what models are good for, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click

# Loaded when it is called: some of these need libraries that the others do not.
COMMANDS: Mapping[str, str] = {
    "calibrate": "Find out from which score on a tier's answers can be accepted.",
    "distill": "Teach a local model what persons answered, as a proposal.",
    "labels": "Write what persons answered as labelled cases.",
    "probe": "Say which dialect the endpoints of a configuration understand.",
    "redteam": "Attack a judgment with texts that try to talk a model into an answer.",
    "report": "Say how rarely models were asked, who was believed, what it cost.",
}


class Judgments(click.Group):
    """The commands about judgments, each in a module of its own: `judgments_NAME`, with a command `NAME_command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of the overview."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, loaded now."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        found = getattr(import_module(f"neurosym.cli.judgments_{cmd_name}"), f"{cmd_name}_command")
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The overview, without loading any command."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([*COMMANDS.items()])


@click.group(cls=Judgments)
def judgments() -> None:
    """Report on models and people who were asked: what they cost, and what their answers are good for."""
