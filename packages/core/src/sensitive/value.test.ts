import { describe, expect, it } from 'vitest'
import { Secret } from '../config/secret.ts'
import { createScanner } from './create-scanner.ts'

const scanner = createScanner()

describe('maskValue', () => {
  it('masks texts, keys, numbers and fields that are named like secrets', () => {
    const value = {
      note: 'mail ann@example.com',
      'ann@example.com': 1,
      card: 4111111111111111,
      big: 4111111111111111n,
      at: 1763700000000,
      user: { password: 'hunter2', pin: 1234, apiKey: { value: 'x', tries: 3 } },
      list: ['192.0.2.1', null, undefined, true],
    }
    expect(scanner.maskValue(value)).toEqual({
      note: 'mail [email]',
      '[email]': 1,
      card: '[card …1111]',
      big: '[card …1111]',
      at: 1763700000000,
      user: { password: '[secret]', pin: 1234, apiKey: { value: '[secret]', tries: '[secret]' } },
      list: ['[ip]', null, undefined, true],
    })
    expect(value.user.password).toBe('hunter2')
  })

  it('leaves secret names alone when secrets are not wanted', () => {
    expect(createScanner({ kinds: ['email'] }).maskValue({ password: 'x' })).toEqual({ password: 'x' })
  })

  it('keeps dates, bytes, empty texts and functions, and never opens a Secret', () => {
    const [date, bytes] = [new Date(0), Uint8Array.of(1)]
    const run = (): void => {}
    const masked = scanner.maskValue({ date, bytes, run, password: '', secret: new Secret('a') })
    expect(masked).toEqual({ date, bytes, run, password: '', secret: '[secret]' })
  })

  it('goes into maps, sets, errors and URLs', () => {
    const error = Object.assign(new Error('no ann@example.com', { cause: 'from 192.0.2.1' }), { code: 'E1' })
    const masked = scanner.maskValue({
      map: new Map<unknown, unknown>([
        ['ann@example.com', '192.0.2.1'],
        [{}, 1],
        [7, 2],
      ]),
      set: new Set(['ann@example.com']),
      url: new URL('https://u:pw@example.com/'),
      error,
    })
    expect(masked).toEqual({
      map: { '[email]': '[ip]', '[object]': 1, '7': 2 },
      set: ['[email]'],
      url: 'https://u:[url-password]@example.com/',
      error: {
        name: 'Error',
        message: 'no [email]',
        stack: expect.stringContaining('[email]'),
        cause: 'from [ip]',
        code: 'E1',
      },
    })
  })

  it('keeps both of two keys that have the same mask', () => {
    const masked = scanner.maskValue({ 'a@example.com': 1, 'b@example.com': 2, 'c@example.com': 3 })
    expect(masked).toEqual({ '[email]': 1, '[email] 2': 2, '[email] 3': 3 })
  })

  it('keeps cycles and shared parts', () => {
    const value: Record<string, unknown> = { mail: 'ann@example.com' }
    value.self = value
    value.both = [value, value]
    const masked = scanner.maskValue(value) as Record<string, unknown> & { both: unknown[] }
    expect(masked.self).toBe(masked)
    expect(masked.both).toEqual([masked, masked])
  })

  it('goes a hundred thousand levels deep', () => {
    let value: unknown = 'ann@example.com'
    for (let depth = 0; depth < 100_000; depth++) value = depth % 2 === 0 ? [value] : { a: value }
    let masked = scanner.maskValue(value)
    for (let depth = 0; depth < 100_000; depth++) masked = Object.values(masked as object)[0]
    expect(masked).toBe('[email]')
  })

  it('survives hostile objects', () => {
    const value = {
      get broken(): string {
        throw new Error('no')
      },
      fine: 'x',
    }
    expect(scanner.maskValue(value)).toEqual({ broken: '[unreadable]', fine: 'x' })
    const parsed: unknown = JSON.parse('{"__proto__":{"polluted":"ann@example.com"}}')
    const masked = scanner.maskValue(parsed) as Record<string, unknown>
    expect(Object.keys(masked)).toEqual(['__proto__'])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect((masked as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it.each([
    ['ann@example.com', '[email]'],
    [7, 7],
    [null, null],
    [undefined, undefined],
    ['', ''],
  ])('masks %j itself', (value, masked) => {
    expect(scanner.maskValue(value)).toBe(masked)
  })
})

describe('scanValue', () => {
  it('names the way to each finding', () => {
    const value = { user: { password: 'hunter2' }, list: ['a', 'see 192.0.2.1'], 'ann@example.com': 0 }
    const byPath = (left: { path: readonly string[] }, right: { path: readonly string[] }): number =>
      left.path.join().localeCompare(right.path.join())
    expect(scanner.scanValue(value).sort(byPath)).toEqual([
      { kind: 'email', start: 0, end: 15, path: ['ann@example.com'], inKey: true },
      { kind: 'ip', start: 4, end: 13, path: ['list', '1'], inKey: false },
      { kind: 'secret', start: 0, end: 7, path: ['user', 'password'], inKey: false },
    ])
  })

  it('finds nothing in plain values', () => {
    expect(scanner.scanValue({ a: [1, 'b', null], c: new Date() })).toEqual([])
  })
})
