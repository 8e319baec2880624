import { describe, expect, it } from 'vitest'
import { ExprsnError } from '../errors/exprsn-error.ts'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { httpErrors } from './errors.ts'
import { parseProblem } from './parse-problem.ts'
import { problemOf, problemResponse } from './problem.ts'

describe('problemOf', () => {
  it('tells the code of a fault, and nothing else of it', () => {
    const fault = new ExprsnError({ code: 'CORE_X', message: 'db7', help: 'ask db7', status: 503, retryable: true })
    expect(problemOf(fault)).toEqual({
      type: 'urn:exprsn:error:CORE_X',
      title: 'Service Unavailable',
      status: 503,
      code: 'CORE_X',
      retryable: true,
    })
    expect(problemOf(new ExprsnError({ code: 'CORE_X', message: 'x', status: 200 })).status).toBe(500)
    for (const thrown of [undefined, null, 'text', 1, new TypeError('db7')])
      expect(problemOf(thrown)).toEqual({ type: 'about:blank', title: 'Internal Server Error', status: 500 })
  })

  it('masks passwords in addresses', () => {
    const error = new ExprsnError({ code: 'APP_X', message: 'see postgres://u:pw@host/db', status: 400 })
    expect(problemOf(error).detail).toBe('see postgres://u:[redacted]@host/db')
  })
})

describe('parseProblem', () => {
  const answer = (body: unknown, init: ResponseInit = {}, type = 'application/problem+json') =>
    new Response(typeof body === 'string' ? body : JSON.stringify(body), {
      status: 400,
      headers: { 'content-type': type },
      ...init,
    })

  it('gives back the error that was sent', async () => {
    const errors = [{ in: 'body', pointer: '#/a', detail: 'Required' }] as const
    const sent = httpErrors.CORE_HTTP_INPUT_INVALID({ count: 1, errors })
    const error = await parseProblem(problemResponse(sent, { requestId: 'r-1234' }))
    expect(ExprsnError.is(error)).toBe(true)
    expect(error).toMatchObject({
      code: 'CORE_HTTP_INPUT_INVALID',
      status: 400,
      retryable: false,
      details: { errors, requestId: 'r-1234' },
    })
    const limited = new ExprsnError({
      code: 'APP_FULL',
      message: 'Full.',
      status: 429,
      retryable: true,
      details: { retryAfterMs: 2_500 },
    })
    expect(await parseProblem(problemResponse(limited))).toMatchObject({
      code: 'APP_FULL',
      retryable: true,
      details: { retryAfterMs: 3_000 },
    })
  })

  it('reads a date in Retry-After by the clock', async () => {
    const clock = new SimulatedClock()
    const date = new Date(Math.ceil(clock.now() / 1_000) * 1_000 + 5_000)
    const headers = { 'retry-after': date.toUTCString(), 'content-type': 'application/problem+json' }
    const error = await parseProblem(answer({ code: 'APP_FULL' }, { status: 503, headers }), { clock })
    expect(error).toMatchObject({ retryable: true, details: { retryAfterMs: date.getTime() - clock.now() } })
  })

  it.each([
    ['no JSON', '{', 'application/json'],
    ['a list', [], 'application/json'],
    ['null', null, 'application/json'],
    ['HTML', '<h1>Bad Gateway</h1>', 'text/html'],
    ['a code that is none', { code: 'x; drop', detail: 1 }, 'application/problem+json'],
    ['more than it should be', { code: 'APP_X', detail: 'x'.repeat(70_000) }, 'application/json'],
  ])('makes a general error of %s', async (_, body, type) => {
    const error = await parseProblem(answer(body, { status: 502, headers: { 'content-type': type } }, type))
    expect(error).toMatchObject({ code: 'CORE_HTTP_REMOTE', details: { status: 502 } })
  })

  it('has nothing to say about success', async () => {
    expect(await parseProblem(new Response('ok'))).toBeUndefined()
  })
})
