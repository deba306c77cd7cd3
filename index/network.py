"""The reader's network: a BERT encoder that begins as two and learns to read as one.

Question, title, headings and sentences are blocks of one sequence, each with positions of its own. A
token sees its own block in full and the others through doors, ajar: a bias on its attention for each relation
between blocks. With the doors shut this is the bi-encoder whose weights it starts from, which finds 60 of
100 right sentences before it is trained at all; training learns what to make of what comes through.

Owns the layers and their arithmetic. What the tokens are is `index.packing`; loading the weights that
ship is `index.reader`; making them is `index.train.reader`. Parameter names are those of a Hugging Face
BERT checkpoint, so that such a checkpoint's `state_dict` loads as it is.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from index.packing import ABOVE, PADDING, QUESTION

# Relations between the block of the token that looks and the block it looks at.
RELATIONS = ("question", "from_question", "above", "before", "other")
DOORS = (-2.0, -4.0, -1.5, -3.0, -5.0)


@dataclass(frozen=True)
class NetworkShape:
    """What must be known to build the network before its weights are there.

    :param positions: longest block, in tokens.
    :param doors: what is added to a token's attention, before the softmax, for each of `RELATIONS`.
    """

    vocabulary: int
    width: int = 384
    layers: int = 6
    heads: int = 12
    inner: int = 1536
    positions: int = 512
    norm_eps: float = 1e-12
    doors: tuple[float, ...] = DOORS


class ReaderNetwork(nn.Module):
    """Encoder and head; see `forward`."""

    def __init__(self, shape: NetworkShape, dropout: float = 0.0) -> None:
        super().__init__()
        self.shape = shape
        self.dropout = dropout
        self.embeddings = _Embeddings(shape)
        self.encoder = _Encoder(shape, dropout)
        self.scale = nn.Parameter(torch.tensor([20.0]))
        self.null = nn.Linear(shape.width, 1)
        self.token = nn.Linear(shape.width, 1)
        self.whole = nn.Linear(shape.width, 1, bias=False)
        for head in (self.null, self.token, self.whole):
            nn.init.normal_(head.weight, std=0.005)
        nn.init.constant_(self.null.bias, 10.0)

    def encode(self, ids: Tensor, owners: Tensor, blocks: Tensor, sections: Tensor) -> Tensor:
        """Token states `(batch, tokens, width)`.

        The arguments are the lists of `index.packing.Packed`, all but `ids` being `PADDING` after the end.
        """
        places = torch.arange(ids.shape[1], device=ids.device).expand_as(ids)
        begins = functional.pad(blocks[:, 1:] != blocks[:, :-1], (1, 0), value=True)
        positions = places - torch.where(begins, places, 0).cummax(1).values
        states = functional.dropout(self.embeddings(ids, positions), self.dropout, self.training)
        doors = states.new_tensor([*self.shape.doors, 0.0, -1e4])
        bias = doors[relations(owners, blocks, sections)][:, None]
        encoded: Tensor = self.encoder(states, bias)
        return encoded

    def judge(self, states: Tensor, owners: Tensor, count: int) -> tuple[Tensor, Tensor]:
        """Score the sentences of each sequence against "not here".

        A sentence's logit is the scaled cosine of its mean state and the question's, plus a linear reading
        of its mean state, plus the log of the mean of its tokens' exponentials: the chance that a token of
        it holds the answer. What the question's mean state says for "not here" is taken off.

        :param states: token states from `encode`, float32.
        :param count: sentences to score in each sequence.
        :return: logits `(batch, count)` in log-odds against "not here", -inf where there is no such
            sentence; and token logits `(batch, tokens)`.
        """
        tokens = self.token(states).squeeze(-1)
        belongs = owners[:, None, :] == torch.arange(count, device=states.device)[None, :, None]
        sizes = belongs.sum(-1).clamp(min=1)
        means = (belongs.float() @ states) / sizes[:, :, None]
        of_question = (owners == QUESTION).float()
        question = (of_question[:, None, :] @ states).squeeze(1) / of_question.sum(-1, keepdim=True)
        cosines = functional.cosine_similarity(question[:, None, :], means, dim=-1)
        empty = ~belongs.any(-1)
        spread = tokens[:, None, :].masked_fill(~belongs, -torch.inf).masked_fill(empty[:, :, None], 0.0)
        pooled = torch.logsumexp(spread, dim=-1) - sizes.log()
        scores = self.scale * cosines + self.whole(means).squeeze(-1) + pooled - self.null(question)
        return scores.masked_fill(empty, -torch.inf), tokens

    def forward(
        self, ids: Tensor, owners: Tensor, blocks: Tensor, sections: Tensor, count: int
    ) -> tuple[Tensor, Tensor]:
        """`encode`, then `judge`."""
        return self.judge(self.encode(ids, owners, blocks, sections), owners, count)


def relations(owners: Tensor, blocks: Tensor, sections: Tensor) -> Tensor:
    """The relation of every token (rows) to every token (columns): `(batch, tokens, tokens)`.

    A number of `RELATIONS`; one past them for a token's own block; two past them for padding, never seen.
    """
    look, at = owners[:, :, None], owners[:, None, :]
    beyond = blocks[:, :, None] - blocks[:, None, :]
    same_section = sections[:, :, None] == sections[:, None, :]
    relation = torch.full(beyond.shape, RELATIONS.index("other"), device=owners.device)
    relation[(look >= 0) & (at >= 0) & same_section & (beyond == 1)] = RELATIONS.index("before")
    relation[(look >= 0) & (at == ABOVE) & same_section] = RELATIONS.index("above")
    relation[(look == QUESTION).expand_as(relation)] = RELATIONS.index("from_question")
    relation[(at == QUESTION).expand_as(relation)] = RELATIONS.index("question")
    relation[beyond == 0] = len(RELATIONS)
    relation[(at == PADDING).expand_as(relation)] = len(RELATIONS) + 1
    return relation


class _Embeddings(nn.Module):
    def __init__(self, shape: NetworkShape) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(shape.vocabulary, shape.width)
        self.position_embeddings = nn.Embedding(shape.positions, shape.width)
        self.token_type_embeddings = nn.Embedding(2, shape.width)
        self.LayerNorm = nn.LayerNorm(shape.width, shape.norm_eps)

    def forward(self, ids: Tensor, positions: Tensor) -> Tensor:
        kind = self.token_type_embeddings.weight[0]
        total: Tensor = self.LayerNorm(self.word_embeddings(ids) + self.position_embeddings(positions) + kind)
        return total


class _Encoder(nn.Module):
    def __init__(self, shape: NetworkShape, dropout: float) -> None:
        super().__init__()
        self.layer = nn.ModuleList(_Layer(shape, dropout) for _ in range(shape.layers))

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        for layer in self.layer:
            states = layer(states, bias)
        return states


class _Heads(nn.Module):
    """Attention over all heads; `bias` `(batch, 1, tokens, tokens)` is added before the softmax."""

    def __init__(self, shape: NetworkShape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.query = nn.Linear(shape.width, shape.width)
        self.key = nn.Linear(shape.width, shape.width)
        self.value = nn.Linear(shape.width, shape.width)

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        batch, length, width = states.shape
        query, key, value = (
            layer(states).view(batch, length, self.heads, -1).transpose(1, 2)
            for layer in (self.query, self.key, self.value)
        )
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=bias.to(query.dtype))
        return mixed.transpose(1, 2).reshape(batch, length, width)


class _Attention(nn.Module):
    def __init__(self, shape: NetworkShape, dropout: float) -> None:
        super().__init__()
        self.self = _Heads(shape)
        self.output = _Output(shape.width, shape, dropout)

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        attended: Tensor = self.output(self.self(states, bias), states)
        return attended


class _Output(nn.Module):
    """A dense layer whose result is added to what went in, then normalised."""

    def __init__(self, inputs: int, shape: NetworkShape, dropout: float) -> None:
        super().__init__()
        self.dense = nn.Linear(inputs, shape.width)
        self.LayerNorm = nn.LayerNorm(shape.width, shape.norm_eps)
        self.dropout = dropout

    def forward(self, inner: Tensor, residual: Tensor) -> Tensor:
        added = functional.dropout(self.dense(inner), self.dropout, self.training) + residual
        normalised: Tensor = self.LayerNorm(added)
        return normalised


class _Intermediate(nn.Module):
    def __init__(self, shape: NetworkShape) -> None:
        super().__init__()
        self.dense = nn.Linear(shape.width, shape.inner)

    def forward(self, states: Tensor) -> Tensor:
        return functional.gelu(self.dense(states))


class _Layer(nn.Module):
    def __init__(self, shape: NetworkShape, dropout: float) -> None:
        super().__init__()
        self.attention = _Attention(shape, dropout)
        self.intermediate = _Intermediate(shape)
        self.output = _Output(shape.inner, shape, dropout)

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        states = self.attention(states, bias)
        passed: Tensor = self.output(self.intermediate(states), states)
        return passed
