import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { asyncServer, httpServer, localClient, rejection } from './local-server.ts'

const server = () =>
  asyncServer(async (request, response) => {
    if (request.url === '/moved') return void response.writeHead(302, { location: '/x' }).end()
    if (request.url === '/none') return void response.writeHead(204).end()
    if (request.url === '/missing') return void response.writeHead(404).end('nothing here')
    const chunks = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method, headers } = request
    response.setHeader('content-encoding', 'gzip')
    response.end(
      gzipSync(JSON.stringify({ method, type: headers['content-type'], body: Buffer.concat(chunks).toString() })),
    )
  })

describe('client.fetch', () => {
  it('takes what fetch takes and gives what it gives', async () => {
    await using local = await server()
    await using client = localClient(local)
    const { fetch } = client
    const get = await fetch(`${local.url}/x`)
    expect(get).toBeInstanceOf(Response)
    expect([get.ok, get.url, get.redirected, await get.json()]).toEqual([
      true,
      `${local.url}/x`,
      false,
      { method: 'GET', body: '' },
    ])
    const post = await fetch('x', {
      method: 'POST',
      body: JSON.stringify({ a: 1 }),
      headers: { 'content-type': 'a/b' },
    })
    expect(await post.json()).toEqual({ method: 'POST', type: 'a/b', body: '{"a":1}' })
    const request = new Request(`${local.url}/x`, { method: 'PUT', body: 'streamed' })
    expect(await (await fetch(request)).json()).toMatchObject({ method: 'PUT', body: 'streamed' })
    expect(await (await fetch(new URL(`${local.url}/x`), { method: 'DELETE' })).json()).toMatchObject({
      method: 'DELETE',
    })
    const stream = ReadableStream.from([Buffer.from('s1'), Buffer.from('s2')])
    expect(await (await fetch('x', { method: 'PUT', body: stream as never })).json()).toMatchObject({ body: 's1s2' })
  })

  it('gives every status as a response', async () => {
    await using local = await server()
    await using client = localClient(local)
    const missing = await client.fetch('missing')
    expect([missing.status, missing.ok, await missing.text()]).toEqual([404, false, 'nothing here'])
    const none = await client.fetch('none')
    expect([none.status, none.body]).toEqual([204, null])
  })

  it('understands redirect modes', async () => {
    await using local = await server()
    await using client = localClient(local)
    const followed = await client.fetch(`${local.url}/moved`)
    expect([followed.redirected, followed.url, await followed.json()]).toEqual([
      true,
      `${local.url}/x`,
      expect.objectContaining({ method: 'GET' }),
    ])
    expect((await client.fetch('moved', { redirect: 'manual' })).status).toBe(302)
    expect(await rejection(client.fetch('moved', { redirect: 'error' }))).toMatchObject({
      code: 'CORE_CLIENT_REDIRECT_REFUSED',
    })
  })

  it('can be aborted, also while the body is read', async () => {
    await using local = await httpServer((_request, response) => void response.write('part'))
    await using client = localClient(local)
    const controller = new AbortController()
    const response = await client.fetch('x', { signal: controller.signal })
    const reading = rejection(response.text())
    controller.abort(new Error('stop'))
    expect((await reading).message).toBe('stop')
  })

  it('is guarded like the rest', async () => {
    await using local = await server()
    await using client = localClient(local, { allow: {} })
    expect(await rejection(client.fetch(`${local.url}/x`))).toMatchObject({ code: 'CORE_CLIENT_ADDRESS_REFUSED' })
  })
})
