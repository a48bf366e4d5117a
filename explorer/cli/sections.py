"""Help in sections: the flags of one method stand together, under its name."""

from __future__ import annotations

from typing import Any

import click


class SectionedOption(click.Option):
    """A flag that is explained under a heading of its own. section: the heading; "" for the one
    that all commands have."""

    def __init__(self, *names: Any, section: str = "", **options: Any) -> None:
        super().__init__(*names, **options)
        self.section = section


class SectionedCommand(click.Command):
    """A verb whose help has a section for each heading, in the order in which they first come;
    flags without a heading come first."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        sections: dict[str, list[tuple[str, str]]] = {"": []}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if isinstance(parameter, click.Option) and record is not None:
                sections.setdefault(getattr(parameter, "section", ""), []).append(record)
        for heading, records in sections.items():
            with formatter.section(heading or "Options"):
                formatter.write_dl(records)
