import { describe, expect, it } from 'vitest'
import { resilienceErrors } from './errors.ts'
import { isRetryable } from './retryable.ts'

const status = (code: number): Error => Object.assign(new Error(String(code)), { status: code })
const named = (name: string): Error => Object.assign(new Error('x'), { name })

describe('isRetryable', () => {
  it.each([
    ['an error of ours that says so', resilienceErrors.CORE_TIMEOUT({ limit: 5 }), true],
    ['an error of ours that denies it', resilienceErrors.CORE_DEADLINE_EXCEEDED(), false],
    ['any other error', new Error('ECONNRESET'), true],
    ['what is no error', 'text', true],
    ['an abort', named('AbortError'), false],
    ['a mistake in the program', new TypeError('x is undefined'), false],
    [
      'a lost network of fetch',
      new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'X' }) }),
      true,
    ],
    ['status 400', status(400), false],
    ['status 404', status(404), false],
    ['status 408', status(408), true],
    ['status 425', status(425), true],
    ['status 429', status(429), true],
    ['status 500', status(500), true],
    ['status 503 as statusCode', Object.assign(new Error(), { statusCode: 503 }), true],
    ['status 422 as statusCode', Object.assign(new Error(), { statusCode: 422 }), false],
  ])('%s: %#', (_, error, expected) => {
    expect(isRetryable(error)).toBe(expected)
  })
})
