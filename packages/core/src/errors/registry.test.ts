import { describe, expect, expectTypeOf, it } from 'vitest'
import { ExprsnError } from './exprsn-error.ts'
import { defineErrors } from './registry.ts'

const errors = defineErrors({
  APP_ORDER_MISSING: { message: 'There is no order {id} in {place}.', help: 'Check it.', status: 404 },
  APP_BUSY: { message: 'Busy.', help: 'Wait.', retryable: true },
})

describe('defineErrors', () => {
  it('makes errors from definitions', () => {
    const cause = new Error('below')
    const error = errors.APP_ORDER_MISSING({ id: 'A-1', place: 'store', extra: 1 }, { cause })
    expect(ExprsnError.is(error)).toBe(true)
    expect(error).toMatchObject({
      code: 'APP_ORDER_MISSING',
      message: 'There is no order A-1 in store.',
      help: 'Check it.',
      status: 404,
      retryable: false,
      details: { id: 'A-1', place: 'store', extra: 1 },
      cause,
    })
    expect(errors.APP_BUSY()).toMatchObject({ retryable: true, status: 500, details: {} })
  })

  it('asks in its types for the details that the message names', () => {
    expectTypeOf(errors.APP_ORDER_MISSING).parameter(0).toExtend<{ id: unknown; place: unknown }>()
    expectTypeOf(errors.APP_ORDER_MISSING).returns.toEqualTypeOf<ExprsnError<'APP_ORDER_MISSING'>>()
    expectTypeOf(errors.APP_BUSY).toBeCallableWith()
    // @ts-expect-error -- `place` is missing
    const incomplete = errors.APP_ORDER_MISSING({ id: 1 })
    expect(incomplete.message).toBe('There is no order 1 in undefined.')
    // @ts-expect-error -- there is no such code
    expect(errors.APP_OTHER).toBeUndefined()
  })

  it('keeps its definitions as data and cannot be changed', () => {
    expect(Object.keys(errors.definitions)).toEqual(['APP_ORDER_MISSING', 'APP_BUSY'])
    expect(Object.isFrozen(errors)).toBe(true)
  })

  it('starts the stack where the error was made', () => {
    expect(errors.APP_BUSY().stack?.split('\n')[1]).toContain('registry.test')
  })

  it.each([
    [['a', 'b'], 'a, b'],
    [{ a: 1n }, '{"a":"1"}'],
    [Object.create(null), '{}'],
    [null, 'null'],
    [Symbol('x'), '[symbol]'],
    [new Uint8Array(3), '[3 bytes]'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    ['{place}', '{place}'],
    ["$& $1 $'", "$& $1 $'"],
    ['postgres://u:hunter2@h/d', 'postgres://u:[redacted]@h/d'],
    ['x'.repeat(500), `${'x'.repeat(200)}…`],
  ])('shows value %# of a message safely', (id, shown) => {
    expect(errors.APP_ORDER_MISSING({ id, place: 'P' }).message).toBe(`There is no order ${shown} in P.`)
  })
})
