"""Grammars as engines constrain generation with them: byte by byte, under the masks of llguidance."""

from __future__ import annotations

from llguidance import LLMatcher, LLTokenizer, TokenizerWrapper

from neurosym.grammar.chance import Chance

END = 256  # the token that ends a text; the others are the bytes
KINDS = (  # of bytes: each is as likely as the others, so that short texts come up, too
    frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    frozenset(b"0123456789"),
    frozenset(b" \n\"\\;:,.'()[]{}-_/"),
)


class MaskError(Exception):
    """The engine gave up on a text: the grammar asks too much of it."""


class _Bytes:
    """A vocabulary of single bytes."""

    eos_token_id = END
    bos_token_id = None
    special_token_ids = (END,)
    tokens = (*(bytes([byte]) for byte in range(256)), b"<end>")

    def __call__(self, text: str | bytes) -> list[int]:
        return list(text.encode("utf-8") if isinstance(text, str) else text)


class Mask:
    """A grammar, as llguidance reads it."""

    def __init__(self, text: str) -> None:
        tokenizer = LLTokenizer(TokenizerWrapper(_Bytes()))
        grammar = LLMatcher.grammar_from_lark(text)
        is_error, messages = LLMatcher.validate_grammar_with_warnings(grammar, tokenizer)
        self.complaints = tuple(messages) if is_error or messages else ()
        self._matcher = LLMatcher(tokenizer, grammar, log_level=0)

    def accepts(self, text: str) -> bool:
        """True when the engine would let a model write exactly this text; MaskError when it cannot say."""
        tokens = [*text.encode("utf-8")]
        self._matcher.reset()
        count = self._matcher.try_consume_tokens(tokens)
        is_whole = count == len(tokens) and self._matcher.is_accepting()
        self._give_up()
        return is_whole

    def walk(self, chance: Chance, length_max: int) -> bytes | None:
        """A text that the engine lets a model write; None when it is not ended within so many bytes.

        MaskError when it gives up.
        """
        self._matcher.reset()
        written = bytearray()
        while len(written) <= length_max:
            allowed = self._allowed()
            kinds = [[byte for byte in allowed if byte in kind] for kind in KINDS]
            kinds = [kind for kind in (*kinds, _outside(allowed)) if kind]
            token = chance.of(chance.of(kinds)) if kinds else END
            if token == END:
                return bytes(written)
            self._matcher.consume_token(token)
            self._give_up()
            written.append(token)
        return None

    def _give_up(self) -> None:
        if self._matcher.is_error():
            raise MaskError(self._matcher.get_error().partition("\n")[0])

    def _allowed(self) -> list[int]:
        """The tokens that may come next; none when nothing may."""
        if self._matcher.is_stopped():
            return []
        mask = self._matcher.compute_bitmask()
        return [token for token in range(END + 1) if mask[token // 8] >> (token % 8) & 1]


def _outside(allowed: list[int]) -> list[int]:
    return [token for token in allowed if not any(token in kind for kind in KINDS)]
