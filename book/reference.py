"""The reference of ``cs2s`` from its docstrings, read without importing anything."""

import ast
import re
from pathlib import Path

from sphinx.ext.napoleon import Config, GoogleDocstring

__all__ = ["package_page"]

_NAPOLEON = Config(napoleon_google_docstring=True, napoleon_use_ivar=True, napoleon_use_rtype=False)
_CHAPTER = re.compile(r"``notebooks/(\d\d)(_\w+?)(?:\.py)?``")


def _chapters(text: str) -> str:
    return _CHAPTER.sub(r":doc:`chapter \1 </chapters/\1\2>`", text)


def _body(node: ast.Module | ast.ClassDef | ast.FunctionDef, indent: str, what: str = "") -> list[str]:
    docstring = ast.get_docstring(node) or ""
    lines = str(GoogleDocstring(docstring, _NAPOLEON, what=what)).splitlines()
    return [indent + line if line else "" for line in _chapters("\n".join(lines)).splitlines()]


def _signature(node: ast.FunctionDef, method: bool) -> str:
    arguments = ast.unparse(node.args)
    if method:
        arguments = re.sub(r"^(self|cls)(, )?", "", arguments)
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"({arguments}){returns}".replace("\\", "\\\\")


def _decorated(node: ast.FunctionDef | ast.ClassDef, name: str) -> bool:
    return any(name in ast.unparse(decorator) for decorator in node.decorator_list)


def _object(node: ast.stmt, taught: str) -> list[str]:
    """Return the directive of a function, a class or a constant."""
    beside = ["", f"   {taught}"] if taught else []
    if isinstance(node, ast.FunctionDef):
        return [
            f".. py:function:: {node.name}{_signature(node, False)}",
            "",
            *_body(node, "   ", "function"),
            *beside,
            "",
        ]
    if isinstance(node, ast.ClassDef):
        made = next((n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"), None)
        arguments = _signature(made, True).partition(" ->")[0] if made else ""
        lines = [f".. py:class:: {node.name}{arguments}", "", *_body(node, "   ", "class"), *beside, ""]
        for member in node.body:
            if isinstance(member, ast.FunctionDef) and not member.name.startswith("_") and ast.get_docstring(member):
                if _decorated(member, "overload"):
                    continue
                if _decorated(member, "property"):
                    lines += [f"   .. py:property:: {member.name}", ""]
                else:
                    lines += [f"   .. py:method:: {member.name}{_signature(member, True)}", ""]
                lines += [*_body(member, "      ", "method"), ""]
        return lines
    return []


def _module(path: Path, name: str) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    public: list[str] = []
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            public = ast.literal_eval(node.value)
    if not public:
        return []
    docstring = ast.get_docstring(tree) or ""
    found = _CHAPTER.findall(docstring)
    taught = ", ".join(f":doc:`chapter {n} </chapters/{n}{rest}>`" for n, rest in found)
    lines = [name, "-" * len(name), "", f".. py:module:: {name}", "", *_body(tree, ""), ""]
    for number, node in enumerate(tree.body):
        if (
            isinstance(node, ast.FunctionDef | ast.ClassDef)
            and node.name in public
            and not _decorated(node, "overload")
        ):
            own = _CHAPTER.search(ast.get_docstring(node) or "")
            lines += _object(node, "" if own or not taught else f"See {taught}.")
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            after = tree.body[number + 1] if number + 1 < len(tree.body) else None
            told = after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else None
            if isinstance(target, ast.Name) and target.id in public and isinstance(told, str):
                words = _chapters(" ".join(told.split()))
                lines += [f".. py:data:: {target.id}", "", f"   {words}", ""]
    return lines


def package_page(folder: Path) -> str:
    """Return the page, in reStructuredText, of a package of ``cs2s``: its modules' public names."""
    title = f"cs2s.{folder.name}"
    faces = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    lines = [title, "=" * len(title), "", ".. default-role:: py:obj", "", *_chapters(faces).splitlines(), ""]
    for path in sorted(folder.rglob("*.py")):
        if path.name != "__init__.py":
            lines += _module(path, ".".join(["cs2s", *path.relative_to(folder.parent).with_suffix("").parts]))
    return "\n".join(lines) + "\n"
