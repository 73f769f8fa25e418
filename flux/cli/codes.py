"""`flux codes`."""

import click

from flux.cli.options import json_option
from flux.cli.tables import console, print_table
from flux.model.codes import CODES, Code
from flux.model.codes.markdown import codes_markdown
from flux.model.finding import Observation
from flux.model.partner import Language
from flux.model.printable import to_json_line
from flux.model.words import describe

_EXPECTED = {Language.FR: "attendu : ", Language.EN: "expected: "}


@click.command()
@click.argument("code", required=False)
@json_option
@click.option("--markdown", is_flag=True, help="As the page docs/codes.md.")
@click.option("--lang", type=click.Choice([each.value for each in Language]), default="fr", show_default=True)
def command(code: str | None, *, as_json: bool, markdown: bool, lang: str) -> None:
    """List finding codes, or tell everything about one.

    Example: flux codes SIRET_CHECKSUM
    """
    language = Language(lang)
    if code is not None and code not in CODES:
        raise click.UsageError(f"no such code: {code}; `flux codes` lists them")
    rows = [CODES[code]] if code else list(CODES.values())
    if markdown:
        click.echo(codes_markdown(language), nl=False)
    elif as_json:
        for row in rows:
            click.echo(to_json_line(_to_json(row)))
    elif code:
        _print_one(rows[0], language)
    else:
        print_table(
            ("code", "layer", "legacy", "afnor", "motif", "who acts", "meaning"),
            [
                (row.code, row.layer.value, row.legacy.value, row.afnor.value, row.motif, row.who.value,
                 describe(Observation(code=row.code), language).title)
                for row in rows
            ],
        )  # fmt: skip


def _print_one(row: Code, language: Language) -> None:
    words, out = describe(Observation(code=row.code), language), console()
    out.print(f"{row.code}  {words.title}", style="bold", markup=False)
    out.print(
        f"layer {row.layer.value} · legacy {row.legacy.value} · afnor {row.afnor.value} · motif {row.motif or '-'}"
    )
    out.print(f"told to {', '.join(each.value for each in row.audience)} · {row.who.value} acts")
    out.print(words.message, markup=False)
    if words.expected:
        out.print(f"{_EXPECTED[language]}{words.expected}", markup=False)
    out.print(f"→ {words.fix}", markup=False)


def _to_json(row: Code) -> dict[str, object]:
    return {
        "code": row.code,
        "layer": row.layer.value,
        "legacy": row.legacy.value,
        "afnor": row.afnor.value,
        "motif": row.motif,
        "who": row.who.value,
        "audience": [each.value for each in row.audience],
        "term": row.term,
        **{
            key: {"title": words.title, "message": words.message, "expected": words.expected, "fix": words.fix}
            for key, words in (("fr", row.fr), ("en", row.en))
        },
    }
