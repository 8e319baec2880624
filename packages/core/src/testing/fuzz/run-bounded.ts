import { Script } from 'node:vm'

/** Where the call to run stands while it runs: a script reaches nothing but globals. */
const slot = Symbol.for('@exprsn/core/testing/bounded-call')
const globals = globalThis as unknown as Record<symbol, (() => unknown) | undefined>
let script: Script | undefined

/** A bounded call that did not come back. */
export const ranForever = Symbol('ran forever')

/**
 * Calls a function and ends it when it does not return in time, also out of an endless loop: V8 stops what runs inside
 * a script with a time limit. Costs about 0.7 ms, for a thread that watches. A promise that it returns is the caller's to wait for.
 *
 * @throws What the function throws
 */
export function runBounded(call: () => unknown, milliseconds: number): unknown {
  script ??= new Script(`globalThis[Symbol.for('@exprsn/core/testing/bounded-call')]()`)
  globals[slot] = call
  try {
    return script.runInThisContext({ timeout: milliseconds })
  } catch (error) {
    if ((error as { readonly code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return ranForever
    throw error
  } finally {
    delete globals[slot]
  }
}
