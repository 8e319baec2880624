import { databaseErrors } from './errors.ts'

/** What reaches an engine: an integral number has become a bigint, so that SQLite does not store it as a real. */
export type BoundValue = string | number | bigint | Uint8Array | null

const lowest = -(2n ** 63n)
const highest = 2n ** 63n - 1n

/**
 * Checks the values of a statement and brings them into the few types that every engine stores alike.
 *
 * @throws `CORE_DATABASE_PLACEHOLDER` when there are too few or too many, `CORE_DATABASE_VALUE` naming the placeholder.
 */
export function bindValues(values: readonly unknown[], parameters: number): BoundValue[] {
  if (values.length !== parameters)
    throw databaseErrors.CORE_DATABASE_PLACEHOLDER({
      reason: `the statement takes ${parameters} values, not ${values.length}`,
    })
  // Not `map`: it would skip the holes of a sparse array.
  return Array.from(values, (value, index) => bindValue(value, `$${index + 1}`))
}

function bindValue(value: unknown, placeholder: string): BoundValue {
  const refuse = (reason: string): never => {
    throw databaseErrors.CORE_DATABASE_VALUE({ placeholder, reason })
  }
  if (value === null) return null
  switch (typeof value) {
    case 'string':
      return value.includes('\0') ? refuse('text may not hold a NUL character') : value
    case 'boolean':
      return value ? 1n : 0n
    case 'number':
      if (!Number.isFinite(value)) return refuse(`${value} is not a finite number`)
      if (!Number.isInteger(value)) return value
      return Number.isSafeInteger(value) ? BigInt(value) : refuse('an integer beyond 2⁵³ must be a bigint')
    case 'bigint':
      return value >= lowest && value <= highest ? value : refuse('a bigint must fit into 64 bits')
    case 'object':
      if (value instanceof Date)
        return Number.isNaN(value.getTime()) ? refuse('the Date is invalid') : BigInt(value.getTime())
      if (value instanceof Uint8Array) return value
      return refuse(`it is ${Array.isArray(value) ? 'an array' : 'an object'}`)
    default:
      return refuse(`it is ${value === undefined ? 'undefined' : `a ${typeof value}`}`)
  }
}
