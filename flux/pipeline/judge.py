"""The judge: the ordered steps of the treatment of a member, and nothing else."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from lxml import etree

from flux import __version__
from flux.formats.facturx import EmbeddedInvoice, extract_invoice, is_pdf
from flux.formats.profile import profile_of
from flux.formats.reader import TreeReader
from flux.formats.recognition import recognise, recognise_embedded
from flux.formats.schema import check_schema
from flux.formats.syntax import SyntaxFormat
from flux.formats.unit import restore_positions
from flux.model.codes import CODES
from flux.model.finding import Finding, LayerName, Observation
from flux.model.interface import Deposit, Family, Syntax, family_of
from flux.model.invoice import Invoice
from flux.model.not_treated import refuse_interface
from flux.model.ports import Register, Scanner
from flux.model.term import text_of
from flux.model.unit import UnitPlace
from flux.model.verdict import InvoiceSummary, Judgment, LayerStatus, NotRunReason, verdict_of
from flux.pipeline.consultation import Consultation
from flux.pipeline.register_layer import RegisterLayer
from flux.pipeline.rules_layer import RulesLayer
from flux.pipeline.scales import Scales
from flux.pipeline.second_opinion import SecondOpinion
from flux.pipeline.settings import JudgeSettings, SchemaSource
from flux.pipeline.step import NOTHING, Step, join, layer_of, not_run, passed, share, tell_once
from flux.pipeline.subject import Document, Held, Member
from flux.pipeline.virus_layer import VirusLayer
from flux.rules import attachment, identity
from flux.rules.attachment import AttachmentContext
from flux.rules.context import RuleContext
from flux.rules.pdf_actions import find_action, why
from flux.rules.register_account import hash_accounts
from flux.rules.summary import summarise

INTAKE_RULESET = "intake"
# A step of the intake that was to run and did not leaves us without a word on the bytes themselves.
_ALWAYS_REQUIRED = frozenset({LayerName.INTAKE})


class Judge:
    """Judges members of flows. Holds one parser and its compiled schemas, so one thread at a time may use it.

    `register` is None where the installation has none. With `account_key` the accounts to be paid on are remembered, hashed.
    `second` is another engine for the official rules, `scanner` looks for viruses.
    """

    def __init__(
        self,
        *,
        settings: JudgeSettings,
        reader: TreeReader,
        schemas: SchemaSource,
        register: Register | None = None,
        account_key: bytes | None = None,
        second: SecondOpinion | None = None,
        scanner: Scanner | None = None,
    ) -> None:
        self._settings = settings
        self._required = settings.layers | _ALWAYS_REQUIRED
        self._reader = reader
        self._schemas = schemas
        self._account_key = account_key
        self._scales = Scales(settings)
        self._rules = RulesLayer(settings, self._scales, second)
        self._register = RegisterLayer(register, self._scales)
        self._viruses = VirusLayer(scanner, self._scales, settings.limits)

    def judge(self, member: Member, today: date) -> tuple[Judgment, ...]:
        """One judgment for each invoice of a member, one for a member that holds none, none for a signature beside others."""
        interface = member.deposit.interface
        if interface is not None and not interface.is_treated:
            return (self._refuse(member, (refuse_interface(interface),)),)
        is_embedded = is_pdf(member.data)
        opened = extract_invoice(member.data, self._settings.limits) if is_embedded else EmbeddedInvoice(member.data)
        if opened.data is None:
            return (self._refuse(member, opened.observations),)
        reading = self._reader.read(opened.data)
        if reading.root is None:
            refusal = self._refuse(member, reading.observations)
            return (refusal if member.place is None else restore_positions(refusal, member.place, None),)
        recognised = (recognise_embedded if is_embedded else recognise)(reading.root)
        if recognised.is_signature and not member.alone:
            return ()
        if recognised.format is None:
            return (self._refuse(member, (*reading.observations, *recognised.observations)),)
        overrides = self._settings.overrides.in_force(today, member.partner)
        remarks = (*reading.observations, *(_warn_of_actions(member.data) if is_embedded else ()))
        document = Document(member, reading.root, len(opened.data), remarks, recognised.format, overrides)
        return self._judge_document(document, today)

    def _judge_document(self, document: Document, today: date) -> tuple[Judgment, ...]:
        holders = document.format.holders(document.root)
        if not holders:
            return (self._refuse(document.member, (*document.observations, _NO_INVOICE)),)
        if len(holders) > 1:
            return self._judge_many(document, holders, today)
        judgment = self._judge_invoice(self._hold(document, document.member.unit, holders[0]), today)
        place = document.member.place
        return (judgment if place is None else restore_positions(judgment, place, holders[0]),)

    def _judge_many(self, document: Document, holders: Sequence[etree._Element], today: date) -> tuple[Judgment, ...]:
        """A document of many invoices as a whole: where its schema refuses it, it is refused once."""
        first = self._judge_invoice(self._hold(document, 0, holders[0]), today)
        if first.is_irrecevable:
            return (replace(first, summary=None),)
        schema = Step(tuple(layer for layer in first.layers if layer.name is LayerName.SCHEMA))
        held = (self._hold(document, unit, holder) for unit, holder in enumerate(holders[1:], start=1))
        judged = (self._judge_invoice(each, today, schema) for each in held)
        return tuple(_tell_apart(each, holder) for each, holder in zip((first, *judged), holders, strict=True))

    def _hold(self, document: Document, unit: int, holder: etree._Element) -> Held:
        invoice, deposit = document.format.read_one(holder, document.root), document.member.deposit
        cadre = text_of(invoice.cadre)
        family = document.format.family or family_of(deposit.interface, cadre)
        profile = deposit.profile or profile_of(text_of(invoice.profile), cadre)
        return Held(document, unit, holder, invoice, family, profile)

    def _judge_invoice(self, held: Held, today: date, schema_step: Step | None = None) -> Judgment:
        """`schema_step` is what the schema said of the document already."""
        intake = self._fit_deposit(held)
        schema = _skip_schema() if intake.refuses else schema_step or self._check_schemas(held)
        refused = intake.refuses or schema.refuses
        attachments = self._check_attachments(held, refused=refused)
        viruses = NOTHING if refused else self._viruses.run(held)
        consulted = None if refused else self._register.consult(held.invoice, today)
        context = self._context(held, today, consulted)
        rules = self._rules.skip() if refused else self._rules.run(held, context)
        identities = _skip_identity() if refused else self._check_identity(held, context)
        register = self._register.skip() if refused else self._register.run(held, context, consulted, identities)
        told = [finding for step in rules for finding in step.findings]
        ours = [tell_once(step, told) for step in (identities, *register)]
        return self._conclude(
            held.document.member,
            (intake, schema, tell_once(attachments, told), viruses, *rules, *ours),
            held.family,
            unit=held.unit,
            syntax=held.document.format,
            profile=held.profile,
            summary=summarise(held.invoice, self._hash_accounts(held.invoice, context)),
        )

    def _context(self, held: Held, today: date, consulted: Consultation | None) -> RuleContext:
        return RuleContext(
            family=held.family,
            environment=self._settings.environment,
            today=today,
            syntax=held.document.format.syntax,
            register=consulted.view if consulted is not None else None,
            sender_sirets=held.document.member.sender_sirets,
            recent_change_days=self._settings.recent_change_days,
            readings=self._settings.readings,
        )

    def _hash_accounts(self, invoice: Invoice, context: RuleContext) -> tuple[str, ...]:
        if self._account_key is None:
            return ()
        supplier = context.register.supplier if context.register is not None else None
        return hash_accounts(invoice, supplier, self._account_key)

    def _fit_deposit(self, held: Held) -> Step:
        """The syntax against what the deposit allows; what the reader remarked comes along."""
        expected, document = held.deposit.expected_syntax, held.document
        observations = document.observations
        if expected is not None and document.format.syntax is not expected:
            misfit = Observation(
                code="SYNTAX_INTERFACE", found=document.format.syntax.value.upper(), expected=expected.value.upper()
            )
            observations = (*observations, misfit)
        return self._scales.step(LayerName.INTAKE, INTAKE_RULESET, __version__, observations, held.family)

    def _check_schemas(self, held: Held) -> Step:
        if LayerName.SCHEMA not in self._settings.layers:
            return _skip_schema(NotRunReason.NOT_REQUESTED)
        document, family = held.document, held.family
        decisive, *subsets = document.format.schemas(held.profile, document.root)
        steps = [self._check_schema(document, decisive, family, decides=True)]
        if not subsets:
            return steps[0]
        # A Factur-X states its level: in the reform it is held to it; of the samples of Chorus Pro none is.
        is_bound = document.format.syntax is Syntax.FACTURX and family is Family.AFNOR
        steps += [self._check_schema(document, subset, family, decides=is_bound) for subset in subsets]
        return join(steps)

    def _check_schema(self, document: Document, identifier: str, family: Family, *, decides: bool) -> Step:
        schema = self._schemas.compiled(identifier, str(document.root.tag))
        observations = check_schema(document.root, schema, self._settings.limits, document.size_bytes)
        if not observations:
            return passed(LayerName.SCHEMA, identifier, schema.version)
        findings = self._scales.weigh(
            observations if decides else _advise(observations), family, LayerName.SCHEMA, identifier
        )
        return Step((layer_of(LayerName.SCHEMA, identifier, schema.version, LayerStatus.FAILED),), tuple(findings))

    def _check_attachments(self, held: Held, *, refused: bool) -> Step:
        """What is wrong with a file belongs to the intake layer, what the invoice says of its files to the rules."""
        interface = held.deposit.interface
        context = AttachmentContext(
            family=held.family,
            is_stated=interface is not None or text_of(held.invoice.cadre) != "",
            syntax=held.document.format.syntax,
            profile=held.profile,
            interface=interface,
            limits=self._settings.limits,
        )
        if not attachment.applies(held.invoice, context):
            return NOTHING
        if refused:
            return _SKIP_ATTACHMENTS
        seen = attachment.check_attachments(held.invoice, context)
        ruleset, version = attachment.RULESET, attachment.VERSION
        return join(
            [
                self._scales.check(
                    layer, ruleset, version, [each for each in seen if CODES[each.code].layer is layer], held
                )
                for layer in (LayerName.INTAKE, LayerName.RULES)
            ]
        )

    def _check_identity(self, held: Held, context: RuleContext) -> Step:
        if LayerName.IDENTITY not in self._settings.layers:
            return _skip_identity(NotRunReason.NOT_REQUESTED)
        observations = identity.check_identity(held.invoice, context)
        return self._scales.check(LayerName.IDENTITY, identity.RULESET, identity.VERSION, observations, held)

    def weigh_flow(self, observations: Iterable[Observation], deposit: Deposit) -> Iterator[Finding]:
        """What was seen of a flow as a whole, with its weight."""
        return self._scales.weigh(observations, family_of(deposit.interface, ""), LayerName.INTAKE, INTAKE_RULESET)

    def refuse(
        self,
        ordinal: int,
        name: str | None,
        observations: Sequence[Observation],
        deposit: Deposit,
        place: UnitPlace | None = None,
    ) -> Judgment:
        """The judgment of bytes that never became a document."""
        member = Member(ordinal=ordinal, name=name, data=b"", deposit=deposit, alone=True, place=place)
        return self._refuse(member, observations)

    def _refuse(self, member: Member, observations: Sequence[Observation]) -> Judgment:
        family = family_of(member.deposit.interface, "")
        intake = self._scales.step(LayerName.INTAKE, INTAKE_RULESET, __version__, observations, family)
        steps = (intake, _skip_schema(), *self._rules.skip(), _skip_identity(), *self._register.skip())
        return self._conclude(member, steps, family, unit=member.unit)

    def _conclude(
        self,
        member: Member,
        steps: Iterable[Step],
        family: Family,
        *,
        unit: int = 0,
        syntax: SyntaxFormat | None = None,
        profile: str | None = None,
        summary: InvoiceSummary | None = None,
    ) -> Judgment:
        layers = share(tuple(layer for step in steps for layer in step.layers))
        findings = tuple(finding for step in steps for finding in step.findings)
        interface = member.deposit.interface
        return Judgment(
            ordinal=member.ordinal,
            unit=unit,
            member=member.name,
            sha256=hashlib.sha256(content := member.content).hexdigest(),
            size_bytes=len(content),
            syntax=syntax.syntax if syntax else None,
            profile=profile,
            interface=interface.code if interface else None,
            family=family,
            summary=summary,
            verdict=verdict_of(findings, layers, self._required),
            layers=layers,
            findings=findings,
        )


def _advise(observations: Iterable[Observation]) -> Iterator[Observation]:
    """The same faults as remarks: the schema of a profile advises, the standard's own decides."""
    for seen in observations:
        yield Observation(
            code="FACTURX_SUBSET",
            term=seen.term,
            found=seen.found,
            expected=seen.expected,
            detail=seen.detail,
            line=seen.line,
            xpath=seen.xpath,
            facts=seen.facts,
        )


def _warn_of_actions(pdf: bytes) -> Iterator[Observation]:
    action = find_action(pdf)
    if action is not None:
        yield Observation(code="PDF_ACTIVE", found=action, facts=why(action))


def _tell_apart(judgment: Judgment, holder: etree._Element) -> Judgment:
    """The judgment of one of many invoices, by its own content: that of its children, not of its number."""
    content = b"".join(etree.tostring(child, encoding="UTF-8", with_tail=False) for child in holder)
    return replace(judgment, sha256=hashlib.sha256(content).hexdigest(), size_bytes=len(content))


def _skip_schema(reason: NotRunReason = NotRunReason.EARLIER_LAYER_FAILED) -> Step:
    return not_run(LayerName.SCHEMA, reason)


def _skip_identity(reason: NotRunReason = NotRunReason.EARLIER_LAYER_FAILED) -> Step:
    return not_run(LayerName.IDENTITY, reason, identity.RULESET, identity.VERSION)


_SKIP_ATTACHMENTS = not_run(LayerName.INTAKE, NotRunReason.EARLIER_LAYER_FAILED, attachment.RULESET, attachment.VERSION)
_NO_INVOICE = Observation(
    code="FLOW_EMPTY",
    facts=(("reason_fr", "le document ne contient aucune facture"), ("reason_en", "the document holds no invoice")),
)
