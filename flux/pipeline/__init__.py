"""The treatment of one member of a flow, from bytes to judgments: the ordered steps and nothing else, no I/O.

    open the PDF -> read the bytes -> recognise the syntax -> read the invoices -> fit the deposit -> check the schemas
    -> check the attachments -> consult the register -> check identities -> check against the register -> verdict

A step that cannot run, because an earlier one refused or because this version has it not, is said so in the judgment.
"""

from flux.pipeline.judge import Judge
from flux.pipeline.settings import JudgeSettings
from flux.pipeline.subject import Member
from flux.pipeline.unjudged import leave_unjudged

__all__ = ["Judge", "JudgeSettings", "Member", "leave_unjudged"]
