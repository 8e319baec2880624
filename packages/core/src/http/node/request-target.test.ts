import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Incoming } from './incoming.ts'
import { requestTarget, type RequestTargetOptions } from './request-target.ts'

const usual: RequestTargetOptions = { origin: undefined, trustForwarded: false }

/** As much of a Node request as a target is made of. */
function incoming(
  url: string,
  headers: Record<string, string> = { host: 'a' },
  more: Partial<Incoming> = {},
): Incoming {
  const rawHeaders = Object.entries(headers).flat()
  return { url, headers, rawHeaders, socket: {}, ...more } as unknown as Incoming
}
const code = (run: () => unknown): unknown => {
  try {
    return run()
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('requestTarget', () => {
  it('gives for every path what URL parsing gives', () => {
    const piece = fc.constantFrom(
      'a',
      '/',
      '.',
      '..',
      '%2e',
      '%2E',
      '%2f',
      '%',
      '?',
      '&',
      '=',
      '\\',
      '"',
      "'",
      '<',
      '^',
      '{',
      '|',
      '`',
      '~',
      ';',
      ':',
      '@',
      '[',
      'é',
      ' ',
      '\t',
      '#',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const path = `/${pieces.join('')}`
        const [href = ''] = new URL(`http://a${path}`).href.split('#')
        expect(requestTarget(incoming(path), usual)).toEqual({
          origin: 'http://a',
          path: href.slice('http://a'.length),
        })
      }),
      { numRuns: 2_000 },
    )
  })

  it('never lets a target choose the host', () => {
    for (const target of [
      '//evil/x',
      'http://evil/x',
      'https://evil:1/x?y',
      'http://u:p@evil',
      '/\\evil',
      'http://evil?x',
    ])
      expect(requestTarget(incoming(target), usual).origin, target).toBe('http://a')
  })

  it.each([
    ['A.Example:80', 'http://a.example'],
    ['a.example:8080', 'http://a.example:8080'],
    ['[::1]:3000', 'http://[::1]:3000'],
    ['127.1', 'http://127.0.0.1'],
  ])('takes the host %s as %s', (host, origin) => {
    expect(requestTarget(incoming('/', { host }), usual).origin).toBe(origin)
    expect(requestTarget(incoming('/', { host }, { socket: { encrypted: true } }), usual).origin).toMatch(/^https:/)
  })

  it.each([
    'a/b',
    'a?b',
    'a#b',
    'u@a',
    'a b',
    'a:b',
    'a:99999',
    'a:',
    '[::1',
    '<a>',
    'a\\b',
    'a,b',
    'é',
    '256.256.256.256',
  ])('refuses the host %j', (host) => {
    expect(code(() => requestTarget(incoming('/', { host }), usual))).toBe('CORE_HTTP_REQUEST_INVALID')
  })

  it('believes forwarded headers from a trusted proxy alone, and the last of several', () => {
    const headers = { host: 'a', 'x-forwarded-host': 'evil, api.example', 'x-forwarded-proto': 'http, HTTPS' }
    expect(requestTarget(incoming('/', headers), usual).origin).toBe('http://a')
    expect(requestTarget(incoming('/', headers), { ...usual, trustForwarded: true }).origin).toBe('https://api.example')
    const odd = { host: 'a', 'x-forwarded-proto': 'javascript' }
    expect(code(() => requestTarget(incoming('/', odd), { ...usual, trustForwarded: true }))).toBe(
      'CORE_HTTP_REQUEST_INVALID',
    )
  })

  it('prefers the path before a mount cut it, and knows HTTP/2’s authority', () => {
    expect(requestTarget(incoming('/x', undefined, { originalUrl: '/api/x' }), usual).path).toBe('/api/x')
    expect(requestTarget(incoming('/x', { ':authority': 'b' }), usual).origin).toBe('http://b')
    expect(requestTarget(incoming('*', {}), usual)).toEqual({ origin: 'http://localhost', path: '/*' })
  })

  it('remembers no more hosts than a server can have', () => {
    for (let index = 0; index < 1_000; index++)
      expect(requestTarget(incoming('/', { host: `h${index}` }), usual).origin).toBe(`http://h${index}`)
  })
})
