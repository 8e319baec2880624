import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { ExprsnError } from '../../errors/exprsn-error.ts'

/** Fails unless the promise rejects with an error of this code; gives the error. */
export async function expectCode(promise: Promise<unknown>, code: string): Promise<ExprsnError> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  assert.ok(ExprsnError.is(outcome), `expected ${code}, got ${outcome === undefined ? 'success' : inspect(outcome)}`)
  assert.equal(outcome.code, code, outcome.message)
  return outcome
}
