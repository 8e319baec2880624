import { ExprsnError } from '@exprsn/core'
import { testingErrors } from '../errors.ts'

/** Fails the case unless the condition holds. */
export function expectThat(condition: boolean, expectation: string, seen?: unknown): asserts condition {
  if (!condition) throw testingErrors.PAYMENTS_TESTING_EXPECTATION_FAILED({ expectation, seen: visible(seen) })
}

/** Fails the case unless the call rejects with this code. Gives the error. */
export async function expectCode(code: string, call: () => Promise<unknown>): Promise<ExprsnError> {
  let seen: unknown
  try {
    seen = await call()
  } catch (error) {
    if (ExprsnError.is(error) && error.code === code) return error
    throw testingErrors.PAYMENTS_TESTING_EXPECTATION_FAILED(
      { expectation: `it throws ${code}`, seen: visible(error) },
      { cause: error },
    )
  }
  throw testingErrors.PAYMENTS_TESTING_EXPECTATION_FAILED({ expectation: `it throws ${code}`, seen: visible(seen) })
}

/** Bigints do not pass through JSON. */
function visible(value: unknown): unknown {
  if (value instanceof Error) return `${value.name}: ${value.message}`
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each))
}
