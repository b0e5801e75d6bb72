// Reads [{schema, value}] from standard input and writes for each whether the value keeps to the schema, by ajv in strict mode.
// Run in the folder of the tests' npm packages.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(`${process.cwd()}/`);
const Ajv = require("ajv/dist/2020").default;
const addFormats = require("ajv-formats").default;

const compiled = new Map();
const answers = JSON.parse(readFileSync(0, "utf8")).map(({ schema, value }) => {
  if (!compiled.has(schema.$id)) {
    // The formats of numbers are schemars' own: they say how wide a number is.
    const ajv = addFormats(new Ajv({ strict: true, allErrors: true }));
    for (const format of ["uint16", "uint32", "double"]) ajv.addFormat(format, true);
    compiled.set(schema.$id, ajv.compile(schema));
  }
  return compiled.get(schema.$id)(value);
});
process.stdout.write(JSON.stringify(answers));
