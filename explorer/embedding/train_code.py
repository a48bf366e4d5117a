"""One step of training as lines of PyTorch and TensorFlow, to stand after those of the lookup."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from explorer.embedding.code import Line, Wanted, written_number


@dataclass(frozen=True)
class Training:
    """What a step was asked for, in the names of embedding.step.take_step.

    own_target: whether a vector `target` (dim,) was given, which the lines then speak of.
    target_name: what is said of it in a comment. target_formula: how it comes of `table`, the array
    of all rows; "" where whoever runs the lines has to have it.
    """

    learning_rate: float
    objective: str
    own_target: bool = False
    target_name: str = ""
    target_formula: str = ""
    scale_grad_by_freq: bool = False


_LOSSES = {  # (PyTorch, TensorFlow)
    "logistic": (
        "F.softplus(-(means @ target)).mean()",
        "tf.reduce_mean(tf.nn.softplus(-tf.tensordot(means, target, 1)))",
    ),
    "squared": (
        "(means - target).square().sum(-1).mean() / 2",
        "tf.reduce_mean(tf.reduce_sum(tf.square(means - target), -1)) / 2",
    ),
    "sum": ("(vectors * real).sum()", "tf.reduce_sum(vectors * real)"),
}


def train_lines(wanted: Wanted, training: Training) -> tuple[Line, ...]:
    """The lines of a step, to be run after those of the lookup.

    They leave `loss`, `gradient` (sparse; in TensorFlow `rows` and `values` too, repeats summed),
    and the table after the step in PyTorch's `layer.weight`, TensorFlow's `weight`.
    """
    pairs = (*_before(wanted, training), *_forward(training), *_backward(training))
    return tuple(Line("train", *pair) for pair in pairs)


def _before(wanted: Wanted, training: Training) -> Iterator[tuple[str, str]]:
    if not wanted.ids.ndim:
        yield "ids = ids.reshape(1)", "ids = tf.reshape(ids, [1])"
    if training.scale_grad_by_freq:  # torch has it for dense gradients only
        yield "layer.scale_grad_by_freq, layer.sparse = True, False", ""
    pad = -1 if wanted.padding_idx is None else wanted.padding_idx
    yield (
        f"real = (ids != {pad}).unsqueeze(-1)",
        f"real = tf.cast(ids != {pad}, weight.dtype)[..., None]",
    )
    if training.objective != "sum":
        yield _target(wanted, training)
    if wanted.max_norm is not None:
        yield "", _shorten_in_place(wanted)


def _target(wanted: Wanted, training: Training) -> tuple[str, str]:
    if training.own_target:
        name = " ".join(training.target_name.split())  # a line break would end the comment
        said = f"  # the vector of {name}" if name else ""
        vector = training.target_formula or "target"
        return (
            f"target = torch.tensor({vector}, dtype=weight.dtype){said}",
            f"target = tf.constant({vector}, dtype=weight.dtype){said}",
        )
    value = f"{wanted.dim} ** -0.5" if training.objective == "logistic" else "0.0"
    return (
        f"target = torch.full(({wanted.dim},), {value}, dtype=weight.dtype)",
        f"target = tf.constant({value}, weight.dtype, [{wanted.dim}])",
    )


def _shorten_in_place(wanted: Wanted) -> str:
    """What torch's layer does to its rows at a lookup; the gradient does not pass through it."""
    limit, p = written_number(wanted.max_norm or 0.0), written_number(wanted.norm_type)
    return "\n".join(
        [
            "rows, _ = tf.unique(tf.reshape(ids, [-1]))",
            "old = tf.gather(weight, rows)",
            f"norms = tf.norm(old, ord={p}, axis=-1, keepdims=True)",
            f"shortened = tf.where(norms > {limit}, old * {limit} / norms, old)",
            "weight.scatter_update(tf.IndexedSlices(shortened, rows))",
        ]
    )


def _forward(training: Training) -> Iterator[tuple[str, str]]:
    torch_loss, tensorflow_loss = _LOSSES[training.objective]
    tape = "with tf.GradientTape() as tape:\n    vectors = tf.nn.embedding_lookup(weight, ids)"
    yield "vectors = layer(ids)", tape
    if training.objective != "sum":
        yield "", "    count = tf.maximum(tf.reduce_sum(real, -2), 1)"
        means = "means = tf.reduce_sum(vectors * real, -2) / count"
        yield "means = (vectors * real).sum(-2) / real.sum(-2).clamp(min=1)", f"    {means}"
    yield f"loss = {torch_loss}", f"    loss = {tensorflow_loss}"


def _backward(training: Training) -> Iterator[tuple[str, str]]:
    rate = written_number(training.learning_rate)
    sparse = ".to_sparse(1)" if training.scale_grad_by_freq else ""
    repeats = "mean" if training.scale_grad_by_freq else "sum"
    yield "loss.backward()", "gradient = tape.gradient(loss, weight)"
    yield (
        f"gradient = layer.weight.grad{sparse}.coalesce()",
        "rows, at = tf.unique(gradient.indices)",
    )
    yield "", f"values = tf.math.unsorted_segment_{repeats}(gradient.values, at, tf.size(rows))"
    yield (
        f"torch.optim.SGD(layer.parameters(), lr={rate}).step()",
        f"weight.scatter_sub(tf.IndexedSlices({rate} * values, rows))",
    )
