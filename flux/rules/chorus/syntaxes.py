"""The syntaxes of Chorus Pro's own deposits."""

from flux.model.interface import Syntax

ALL = frozenset(Syntax)
