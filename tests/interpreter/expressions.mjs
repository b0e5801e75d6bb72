// Fields of a JSONata state: what Step Functions makes of `{% … %}`, by the JSONata version that it has.

import jsonata from 'jsonata';

/** An expression that has no value: what Step Functions calls States.QueryEvaluationError. */
export class QueryEvaluationError extends Error {
  name = 'States.QueryEvaluationError';
  isRetryable = true;
  isCatchable = true;

  constructor(state, field, why) {
    super(`An error occurred while executing the state '${state}'. The JSONata expression specified for the field '${field}' ${why}`);
  }
}

const parsed = new Map();

function expression(text) {
  if (!parsed.has(text)) {
    const made = jsonata(text);
    made.registerFunction('parse', (json) => JSON.parse(json), '<s-:x>');
    // Step Functions has everything of JSONata but this.
    made.assign('eval', undefined);
    parsed.set(text, made);
  }
  return parsed.get(text);
}

/** The value of a field as plain JSON: JSONata marks the lists it makes, and some readers of lists trip over the marks. */
export async function evaluate(template, states, state, field) {
  if (typeof template === 'string') {
    const text = /^\{%(.*)%\}$/s.exec(template)?.[1];
    if (text === undefined) return template;
    let value;
    try {
      value = await expression(text).evaluate(undefined, { states });
    } catch (error) {
      throw new QueryEvaluationError(state, field, `threw an error: ${error.message}`);
    }
    if (value === undefined) throw new QueryEvaluationError(state, field, 'returned nothing (undefined).');
    return JSON.parse(JSON.stringify(value));
  }
  if (Array.isArray(template)) {
    return Promise.all(template.map((part, at) => evaluate(part, states, state, `${field}[${at}]`)));
  }
  if (template === null || typeof template !== 'object') return template;
  const fields = Object.entries(template).map(async ([name, part]) => [name, await evaluate(part, states, state, `${field}/${name}`)]);
  return Object.fromEntries(await Promise.all(fields));
}
