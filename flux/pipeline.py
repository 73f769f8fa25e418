"""The treatment of one member of a flow, from bytes to judgments: the ordered steps and nothing else, no I/O.

    open the PDF -> read the bytes -> recognise the syntax -> read the invoices -> fit the deposit -> check the schemas
    -> check the attachments -> consult the register -> check identities -> check against the register -> verdict

A step that cannot run, because an earlier one refused or because this version has it not, is said so in the judgment.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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

    `sender_sirets` are the suppliers for whom the sender may deposit; empty for any.
    """

    ordinal: int
    name: str | None
    data: bytes
    deposit: Deposit
    alone: bool
    sender_sirets: frozenset[str] = frozenset()


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
            return (self._refuse(member, reading.observations),)
        recognised = (recognise_embedded if is_embedded else recognise)(reading.root)
        if recognised.is_signature and not member.alone:
            return ()
        if recognised.format is None:
            return (self._refuse(member, (*reading.observations, *recognised.observations)),)
        document = _Document(member, reading.root, len(opened.data), reading.observations, recognised.format)
        invoices = document.format.read(document.root)
        return tuple(self._judge_invoice(document, unit, invoice, today) for unit, invoice in enumerate(invoices))

    def _judge_invoice(self, document: _Document, unit: int, invoice: Invoice, today: date) -> Judgment:
        deposit = document.member.deposit
        family = family_of(deposit.interface, text_of(invoice.cadre))
        profile = deposit.profile or profile_of(text_of(invoice.profile), text_of(invoice.cadre))
        intake = self._fit_deposit(document, family)
        schema = _skip_schema() if intake.refuses else self._check_schemas(document, profile, family)
        rules = _NO_RULES
        refused = intake.refuses or schema.refuses
        attachments = self._check_attachments(document, invoice, family, profile, refused=refused)
        consulted = None if refused or self._register is None else consult(self._register, invoice, today)
        context = self._context(document, family, today, consulted)
        identities = _skip_identity() if refused else self._check_identity(document, invoice, context)
        register = (
            self._skip_register()
            if refused
            else self._check_register(document, invoice, context, consulted, identities)
        )
        return self._conclude(
            document.member,
            (intake, schema, attachments, rules, identities, *register),
            family,
            unit=unit,
            syntax=document.format,
            profile=profile,
            summary=summarise(invoice, self._hash_accounts(invoice, context)),
        )

    def _context(self, document: _Document, family: Family, today: date, consulted: Consultation | None) -> RuleContext:
        return RuleContext(
            family=family,
            environment=self._settings.environment,
            today=today,
            syntax=document.format.syntax,
            register=consulted.view if consulted is not None else None,
            sender_sirets=document.member.sender_sirets,
            recent_change_days=self._settings.recent_change_days,
        )

    def _hash_accounts(self, invoice: Invoice, context: RuleContext) -> tuple[str, ...]:
        if self._account_key is None:
            return ()
        supplier = context.register.supplier if context.register is not None else None
        return hash_accounts(invoice, supplier, self._account_key)

    def _fit_deposit(self, document: _Document, family: Family) -> _Step:
        """The syntax against what the deposit allows; what the reader remarked comes along."""
        expected = document.member.deposit.expected_syntax
        observations = document.observations
        if expected is not None and document.format.syntax is not expected:
            misfit = Observation(
                code="SYNTAX_INTERFACE", found=document.format.syntax.value.upper(), expected=expected.value.upper()
            )
            observations = (*observations, misfit)
        return self._step(LayerName.INTAKE, INTAKE_RULESET, __version__, observations, family)

    def _check_schemas(self, document: _Document, profile: str | None, family: Family) -> _Step:
        if LayerName.SCHEMA not in self._settings.layers:
            return _skip_schema(NotRunReason.NOT_REQUESTED)
        decisive, *subsets = document.format.schemas(profile)
        steps = [self._check_schema(document, decisive, family, decides=True)]
        if not subsets:
            return steps[0]
        # A Factur-X states its level: in the reform it is held to it; of the samples of Chorus Pro none is.
        is_held = document.format.syntax is Syntax.FACTURX and family is Family.AFNOR
        steps += [self._check_schema(document, subset, family, decides=is_held) for subset in subsets]
        return _join(steps)

    def _check_schema(self, document: _Document, identifier: str, family: Family, *, decides: bool) -> _Step:
        schema = self._schemas.compiled(identifier, str(document.root.tag))
        observations = check_schema(document.root, schema, self._settings.limits, document.size_bytes)
        if not observations:
            return _passed(LayerName.SCHEMA, identifier, schema.version)
        findings = self._weigh(observations if decides else _advise(observations), family, LayerName.SCHEMA, identifier)
        return _Step((_layer(LayerName.SCHEMA, identifier, schema.version, LayerStatus.FAILED),), tuple(findings))

    def _check_attachments(
        self, document: _Document, invoice: Invoice, family: Family, profile: str | None, *, refused: bool
    ) -> _Step:
        """What is wrong with a file belongs to the intake layer, what the invoice says of its files to the rules."""
        interface = document.member.deposit.interface
        context = AttachmentContext(
            family=family,
            is_stated=interface is not None or text_of(invoice.cadre) != "",
            syntax=document.format.syntax,
            profile=profile,
            interface=interface,
            limits=self._settings.limits,
        )
        if not attachment.applies(invoice, context):
            return _NOTHING
        if refused:
            return _SKIP_ATTACHMENTS
        seen = attachment.check_attachments(invoice, context)
        steps = [
            self._step(
                layer,
                attachment.RULESET,
                attachment.VERSION,
                [each for each in seen if CODES[each.code].layer is layer],
                family,
                document=document,
            )
            for layer in (LayerName.INTAKE, LayerName.RULES)
        ]
        return _join(steps)

    def _check_identity(self, document: _Document, invoice: Invoice, context: RuleContext) -> _Step:
        if LayerName.IDENTITY not in self._settings.layers:
            return _skip_identity(NotRunReason.NOT_REQUESTED)
        observations = identity.check_identity(invoice, context)
        return self._step(
            LayerName.IDENTITY, identity.RULESET, identity.VERSION, observations, context.family, document=document
        )

    def _check_register(
        self,
        document: _Document,
        invoice: Invoice,
        context: RuleContext,
        consulted: Consultation | None,
        identities: _Step,
    ) -> Iterator[_Step]:
        """Who may send for whom, then what each source says; of whom identity or that refused nothing more is asked."""
        refused = frozenset(finding.term for finding in identities.findings if finding.is_fatal and finding.term)
        if context.sender_sirets:
            sender = self._check_sender(document, invoice, context)
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
                    yield self._check_source(state, document, invoice, context)

    def _check_sender(self, document: _Document, invoice: Invoice, context: RuleContext) -> _Step:
        observations = tuple(register_sender.check(invoice, context))
        ruleset, version = register_sender.RULESET, register_sender.VERSION
        return self._step(LayerName.REGISTER, ruleset, version, observations, context.family, document=document)

    def _check_source(self, state: SourceState, document: _Document, invoice: Invoice, context: RuleContext) -> _Step:
        observations = check_source(state.source, invoice, context)
        ruleset, version = state.source.value, state.version
        return self._step(LayerName.REGISTER, ruleset, version, observations, context.family, document=document)

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

    def refuse(self, ordinal: int, name: str | None, observations: Sequence[Observation], deposit: Deposit) -> Judgment:
        """The judgment of bytes that never became a document."""
        member = Member(ordinal=ordinal, name=name, data=b"", deposit=deposit, alone=True)
        return self._refuse(member, observations)

    def _refuse(self, member: Member, observations: Sequence[Observation]) -> Judgment:
        family = family_of(member.deposit.interface, "")
        intake = self._step(LayerName.INTAKE, INTAKE_RULESET, __version__, observations, family)
        steps = (intake, _skip_schema(), _NO_RULES, _skip_identity(), *self._skip_register())
        return self._conclude(member, steps, family)

    def _step(
        self,
        name: LayerName,
        ruleset: str,
        version: str,
        observations: Sequence[Observation],
        family: Family,
        *,
        document: _Document | None = None,
    ) -> _Step:
        if not observations:
            return _passed(name, ruleset, version)
        findings = tuple(self._weigh(observations, family, name, ruleset, document=document))
        status = LayerStatus.FAILED if any(finding.is_fatal for finding in findings) else LayerStatus.PASSED
        return _Step((_layer(name, ruleset, version, status),), findings)

    def _weigh(
        self,
        observations: Iterable[Observation],
        family: Family,
        layer: LayerName,
        ruleset: str,
        *,
        document: _Document | None = None,
    ) -> Iterator[Finding]:
        """Give each observation its weight, its place in the document and its audience; what is switched off is dropped."""
        for seen in observations:
            severity = severity_of(seen.code, family, self._settings.environment, self._settings.severities)
            if severity is Severity.OFF:
                continue
            line, xpath = _position(seen, document)
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
                line=line,
                xpath=xpath,
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
            sha256=hashlib.sha256(member.data).hexdigest(),
            size_bytes=len(member.data),
            syntax=syntax.syntax if syntax else None,
            profile=profile,
            interface=interface.code if interface else None,
            family=family,
            summary=summary,
            verdict=verdict_of(findings, layers, self._settings.layers),
            layers=layers,
            findings=findings,
        )


def leave_unjudged(ordinal: int, name: str | None, deposit: Deposit, *, cause: str) -> Judgment:
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
        unit=0,
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


def _position(seen: Observation, document: _Document | None) -> tuple[int | None, str | None]:
    """Where an observation stands: as it says itself, else where the syntax keeps its place."""
    if not seen.place or document is None:
        return seen.line, seen.xpath
    position = document.format.locate(document.root, seen.place)
    return position.line, position.xpath


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
_NO_RULES = _not_run(LayerName.RULES, NotRunReason.NOT_AVAILABLE)
_NO_REGISTER = _not_run(LayerName.REGISTER, NotRunReason.REGISTER_ABSENT)
