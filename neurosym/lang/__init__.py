"""The rules language: from the text of `*.rules` files to the author's tree.

`neurosym.lang.parsing.parse` reads sources with the grammars `grammars/rules.lark` and `grammars/feel.lark` and builds
the trees of `neurosym.check.tree`; nothing is looked up and nothing typed there. The language is described in
`grammars/README.md`. Importing this package builds no parser.
"""
