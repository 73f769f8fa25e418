"""The report that people read: one page of HTML that needs nothing else, in the partner's language.

Everything in it is the sender's to know. No script, no link to anything outside; the policy in its head says so to the
browser, and allows the one style sheet by its hash.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from flux.model.interface import Family
from flux.model.partner import Environment as Installation
from flux.model.partner import GatewayRole
from flux.model.settlement import Outcome
from flux.replies.context import ReplyContext
from flux.replies.page_words import page_words
from flux.replies.phrases import name_role, tell_reach, typeset, write_moment, write_number
from flux.replies.report_faults import view_causes, view_flow_faults, view_rejected
from flux.replies.report_headline import view_counts, view_headline
from flux.replies.report_remarks import LISTED_REMARKS, is_open, view_remarks
from flux.replies.report_tables import view_accepted, view_checks, view_rows
from flux.replies.texts import clean


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """The template and its style sheet, with the hash by which the policy knows it."""

    template: Template
    style: Markup
    style_hash: str


@cache
def _page() -> _Page:
    environment = Environment(
        loader=PackageLoader("flux.replies"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = environment.get_template("report.css").render()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return _Page(
        template=environment.get_template("report.html.j2"),
        style=Markup(style),  # noqa: S704  our own style sheet, which holds no value of anybody's
        style_hash=f"sha256-{digest}",
    )


def build_readable_report(context: ReplyContext) -> bytes:
    """The page, in UTF-8. Raises ValueError for a flow that is not settled: nothing may be said of it."""
    page, case, language = _page(), context.case, context.partner.language
    by_outcome = {outcome: context.judgments_with(outcome) for outcome in Outcome}
    accepted, rejected, not_taken = (
        by_outcome[outcome] for outcome in (Outcome.ACCEPTED, Outcome.REJECTED, Outcome.NOT_TAKEN)
    )
    remarks = view_remarks(context)
    html = page.template.render(
        style=page.style,
        style_hash=page.style_hash,
        language=language.value,
        words=page_words(language, context.family),
        number=lambda value: write_number(value, language),
        flow=case.flow,
        partner=context.partner,
        gateway=context.gateway,
        is_qualification=context.gateway.environment is Installation.QUALIFICATION,
        role=typeset(name_role(context.gateway.role, language), language),
        reach=_reach(context),
        received=typeset(write_moment(case.flow.received_at, language), language),
        built=typeset(write_moment(context.moment, language), language),
        headline=view_headline(context),
        counts=view_counts({outcome: len(judgments) for outcome, judgments in by_outcome.items()}, language),
        flow_faults=view_flow_faults(context),
        causes=view_causes(context, rejected),
        rejected=_listed(view_rejected(context, rejected), len(rejected)),
        not_taken=_listed(view_rows(not_taken, language), len(not_taken)),
        accepted=_listed(view_accepted(accepted, language), len(accepted)),
        remarks=_listed(remarks[:LISTED_REMARKS], len(remarks)),
        remarks_open=is_open(remarks, is_refused=bool(rejected or case.findings)),
        checks=view_checks(context),
    )
    return clean(html).encode()


def _reach(context: ReplyContext) -> str:
    """How far the statuses of the reform's family go when they are ours; empty where they are what they say."""
    is_act = context.gateway.role is GatewayRole.PLATFORM or context.family is not Family.AFNOR
    return "" if is_act else typeset(tell_reach(context.partner.language), context.partner.language)


def _listed(shown: Sequence[object], total: int) -> Mapping[str, object]:
    """A list on the page: what is shown, of how many, and how many are not."""
    return {"shown": shown, "total": total, "more": total - len(shown)}
