"""The fits. Each is linear, regularised, and chosen by cross-validation within the training part alone."""

import collections

import numpy as np
from scipy.optimize import lsq_linear
from scipy.sparse import csr_matrix, hstack
from scipy.stats import pearsonr, spearmanr
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GroupKFold, KFold, cross_val_predict

# How strongly vectors and n-grams count beside the figures before the penalty.
VECTORS, HOOK_NGRAMS = 3.0, 0.4


def ngrams(words):
    return words + [f"{a} {b}" for a, b in zip(words, words[1:])]


class Vocabulary:
    """N-grams that at least so many texts have."""

    def __init__(self, texts, least):
        counts = collections.Counter(g for grams in texts for g in set(grams))
        self.grams = sorted(g for g, n in counts.items() if n >= least)
        self.index = {g: at for at, g in enumerate(self.grams)}

    def matrix(self, weighted):
        """Rows of {n-gram: value}."""
        rows, columns, values = [], [], []
        for at, grams in enumerate(weighted):
            for gram, value in grams.items():
                if gram in self.index:
                    rows.append(at), columns.append(self.index[gram]), values.append(value)
        return csr_matrix((values, (rows, columns)), shape=(len(weighted), len(self.grams)))


def mean_vector(words, index, vectors):
    rows = [index[w] for w in words if w in index]
    return vectors[rows].sum(axis=0) / max(len(rows), 3) if rows else np.zeros(vectors.shape[1])


def standardised(figures):
    mean, deviation = figures.mean(axis=0), figures.std(axis=0)
    return mean, np.where(deviation > 1e-9, deviation, 1.0)


class Emotion:
    """Valence and arousal: a ridge over figures, vectors and n-grams of sentences, each by its share of the words."""

    def __init__(self, rows, index, vectors):
        self.vectors = vectors
        weighted, mean_vectors, figures = [], [], []
        for row in rows:
            total = max(1, sum(len(s["words"]) for s in row["sentences"]))
            grams, vector = collections.Counter(), np.zeros(vectors.shape[1])
            figure = np.zeros(len(row["sentences"][0]["emotion"]) if row["sentences"] else 11)
            for s in row["sentences"]:
                share = len(s["words"]) / total
                for g in ngrams(s["words"]):
                    grams[g] += share / np.sqrt(2 * len(s["words"]) - 1)
                vector += share * mean_vector(s["words"], index, vectors)
                figure += share * np.array(s["emotion"])
            weighted.append(grams), mean_vectors.append(vector), figures.append(figure)
        self.vocabulary = Vocabulary(weighted, 3)
        self.figures = np.array(figures)
        self.mean, self.deviation = standardised(self.figures)
        dense = np.hstack([np.array(mean_vectors) * VECTORS, (self.figures - self.mean) / self.deviation * 0.3])
        self.matrix = hstack([self.vocabulary.matrix(weighted), csr_matrix(dense)]).tocsr()

    def fit(self, target, name):
        folds = KFold(5, shuffle=True, random_state=0)
        tried = {}
        for alpha in (0.3, 0.5, 1.0, 2.0, 4.0, 8.0):
            tried[alpha] = pearsonr(cross_val_predict(Ridge(alpha=alpha), self.matrix, target, cv=folds), target)[0]
        alpha = max(tried, key=tried.get)
        print(f"{name}: cross-validated r {tried[alpha]:.4f} at alpha {alpha} of {sorted(tried)}")
        model = Ridge(alpha=alpha).fit(self.matrix, target)
        grams, dense = np.split(model.coef_, [len(self.vocabulary.grams)])
        dimensions = self.vectors.shape[1]
        column = self.vectors @ dense[:dimensions] * VECTORS
        coefficients = dense[dimensions:] * 0.3 / self.deviation
        constant = float(model.intercept_ - coefficients @ self.mean)
        return grams, column, (constant, coefficients, self.mean)


def fit_hook(pairs, headlines, rows, index, vectors):
    """Pairs of (first, second) as rows of `headlines`, z, test; the sum of a headline is what the logistic's odds are made of."""
    words = [[w for s in row["sentences"] for w in s["words"]] for row in rows]
    weighted = [dict.fromkeys(ngrams([w for w in text]), HOOK_NGRAMS) for text in words]
    vocabulary = Vocabulary(weighted, 5)
    figures = np.array([row["hook"] for row in rows])
    mean, deviation = standardised(figures)
    vector = np.array([mean_vector(text, index, vectors) for text in words]) * VECTORS
    matrix = hstack([vocabulary.matrix(weighted), csr_matrix(np.hstack([vector, (figures - mean) / deviation * 0.5]))]).tocsr()
    first, second = (np.array([headlines[p[at]] for p in pairs]) for at in (1, 2))
    z = np.array([p[3] for p in pairs])
    difference, won = matrix[first] - matrix[second], z > 0
    weight, decided = np.minimum(np.abs(z), 4) ** 2, np.abs(z) >= 1.96

    def fitted(rows_, strength):
        model = LogisticRegression(C=strength, fit_intercept=False, solver="liblinear", random_state=0, max_iter=500)
        return model.fit(difference[rows_], won[rows_], sample_weight=weight[rows_] / weight.mean())

    tried = {}
    for strength in (0.03, 0.1, 0.2, 0.3, 0.6):
        right = []
        for train, test in GroupKFold(5).split(z, won, [p[0] for p in pairs]):
            test = test[decided[test]]
            right.append((fitted(train, strength).decision_function(difference[test]) > 0) == won[test])
        tried[strength] = np.concatenate(right).mean()
    strength = max(tried, key=tried.get)
    print(f"hook: cross-validated accuracy {tried[strength]:.4f} at C {strength} of {tried}")
    coefficients = fitted(np.arange(len(z)), strength).coef_[0]
    grams, dense = np.split(coefficients, [len(vocabulary.grams)])
    column = vectors @ dense[: vectors.shape[1]] * VECTORS
    of_figures = dense[vectors.shape[1] :] * 0.5 / deviation
    of_words = vocabulary.matrix(weighted) @ grams + vector @ dense[: vectors.shape[1]]
    return vocabulary.grams, grams * HOOK_NGRAMS, column, (0.0, of_figures, mean), float(of_words.mean())


def fit_clarity(figures, level, article):
    """Ease: 1 for the easiest level, -1 for the hardest. No coefficient may be positive: every figure means harder."""
    mean, deviation = standardised(figures)
    scaled, ease = (figures - mean) / deviation, 1.0 - level

    def fitted(rows, penalty):
        design = np.vstack([scaled[rows], np.sqrt(penalty * len(rows)) * np.eye(scaled.shape[1])])
        target = np.concatenate([ease[rows] - ease[rows].mean(), np.zeros(scaled.shape[1])])
        return lsq_linear(design, target, bounds=(-np.inf, 0)).x

    tried = {}
    for penalty in (0.01, 0.03, 0.1, 0.3, 1.0, 3.0):
        predicted = np.zeros(len(ease))
        for train, test in GroupKFold(5).split(scaled, ease, article):
            predicted[test] = scaled[test] @ fitted(train, penalty)
        tried[penalty] = spearmanr(predicted, ease)[0]
    best = max(tried.values())
    # The strongest penalty within a hundredth of the best: it spreads the weight over figures that say the same.
    penalty = max(p for p, rho in tried.items() if rho >= best - 0.01)
    print(f"clarity: cross-validated rho {tried[penalty]:.4f} at penalty {penalty} of {tried}")
    coefficients = fitted(np.arange(len(ease)), penalty) / deviation
    return float(ease.mean() - coefficients @ mean), coefficients, mean
