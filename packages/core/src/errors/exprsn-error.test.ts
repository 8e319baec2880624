import { describe, expect, expectTypeOf, it } from 'vitest'
import { ExprsnError } from './exprsn-error.ts'

describe('ExprsnError', () => {
  it('carries its parts, with defaults', () => {
    const cause = new Error('below')
    const error = new ExprsnError({ code: 'APP_X', message: 'It broke.', cause })
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({
      name: 'ExprsnError',
      code: 'APP_X',
      retryable: false,
      status: 500,
      details: {},
      cause,
    })
    expect(error.help).toBeUndefined()
    expect(String(error)).toBe('ExprsnError: It broke.')
    expectTypeOf(error.code).toEqualTypeOf<'APP_X'>()
    expect('cause' in new ExprsnError({ code: 'X', message: 'x' })).toBe(false)
  })

  it('is recognised across copies of the package', async () => {
    const copyPath = './exprsn-error.ts?copy'
    const { ExprsnError: copy } = (await import(copyPath)) as typeof import('./exprsn-error.ts')
    const foreign = new copy({ code: 'X', message: 'x' })
    expect(copy).not.toBe(ExprsnError)
    expect(foreign instanceof ExprsnError).toBe(false)
    expect(ExprsnError.is(foreign)).toBe(true)
    expect([new Error('x'), null, undefined, 'x', {}].some((value) => ExprsnError.is(value))).toBe(false)
  })

  it('becomes plain data without secrets, causes included', () => {
    const system = Object.assign(new Error('connect x://u:hunter2@h'), { code: 'ECONNREFUSED' })
    const inner = new ExprsnError({ code: 'INNER', message: 'Inner.', retryable: true, status: 503, cause: system })
    const outer = new ExprsnError({
      code: 'OUTER',
      message: 'At x://u:hunter2@h.',
      help: 'Wait.',
      details: { password: 'hunter2', port: 5432n },
      cause: inner,
    })
    expect(JSON.parse(JSON.stringify(outer))).toEqual({
      name: 'ExprsnError',
      code: 'OUTER',
      message: 'At x://u:[redacted]@h.',
      help: 'Wait.',
      retryable: false,
      status: 500,
      details: { password: '[redacted]', port: '5432' },
      cause: {
        name: 'ExprsnError',
        code: 'INNER',
        message: 'Inner.',
        retryable: true,
        status: 503,
        details: {},
        cause: { name: 'Error', message: 'connect x://u:[redacted]@h', code: 'ECONNREFUSED' },
      },
    })
  })

  it('tells the errors inside an AggregateError', () => {
    const cause = new AggregateError([new Error('one'), new ExprsnError({ code: 'TWO', message: 'two' }), 'three'])
    const { errors } = new ExprsnError({ code: 'X', message: 'x', cause }).toJSON()['cause'] as { errors: unknown[] }
    expect(errors).toEqual([
      expect.objectContaining({ message: 'one' }),
      expect.objectContaining({ code: 'TWO' }),
      'three',
    ])
  })

  it.each([
    [
      'a cycle of causes',
      () => {
        const first = new Error('first')
        const second = new ExprsnError({ code: 'X', message: 'second', cause: first })
        first.cause = second
        return first
      },
    ],
    [
      'itself inside an AggregateError',
      () => {
        const aggregate = new AggregateError([])
        aggregate.errors.push(aggregate)
        return aggregate
      },
    ],
    [
      'a getter that throws',
      () =>
        Object.defineProperty(new Error('x'), 'message', {
          get: () => {
            throw new Error('no')
          },
        }),
    ],
    ['an object without prototype', () => Object.create(null) as unknown],
    ['a symbol', () => Symbol('x')],
    [
      'a forged brand',
      () => ({
        [Symbol.for('@exprsn/error')]: true,
        get details() {
          throw new Error('no')
        },
      }),
    ],
    [
      'a revoked proxy',
      () => {
        const { proxy, revoke } = Proxy.revocable({}, {})
        revoke()
        return proxy
      },
    ],
  ])('is written as JSON with %s as its cause', (_name, makeCause) => {
    const error = new ExprsnError({ code: 'X', message: 'x', cause: makeCause() })
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ code: 'X' })
  })
})
