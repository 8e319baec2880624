import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient } from '@exprsn/core/client'
import { toNodeHandler } from '@exprsn/core/http'
import { describe, expect, it } from 'vitest'
import { createIdentityResolver, didWebDocument, httpsHandleLookup } from '../identity/index.ts'
import { describeOpenApi } from './describe-openapi.ts'
import { createIdentityHandler } from './index.ts'

const did = 'did:plc:ewvi7nxzyoun6zhxrhs64oiz'
const handler = createIdentityHandler({
  didOf: async (handle) => ({ 'alice.example.com': did, 'broken.example.com': 'nonsense' })[handle],
  documentOf: (name) =>
    name.endsWith('other.example.com')
      ? didWebDocument({ did: 'did:web:wrong.example.com' })
      : name.includes('web.example.com')
        ? didWebDocument({ did: name })
        : undefined,
})
const get = (url: string, init = {}) => handler(new Request(url, init))

describe('handles', () => {
  it('are answered as plain text that other origins may read', async () => {
    const response = await get('https://Alice.Example.com/.well-known/atproto-did', {
      headers: { origin: 'https://app.example' },
    })
    expect(response.status).toBe(200)
    expect(await response.text()).toBe(did)
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('cache-control')).toBe('public, max-age=60')
  })

  it.each([
    ['https://bob.example.com/.well-known/atproto-did', 404],
    ['https://127.0.0.1/.well-known/atproto-did', 404],
    ['https://localhost/.well-known/atproto-did', 404],
    ['https://alice.example.com/.well-known/other', 404],
    ['https://broken.example.com/.well-known/atproto-did', 500],
  ])('%s is %i', async (url, status) => {
    expect((await get(url)).status).toBe(status)
  })

  it('are not there when nobody gave any', async () => {
    const empty = createIdentityHandler({})
    for (const path of ['atproto-did', 'did.json'])
      expect((await empty(new Request(`https://alice.example.com/.well-known/${path}`))).status).toBe(404)
  })
})

describe('did:web', () => {
  it('is answered for the host that was asked', async () => {
    const response = await get('https://web.example.com/.well-known/did.json')
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    expect(await response.json()).toMatchObject({ id: 'did:web:web.example.com' })
  })

  it.each([
    ['https://none.example.com/.well-known/did.json', 404],
    ['https://127.0.0.1/.well-known/did.json', 404],
    ['https://other.example.com/.well-known/did.json', 500],
  ])('%s is %i', async (url, status) => {
    expect((await get(url)).status).toBe(status)
  })
})

it('serves what the resolver reads, over a real server', async () => {
  const accounts = new Map<string, string>()
  const served = createIdentityHandler({
    documentOf: (name) => didWebDocument({ did: name, pds: 'https://pds.example.com' }),
    didOf: (handle) => accounts.get(handle),
  })
  const server = createServer(toNodeHandler(served))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await using client = createClient({ allow: { loopbackAddresses: true }, resolve: async () => ['127.0.0.1'] })
  const lookupHttps = httpsHandleLookup({
    client,
    urlOf: (handle) => `http://${handle}:${port}/.well-known/atproto-did`,
  })
  await using identities = createIdentityResolver({
    client,
    lookupHttps,
    allowHttp: true,
    resolveTxt: async () => ({ records: [], ttl: 60 }),
  })
  const name = `did:web:localhost%3A${port}`
  accounts.set('carol.example.com', name)
  expect((await identities.resolveHandle('carol.example.com')).did).toBe(name)
  expect((await identities.resolveDid(name)).pds).toBe('https://pds.example.com')
  expect(await identities.verifyHandle('carol.example.com')).toMatchObject({ verified: false, reason: 'not-claimed' })
  await new Promise((resolve) => server.close(resolve))
})

it('is described by the committed document', async () => {
  const committed = JSON.parse(readFileSync(new URL('openapi.json', import.meta.url), 'utf8'))
  expect(await describeOpenApi()).toEqual(committed)
  expect(Object.keys(committed.paths)).toHaveLength(18)
})
