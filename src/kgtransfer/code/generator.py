"""Code -> queries by a sequence-to-sequence model, in place of those by rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from kgtransfer.errors import DataError
from kgtransfer.utils.resources import expanded

if TYPE_CHECKING:
    from kgtransfer.code.corpus import Snippet

__all__ = ["QueryGenerator", "Seq2SeqQueries"]

QueryGenerator: TypeAlias = Callable[["Snippet"], Sequence[str]]
"""A piece of code -> what people may ask for it; the first step of RAPID. Any `code_queries` or
`graph_queries` of a `Verbaliser` is one."""


class Seq2SeqQueries:
    """Queries that a model generates, such as CodeT5 (arXiv 2109.00859) as RAPID uses it.

    `dataclasses.replace(FUNCTIONS, code_queries=Seq2SeqQueries(FOLDER))` is a verbaliser with it.
    Beams are searched, so that the same code gives the same queries.

    Args:
        model: a folder, or a name on the Hugging Face hub; weights are read as safetensors.
        queries: how many for each piece of code.
        max_code: tokens of code that are read.
        max_query: tokens of a query.

    Raises:
        DataError: there is no such model, or it is of another kind.
    """

    def __init__(
        self, model: str | Path, *, queries: int = 3, max_code: int = 256, max_query: int = 32
    ) -> None:
        from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

        folder = expanded(model)
        source = str(folder if folder.is_dir() else model)
        try:
            self.tokenizer = AutoTokenizer.from_pretrained(source)
            loaded = AutoModelForSeq2SeqLM.from_pretrained(source, use_safetensors=True)
        except (OSError, ValueError) as error:
            first_line = str(error).partition("\n")[0]
            raise DataError(
                f"{model}: no sequence-to-sequence model ({first_line})",
                cure="give the folder of a model such as CodeT5, with its tokenizer",
            ) from error
        self.model = loaded.eval()
        self.queries, self.max_code, self.max_query = queries, max_code, max_query

    def __call__(self, snippet: Snippet) -> list[str]:
        """The model's queries for a piece of code, the likeliest first; one at the least."""
        import torch

        read = self.tokenizer(
            snippet.code, truncation=True, max_length=self.max_code, return_tensors="pt"
        )
        with torch.inference_mode():
            written = self.model.generate(
                input_ids=read["input_ids"],
                attention_mask=read["attention_mask"],
                num_beams=self.queries,
                num_return_sequences=self.queries,
                max_new_tokens=self.max_query,
            )
        texts = self.tokenizer.batch_decode(written, skip_special_tokens=True)
        said = dict.fromkeys(text.strip() for text in texts if text.strip())
        return list(said) or [snippet.name or snippet.code]
