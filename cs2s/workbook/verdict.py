"""What an answer check says of an answer: right, or what is wrong with it, in words.

The checks of a chapter are the functions of ``check_CHAPTER``; they are put together from the judges here. A judge
never raises on a learner's answer. Shown in every chapter, first in ``notebooks/00_quickstart``.
"""

import itertools
from collections.abc import Callable, Iterator, KeysView, Mapping, Sequence, ValuesView
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np

__all__ = [
    "NO_ORDER",
    "Verdict",
    "as_numbers",
    "chosen_names",
    "judge_array",
    "judge_choice",
    "judge_function",
    "single_number",
]


@dataclass(frozen=True)
class Verdict:
    """A judged answer. It counts as true if the answer is right, and shows itself as a sentence.

    Attributes:
        right: whether the answer is right.
        words: what to tell the learner.
    """

    right: bool
    words: str

    def __bool__(self) -> bool:
        return self.right

    def __repr__(self) -> str:
        return f"{'Right.' if self.right else 'Not yet.'} {self.words}"


NO_ORDER = Verdict(False, "This is a set, and a set has no order: give an array, a list or a tuple.")
"""Of a set where the order of numbers counts."""

_UNANSWERED = Verdict(False, "There is no answer here so far: put yours in the place of the three dots.")


def _is_open(answer: object) -> bool:
    return answer is None or answer is ...


def as_numbers(answer: object) -> np.ndarray | None:
    """Return an answer as an array of floats, or None if it is nothing of the kind."""
    try:
        # Numbers that were asked for in no order are as good in a set.
        if isinstance(answer, set | frozenset | KeysView):
            answer = sorted(answer)
        elif isinstance(answer, Iterator | ValuesView):
            # One that never ends must not hold up the notebook.
            answer = list(itertools.islice(iter(answer), 10_000))
        array = np.asarray(answer)
        if array.dtype == object and array.size and all(isinstance(number, Real | Decimal) for number in array.flat):
            # Fractions, for instance.
            return array.astype(np.float64)
        return array.astype(np.float64) if array.dtype.kind in "biuf" else None
    except Exception:
        # Whatever a learner's object does when it is turned into an array, it is no array of numbers.
        return None


def single_number(answer: object) -> float | None:
    """Return an answer that is one number, wrapped in nothing but an array or a tensor without axes; or None."""
    numbers = as_numbers(answer)
    return float(numbers) if numbers is not None and numbers.ndim == 0 else None


def chosen_names(answer: object, known: Sequence[str], what: str) -> set[str] | Verdict:
    """Return the names in a learner's list, or what is wrong with it as a list.

    Args:
        answer: what the learner wrote; a single name counts as a list of one.
        known: all names there are, in small letters.
        what: they are names of, in the plural, such as ``"actions"``.
    """
    if _is_open(answer):
        return _UNANSWERED
    wanted = f'give a list of names of {what}, each in quotes of its own, such as ["one", "another"].'
    if isinstance(answer, str) and "," in answer:
        return Verdict(False, f"This is one text with commas in it; {wanted}")
    if isinstance(answer, Mapping):
        return Verdict(False, f"A dict names all of its keys, whatever their values are; {wanted}")
    try:
        chosen = {str(word).strip().lower() for word in ([answer] if isinstance(answer, str) else answer)}  # type: ignore
    except Exception:
        # Whatever a learner's object does when it is gone through, it is no list of words.
        return Verdict(False, f"This is of the type {type(answer).__name__}; wanted is a list of {what}.")
    if not chosen:
        return Verdict(False, f"The list is empty; some of the {what} belong into it.")
    if unknown := sorted(chosen - set(known)):
        return Verdict(False, f"{unknown[0][:40]!r} is none of the {what}: {', '.join(known)}.")
    return chosen


def _near(answer: np.ndarray, wanted: np.ndarray, tolerance: float, nan: bool = False) -> bool:
    """Tell whether two arrays are the same; nan is never right, but some mistakes are known by it."""
    same_shape = answer.shape == wanted.shape
    return same_shape and bool(np.allclose(answer, wanted, rtol=tolerance, atol=tolerance, equal_nan=nan))


def _misshaped(answer: np.ndarray, right: np.ndarray, axes: str, tolerance: float) -> str:
    """Say what is wrong with the shape of an answer."""
    if right.ndim == 0:
        if answer.size != 1:
            return f"These are {answer.size} numbers; a single one is wanted."
        is_right = _near(answer.reshape(()), right, tolerance)
        return (
            f"The number is {'right' if is_right else 'not right'}, and it is wrapped up: take it out of its brackets."
        )
    # Axes may be told in numbers, with what they are: "(2,), the lower and the upper end".
    wanted = axes if axes.startswith(str(right.shape)) else f"{right.shape} {axes}".rstrip()
    if answer.ndim == 0:
        many = "a list or an array" if right.ndim == 1 else "an array"
        return f"This is a single number; wanted is {many} of the shape {wanted}."
    return f"The shape is {answer.shape}; wanted is {wanted}."


_WHY_IT_STOPS = {
    IndexError: "it reaches beyond the end of something: counting starts at 0, so the last of n has the number n - 1",
    KeyError: "it asks for a name that is not there",
    NameError: "it uses a name that nothing has been given yet",
    ZeroDivisionError: "it divides by zero",
    RecursionError: "it calls itself without end",
}
"""What to say of exceptions whose own words help few learners."""


def _stopped(error: Exception) -> str:
    """Say why a learner's function stopped."""
    for kind, words in _WHY_IT_STOPS.items():
        if isinstance(error, kind):
            return f"The function stops, because {words} ({type(error).__name__}: {error})."
    return f"The function stops with {type(error).__name__}: {error}."


def _called_with(arguments: Sequence[object]) -> str:
    """Show the arguments of a call, if they are short."""
    shown = ", ".join(f"array of {a.shape}" if isinstance(a, np.ndarray) and a.size > 9 else repr(a) for a in arguments)
    return f" It was called with ({shown})." if len(shown) <= 120 and "function" not in shown else ""


def _usual_mistake(answer: np.ndarray, right: np.ndarray, tolerance: float) -> str:
    """Name the mistake if it is one that learners make everywhere; an empty string if not."""
    if _near(answer, -right, tolerance):
        return "The size is right but the sign is the other way round."
    if _near(answer, np.degrees(right), tolerance):
        return "These are degrees; radians are wanted."
    if _near(answer, np.radians(right), tolerance):
        return "This was divided by 180 and multiplied by pi, as if degrees had been turned into radians."
    if answer.ndim > 1 and _near(np.swapaxes(answer, -1, -2), right, tolerance):
        return "The last two axes are swapped: this is the transpose of the answer."
    return ""


def judge_array(
    answer: object,
    right: np.ndarray | float,
    *,
    praise: str,
    axes: str = "",
    mistakes: Mapping[str, np.ndarray | float] | None = None,
    tolerance: float = 1e-5,
    any_order: bool = False,
) -> Verdict:
    """Judge a number or an array of numbers.

    Args:
        answer: what the learner wrote; ``...`` stands for nothing yet.
        right: the right answer.
        praise: what to say if it is right: what the number means.
        axes: the axes of the right answer in words, such as ``"(frames, joints, 3)"``.
        mistakes: what to say -> the wrong answer which it is about. Wrong sign, degrees and swapped axes are
            known here and need not be listed.
        tolerance: relative and absolute, in which two answers are the same.
        any_order: whether the numbers of a list count in any order.

    What is right is never told: a few numbers are the whole answer.
    """
    return _judge_numbers(answer, right, praise, axes, mistakes, tolerance, any_order)


def _judge_numbers(
    answer: object,
    right: np.ndarray | float,
    praise: str,
    axes: str,
    mistakes: Mapping[str, np.ndarray | float] | None,
    tolerance: float,
    any_order: bool,
    told: bool = False,
) -> Verdict:
    """Judge as `judge_array` does; `told` says whether the right number may be told at the place that is farthest off.

    It may if it is what a function gives back in one call.
    """
    if _is_open(answer):
        return _UNANSWERED
    right = np.asarray(right, dtype=np.float64)
    numbers = as_numbers(answer)
    if numbers is None:
        many = "a list or an array" if right.ndim == 1 else "an array"
        wanted = f"{many} of numbers {axes or right.shape}" if right.ndim else "a number"
        if isinstance(answer, list | tuple) and right.ndim:
            return Verdict(False, f"Not all that is in this {type(answer).__name__} are numbers; wanted is {wanted}.")
        return Verdict(False, f"This is of the type {type(answer).__name__}; wanted is {wanted}.")
    if any_order and numbers.ndim == 1:
        numbers = np.sort(numbers)
    if _near(numbers, right, tolerance):
        return Verdict(True, praise)
    for words, wrong in (mistakes or {}).items():
        if _near(numbers, np.asarray(wrong, dtype=np.float64), tolerance, nan=True):
            return Verdict(False, words)
    if words := _usual_mistake(numbers, right, tolerance):
        return Verdict(False, words)
    if any_order and not told and numbers.ndim == 1 and numbers.shape != right.shape:
        # How many there are is part of the answer.
        return Verdict(False, "These are too many or too few numbers.")
    if numbers.shape != right.shape:
        return Verdict(False, _misshaped(numbers, right, axes, tolerance))
    if not np.isfinite(numbers).all():
        return Verdict(
            False,
            "There is a nan or an infinity in it: look for a division by zero, a logarithm of a negative number, or an "
            "arccos of a little more than 1.",
        )
    if right.ndim:
        off = np.abs(numbers - right)
        place = tuple(map(int, np.unravel_index(off.argmax(), off.shape)))
        there = f"; it is {numbers[place]:.6g} there, where {right[place]:.6g} is right" if told else ""
        return Verdict(False, f"The shape is right, the numbers are not: the largest difference is at {place}{there}.")
    return Verdict(False, f"{float(numbers):.6g} is too {'large' if numbers > right else 'small'}.")


def judge_choice(answer: object, right: object, *, praise: str, reasons: Mapping[Any, str]) -> Verdict:
    """Judge an answer chosen from a few.

    Args:
        answer: what the learner wrote; capitals and blanks at the ends of a text do not matter, nor do brackets
            around a single choice.
        right: the right choice.
        praise: what to say if it is right.
        reasons: each wrong choice -> why it is wrong.
    """
    if _is_open(answer):
        return _UNANSWERED
    if type(answer) in (list, tuple, set, frozenset) and len(answer) == 1:  # type: ignore[arg-type]
        (answer,) = answer  # type: ignore[misc]
    chosen = answer.strip().lower() if isinstance(answer, str) else answer
    for choice, words in {right: praise, **reasons}.items():
        if type(chosen) in (bool, int, float, str) and type(chosen) is type(choice) and chosen == choice:
            return Verdict(choice == right, words)
    choices = ", ".join(map(repr, sorted([right, *reasons], key=str)))
    return Verdict(False, f"Choose one of: {choices}.")


def judge_function(
    function: object,
    right: Callable,
    inputs: Sequence[tuple],
    *,
    praise: str,
    axes: str = "",
    mistakes: Mapping[str, Callable] | None = None,
    tolerance: float = 1e-5,
    any_order: bool = False,
) -> Verdict:
    """Judge a function that the learner wrote, by calling it.

    Args:
        function: what the learner wrote; as long as it returns ``...``, it counts as not written.
        right: a right one.
        inputs: the arguments of each call.
        praise: what to say if all results are right.
        axes: the axes of a result in words.
        mistakes: what to say -> a function with that mistake.
        tolerance: relative and absolute, in which two results are the same.
        any_order: whether the numbers of a list count in any order.
    """
    if _is_open(function):
        return _UNANSWERED
    if not callable(function):
        return Verdict(False, f"This is of the type {type(function).__name__}; wanted is a function.")
    verdict = Verdict(True, praise)
    for arguments in inputs:
        copies = [np.array(a, copy=True) if isinstance(a, np.ndarray) else a for a in arguments]
        try:
            result = function(*copies)
        except Exception as error:
            # Any failure of the learner's function is an answer to be judged.
            return Verdict(False, _stopped(error))
        if result is None:
            return Verdict(
                False, "The function gives nothing back: end it with `return`. (Printing only shows a number.)"
            )
        wrong = {words: mistaken(*arguments) for words, mistaken in (mistakes or {}).items()}
        verdict = _judge_numbers(result, right(*arguments), praise, axes, wrong, tolerance, any_order, told=True)
        if not verdict:
            named = verdict is _UNANSWERED or verdict.words in wrong
            return verdict if named else Verdict(False, verdict.words + _called_with(arguments))
    return verdict
