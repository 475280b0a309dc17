"""Programming languages as tables: which nodes of a syntax tree are what.

A further language is one more `Language`, here or in a script of the user's; no code reads it
differently. Node types are those of the language's tree-sitter grammar (its `node-types.json`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from tree_sitter import Language as Grammar

__all__ = ["LANGUAGES", "Language"]


@dataclass(frozen=True)
class Language:
    """How a language's definitions, calls and comments are recognised.

    Attributes:
        name: part of the IRIs of what is defined in it.
        grammars: suffix of its files -> name of the grammar in tree-sitter-language-pack, or a
            grammar as an object.
        classes: node types of what holds methods: classes, structs, interfaces, traits.
        functions: node types of functions and methods.
        calls: node types of calls.
        bindings: node types that name a function by assigning it -> fields of name and value.
        extensions: node types whose functions belong to a class defined elsewhere -> field of the
            class (Rust's `impl`).
        receiver: field of a method that says which class it belongs to (Go).
        parameters: node types of lists of parameters, where no field says so.
        bases: fields and node types under a class that say what it extends; a node with a name of
            its own is a member, and says nothing.
        raises: node types that throw.
        imports: node types that import.
        package: node types that declare the package of a file, the name of its module.
        inline_modules: node types of named scopes that are neither class nor file; what one named
            `tests` holds is passed over.
        decorators: node types of annotations.
        comments: node types of comments.
        documentation: how a comment starts that documents the definition below it.
        module_documentation: how a comment starts that documents the file.
        receivers: what methods call the object they belong to, and its bases.
        hidden: modifiers of what is not for others.
        module: a module is a `file` or all files of a `folder`.
        own_files: names of files, less suffix, that stand for their folder.
        manifest: file at the root and the keyword in it, before what others import it as (Go); the
            last part of that names the root.
    """

    name: str
    grammars: Mapping[str, str | Grammar]
    classes: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()
    bindings: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    extensions: Mapping[str, str] = field(default_factory=dict)
    receiver: str = ""
    parameters: frozenset[str] = frozenset()
    bases: tuple[str, ...] = ()
    raises: frozenset[str] = frozenset()
    imports: frozenset[str] = frozenset()
    package: frozenset[str] = frozenset()
    inline_modules: frozenset[str] = frozenset()
    decorators: frozenset[str] = frozenset()
    comments: frozenset[str] = frozenset({"comment", "line_comment", "block_comment"})
    documentation: tuple[str, ...] = ("/**",)
    module_documentation: tuple[str, ...] = ("/**",)
    receivers: frozenset[str] = frozenset({"this", "super"})
    hidden: frozenset[str] = frozenset({"private"})
    module: Literal["file", "folder"] = "file"
    own_files: frozenset[str] = frozenset()
    manifest: tuple[str, str] = ("", "")


def _types(words: str) -> frozenset[str]:
    return frozenset(words.split())


_JAVA = Language(
    name="java",
    grammars={".java": "java"},
    classes=_types(
        "class_declaration interface_declaration enum_declaration record_declaration "
        "annotation_type_declaration"
    ),
    functions=_types("method_declaration constructor_declaration compact_constructor_declaration"),
    calls=_types("method_invocation object_creation_expression"),
    bases=("superclass", "interfaces", "extends_interfaces"),
    raises=_types("throw_statement throws"),
    imports=_types("import_declaration"),
    package=_types("package_declaration"),
    decorators=_types("marker_annotation annotation"),
)

_RUST = Language(
    name="rust",
    grammars={".rs": "rust"},
    classes=_types("struct_item enum_item union_item trait_item"),
    functions=_types("function_item function_signature_item"),
    calls=_types("call_expression"),
    extensions={"impl_item": "type"},
    bases=("trait", "bounds"),
    imports=_types("use_declaration"),
    inline_modules=_types("mod_item"),
    decorators=_types("attribute_item"),
    documentation=("///", "/**"),
    module_documentation=("//!", "/*!"),
    receivers=_types("self Self super"),
    own_files=_types("mod lib main"),
)

_SCRIPT = Language(
    name="javascript",
    grammars={
        ".js": "javascript",
        ".jsx": "javascript",
        ".mjs": "javascript",
        ".cjs": "javascript",
    },
    classes=_types(
        "class_declaration class abstract_class_declaration interface_declaration enum_declaration"
    ),
    functions=_types(
        "function_declaration generator_function_declaration method_definition arrow_function "
        "function_expression generator_function function_signature method_signature "
        "abstract_method_signature"
    ),
    calls=_types("call_expression new_expression"),
    bindings={
        "variable_declarator": ("name", "value"),
        "assignment_expression": ("left", "right"),
        "pair": ("key", "value"),
        "field_definition": ("property", "value"),
        "public_field_definition": ("name", "value"),
    },
    bases=("class_heritage", "extends_type_clause"),
    raises=_types("throw_statement"),
    imports=_types("import_statement lexical_declaration variable_declaration"),
    decorators=_types("decorator"),
    own_files=_types("index"),
)

_TYPESCRIPT = Language(
    **{
        **vars(_SCRIPT),
        "name": "typescript",
        "grammars": {
            ".ts": "typescript",
            ".mts": "typescript",
            ".cts": "typescript",
            ".tsx": "tsx",
        },
    }
)

_GO = Language(
    name="go",
    grammars={".go": "go"},
    classes=_types("type_spec"),
    functions=_types("function_declaration method_declaration"),
    calls=_types("call_expression"),
    receiver="receiver",
    bases=("type_elem", "field_declaration"),
    imports=_types("import_spec"),
    package=_types("package_clause"),
    documentation=("//", "/*"),
    module_documentation=("//", "/*"),
    receivers=frozenset(),
    module="folder",
    manifest=("go.mod", "module"),
)

_C = Language(
    name="c",
    grammars={".c": "c", ".h": "c"},
    classes=_types("struct_specifier union_specifier enum_specifier"),
    functions=_types("function_definition"),
    calls=_types("call_expression"),
    imports=_types("preproc_include"),
    documentation=("/*", "//"),
    module_documentation=("/*", "//"),
    receivers=frozenset(),
    hidden=frozenset(),
)

_CPP = Language(
    name="cpp",
    grammars=dict.fromkeys((".cpp", ".cc", ".cxx", ".hpp", ".hh", ".hxx"), "cpp"),
    classes=_types("class_specifier struct_specifier union_specifier enum_specifier"),
    functions=_types("function_definition"),
    calls=_types("call_expression new_expression"),
    bases=("base_class_clause",),
    raises=_types("throw_statement"),
    imports=_types("preproc_include"),
    documentation=("/*", "//"),
    module_documentation=("/*", "//"),
    receivers=_types("this"),
)

_CSHARP = Language(
    name="csharp",
    grammars={".cs": "csharp"},
    classes=_types(
        "class_declaration interface_declaration struct_declaration record_declaration "
        "enum_declaration"
    ),
    functions=_types("method_declaration constructor_declaration local_function_statement"),
    calls=_types("invocation_expression object_creation_expression"),
    bases=("base_list",),
    raises=_types("throw_statement throw_expression"),
    imports=_types("using_directive"),
    package=_types("namespace_declaration file_scoped_namespace_declaration"),
    decorators=_types("attribute"),
    documentation=("///", "/**"),
    module_documentation=("///", "/**"),
    receivers=_types("this base"),
)

_RUBY = Language(
    name="ruby",
    grammars={".rb": "ruby"},
    classes=_types("class module"),
    functions=_types("method singleton_method"),
    calls=_types("call"),
    bases=("superclass",),
    imports=frozenset(),
    documentation=("#",),
    module_documentation=("#",),
    receivers=_types("self super"),
)

_PHP = Language(
    name="php",
    grammars={".php": "php"},
    classes=_types("class_declaration interface_declaration trait_declaration enum_declaration"),
    functions=_types("function_definition method_declaration"),
    calls=_types(
        "function_call_expression member_call_expression scoped_call_expression "
        "object_creation_expression nullsafe_member_call_expression"
    ),
    bases=("base_clause", "class_interface_clause"),
    raises=_types("throw_expression throw_statement"),
    imports=_types("namespace_use_declaration"),
    package=_types("namespace_definition"),
    decorators=_types("attribute"),
    receivers=_types("$this this self parent static"),
)

_KOTLIN = Language(
    name="kotlin",
    grammars={".kt": "kotlin"},
    classes=_types("class_declaration object_declaration"),
    functions=_types("function_declaration"),
    calls=_types("call_expression"),
    parameters=_types("function_value_parameters"),
    bases=("delegation_specifier",),
    raises=_types("throw_expression jump_expression"),
    imports=_types("import_header import"),
    package=_types("package_header"),
    decorators=_types("annotation"),
    comments=_types("comment line_comment block_comment multiline_comment"),
)

_SCALA = Language(
    name="scala",
    grammars={".scala": "scala"},
    classes=_types("class_definition object_definition trait_definition enum_definition"),
    functions=_types("function_definition function_declaration"),
    calls=_types("call_expression instance_expression"),
    bases=("extends_clause",),
    raises=_types("throw_expression"),
    imports=_types("import_declaration"),
    package=_types("package_clause"),
    decorators=_types("annotation"),
)

_LUA = Language(
    name="lua",
    grammars={".lua": "lua"},
    functions=_types("function_declaration"),
    calls=_types("function_call"),
    imports=_types("variable_declaration"),
    documentation=("--",),
    module_documentation=("--",),
    receivers=_types("self"),
)

#: Languages by name; Python is read by its own parser.
LANGUAGES: Mapping[str, Language] = {
    language.name: language
    for language in (
        *(_JAVA, _RUST, _SCRIPT, _TYPESCRIPT, _GO, _C),
        *(_CPP, _CSHARP, _RUBY, _PHP, _KOTLIN, _SCALA, _LUA),
    )
}
