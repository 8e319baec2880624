import { describe, expect, it } from 'vitest'
import { prepareBody, type RequestBody } from './request-body.ts'

async function* stream(...parts: string[]) {
  for (const part of parts) yield new TextEncoder().encode(part)
}

async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const parts = []
  for await (const part of bytes) parts.push(part)
  return parts
}

async function textOf(body: RequestBody): Promise<string> {
  const opened = (await prepareBody('POST', { body })).open()!
  if (typeof opened === 'string') return opened
  const parts = opened instanceof Uint8Array ? [opened] : await collect(opened)
  return Buffer.concat(parts).toString()
}

describe('prepareBody', () => {
  it('knows type and content of what it is given', async () => {
    const form = new FormData()
    form.set('name', 'Ada')
    expect(await textOf('text')).toBe('text')
    expect(await textOf(new Uint8Array([104, 105]))).toBe('hi')
    expect(await textOf(new URLSearchParams({ a: '1 2' }))).toBe('a=1+2')
    expect(await textOf(new Blob(['blob']))).toBe('blob')
    expect(await textOf(form)).toContain('name="name"\r\n\r\nAda\r\n')
    expect(await textOf(stream('a', 'b'))).toBe('ab')
    expect(await textOf(() => stream('c'))).toBe('c')
    const types = await Promise.all(
      ['t', new URLSearchParams(), form, new Blob(['x'], { type: 'image/png' }), new Uint8Array()].map(
        async (body) => (await prepareBody('POST', { body: body as RequestBody })).contentType,
      ),
    )
    expect(types).toEqual([
      'text/plain;charset=UTF-8',
      'application/x-www-form-urlencoded;charset=UTF-8',
      expect.stringMatching(/^multipart\/form-data; boundary=/),
      'image/png',
      undefined,
    ])
  })

  it('can repeat everything but a stream', async () => {
    const repeatable = async (body: RequestBody) => (await prepareBody('PUT', { body })).repeatable
    expect(await repeatable('x')).toBe(true)
    expect(await repeatable(() => stream('x'))).toBe(true)
    expect(await repeatable(stream('x'))).toBe(false)
  })

  it('opens a function anew each time', async () => {
    const prepared = await prepareBody('PUT', { body: () => stream('again') })
    for (let time = 0; time < 2; time++) {
      const parts = await collect(prepared.open() as AsyncIterable<Uint8Array>)
      expect(Buffer.concat(parts).toString()).toBe('again')
    }
  })

  it('serialises json, null included', async () => {
    expect(await prepareBody('POST', { json: null })).toMatchObject({ contentType: 'application/json' })
    expect((await prepareBody('POST', { json: { a: [1] } })).open()).toBe('{"a":[1]}')
  })

  it.each([
    ['POST', { body: 'x', json: 1 }, 'both'],
    ['GET', { body: 'x' }, 'GET'],
    ['HEAD', { json: 1 }, 'HEAD'],
    ['POST', { json: 1n }, 'bigint'],
    ['POST', { json: () => 1 }, 'function'],
  ])('%s refuses bodies that it cannot send (%#)', async (method, given, word) => {
    await expect(prepareBody(method, given)).rejects.toMatchObject({
      code: 'CORE_CLIENT_BODY_INVALID',
      message: expect.stringContaining(word) as string,
    })
  })

  it('tells a fault of the stream itself, and closes the stream that is given up', async () => {
    let closed = false
    async function* failing() {
      try {
        yield new Uint8Array(1)
        throw new Error('disk gone')
      } finally {
        closed = true
      }
    }
    const opened = (await prepareBody('POST', { body: failing() })).open() as AsyncIterable<Uint8Array>
    await expect(collect(opened)).rejects.toMatchObject({ code: 'CORE_CLIENT_BODY_FAILED' })
    expect(closed).toBe(true)
    closed = false
    const again = (await prepareBody('POST', { body: failing() })).open() as AsyncIterable<Uint8Array>
    for await (const _ of again) break
    expect(closed).toBe(true)
  })
})
