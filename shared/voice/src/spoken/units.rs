//! Units of measure.

use super::numbers::Number;
use super::out::Out;
use super::quantity::number_and_rest;
use super::token::{Around, starts_with_digit};

/// Units by their short forms: one, several.
const UNITS: &[(&str, &str, &str)] = &[
    ("km", "kilometer", "kilometers"),
    ("m", "meter", "meters"),
    ("cm", "centimeter", "centimeters"),
    ("mm", "millimeter", "millimeters"),
    ("nm", "nanometer", "nanometers"),
    ("mi", "mile", "miles"),
    ("ft", "foot", "feet"),
    ("yd", "yard", "yards"),
    ("kg", "kilogram", "kilograms"),
    ("g", "gram", "grams"),
    ("mg", "milligram", "milligrams"),
    ("lb", "pound", "pounds"),
    ("lbs", "pound", "pounds"),
    ("oz", "ounce", "ounces"),
    ("l", "liter", "liters"),
    ("L", "liter", "liters"),
    ("ml", "milliliter", "milliliters"),
    ("mL", "milliliter", "milliliters"),
    ("km/h", "kilometer per hour", "kilometers per hour"),
    ("kmh", "kilometer per hour", "kilometers per hour"),
    ("m/s", "meter per second", "meters per second"),
    ("mph", "mile per hour", "miles per hour"),
    ("rpm", "revolution per minute", "revolutions per minute"),
    ("°C", "degree Celsius", "degrees Celsius"),
    ("°F", "degree Fahrenheit", "degrees Fahrenheit"),
    ("°", "degree", "degrees"),
    ("ns", "nanosecond", "nanoseconds"),
    ("us", "microsecond", "microseconds"),
    ("ms", "millisecond", "milliseconds"),
    ("s", "second", "seconds"),
    ("sec", "second", "seconds"),
    ("secs", "second", "seconds"),
    ("min", "minute", "minutes"),
    ("mins", "minute", "minutes"),
    ("h", "hour", "hours"),
    ("hr", "hour", "hours"),
    ("hrs", "hour", "hours"),
    ("yr", "year", "years"),
    ("yrs", "year", "years"),
    ("B", "byte", "bytes"),
    ("KB", "kilobyte", "kilobytes"),
    ("kB", "kilobyte", "kilobytes"),
    ("MB", "megabyte", "megabytes"),
    ("GB", "gigabyte", "gigabytes"),
    ("TB", "terabyte", "terabytes"),
    ("PB", "petabyte", "petabytes"),
    ("KiB", "kibibyte", "kibibytes"),
    ("MiB", "mebibyte", "mebibytes"),
    ("GiB", "gibibyte", "gibibytes"),
    ("Mbps", "megabit per second", "megabits per second"),
    ("Gbps", "gigabit per second", "gigabits per second"),
    ("MB/s", "megabyte per second", "megabytes per second"),
    ("GB/s", "gigabyte per second", "gigabytes per second"),
    ("Hz", "hertz", "hertz"),
    ("kHz", "kilohertz", "kilohertz"),
    ("MHz", "megahertz", "megahertz"),
    ("GHz", "gigahertz", "gigahertz"),
    ("fps", "frame per second", "frames per second"),
    ("dB", "decibel", "decibels"),
    ("W", "watt", "watts"),
    ("kW", "kilowatt", "kilowatts"),
    ("MW", "megawatt", "megawatts"),
    ("GW", "gigawatt", "gigawatts"),
    ("kWh", "kilowatt hour", "kilowatt hours"),
    ("MWh", "megawatt hour", "megawatt hours"),
    ("V", "volt", "volts"),
    ("mAh", "milliamp hour", "milliamp hours"),
    ("kcal", "kilocalorie", "kilocalories"),
    ("px", "pixel", "pixels"),
    ("pt", "point", "points"),
    ("USD", "dollar", "dollars"),
    ("EUR", "euro", "euros"),
    ("GBP", "pound", "pounds"),
    ("JPY", "yen", "yen"),
    ("CHF", "Swiss franc", "Swiss francs"),
];

/// Units that are also words or letters, so they are units only where they touch the number.
const TOUCHING: &[&str] = &["s", "h", "l", "L", "B", "V", "W", "us", "pt", "mi", "g"];

/// One and several of the unit that a short form names.
pub(super) fn unit(text: &str) -> Option<(&'static str, &'static str)> {
    UNITS
        .iter()
        .find(|(short, ..)| *short == text)
        .map(|(_, one, many)| (*one, *many))
}

/// Whether a word after a number is a unit.
pub(super) fn is_unit(word: &str) -> bool {
    !TOUCHING.contains(&word) && unit(word).is_some()
}

/// `5 m²`, `20km³`, as [`super::fold`] leaves them: the unit is a square or a cube.
pub(super) fn area(around: &Around, out: &mut Out) -> bool {
    let found = [(" squared", "square"), (" cubed", "cubic")]
        .into_iter()
        .find_map(|(ending, shape)| Some((around.core.strip_suffix(ending)?, shape)));
    let Some((measure, shape)) = found else {
        return false;
    };
    let (number, short) = match number_and_rest(measure) {
        Some((number, short)) => (Some(number), short),
        None => (None, measure),
    };
    let counted = number.is_some() || starts_with_digit(around.prev);
    let Some((one, many)) = unit(short).filter(|_| counted) else {
        return false;
    };
    let single = number.as_ref().map_or(around.prev == "1", Number::is_one);
    if let Some(number) = number {
        out.words(&number.words());
    }
    out.words(&format!("{shape} {}", if single { one } else { many }));
    true
}
