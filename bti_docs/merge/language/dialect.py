"""The tag language: Jinja2 made small. Values, listed filters, `if` and `for`; nothing that runs.

An allow-list of syntax, not a list of dangers: templates come from many hands, and Jinja2's
sandbox alone still lets a template call methods of the data it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, cast

from jinja2 import TemplateSyntaxError, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bti_docs.errors import MergeError
from bti_docs.merge.language.filters import Filter, filters
from bti_docs.merge.language.values import Missing, Record, print_value

_PRINT: Final = "_print"
_EACH: Final = "_each"
LOOP: Final = frozenset({"index", "index0", "first", "last", "length", "revindex", "revindex0"})
"""What a template may ask of `loop`."""
_ALLOWED: Final = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Const,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.CondExpr,
    nodes.Filter,
    nodes.If,
    nodes.For,
)
_CONSTANTS: Final = (str, int, float)


class Environment(ImmutableSandboxedEnvironment):
    """Jinja2 with our filters, no globals, no tests, and access to the data's own keys only."""

    def __init__(self, language: str) -> None:
        super().__init__(autoescape=True, undefined=Missing, keep_trailing_newline=True)
        self.globals = {}
        self.tests = {}
        own = {name: _naming(function) for name, function in filters(language).items()}
        self.filters = {**own, "length": _length, _PRINT: print_value, _EACH: _each}

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401  (Jinja2's signature)
        """A record's value, or one of `loop`'s listed ones; never a Python attribute."""
        if isinstance(obj, LoopContext) and attribute in LOOP:
            return getattr(obj, attribute)
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: str | Any) -> Any:  # noqa: ANN401  (Jinja2's signature)
        """A record's value or a list's item."""
        if isinstance(obj, Missing):
            obj._fail_with_undefined_error()  # noqa: SLF001  (Jinja2's name for it)
        if isinstance(obj, Record) and argument in obj:
            return obj[argument]
        if isinstance(obj, list) and isinstance(argument, int) and -len(obj) <= argument < len(obj):
            return obj[argument]
        return self.undefined(obj=obj, name=str(argument))

    def author_filters(self) -> frozenset[str]:
        """The filters that a template may name."""
        return frozenset(self.filters) - {_PRINT, _EACH}

    def refusals(self, tree: nodes.Template) -> Iterator[tuple[str, dict[str, str]]]:
        """What in *tree* is outside the language: problem codes with their parameters."""
        for node in _all(tree):
            yield from self._refusals_of(node)

    def compile_part(self, tree: nodes.Template) -> Program:
        """A program for a tree without refusals. It may run in many threads at once."""
        for filtered in list(tree.find_all(nodes.Filter)):
            filtered.args = [nodes.Const(path_of(filtered))]
        for loop in tree.find_all(nodes.For):
            loop.iter = _through(_EACH, cast("nodes.Expr", loop.iter))
        for output in tree.find_all(nodes.Output):
            output.nodes = [
                node if isinstance(node, nodes.TemplateData) else _through(_PRINT, node)
                for node in output.nodes
            ]
        return Program(self, tree)

    def _refusals_of(self, node: nodes.Node) -> Iterator[tuple[str, dict[str, str]]]:
        construct = _forbidden(node)
        if construct:
            yield "tpl_forbidden", {"construct": construct}
        if isinstance(node, nodes.Filter) and node.name not in self.author_filters():
            yield "tpl_unknown_filter", {"filter": node.name}


class Program:
    """One compiled part."""

    def __init__(self, environment: Environment, tree: nodes.Template) -> None:
        self._template = environment.template_class.from_code(
            environment,
            cast("Any", environment.compile(tree)),
            environment.make_globals(None),
        )

    def run(self, data: Mapping[str, object]) -> Iterator[str]:
        """The part's text in pieces."""
        context = self._template.new_context(dict(data))
        yield from self._template.root_render_func(context)


def path_of(node: nodes.Node) -> str:
    """The dotted path that an expression reads: `t.frist` of `t.frist|dato`; empty if none."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{path_of(node.node)}.{node.attr}"
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        return f"{path_of(node.node)}[{node.arg.value}]"
    if isinstance(node, nodes.Filter) and node.node is not None:
        return path_of(node.node)
    return ""


def syntax_error(environment: Environment, source: str) -> TemplateSyntaxError | None:
    """What is wrong with a tag, or None."""
    try:
        environment.parse(source)
    except TemplateSyntaxError as error:
        return error
    return None


def _through(name: str, node: nodes.Expr) -> nodes.Expr:
    path: nodes.Expr = nodes.Const(path_of(node))
    call = nodes.Filter(node, name, [path], [], None, None)
    call.set_lineno(node.lineno)
    return call


def _naming(function: Filter) -> Callable[[object, str], str]:
    """*function*, with errors that name the field."""

    def call(value: object, path: str) -> str:
        if isinstance(value, Missing):
            raise MergeError("missing_field", field=value.path)
        try:
            return function(value)
        except MergeError as error:
            raise MergeError(error.code, **{**error.params, "field": path}) from error

    return call


def _length(value: object, path: str) -> int:
    if isinstance(value, Missing):
        raise MergeError("missing_field", field=value.path)
    if isinstance(value, str | list | Record):
        return len(value)
    raise MergeError("not_a_list", field=path)


def _each(value: object, path: str) -> list[object]:
    if isinstance(value, Missing):
        raise MergeError("missing_field", field=value.path)
    if not isinstance(value, list):
        raise MergeError("not_a_list", field=path)
    return value


def _forbidden(node: nodes.Node) -> str:  # noqa: PLR0911  (a table of the language's edges)
    """What a piece of syntax is called, when it is outside the language; else the empty text."""
    match node:
        case nodes.Filter() if node.args or node.kwargs or node.dyn_args or node.dyn_kwargs:
            return "filter argument"
        case nodes.Getattr() | nodes.Name() if _name(node).startswith("_"):
            return "underscore"
        case nodes.Getitem() if not isinstance(node.arg, nodes.Const):
            return "computed key"
        case nodes.Const() if not isinstance(node.value, _CONSTANTS):
            return "constant"
        case nodes.For() if node.recursive or not isinstance(node.target, nodes.Name):
            return "for with several names"
        case _ if not isinstance(node, _ALLOWED):
            return type(node).__name__.lower()
    return ""


def _all(tree: nodes.Template) -> Iterator[nodes.Node]:
    yield tree
    for child in tree.iter_child_nodes():
        yield from _all(cast("nodes.Template", child))


def _name(node: nodes.Getattr | nodes.Name) -> str:
    return node.attr if isinstance(node, nodes.Getattr) else node.name
