import type { LayerDescription, Operation, PolicyLayer } from './policy.ts'
import { Scope } from './scope.ts'

/**
 * A layer that only looks at the beginning and the end of a call. Neighbouring guards run as one step with one promise
 * between them, which is what makes a stack of layers cost little more than one.
 */
export interface Guard {
  /**
   * Lets the call in. A throw or rejection refuses it; a promise makes it wait. What it gives is handed to `leave`.
   */
  enter(scope: Scope): unknown
  /** The call is over. Called exactly once for every `enter` that let it in. */
  leave(failed: boolean, error: unknown, entered: unknown, scope: Scope): void
}

/** A layer made of a guard. */
export function guardLayer(description: LayerDescription, guard: Guard): PolicyLayer {
  return { ...description, guard, wrap: (next) => runGuarded([guard], next) }
}

/**
 * Puts guards around an operation as one step. They enter in order and leave in reverse; a guard that refuses lets the
 * ones before it leave with its error. A call that is given up while a guard lets it wait does not begin.
 */
export function runGuarded(guards: readonly Guard[], operation: Operation): Operation {
  const [only] = guards
  if (only !== undefined && guards.length === 1) return runGuardedByOne(only, operation)
  return (scope) => {
    const entered = new Array<unknown>(guards.length)
    const waiting = enterFrom(0, guards, scope, entered)
    if (waiting !== undefined) return waiting.then(() => runInside(guards, entered, operation, scope))
    return runInside(guards, entered, operation, scope)
  }
}

/** Undefined when all guards let the call in at once, which is the case that has to be fast. */
function enterFrom(
  first: number,
  guards: readonly Guard[],
  scope: Scope,
  entered: unknown[],
): Promise<unknown> | undefined {
  for (let index = first; index < guards.length; index++) {
    try {
      const given = guards[index]!.enter(scope)
      if (given instanceof Promise) return waitAt(index, given, guards, scope, entered)
      entered[index] = given
    } catch (error) {
      leaveFrom(index - 1, guards, entered, true, error, scope)
      return Promise.reject(error as Error)
    }
  }
  return undefined
}

async function waitAt(
  index: number,
  waiting: Promise<unknown>,
  guards: readonly Guard[],
  scope: Scope,
  entered: unknown[],
): Promise<void> {
  try {
    entered[index] = await waiting
  } catch (error) {
    leaveFrom(index - 1, guards, entered, true, error, scope)
    throw error
  }
  if (scope.aborted) {
    leaveFrom(index, guards, entered, true, scope.reason, scope)
    throw scope.reason
  }
  await enterFrom(index + 1, guards, scope, entered)
}

function runInside(
  guards: readonly Guard[],
  entered: readonly unknown[],
  operation: Operation,
  scope: Scope,
): Promise<unknown> {
  const last = guards.length - 1
  return operation(scope).then(
    (value) => {
      leaveFrom(last, guards, entered, false, undefined, scope)
      return value
    },
    (error: unknown) => {
      leaveFrom(last, guards, entered, true, error, scope)
      throw error
    },
  )
}

/** Every guard leaves, also when the host's callback in one of them throws: a place that is not given back is lost. */
function leaveFrom(
  last: number,
  guards: readonly Guard[],
  entered: readonly unknown[],
  failed: boolean,
  error: unknown,
  scope: Scope,
): void {
  for (let index = last; index >= 0; index--) {
    try {
      guards[index]!.leave(failed, error, entered[index], scope)
    } catch (thrown) {
      leaveFrom(index - 1, guards, entered, true, thrown, scope)
      throw thrown
    }
  }
}

/** The same for a single guard, without the list of what each was given. */
function runGuardedByOne(guard: Guard, operation: Operation): Operation {
  let shared = endings(guard, undefined, steady)
  const runWith = (entered: unknown, scope: Scope): Promise<unknown> => {
    if (scope.steady && entered !== shared.entered) shared = endings(guard, entered, steady)
    const { succeeded, failed } = scope.steady ? shared : endings(guard, entered, scope)
    return operation(scope).then(succeeded, failed)
  }
  return (scope) => {
    let entered: unknown
    try {
      entered = guard.enter(scope)
    } catch (error) {
      return Promise.reject(error as Error)
    }
    if (!(entered instanceof Promise)) return runWith(entered, scope)
    return entered.then((given) => {
      if (!scope.aborted) return runWith(given, scope)
      guard.leave(true, scope.reason, given, scope)
      throw scope.reason
    })
  }
}

/** What happens at the end of a call. All calls that nobody can abort and that were given the same share one. */
function endings(guard: Guard, entered: unknown, scope: Scope) {
  return {
    entered,
    succeeded(value: unknown): unknown {
      guard.leave(false, undefined, entered, scope)
      return value
    },
    failed(error: unknown): never {
      guard.leave(true, error, entered, scope)
      throw error
    },
  }
}

/** Stands for the scope of each call that nobody can abort: in no other way do they differ for a guard. */
const steady = new Scope(async () => {}, undefined, 1, true)
