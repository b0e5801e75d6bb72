// What GrowthBook's SDK for JavaScript gives to units: `node allocate.mjs HOST CLIENT UNITS plain|sticky`.
// For each line on standard input it fetches the features anew and prints, for each unit of the file (a JSON object of attributes a line), a
// line with a letter for each feature by name: the variation's place, or - where the unit takes no part. A dot ends the answer.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

// The package stands where scripts/sdk-tools.sh installs it.
const require = createRequire(new URL("../../../target/sdk-tools/package.json", import.meta.url));
const { GrowthBook, StickyBucketService } = require("@growthbook/growthbook");

class InMemory extends StickyBucketService {
    documents = new Map();
    async getAssignments(name, value) {
        return this.documents.get(this.getKey(name, value)) ?? null;
    }
    async saveAssignments(document) {
        this.documents.set(this.getKey(document.attributeName, document.attributeValue), document);
    }
}

const [apiHost, clientKey, file, mode] = process.argv.slice(2);
const units = readFileSync(file, "utf8").trim().split("\n").map((line) => JSON.parse(line));
const sticky = mode === "sticky" ? { stickyBucketService: new InMemory() } : {};
const growthbook = new GrowthBook({ apiHost, clientKey, ...sticky });
const letters = "0123456789ABCDEFGHIJ";

for await (const _ of createInterface({ input: process.stdin })) {
    await growthbook.init({ skipCache: true });
    await growthbook.refreshFeatures({ skipCache: true });
    const keys = Object.keys(growthbook.getFeatures()).sort();
    const lines = [];
    for (const unit of units) {
        await growthbook.setAttributes(unit);
        lines.push(
            keys
                .map((key) => {
                    const result = growthbook.evalFeature(key).experimentResult;
                    return result?.inExperiment ? letters[result.variationId] : "-";
                })
                .join(""),
        );
    }
    process.stdout.write(lines.join("\n") + "\n.\n");
}
growthbook.destroy();
