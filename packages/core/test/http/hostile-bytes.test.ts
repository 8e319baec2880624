import { afterEach, describe, expect, it, vi } from 'vitest'
import { closeServers, exchange, serve } from './serve.ts'

afterEach(closeServers)

describe('hostile requests', () => {
  const echo = (request: Request): Response => Response.json({ url: request.url })
  const get = (target: string, host = 'Host: a\r\n', more = ''): string =>
    `GET ${target} HTTP/1.1\r\n${host}${more}Connection: close\r\n\r\n`

  it.each([
    ['two Host headers', get('/', 'Host: a\r\nHost: b\r\n')],
    ['a host with a path', get('/', 'Host: a/b?c\r\n')],
    ['a host with credentials', get('/', 'Host: u:p@a\r\n')],
    ['no Host', get('/', '')],
    ['an asterisk without a slash', get('*x')],
    ['both lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd'],
    ['a length that is no number', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc'],
    ['a header folded over lines', get('/', 'Host: a\r\n', 'X-A: b\r\n c: d\r\n')],
    ['a bare line feed in a header', get('/', 'Host: a\r\n', 'X-A: b\nTransfer-Encoding: chunked\r\n')],
    [
      'an unknown encoding before chunked',
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n',
    ],
    ['headers without end', get('/', 'Host: a\r\n', `X-A: ${'b'.repeat(20_000)}\r\n`)],
  ])('with %s are refused', async (_, text) => {
    const handler = vi.fn(echo)
    const answer = await exchange(await serve(handler), text, '\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
    expect(handler).not.toHaveBeenCalled()
  })

  it.each([
    ['//evil.example/x', 'http://a//evil.example/x'],
    ['http://evil.example/x?y', 'http://a/x?y'],
    ['/a/../../b', 'http://a/b'],
    ['/%2e%2e/%2e/b', 'http://a/b'],
    ['/a\\..\\b', 'http://a/b'],
    ['/a?b#c', 'http://a/a?b'],
    ['/"<>', 'http://a/%22%3C%3E'],
  ])('for %s see the URL %s', async (target, url) => {
    const answer = await exchange(await serve(echo), get(target))
    expect(JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1))).toEqual({ url })
  })

  it('never reach the next request of the connection through a body nobody read', async () => {
    const seen: string[] = []
    const origin = await serve((request) => {
      seen.push(request.url)
      return new Response('ok', { headers: { 'content-length': '2' } })
    })
    const hidden = 'GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n'
    const first = `POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`
    await exchange(origin, `${first}${get('/2')}`)
    expect(seen).toEqual(['http://a/1', 'http://a/2'])
  })

  it('with trailers have them ignored', async () => {
    const origin = await serve(async (request) => Response.json([await request.text(), request.headers.get('x-late')]))
    const text =
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n1\r\nb\r\n0\r\nX-Late: 1\r\n\r\n'
    expect(await exchange(origin, text)).toContain('["b",null]')
  })

  it('that trace or tunnel are refused', async () => {
    expect(await exchange(await serve(echo), get('/').replace('GET', 'TRACE'))).toMatch(/^HTTP\/1\.1 405 /)
  })
})
