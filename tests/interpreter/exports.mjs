// A module hook: the package keeps the class that carries out one state to itself, and that is where expressions come in.

const PACKAGE = 'aws-local-stepfunctions/build/main.node.esm.js';

export async function load(url, context, next) {
  const loaded = await next(url, context);
  if (!url.endsWith(PACKAGE)) return loaded;
  return { ...loaded, source: `${loaded.source}\nexport { StateExecutor };\n` };
}
