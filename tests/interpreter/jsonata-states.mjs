// aws-local-stepfunctions knows JSONPath alone. Its order of states, branches, items, retries, catches and time limits stays as it is; here it
// is lent the fields that JSONata machines have: Arguments, Items, ItemSelector, Condition, Output, and a Fail's Error and Cause.

import { EPOCH } from './clock.mjs';
import { QueryEvaluationError, evaluate } from './expressions.mjs';

/** What Step Functions takes for a Task without a time limit, in seconds; the package would take a minute. */
const NO_LIMIT = 99_999_999;

/** Lends JSONata to the package's states. `call(task)` carries out a Task's service call and gives its result. */
export function lend(StateExecutor, clock, execution, call) {
  const own = StateExecutor.prototype;
  const { execute, catchError, executeTaskState, executeParallelState, executeMapState, executePassState, executeFailState } = own;

  const date = (ms) => new Date(EPOCH + ms).toISOString();
  const statesOf = (name, entered, input) => ({
    input,
    context: {
      Execution: { Name: execution().name, StartTime: date(0), Input: execution().input },
      State: { Name: name, EnteredTime: date(entered) },
    },
  });

  /** Evaluates Arguments, has the state carried out, and evaluates Output. */
  const around = async ({ entered }, definition, name, input, carryOut) => {
    const states = statesOf(name, entered, input);
    const field = async (key, otherwise) => (key in definition ? evaluate(definition[key], states, name, key) : otherwise);
    const done = await carryOut(states, field);
    states.result = done.stateResult;
    return { ...done, stateResult: await field('Output', done.stateResult) };
  };

  own.executeTaskState = function (definition, _, input, context, name, options) {
    return around(this, definition, name, input, async (states, field) => {
      const token = execution().token();
      states.context.Task = { Token: token };
      const request = await field('Arguments', input);
      const limited = { ...definition, TimeoutSeconds: definition.TimeoutSeconds ?? NO_LIMIT };
      // What was stopped at this same moment hears of it first, and then begins nothing more.
      await clock.during(new Promise((resolve) => setImmediate(resolve)));
      if (options.abortSignal.aborted) return new Promise(() => {});
      const taskResourceLocalHandlers = { [name]: () => call({ name, token, request, resource: definition.Resource }) };
      const runOptions = { ...options.runOptions, overrides: { taskResourceLocalHandlers } };
      return executeTaskState(limited, input, request, context, name, { ...options, runOptions });
    });
  };

  own.executeParallelState = function (definition, _, input, context, name, options) {
    return around(this, definition, name, input, async (states, field) =>
      executeParallelState(definition, input, await field('Arguments', input), context, name, options));
  };

  own.executeMapState = function (definition, _, input, context, name, options) {
    return around(this, definition, name, input, async (states, field) => {
      const items = await field('Items', input);
      if (!Array.isArray(items)) throw new QueryEvaluationError(name, 'Items', 'returned no array.');
      const { ItemSelector: selector, ...plain } = definition;
      const select = (Value, Index) => {
        const item = { ...states, context: { ...states.context, Map: { Item: { Index, Value } } } };
        return selector === undefined ? Value : evaluate(selector, item, name, 'ItemSelector');
      };
      const selected = await Promise.all(items.map(select));
      // The package stops the items that run when one fails; those that wait for their turn would still begin.
      const failed = new AbortController();
      const signals = [options.abortSignal, failed.signal];
      const runOptions = { ...options.runOptions, _rootAbortSignal: AbortSignal.any(signals) };
      try {
        return await executeMapState(plain, input, selected, context, name, { ...options, runOptions });
      } catch (error) {
        failed.abort();
        throw error;
      }
    });
  };

  own.executePassState = function (definition, _, input, context, name, options) {
    return around(this, definition, name, input, () => executePassState(definition, input, input, context, name, options));
  };

  own.executeFailState = function (definition, _, input, context, name, options) {
    return around(this, definition, name, input, async (states, field) => {
      const told = { ...definition, Error: await field('Error'), Cause: await field('Cause') };
      return executeFailState(told, input, input, context, name, options);
    });
  };

  own.executeChoiceState = function (definition, _, input, context, name) {
    return around(this, definition, name, input, async (states) => {
      for (const [at, { Condition, Next }] of definition.Choices.entries()) {
        const holds = await evaluate(Condition, states, name, `Choices[${at}]/Condition`);
        if (typeof holds !== 'boolean') throw new QueryEvaluationError(name, 'Condition', 'returned no boolean.');
        if (holds) return { stateResult: input, nextState: Next, isEndState: false };
      }
      return { stateResult: input, nextState: definition.Default, isEndState: false };
    });
  };

  own.catchError = function (error) {
    const caught = catchError.call(this, error);
    if (caught.nextState) this.caught = { ...caught, catcher: this.stateDefinition.Catch[caught.catcherIndex] };
    return caught;
  };

  // Every attempt at a state comes by here, and by the way of a Catch its output.
  own.execute = async function (input, context, options) {
    // The handlers' `this`, one for each time that a state is entered: its date stays the same however often it is tried.
    this.stateHandlers.entered ??= clock.now;
    const done = await execute.call(this, input, context, options);
    const caught = this.caught;
    if (!caught) return done;
    this.caught = undefined;
    const name = this.stateName;
    const states = { ...statesOf(name, this.stateHandlers.entered, input), errorOutput: caught.errorOutput };
    const output = caught.catcher.Output;
    return output === undefined ? done : { ...done, stateResult: await evaluate(output, states, name, 'Catch/Output') };
  };
}
