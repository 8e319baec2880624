import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { redact } from './redact.ts'

describe('redact', () => {
  it.each([
    'password',
    'dbPassword',
    'passwd',
    'passphrase',
    'clientSecret',
    'accessToken',
    'Authorization',
    'authorisation',
    'Set-Cookie',
    'apiKey',
    'api_key',
    'private-key',
    'credentials',
    'x-signature',
  ])('masks what is called %s, whatever its type', (name) => {
    for (const value of ['hunter2', 5, true, { deep: 'hunter2' }, ['hunter2'], Buffer.from('hunter2')])
      expect(redact({ outer: { [name]: value } })).toEqual({ outer: { [name]: '[redacted]' } })
    expect(redact({ [name]: undefined, other: null })).toEqual({ [name]: undefined, other: null })
  })

  it.each([
    ['postgres://app:hunter2@db.internal:5432/app', 'postgres://app:[redacted]@db.internal:5432/app'],
    ['redis://:hunter2@cache', 'redis://:[redacted]@cache'],
    ['postgres://app:hunt@er2@db/app', 'postgres://app:[redacted]@db/app'],
    ['two: amqp://a:hunter2@x, s3+http://b:hunter2@y', 'two: amqp://a:[redacted]@x, s3+http://b:[redacted]@y'],
    ['https://host:8080/path?q=a@b', 'https://host:8080/path?q=a@b'],
    ['mail to a@b.example: now', 'mail to a@b.example: now'],
  ])('masks the password in %s', (text, expected) => {
    expect(redact(text)).toBe(expected)
    expect(redact({ list: [text] })).toEqual({ list: [expected] })
  })

  it('turns what JSON cannot hold into text', () => {
    const value = {
      big: 5n,
      bytes: new Uint8Array(3),
      at: new Date(0),
      no: new Date(Number.NaN),
      fn: () => 1,
      sy: Symbol('x'),
    }
    expect(redact(value)).toEqual({
      big: '5',
      bytes: '[3 bytes]',
      at: '1970-01-01T00:00:00.000Z',
      no: 'Invalid Date',
      fn: '[function]',
      sy: '[symbol]',
    })
    expect(redact(new URL('https://u:hunter2@host/'))).toBe('https://u:[redacted]@host/')
    expect(redact(new TypeError('at x://u:hunter2@h'))).toEqual({ name: 'TypeError', message: 'at x://u:[redacted]@h' })
  })

  it('cuts cycles and depth, but not what merely stands twice', () => {
    const shared = { a: 1 }
    const cyclic: Record<string, unknown> = { left: shared, right: shared }
    cyclic['self'] = cyclic
    expect(redact(cyclic)).toEqual({ left: { a: 1 }, right: { a: 1 }, self: '[cycle]' })
    let deep: unknown = 'bottom'
    for (let level = 0; level < 10_000; level++) deep = { deep }
    expect(JSON.stringify(redact(deep))).toContain('[deep]')
  })

  it('copies __proto__ as a plain field', () => {
    const copy = redact(JSON.parse('{"__proto__":{"polluted":1},"a":1}')) as Record<string, unknown>
    expect(Object.keys(copy)).toEqual(['__proto__', 'a'])
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it('survives getters and proxies that throw, and loses only their field', () => {
    const hostile = {
      fine: 1,
      get bad(): never {
        throw new Error('hunter2')
      },
      proxy: new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('hunter2')
          },
        },
      ),
      brand: new Proxy(
        {},
        {
          has: () => {
            throw new Error('hunter2')
          },
        },
      ),
    }
    expect(redact(hostile)).toEqual({ fine: 1, bad: '[unreadable]', proxy: '[unreadable]', brand: '[unreadable]' })
  })

  it('changes nothing in its input, and gives what JSON can write, for any value', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withTypedArray: true,
          withNullPrototype: true,
          withSparseArray: true,
        }),
        (value) => {
          const before = fc.stringify(value)
          expect(() => JSON.stringify(redact({ value }))).not.toThrow()
          expect(fc.stringify(value)).toBe(before)
        },
      ),
      { numRuns: 200 },
    )
  })
})
