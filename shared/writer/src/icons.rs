//! Which picture stands for which words.

use crate::words::{stem, words};

/// Each icon with the words that it stands for, in the singular: other forms are found by their stems. Words that mean several things are left out.
const ICONS: &[(&str, &str)] = &[
    ("alarm-clock", "alarm deadline"),
    ("apple", "apple fruit"),
    ("atom", "atom physics nuclear"),
    ("baby", "baby infant toddler"),
    ("backpack", "backpack hiker hiking luggage"),
    ("banknote", "cash banknote salary wage"),
    ("battery-charging", "battery charger recharge charging"),
    ("bed", "bed sleep asleep mattress nap"),
    ("bike", "bicycle bike cyclist cycling"),
    ("bird", "bird sparrow pigeon eagle"),
    ("bone", "bone skeleton"),
    ("book-open", "book novel library reader reading"),
    ("bot", "robot chatbot"),
    ("brain", "brain memory mind neuron"),
    ("bug", "insect beetle"),
    ("building-2", "skyscraper city office"),
    ("bus", "bus"),
    ("calendar", "calendar appointment schedule"),
    ("camera", "camera photo photograph photographer"),
    ("car", "car driver automobile"),
    ("carrot", "carrot vegetable"),
    ("castle", "castle fortress"),
    ("cat", "cat kitten"),
    ("clock", "clock minute hour"),
    ("cloud", "cloud sky"),
    ("cloud-rain", "rain rainfall storm shower"),
    ("code", "code programmer software developer"),
    ("coffee", "coffee espresso barista tea"),
    ("coins", "coin money price cost"),
    ("compass", "compass explorer navigation"),
    ("cookie", "cookie biscuit"),
    ("cpu", "processor chip computer"),
    ("credit-card", "payment checkout"),
    ("crown", "crown king queen monarch"),
    ("database", "database"),
    ("dna", "dna gene genome genetic"),
    ("dog", "dog puppy"),
    ("droplet", "water droplet drink thirst"),
    ("dumbbell", "gym workout exercise muscle fitness"),
    ("ear", "hearing listener"),
    ("egg", "egg"),
    ("eye", "eye eyesight vision"),
    ("factory", "factory manufacturer industry"),
    ("feather", "feather lightweight gram"),
    ("file-text", "document contract paperwork report"),
    (
        "fingerprint-pattern",
        "fingerprint identity biometric passkey",
    ),
    ("fish", "fish salmon goldfish tuna"),
    ("flag", "flag nation"),
    ("flame", "fire flame heat burn"),
    ("flask-conical", "laboratory chemistry experiment"),
    ("flower-2", "flower blossom nectar pollen"),
    ("gamepad-2", "gamer videogame console"),
    ("gavel", "court judge lawsuit verdict"),
    ("gift", "gift present birthday"),
    ("globe", "world globe earth planet internet"),
    (
        "graduation-cap",
        "student university school teacher graduate",
    ),
    ("hammer", "hammer builder carpenter"),
    ("handshake", "deal agreement partner negotiation"),
    ("headphones", "podcast headphone"),
    ("heart", "heart heartbeat love"),
    ("hospital", "hospital clinic patient"),
    ("house", "house home household apartment"),
    ("key-round", "key password"),
    ("landmark", "museum government parliament bank"),
    ("laptop", "laptop notebook"),
    ("leaf", "leaf foliage nature"),
    ("lightbulb", "idea lamp bulb inventor invention"),
    ("lock", "lock secure security"),
    ("mail", "email mail letter inbox"),
    ("map-pin", "location map destination"),
    ("medal", "medal champion"),
    ("message-circle", "message chat conversation"),
    ("mic", "microphone interview singer"),
    ("microscope", "microscope bacteria microbe virus"),
    ("milk", "milk dairy"),
    ("moon", "moon night lunar"),
    ("mountain", "mountain summit peak climber trail"),
    ("music", "music song melody"),
    ("package", "package parcel delivery"),
    ("palette", "paint painter colour color artist"),
    ("party-popper", "party celebration"),
    ("pencil", "pencil writer sketch"),
    ("phone", "telephone caller"),
    ("piggy-bank", "savings budget"),
    ("pill", "pill medicine drug vitamin"),
    ("plane", "plane flight airport airplane pilot"),
    ("plug", "plug socket electricity"),
    ("puzzle", "puzzle riddle"),
    ("recycle", "recycling reuse waste"),
    ("rocket", "rocket spacecraft launch"),
    ("satellite", "satellite orbit"),
    ("scale", "justice law weight"),
    ("scissors", "scissors haircut"),
    ("search", "search detective"),
    ("shield-check", "protection shield safety insurance"),
    ("ship", "ship sailor harbour ferry vessel"),
    ("shopping-cart", "shopper supermarket customer"),
    ("smartphone", "smartphone phone mobile app"),
    ("snowflake", "snow winter ice cold frozen"),
    ("sprout", "plant seed seedling garden crop soil"),
    ("stethoscope", "doctor nurse diagnosis"),
    ("store", "shop store retailer"),
    ("sun", "sun sunlight sunshine solar summer"),
    ("target", "goal target aim"),
    ("telescope", "telescope astronomer galaxy"),
    ("tent", "tent camping camper campsite"),
    ("thermometer", "temperature thermometer fever degree"),
    ("train-front", "train railway subway"),
    ("trash-2", "rubbish garbage litter"),
    ("tree-pine", "tree forest wood"),
    ("trophy", "trophy winner prize award"),
    ("truck", "truck lorry"),
    ("umbrella", "umbrella"),
    ("users", "team crowd visitor audience community"),
    ("utensils", "restaurant chef meal dinner food recipe"),
    ("wallet", "wallet"),
    ("waves", "ocean sea wave tide"),
    ("wheat", "wheat grain bread flour farmer"),
    ("wifi", "wifi wireless network"),
    ("wind", "wind breeze turbine"),
    ("wrench", "repair wrench mechanic tool screwdriver"),
    ("zap", "lightning energy voltage electric"),
];

/// The icon for the first word of a text that has one; none where no word does.
pub(crate) fn for_text(text: &str) -> Option<&'static str> {
    words(text).iter().find_map(|word| {
        let stemmed = stem(word);
        ICONS
            .iter()
            .find(|(_, keywords)| {
                keywords
                    .split(' ')
                    .any(|keyword| keyword == word || stem(keyword) == stemmed)
            })
            .map(|(icon, _)| *icon)
    })
}

/// An icon for each item of a list, `None` for one that has none: where all but one have icons, and no two the same. Else there are none at all.
pub(crate) fn for_items(items: &[String]) -> Vec<Option<String>> {
    let found: Vec<Option<&str>> = items.iter().map(|item| for_text(item)).collect();
    let named: Vec<&str> = found.iter().copied().flatten().collect();
    let different = (1..named.len()).all(|at| !named[..at].contains(&named[at]));
    let enough = named.len() >= 2 && named.len() + 1 >= items.len();
    if !different || !enough {
        return Vec::new();
    }
    let owned = |icon: Option<&str>| icon.map(str::to_owned);
    found.into_iter().map(owned).collect()
}

/// The names of all icons that are chosen from.
pub fn icons() -> impl Iterator<Item = &'static str> {
    ICONS.iter().map(|(icon, _)| *icon)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyword_in_any_form_has_its_icon() {
        for (text, icon) in [
            (
                "The same batteries can top up your phone.",
                Some("battery-charging"),
            ),
            ("Three hikers crossed the mountains.", Some("backpack")),
            ("Bread needs time.", Some("wheat")),
            ("Rockets fly.", Some("rocket")),
            ("Nothing here fits at all.", None),
            ("", None),
        ] {
            assert_eq!(for_text(text), icon, "{text}");
        }
    }

    #[test]
    fn items_have_icons_if_nearly_all_of_them_do() {
        let icons = |items: &[&str]| {
            let items: Vec<String> = items.iter().map(|item| (*item).to_owned()).collect();
            for_items(&items)
        };
        let named = |icon: &str| Some(icon.to_owned());
        assert_eq!(
            icons(&["Fresh bread", "A camera", "Two apples"]),
            [named("wheat"), named("camera"), named("apple")]
        );
        assert_eq!(
            icons(&["Fresh bread", "Patience", "Two apples"]),
            [named("wheat"), None, named("apple")]
        );
        assert_eq!(icons(&["Fresh bread", "Patience", "Luck"]), []);
        // The same picture twice tells nothing apart.
        assert_eq!(icons(&["Fresh bread", "Flour", "Two apples"]), []);
        assert_eq!(icons(&[]), []);
    }

    #[test]
    fn no_keyword_stands_for_two_icons() {
        let mut seen = std::collections::BTreeMap::new();
        let mut twice = Vec::new();
        for (icon, keywords) in ICONS {
            for keyword in keywords.split(' ') {
                if let Some(other) = seen.insert(stem(keyword), icon) {
                    twice.push((keyword, other, icon));
                }
            }
        }
        assert_eq!(twice, []);
    }
}
