"""Documents printed from the code, and the played story of one ticket."""

from __future__ import annotations

import sys

import click

from hotline.i18n import _


@click.command()
@click.option("--check", "only_check", is_flag=True, help="Only say what differs; exit 1 when something does.")
@click.pass_context
def docs(context: click.Context, only_check: bool) -> None:
    """Print the tables of the code into the documents, or check that they are up to date."""
    from hotline.cli.printed.docs import bring_up_to_date, differences

    commands = context.find_root().command
    assert isinstance(commands, click.Group)
    if only_check:
        differing = differences(commands)
        click.echo("\n".join(differing) or _("文档与程序一致。"))
        sys.exit(1 if differing else 0)
    click.echo(_("已更新：%(parts)s", parts="、".join(bring_up_to_date(commands)) or "–"))


@click.command()
def story() -> None:
    """Play one ticket's whole life through HTTP against a server of its own, and print it step by step."""
    from hotline.demo_story import tell

    sys.exit(tell(click.echo))


COMMANDS: tuple[click.Command, ...] = (
    docs,
    story,
)
