"""The treatment of one member of a flow, from bytes to judgments: the ordered steps and nothing else, no I/O.

    open the PDF -> read the bytes -> recognise the syntax -> read the invoices -> fit the deposit -> check the schemas
    -> check the attachments -> consult the register -> check identities -> check against the register -> verdict

A step that cannot run, because an earlier one refused or because this version has it not, is said so in the judgment.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import NamedTuple, Protocol

from lxml import etree

from flux import __version__
from flux.consultation import Consultation, consult
from flux.formats.facturx import EmbeddedInvoice, extract_invoice, is_pdf
from flux.formats.profile import profile_of
from flux.formats.reader import TreeReader
from flux.formats.recognition import recognise, recognise_embedded
from flux.formats.schema import CompiledSchema, check_schema
from flux.formats.syntax import SyntaxFormat
from flux.formats.unit import restore_positions
from flux.model.codes import CODES, severity_of
from flux.model.finding import Finding, LayerName, Observation, Severity
from flux.model.interface import Deposit, Family, Syntax, family_of
from flux.model.invoice import Invoice
from flux.model.limits import Limits
from flux.model.not_treated import refuse_interface
from flux.model.partner import Environment
from flux.model.ports import Register
from flux.model.register import RegisterSource, SourceState
from flux.model.term import text_of
from flux.model.unit import UnitPlace
from flux.model.verdict import InvoiceSummary, Judgment, Layer, LayerStatus, NotRunReason, Verdict, verdict_of
from flux.rules import attachment, identity, register_sender
from flux.rules.attachment import AttachmentContext
from flux.rules.context import RECENT_CHANGE_DAYS, RuleContext
from flux.rules.register import SUBJECTS, SUPPLIER_TERMS, check_source
from flux.rules.register_account import hash_accounts
from flux.rules.summary import summarise

INTAKE_RULESET = "intake"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeSettings:
    """What may differ from one installation to the next. `layers` are asked for, and therefore required.

    `recent_change_days` is how long an account that replaces another is new.
    """

    limits: Limits = field(default_factory=Limits)
    environment: Environment = Environment.PRODUCTION
    layers: frozenset[LayerName] = frozenset({LayerName.SCHEMA, LayerName.IDENTITY})
    severities: Mapping[str, Severity] = field(default_factory=dict)
    recent_change_days: int = RECENT_CHANGE_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A document of a flow. `alone` is true where the flow holds no other, `name` None where it has no name of its own.

    `sender_sirets` are the suppliers for whom the sender may deposit; empty for any. `place` is given for a document of one
    invoice that was cut from a document of many.
    """

    ordinal: int
    name: str | None
    data: bytes
    deposit: Deposit
    alone: bool
    sender_sirets: frozenset[str] = frozenset()
    place: UnitPlace | None = None

    @property
    def unit(self) -> int:
        """The number of the cut document's invoice in the whole one."""
        return self.place.unit if self.place is not None else 0

    @property
    def content(self) -> bytes | memoryview:
        """The bytes that make two invoices the same."""
        return self.data if self.place is None else memoryview(self.data)[slice(*self.place.content)]


class SchemaSource(Protocol):
    """Where compiled schemas come from."""

    def compiled(self, identifier: str, root: str) -> CompiledSchema:
        """The schema that judges a document with that root element, compiled once."""
        ...


class _Step(NamedTuple):
    """What one step of the treatment says: the layers it stands for, and what it found."""

    layers: tuple[Layer, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def refuses(self) -> bool:
        return any(finding.is_fatal for finding in self.findings)


def _join(steps: Sequence[_Step]) -> _Step:
    return _Step(
        tuple(layer for step in steps for layer in step.layers),
        tuple(finding for step in steps for finding in step.findings),
    )


# The step of a rule set that does not apply.
_NOTHING = _Step(())


class _Document(NamedTuple):
    """A member that could be read. `size_bytes` is that of its XML."""

    member: Member
    root: etree._Element
    size_bytes: int
    observations: tuple[Observation, ...]
    format: SyntaxFormat


class _Held(NamedTuple):
    """An invoice of a document: its number there, the element that holds it, who judges it, and the profile that it declares."""

    document: _Document
    unit: int
    holder: etree._Element
    invoice: Invoice
    family: Family
    profile: str | None

    @property
    def deposit(self) -> Deposit:
        return self.document.member.deposit


class Judge:
    """Judges members of flows. Holds one parser and its compiled schemas, so one thread at a time may use it.

    `register` is None where the installation has none. With `account_key` the accounts to be paid on are remembered, hashed.
    """

    def __init__(
        self,
        *,
        settings: JudgeSettings,
        reader: TreeReader,
        schemas: SchemaSource,
        register: Register | None = None,
        account_key: bytes | None = None,
    ) -> None:
        self._settings = settings
        self._reader = reader
        self._schemas = schemas
        self._register = register
        self._account_key = account_key

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
        document = _Document(member, reading.root, len(opened.data), reading.observations, recognised.format)
        return self._judge_document(document, today)

    def _judge_document(self, document: _Document, today: date) -> tuple[Judgment, ...]:
        holders = document.format.holders(document.root)
        if not holders:
            return (self._refuse(document.member, (*document.observations, _NO_INVOICE)),)
        if len(holders) > 1:
            return self._judge_many(document, holders, today)
        judgment = self._judge_invoice(self._hold(document, document.member.unit, holders[0]), today)
        place = document.member.place
        return (judgment if place is None else restore_positions(judgment, place, holders[0]),)

    def _judge_many(self, document: _Document, holders: Sequence[etree._Element], today: date) -> tuple[Judgment, ...]:
        """A document of many invoices as a whole: where its schema refuses it, it is refused once."""
        first = self._judge_invoice(self._hold(document, 0, holders[0]), today)
        if first.is_irrecevable:
            return (replace(first, summary=None),)
        schema = _Step(tuple(layer for layer in first.layers if layer.name is LayerName.SCHEMA))
        held = (self._hold(document, unit, holder) for unit, holder in enumerate(holders[1:], start=1))
        judged = (self._judge_invoice(each, today, schema) for each in held)
        return tuple(_tell_apart(each, holder) for each, holder in zip((first, *judged), holders, strict=True))

    def _hold(self, document: _Document, unit: int, holder: etree._Element) -> _Held:
        invoice, deposit = document.format.read_one(holder, document.root), document.member.deposit
        cadre = text_of(invoice.cadre)
        family = document.format.family or family_of(deposit.interface, cadre)
        profile = deposit.profile or profile_of(text_of(invoice.profile), cadre)
        return _Held(document, unit, holder, invoice, family, profile)

    def _judge_invoice(self, held: _Held, today: date, schema_step: _Step | None = None) -> Judgment:
        """`schema_step` is what the schema said of the document already."""
        intake = self._fit_deposit(held)
        schema = _skip_schema() if intake.refuses else schema_step or self._check_schemas(held)
        rules = _NO_RULES
        refused = intake.refuses or schema.refuses
        attachments = self._check_attachments(held, refused=refused)
        consulted = None if refused or self._register is None else consult(self._register, held.invoice, today)
        context = self._context(held, today, consulted)
        identities = _skip_identity() if refused else self._check_identity(held, context)
        register = self._skip_register() if refused else self._check_register(held, context, consulted, identities)
        return self._conclude(
            held.document.member,
            (intake, schema, attachments, rules, identities, *register),
            held.family,
            unit=held.unit,
            syntax=held.document.format,
            profile=held.profile,
            summary=summarise(held.invoice, self._hash_accounts(held.invoice, context)),
        )

    def _context(self, held: _Held, today: date, consulted: Consultation | None) -> RuleContext:
        return RuleContext(
            family=held.family,
            environment=self._settings.environment,
            today=today,
            syntax=held.document.format.syntax,
            register=consulted.view if consulted is not None else None,
            sender_sirets=held.document.member.sender_sirets,
            recent_change_days=self._settings.recent_change_days,
        )

    def _hash_accounts(self, invoice: Invoice, context: RuleContext) -> tuple[str, ...]:
        if self._account_key is None:
            return ()
        supplier = context.register.supplier if context.register is not None else None
        return hash_accounts(invoice, supplier, self._account_key)

    def _fit_deposit(self, held: _Held) -> _Step:
        """The syntax against what the deposit allows; what the reader remarked comes along."""
        expected, document = held.deposit.expected_syntax, held.document
        observations = document.observations
        if expected is not None and document.format.syntax is not expected:
            misfit = Observation(
                code="SYNTAX_INTERFACE", found=document.format.syntax.value.upper(), expected=expected.value.upper()
            )
            observations = (*observations, misfit)
        return self._step(LayerName.INTAKE, INTAKE_RULESET, __version__, observations, held.family)

    def _check_schemas(self, held: _Held) -> _Step:
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
        return _join(steps)

    def _check_schema(self, document: _Document, identifier: str, family: Family, *, decides: bool) -> _Step:
        schema = self._schemas.compiled(identifier, str(document.root.tag))
        observations = check_schema(document.root, schema, self._settings.limits, document.size_bytes)
        if not observations:
            return _passed(LayerName.SCHEMA, identifier, schema.version)
        findings = self._weigh(observations if decides else _advise(observations), family, LayerName.SCHEMA, identifier)
        return _Step((_layer(LayerName.SCHEMA, identifier, schema.version, LayerStatus.FAILED),), tuple(findings))

    def _check_attachments(self, held: _Held, *, refused: bool) -> _Step:
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
            return _NOTHING
        if refused:
            return _SKIP_ATTACHMENTS
        seen = attachment.check_attachments(held.invoice, context)
        ruleset, version = attachment.RULESET, attachment.VERSION
        return _join(
            [
                self._check(layer, ruleset, version, [each for each in seen if CODES[each.code].layer is layer], held)
                for layer in (LayerName.INTAKE, LayerName.RULES)
            ]
        )

    def _check_identity(self, held: _Held, context: RuleContext) -> _Step:
        if LayerName.IDENTITY not in self._settings.layers:
            return _skip_identity(NotRunReason.NOT_REQUESTED)
        observations = identity.check_identity(held.invoice, context)
        return self._check(LayerName.IDENTITY, identity.RULESET, identity.VERSION, observations, held)

    def _check_register(
        self, held: _Held, context: RuleContext, consulted: Consultation | None, identities: _Step
    ) -> Iterator[_Step]:
        """Who may send for whom, then what each source says; of whom identity or that refused nothing more is asked."""
        refused = frozenset(finding.term for finding in identities.findings if finding.is_fatal and finding.term)
        if context.sender_sirets:
            sender = self._check_sender(held, context)
            refused |= SUPPLIER_TERMS if sender.refuses else frozenset()
            yield sender
        if consulted is None:
            yield _NO_REGISTER
        elif context.register is None:
            yield self._tell_failure(consulted.failure, context.family)
        elif not context.register.sources:  # nothing was ever imported
            yield _NO_REGISTER
        else:
            for source in RegisterSource:
                state = context.register.source(source)
                if state is None:
                    yield _not_run(LayerName.REGISTER, NotRunReason.REGISTER_ABSENT, source.value)
                elif state.is_stale:
                    yield _not_run(LayerName.REGISTER, NotRunReason.REGISTER_STALE, source.value, state.version)
                elif refused & SUBJECTS[source]:
                    yield _not_run(LayerName.REGISTER, NotRunReason.EARLIER_LAYER_FAILED, source.value, state.version)
                else:
                    yield self._check_source(state, held, context)

    def _check_sender(self, held: _Held, context: RuleContext) -> _Step:
        observations = tuple(register_sender.check(held.invoice, context))
        return self._check(LayerName.REGISTER, register_sender.RULESET, register_sender.VERSION, observations, held)

    def _check_source(self, state: SourceState, held: _Held, context: RuleContext) -> _Step:
        observations = check_source(state.source, held.invoice, context)
        return self._check(LayerName.REGISTER, state.source.value, state.version, observations, held)

    def _tell_failure(self, failure: str, family: Family) -> _Step:
        """A register that cannot be read is told to operators: it says nothing of the invoice."""
        observations = (Observation(code="ENGINE_FAILED", detail=failure),)
        findings = tuple(self._weigh(observations, family, LayerName.REGISTER, ""))
        return _Step(_not_run(LayerName.REGISTER, NotRunReason.ENGINE_FAILED).layers, findings)

    def _skip_register(self) -> tuple[_Step, ...]:
        if self._register is None:
            return (_NO_REGISTER,)
        return (_not_run(LayerName.REGISTER, NotRunReason.EARLIER_LAYER_FAILED),)

    def weigh_flow(self, observations: Iterable[Observation], deposit: Deposit) -> Iterator[Finding]:
        """What was seen of a flow as a whole, with its weight."""
        return self._weigh(observations, family_of(deposit.interface, ""), LayerName.INTAKE, INTAKE_RULESET)

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
        intake = self._step(LayerName.INTAKE, INTAKE_RULESET, __version__, observations, family)
        steps = (intake, _skip_schema(), _NO_RULES, _skip_identity(), *self._skip_register())
        return self._conclude(member, steps, family, unit=member.unit)

    def _check(
        self, name: LayerName, ruleset: str, version: str, observations: Sequence[Observation], held: _Held
    ) -> _Step:
        """The step of a check of the model, each observation with its place in the document."""
        if not observations:
            return _passed(name, ruleset, version)
        placed = tuple(_placed(seen, held) for seen in observations)
        return self._step(name, ruleset, version, placed, held.family)

    def _step(
        self,
        name: LayerName,
        ruleset: str,
        version: str,
        observations: Sequence[Observation],
        family: Family,
    ) -> _Step:
        if not observations:
            return _passed(name, ruleset, version)
        findings = tuple(self._weigh(observations, family, name, ruleset))
        status = LayerStatus.FAILED if any(finding.is_fatal for finding in findings) else LayerStatus.PASSED
        return _Step((_layer(name, ruleset, version, status),), findings)

    def _weigh(
        self,
        observations: Iterable[Observation],
        family: Family,
        layer: LayerName,
        ruleset: str,
    ) -> Iterator[Finding]:
        """Give each observation its weight and its audience; what is switched off is dropped."""
        for seen in observations:
            severity = severity_of(seen.code, family, self._settings.environment, self._settings.severities)
            if severity is Severity.OFF:
                continue
            yield Finding(
                code=seen.code,
                severity=severity,
                layer=layer,
                ruleset=ruleset,
                audience=CODES[seen.code].audience,
                term=seen.term,
                found=seen.found,
                expected=seen.expected,
                detail=seen.detail,
                line=seen.line,
                xpath=seen.xpath,
                facts=seen.facts,
            )

    def _conclude(
        self,
        member: Member,
        steps: Iterable[_Step],
        family: Family,
        *,
        unit: int = 0,
        syntax: SyntaxFormat | None = None,
        profile: str | None = None,
        summary: InvoiceSummary | None = None,
    ) -> Judgment:
        layers = _share(tuple(layer for step in steps for layer in step.layers))
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
            verdict=verdict_of(findings, layers, self._settings.layers),
            layers=layers,
            findings=findings,
        )


def leave_unjudged(ordinal: int, name: str | None, deposit: Deposit, *, cause: str, unit: int = 0) -> Judgment:
    """The judgment of a member over which our own engine failed: no verdict on the invoice."""
    row = CODES["ENGINE_FAILED"]
    failure = Finding(
        code=row.code,
        severity=row.legacy,
        layer=row.layer,
        ruleset=INTAKE_RULESET,
        audience=row.audience,
        detail=cause,
    )
    skipped = (LayerName.SCHEMA, LayerName.RULES, LayerName.IDENTITY, LayerName.REGISTER)
    return Judgment(
        ordinal=ordinal,
        unit=unit,
        member=name,
        sha256="",
        size_bytes=0,
        syntax=None,
        profile=None,
        interface=deposit.interface.code if deposit.interface else None,
        family=family_of(deposit.interface, ""),
        summary=None,
        verdict=Verdict.NOT_JUDGED,
        layers=tuple(_layer(each, "", "", LayerStatus.NOT_RUN, NotRunReason.ENGINE_FAILED) for each in skipped),
        findings=(failure,),
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


def _placed(seen: Observation, held: _Held) -> Observation:
    """The observation with its line and XPath: as it says itself, else where the syntax keeps its place."""
    if not seen.place:
        return seen
    position = held.document.format.locate(held.holder, seen.place)
    return replace(seen, line=position.line, xpath=position.xpath)


def _tell_apart(judgment: Judgment, holder: etree._Element) -> Judgment:
    """The judgment of one of many invoices, by its own content: that of its children, not of its number."""
    content = b"".join(etree.tostring(child, encoding="UTF-8", with_tail=False) for child in holder)
    return replace(judgment, sha256=hashlib.sha256(content).hexdigest(), size_bytes=len(content))


@cache
def _layer(
    name: LayerName, ruleset: str, version: str, status: LayerStatus, reason: NotRunReason | None = None
) -> Layer:
    """A layer; one value serves every invoice that it is true of."""
    return Layer(name=name, ruleset=ruleset, version=version, status=status, reason=reason)


@cache
def _share(layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """One value for all the invoices that met the same layers: what is shared is written and sent once."""
    return layers


@cache
def _passed(name: LayerName, ruleset: str, version: str) -> _Step:
    """The step of a layer that found nothing."""
    return _Step((_layer(name, ruleset, version, LayerStatus.PASSED),))


def _not_run(name: LayerName, reason: NotRunReason, ruleset: str = "", version: str = "") -> _Step:
    return _Step((_layer(name, ruleset, version, LayerStatus.NOT_RUN, reason),))


def _skip_schema(reason: NotRunReason = NotRunReason.EARLIER_LAYER_FAILED) -> _Step:
    return _not_run(LayerName.SCHEMA, reason)


def _skip_identity(reason: NotRunReason = NotRunReason.EARLIER_LAYER_FAILED) -> _Step:
    return _not_run(LayerName.IDENTITY, reason, identity.RULESET, identity.VERSION)


_SKIP_ATTACHMENTS = _not_run(
    LayerName.INTAKE, NotRunReason.EARLIER_LAYER_FAILED, attachment.RULESET, attachment.VERSION
)
_NO_INVOICE = Observation(
    code="FLOW_EMPTY",
    facts=(("reason_fr", "le document ne contient aucune facture"), ("reason_en", "the document holds no invoice")),
)
_NO_RULES = _not_run(LayerName.RULES, NotRunReason.NOT_AVAILABLE)
_NO_REGISTER = _not_run(LayerName.REGISTER, NotRunReason.REGISTER_ABSENT)
