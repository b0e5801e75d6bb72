// Nanoseconds that GrowthBook's SDK for JavaScript takes to give a unit its variation: the payload comes on standard input.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../../target/sdk-tools/package.json", import.meta.url));
const { GrowthBook } = require("@growthbook/growthbook");

const { features } = JSON.parse(readFileSync(0, "utf8"));
const growthbook = new GrowthBook({ features });
const units = Array.from({ length: 10_000 }, (_, number) => ({ id: `unit-${number}`, country: ["NL", "US"][number % 2], age: number % 90 }));
const times = [];
for (let round = 0; round < 41; round++) {
    let spent = 0n;
    for (const unit of units) {
        await growthbook.setAttributes(unit);
        const begun = process.hrtime.bigint();
        growthbook.evalFeature("speed");
        spent += process.hrtime.bigint() - begun;
    }
    times.push(Number(spent) / units.length);
}
times.sort((a, b) => a - b);
console.log(JSON.stringify({ ns: times[20] }));
