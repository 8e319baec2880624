import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRetryAfter, retryAfterOf } from './retry-after.ts'

const now = Date.UTC(2026, 10, 20, 10, 0, 0)

describe('parseRetryAfter', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7_000],
    ['Fri, 20 Nov 2026 10:00:30 GMT', 30_000],
    ['Friday, 20-Nov-26 10:00:30 GMT', 30_000],
    ['Fri Nov 20 10:00:30 2026', 30_000],
    ['Mon Nov  2 10:00:30 2026', 0],
    ['2026-11-20T10:00:30Z', 30_000],
    ['2026-11-20T12:00:30.500+02:00', 30_500],
    ['Fri, 20 Nov 2026 09:00:00 GMT', 0],
  ])('reads %s', (text, expected) => {
    expect(parseRetryAfter(text, now)).toBe(expected)
  })

  it.each(['', '-1', '1.5', '1e3', 'soon', '12 s', '9999999999', 'Nov', 'Fri, 99 Foo 2026 10:00:30 GMT', '0x10'])(
    'gives nothing for %s',
    (text) => {
      expect(parseRetryAfter(text, now)).toBeUndefined()
    },
  )

  it('gives milliseconds of 0 or more, or nothing, for any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseRetryAfter(text, now)
        expect(parsed === undefined || (parsed >= 0 && Number.isFinite(parsed))).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })

  it('reads back every date as HTTP writes it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e8 }), (seconds) => {
        expect(parseRetryAfter(new Date(now + seconds * 1_000).toUTCString(), now)).toBe(seconds * 1_000)
      }),
      { numRuns: 200 },
    )
  })
})

describe('retryAfterOf', () => {
  const headers = { 'retry-after': '3' }
  it.each([
    ['details of our own', { details: { retryAfterMs: 250 } }, 250],
    ['details that never pass', { details: { retryAfterMs: Infinity } }, Infinity],
    ['negative details', { details: { retryAfterMs: -5 } }, 0],
    ['a fetch Response that is thrown', new Response(null, { status: 503, headers }), 3_000],
    ['an error with a fetch Response', { response: new Response(null, { headers }) }, 3_000],
    ['an error with Headers', { headers: new Headers(headers) }, 3_000],
    ['plain headers', { headers }, 3_000],
    ['plain headers in capitals', { response: { headers: { 'Retry-After': '3' } } }, 3_000],
    ['a number', { headers: { 'retry-after': 3 } }, 3_000],
    ['a list', { headers: { 'retry-after': ['3', '9'] } }, 3_000],
  ])('finds %s', (_, error, expected) => {
    expect(retryAfterOf(error, now)).toBe(expected)
  })

  it.each([
    undefined,
    null,
    'text',
    5,
    new Error('plain'),
    { details: { retryAfterMs: Number.NaN } },
    { details: { retryAfterMs: '5' } },
    { headers: null },
    { headers: {} },
    { headers: 'retry-after: 5' },
    { response: null },
    { response: new Response() },
  ])('finds nothing in %s', (error) => {
    expect(retryAfterOf(error, now)).toBeUndefined()
  })
})
