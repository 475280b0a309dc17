from __future__ import annotations

import pytest

from kgtransfer.knowledge.fix.letters import languages, spaces
from kgtransfer.knowledge.patch.edits import applied


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (":a\u00a0:p\u202f:o .", ":a :p :o ."),
        (":a :p\u200b :o .\ufeff", ":a :p :o ."),
        (':a :p "no\u00a0break" . # a\u00a0comment', ':a :p "no\u00a0break" . # a\u00a0comment'),
        ("\ufeff:a :p :o .", "\ufeff:a :p :o ."),
    ],
)
def test_spaces_of_typesetters(text: str, right: str) -> None:
    assert applied(text, (edit for mend in spaces(text) for edit in mend.edits)) == right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (':a :p "colour"@en_GB .', ':a :p "colour"@en-GB .'),
        (':a :p \'x\'@es_419, """y"""@zh_Hant .', ':a :p \'x\'@es-419, """y"""@zh-Hant .'),
        (':a :p "colour"@en-GB .', ':a :p "colour"@en-GB .'),
        (':a :p "say @en_GB" .', ':a :p "say @en_GB" .'),
    ],
)
def test_languages(text: str, right: str) -> None:
    assert applied(text, (edit for mend in languages(text) for edit in mend.edits)) == right
