import assert from 'node:assert/strict'
import { ExprsnError } from '../../errors/exprsn-error.ts'

/** Runs what must fail with an error of the family, with one of these codes and the details every disk error has. */
export async function expectFailure(
  codes: string | readonly string[],
  operation: string,
  attempt: () => unknown,
): Promise<void> {
  let thrown: unknown
  try {
    await attempt()
  } catch (error) {
    thrown = error
  }
  assert.ok(ExprsnError.is(thrown), `expected ${String(codes)}, got ${String(thrown)}`)
  assert.ok([codes].flat().includes(thrown.code), `expected ${String(codes)}, got ${thrown.code}`)
  assert.equal(thrown.details.operation, operation)
  assert.equal(typeof thrown.details.path, 'string')
  assert.equal(typeof thrown.details.errno, 'string')
}
