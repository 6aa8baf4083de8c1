"""Which words of a text spoke for an answer: a linear model's own contributions, so the reason is the real one."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy.sparse import csr_matrix

from classifier.category.calibrate import Ints
from classifier.category.train import Model

MOST = 6
_HOLLOW = """
没有 不是 怎么 什么 这里 那里 这个 那个 这样 我们 你们 他们 大家 自己 有人 别人 现在 今天 昨天 每天 晚上 早上 夜里 时候 里面 外面
上面 下面 旁边 可以 不能 能够 应该 应当 需要 要求 希望 请问 麻烦 已经 一直 还是 就是 因为 所以 如果 但是 而且 或者 以及 并且 然后
非常 特别 最高 最低 承认 认为 觉得 知道 反映 投诉 咨询 求助 处理 解决 尽快 相关 有关 部门 领导 政府 问题 情况 谢谢 您好 你好 一个
一下 一点 一些 多少 几个 不让 不给 the and for with that this there have has was were are not please when what how
"""
HOLLOW = frozenset(_HOLLOW.split())
"""Words that stand in every matter: they may weigh, and are no reason that anybody could check."""
Words = tuple[str, ...]


class Speakers:
    """What the words of one model say; made once for it, then asked for many texts at a time."""

    def __init__(self, model: Model):
        self._names = np.array(list(model.weigher.index), dtype=object)
        told = [len(word) > 1 and word not in HOLLOW for word in model.weigher.index]
        self._telling = np.array(told, dtype=bool)
        self._forces = model.judge.weights

    def words(self, rows: csr_matrix, labels: Ints, most: int = MOST) -> list[list[Words]]:
        """For each row (a text's features) and each label of its line in `labels`, which is texts × any number: the words.

        Those of two characters and more that lift this label above the average label, strongest first. A feature's
        weights lie around zero (see `pipeline.levelled`): a weight is what it says beyond the average.
        """
        texts, asked = labels.shape
        owners, numbers, weights = self._known(rows)
        lift = self._forces[numbers[:, None], labels[owners]] * weights[:, None]
        at, place = np.nonzero(lift > 0)
        place += owners[at] * asked
        order = np.lexsort((-lift[lift > 0], place))
        starts = np.searchsorted(place[order], np.arange(texts * asked + 1)).tolist()
        names = self._names[numbers[at[order]]]
        told = [tuple(names[start : min(start + most, end)]) for start, end in pairwise(starts)]
        return [told[first : first + asked] for first in range(0, len(told), asked)]

    def _known(self, rows: csr_matrix) -> tuple[Ints, Ints, Ints]:
        """(text, word, weight) of every word that may be named."""
        owners = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
        words = np.flatnonzero(rows.indices < len(self._names))
        words = words[self._telling[rows.indices[words]]]
        return owners[words], rows.indices[words], rows.data[words]
