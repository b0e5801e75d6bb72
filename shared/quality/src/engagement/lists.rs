//! What makes somebody want the next sentence.

/// Openings of a gap that what follows has to fill.
pub(super) const GAPS: &[&str] = &[
    "why", "how", "what if", "secret", "secrets", "hidden", "nobody", "no one", "never", "until", "turns out", "turned out", "the reason", "here's", "here is", "the answer",
    "the catch", "but", "yet", "however", "instead", "surprising", "surprisingly", "strange", "stranger", "mystery", "mysterious", "unexpected", "unexpectedly", "discovered", "discover",
    "found out", "revealed", "reveals", "reveal", "wrong", "mistake", "myth", "truth", "unless", "imagine", "wonder", "guess", "only one", "first time", "for the first time", "almost",
    "then", "suddenly", "except", "still", "what happened", "actually happened", "except that", "the problem", "the trick", "question", "not because", "even though", "despite",
];

/// Words for what can be seen, heard, touched or counted, by their stems' beginnings. Rough on purpose: it is their share that counts.
pub(super) const CONCRETE: &[&str] = &[
    "hand", "eye", "face", "head", "foot", "feet", "heart", "blood", "bone", "skin", "hair", "mouth", "tooth", "teeth", "finger", "water", "river", "sea", "ocean", "lake", "rain", "snow", "ice",
    "fire", "smoke", "stone", "rock", "sand", "dust", "mud", "wood", "tree", "leaf", "leaves", "grass", "flower", "seed", "root", "field", "forest", "garden", "mountain", "hill", "island", "beach",
    "sun", "moon", "star", "sky", "cloud", "wind", "storm", "light", "lamp", "candle", "window", "door", "wall", "roof", "floor", "room", "house", "home", "kitchen", "bed", "table", "chair", "desk",
    "street", "road", "bridge", "tower", "church", "school", "hospital", "shop", "store", "market", "factory", "farm", "office", "car", "truck", "bus", "train", "plane", "ship", "boat", "bike", "wheel",
    "engine", "machine", "phone", "screen", "computer", "camera", "book", "page", "letter", "paper", "pen", "box", "bag", "bottle", "cup", "glass", "plate", "knife", "bread", "milk", "coffee", "tea", "egg",
    "meat", "fish", "fruit", "apple", "rice", "salt", "sugar", "oil", "gold", "silver", "iron", "steel", "metal", "plastic", "wire", "battery", "panel", "dog", "cat", "horse", "cow", "bird", "bee", "ant", "wolf",
    "lion", "elephant", "snake", "mother", "father", "child", "children", "baby", "girl", "boy", "woman", "women", "man", "men", "wife", "husband", "son", "daughter", "brother", "sister", "doctor", "nurse",
    "teacher", "farmer", "driver", "soldier", "king", "queen", "president", "minute", "hour", "kilometre", "kilometer", "metre", "meter", "mile", "dollar", "pound", "euro", "ton", "clothes", "shirt", "shoe", "hat",
    "red", "blue", "green", "black", "white", "yellow", "cold", "hot", "warm", "loud", "bright", "dark", "sharp", "wet", "dry", "run", "ran", "walk", "jump", "fell", "fall", "broke", "break", "cut", "burn", "build", "built",
    "carry", "throw", "threw", "hit", "shout", "cry", "laugh", "sing", "dance", "eat", "ate", "drink", "drank", "sleep", "slept", "drive", "drove", "fly", "flew", "swim", "climb", "open", "close", "push", "pull",
];
