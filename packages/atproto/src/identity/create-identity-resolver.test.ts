import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createSecureServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient, type Client } from '@exprsn/core/client'
import { SimulatedClock } from '@exprsn/core/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { importSigningKey } from '../crypto/index.ts'
import {
  createIdentityResolver,
  type IdentityResolver,
  type IdentityResolverOptions,
} from './create-identity-resolver.ts'
import type { TxtAnswer } from './dns/txt-resolver.ts'
import { identityErrors } from './errors.ts'
import type { LookupOutcome } from './handle/handle-lookup.ts'
import { httpsHandleLookup } from './handle/https-handle-lookup.ts'
import { createPlc } from './plc/create-plc.ts'
import { MemoryDirectory } from '../../test/identity/memory-directory.ts'
import { resolveIdentity, verifyHandle } from './resolve-identity.ts'

const minute = 60_000
const key = importSigningKey('k256', new Uint8Array(32).fill(9))
const other = 'did:plc:aaaaaaaaaaaaaaaaaaaaaaaa'

let clock: SimulatedClock
let directory: MemoryDirectory
let did: string
let texts: Map<string, TxtAnswer | Error>
let pages: Map<string, LookupOutcome | Promise<LookupOutcome>>
let asked: string[]
let options: IdentityResolverOptions

const found = (name: string, ttl = minute): LookupOutcome => ({ outcome: 'found', did: name, ttl })
const text = (...records: string[]): TxtAnswer => ({ records, ttl: 300 })
const code = (name: string) => expect.objectContaining({ code: name })

beforeEach(async () => {
  clock = new SimulatedClock({ now: Date.parse('2026-11-21T00:00:00Z') })
  directory = new MemoryDirectory(clock)
  const plc = createPlc({ directory, clock })
  const created = await plc.create({
    handle: 'alice.example.com',
    pds: 'https://pds.example.com',
    signingKey: key.didKey,
    signer: key,
  })
  did = created.did
  texts = new Map([['_atproto.alice.example.com', text('v=spf1', `did=${did}`)]])
  pages = new Map()
  asked = []
  options = {
    clock,
    plcDirectory: {
      document: (name) => (asked.push(name), directory.document(name)),
      auditLog: (name) => (asked.push(`log ${name}`), directory.auditLog(name)),
      submit: async () => {},
    },
    resolveTxt: async (name) => {
      asked.push(name)
      const answer = texts.get(name) ?? text()
      if (answer instanceof Error) throw answer
      return answer
    },
    lookupHttps: async (handle) => pages.get(handle) ?? { outcome: 'absent', ttl: minute },
  }
})

const resolver = (changes: IdentityResolverOptions = {}): IdentityResolver =>
  createIdentityResolver({ ...options, ...changes })

describe('resolving', () => {
  it('tells who a handle is, and who a DID is', async () => {
    const expected = {
      did,
      handle: 'alice.example.com',
      pds: 'https://pds.example.com',
      signingKey: key.didKey,
      verified: true,
    }
    expect(await resolver().resolve('Alice.example.com')).toMatchObject(expected)
    expect(await resolver().resolve(did)).toMatchObject(expected)
    expect(await resolveIdentity('alice.example.com', options)).toMatchObject(expected)
  })

  it('finds a handle by either way', async () => {
    texts.clear()
    await expect(resolver().resolve('alice.example.com')).rejects.toThrow(code('ATPROTO_HANDLE_UNRESOLVED'))
    pages.set('alice.example.com', found(did))
    expect((await resolver().resolve('alice.example.com')).verified).toBe(true)
  })

  it('shows handle.invalid where the handle does not lead back', async () => {
    texts.clear()
    expect(await resolver().resolve(did)).toMatchObject({
      did,
      handle: 'handle.invalid',
      verified: false,
      audit: { reason: 'not-found' },
    })
  })

  it('tells of documents that claim no handle', async () => {
    const created = await createPlc({ directory, clock }).create({
      handle: 'x.example.com',
      pds: 'https://pds.example.com',
      signingKey: key.didKey,
      signer: key,
    })
    directory.logs.get(created.did)![0]!.operation = { ...created.operation, alsoKnownAs: [] } as never
    expect((await resolver().resolve(created.did)).audit).toMatchObject({ verified: false, reason: 'no-handle' })
  })

  it.each(['did:plc:short', 'did:key:zQ3sh', 'did:web:localhost', 'did:plc:ABCDEFGHIJKLMNOPQRSTUVWX'])(
    'refuses %s',
    async (name) => {
      await expect(resolver().resolve(name)).rejects.toThrow(code('ATPROTO_DID_UNSUPPORTED'))
    },
  )

  it.each(['alice', '', 'al ice.example.com', 'did:', 'at://alice.example.com'])(
    'refuses %j as no name at all',
    async (name) => {
      await expect(resolver().resolve(name)).rejects.toThrow(code('ATPROTO_SYNTAX_INVALID'))
      await expect(resolver().resolveDid(name)).rejects.toThrow(code('ATPROTO_SYNTAX_INVALID'))
    },
  )

  it('asks nobody about names that nobody has', async () => {
    expect(await resolver().verifyHandle('alice.local')).toMatchObject({ verified: false, reason: 'reserved' })
    expect(asked).toEqual([])
  })
})

describe('S7: handles that do not hold', () => {
  const verdict = async (changes: IdentityResolverOptions = {}) => {
    const { verified, reason } = await resolver(changes).verifyHandle('alice.example.com', { did })
    return verified ? 'verified' : reason
  }

  it('a second TXT record with another account', async () => {
    texts.set('_atproto.alice.example.com', text(`did=${did}`, `did=${other}`))
    expect(await verdict()).toBe('conflict')
    texts.set('_atproto.alice.example.com', text(`did=${did}`, `did=${did}`))
    expect(await verdict()).toBe('verified')
  })

  it('DNS and HTTPS that contradict each other', async () => {
    pages.set('alice.example.com', found(other))
    expect(await verdict()).toBe('conflict')
    expect(await verdict({ onConflict: 'prefer-dns' })).toBe('verified')
    pages.set('alice.example.com', found(did))
    expect(await verdict()).toBe('verified')
  })

  it('a handle of another account, and a document that names another handle', async () => {
    texts.set('_atproto.alice.example.com', text(`did=${other}`))
    expect(await verdict()).toBe('other-account')
    const audit = await verifyHandle('alice.example.com', options)
    expect(audit).toMatchObject({ verified: false, reason: 'document-unresolved', did: other, claimed: undefined })
    texts.set('_atproto.bob.example.com', text(`did=${did}`))
    expect(await resolver().verifyHandle('bob.example.com')).toMatchObject({
      reason: 'not-claimed',
      claimed: ['alice.example.com'],
    })
  })

  it('a handle that the document names behind another', async () => {
    const plc = createPlc({ directory, clock })
    await plc.update(did, { handle: 'first.example.com' }, { signer: key })
    const { operation } = directory.logs.get(did)!.at(-1)!
    Object.assign(operation, { alsoKnownAs: ['at://first.example.com', 'at://alice.example.com'] })
    expect(await verdict()).toBe('not-first')
  })

  it('a record that is no DID', async () => {
    texts.set('_atproto.alice.example.com', text('did=nonsense'))
    expect(await verdict()).toBe('invalid-did')
    texts.clear()
    pages.set('alice.example.com', { outcome: 'invalid', value: 'did:', ttl: minute })
    expect(await verdict()).toBe('invalid-did')
  })

  it('says that it does not know when nothing could be asked', async () => {
    const failure = identityErrors.ATPROTO_DNS_FAILED({ name: 'alice', reason: 'no answer' })
    texts.set('_atproto.alice.example.com', failure)
    expect(await verdict()).toBe('lookup-failed')
    pages.set('alice.example.com', found(did))
    expect(await verdict()).toBe('verified')
  })

  it('a web host that is down does not matter to a handle in DNS', async () => {
    pages.set('alice.example.com', { outcome: 'failed', error: new Error('expired certificate') })
    expect(await verdict()).toBe('verified')
  })

  it('a web host that hangs is waited for a moment only', async () => {
    pages.set('alice.example.com', found(did))
    const hanging: IdentityResolverOptions = {
      lookupHttps: (_, { signal }) =>
        new Promise((_resolve, reject) => signal!.addEventListener('abort', () => reject(signal!.reason as Error))),
    }
    const judged = verdict(hanging)
    await clock.advanceBy(999)
    expect(await Promise.race([judged, Promise.resolve('waiting')])).toBe('waiting')
    await clock.advanceBy(1)
    expect(await judged).toBe('verified')
  })
})

describe('keeping', () => {
  it('asks DNS again when its time to live is over', async () => {
    const identities = resolver()
    await identities.resolveHandle('alice.example.com')
    texts.set('_atproto.alice.example.com', text(`did=${other}`))
    pages.set('alice.example.com', { outcome: 'skipped' })
    await clock.advanceBy(299_999)
    expect((await identities.resolveHandle('alice.example.com')).did).toBe(did)
    await clock.advanceBy(1)
    expect((await identities.resolveHandle('alice.example.com')).did).toBe(other)
  })

  it('keeps that there is no handle for a minute at most, and what failed not at all', async () => {
    const identities = resolver()
    texts.clear()
    expect((await identities.resolveHandle('new.example.com')).reason).toBe('not-found')
    texts.set('_atproto.new.example.com', text(`did=${did}`))
    expect((await identities.resolveHandle('new.example.com')).reason).toBe('not-found')
    await clock.advanceBy(minute)
    expect((await identities.resolveHandle('new.example.com')).did).toBe(did)
    texts.set('_atproto.b.example.com', new Error('down'))
    expect((await identities.resolveHandle('b.example.com')).reason).toBe('lookup-failed')
    texts.set('_atproto.b.example.com', text(`did=${did}`))
    expect((await identities.resolveHandle('b.example.com')).did).toBe(did)
  })

  it('asks once for those who ask together', async () => {
    const identities = resolver()
    await Promise.all(Array.from({ length: 20 }, () => identities.resolve('alice.example.com')))
    expect(asked).toEqual(['_atproto.alice.example.com', did])
  })

  it('lets one of them give up without the others', async () => {
    let answer: (outcome: LookupOutcome) => void = () => {}
    pages.set('alice.example.com', new Promise((resolve) => (answer = resolve)))
    const identities = resolver({ httpsGrace: '1h' })
    const stopping = new AbortController()
    const [first, second] = [
      identities.resolveHandle('alice.example.com', { signal: stopping.signal }),
      identities.resolveHandle('alice.example.com'),
    ]
    stopping.abort(new Error('enough'))
    await expect(first).rejects.toThrow('enough')
    answer({ outcome: 'absent', ttl: 1 })
    expect((await second).did).toBe(did)
  })

  it('S5: fetches a document again when asked to, but once in a minute only', async () => {
    const identities = resolver()
    await identities.resolveDid(did)
    await identities.resolveDid(did, { refresh: true })
    expect(asked).toHaveLength(1)
    await clock.advanceBy(minute)
    await createPlc({ directory, clock }).updateHandle(did, 'b.example.com', { signer: key })
    for (let round = 0; round < 5; round++)
      expect((await identities.resolveDid(did, { refresh: true })).handles).toEqual(['b.example.com'])
    expect(asked).toHaveLength(2)
  })

  it('keeps documents for an hour', async () => {
    const identities = resolver()
    await identities.resolveDid(did)
    await clock.advanceBy(60 * minute - 1)
    await identities.resolveDid(did)
    expect(asked).toHaveLength(1)
    await clock.advanceBy(1)
    await identities.resolveDid(did)
    expect(asked).toHaveLength(2)
  })

  it('remembers for a minute that there is no such identity', async () => {
    const identities = resolver()
    for (let round = 0; round < 10; round++)
      await expect(identities.resolveDid(other)).rejects.toThrow(code('ATPROTO_DID_NOT_FOUND'))
    expect(asked).toHaveLength(1)
    await clock.advanceBy(minute)
    await expect(identities.resolveDid(other)).rejects.toThrow(code('ATPROTO_DID_NOT_FOUND'))
    expect(asked).toHaveLength(2)
  })

  it('keeps no more than it may', async () => {
    const identities = resolver({ cacheSize: 2 })
    for (const name of ['a', 'b', 'c']) await identities.resolveHandle(`${name}.example.com`)
    asked.length = 0
    await identities.resolveHandle('c.example.com')
    await identities.resolveHandle('a.example.com')
    expect(asked).toEqual(['_atproto.a.example.com'])
  })
})

describe('S8: with plcTrust: log', () => {
  it('believes the log alone', async () => {
    const identities = resolver({ plcTrust: 'log' })
    expect(await identities.resolve(did)).toMatchObject({
      handle: 'alice.example.com',
      pds: 'https://pds.example.com',
      signingKey: key.didKey,
    })
    expect(asked).toContain(`log ${did}`)
    directory.lie = (entries) =>
      entries.map((entry) => ({ ...entry, operation: { ...entry.operation, alsoKnownAs: [] } }))
    await expect(resolver({ plcTrust: 'log' }).resolve(did)).rejects.toThrow(code('ATPROTO_PLC_LOG_INVALID'))
  })

  it('tells of a tombstone', async () => {
    await createPlc({ directory, clock }).tombstone(did, { signer: key, confirm: did })
    await expect(resolver({ plcTrust: 'log' }).resolve(did)).rejects.toThrow(code('ATPROTO_DID_TOMBSTONED'))
    await expect(resolver().resolve(did)).rejects.toThrow(code('ATPROTO_DID_TOMBSTONED'))
  })
})

describe('over HTTP', () => {
  let client: Client
  let origin: string
  let answer: (request: IncomingMessage, response: ServerResponse) => void
  const server = createServer((request, response) => answer(request, response))

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    client = createClient({ allow: { loopbackAddresses: true }, retry: false })
  })
  afterAll(async () => {
    await client.close()
    await new Promise((resolve) => server.close(resolve))
  })

  const lookup = (handle = 'alice.example.com') =>
    httpsHandleLookup({ client, urlOf: () => `${origin}/did` })(handle, {})
  const reply = (status: number, body: string, headers = {}) => {
    answer = (_, response) => response.writeHead(status, headers).end(body)
  }

  it.each([
    [200, 'did:plc:ewvi7nxzyoun6zhxrhs64oiz\n', { outcome: 'found', did: 'did:plc:ewvi7nxzyoun6zhxrhs64oiz' }],
    [200, '<html>hello</html>', { outcome: 'absent' }],
    [200, 'did:nonsense', { outcome: 'invalid', value: 'did:nonsense' }],
    [404, 'did:plc:ewvi7nxzyoun6zhxrhs64oiz', { outcome: 'absent' }],
    [503, '', { outcome: 'failed' }],
    [429, '', { outcome: 'failed' }],
  ])('the file with status %i and %j is %o', async (status, body, expected) => {
    reply(status, body)
    expect(await lookup()).toMatchObject(expected)
  })

  it('S1: follows no redirect, reads no large file, and calls no private address', async () => {
    reply(302, '', { location: `${origin}/elsewhere` })
    expect(await lookup()).toMatchObject({ outcome: 'absent' })
    reply(200, 'x'.repeat(5000))
    expect(await lookup()).toMatchObject({ outcome: 'failed', error: { code: 'CORE_CLIENT_RESPONSE_TOO_LARGE' } })
    await using guarded = createClient({ resolve: async () => ['169.254.169.254'] })
    const refused = await httpsHandleLookup({ client: guarded })('alice.example.com', {})
    expect(refused).toMatchObject({ outcome: 'failed', error: { code: 'CORE_CLIENT_ADDRESS_REFUSED' } })
    await using identities = createIdentityResolver({ ...options, client: guarded })
    const unreached = { code: 'ATPROTO_DID_UNRESOLVED', cause: { code: 'CORE_CLIENT_ADDRESS_REFUSED' } }
    await expect(identities.resolveDid('did:web:internal.example.com')).rejects.toMatchObject(unreached)
  })

  it('S7: believes no host whose certificate has expired', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'exprsn-expired-'))
    const at = (name: string): string => join(folder, name)
    const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', at('key.pem')]
    const openssl = (...argumentList: string[]) => execFileSync('openssl', argumentList, { stdio: 'ignore' })
    writeFileSync(at('names'), 'subjectAltName=DNS:alice.example.com')
    openssl('req', '-new', ...newKey, '-out', at('request.pem'), '-subj', '/CN=alice.example.com')
    // It ended yesterday.
    const ended = ['-days', '-1', '-extfile', at('names'), '-out', at('cert.pem')]
    openssl('x509', '-req', '-in', at('request.pem'), '-signkey', at('key.pem'), ...ended)
    const cert = readFileSync(at('cert.pem'), 'utf8')
    const secure = createSecureServer({ cert, key: readFileSync(at('key.pem')) }, (_, response) => response.end(did))
    rmSync(folder, { recursive: true })
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve))
    const { port } = secure.address() as AddressInfo
    const allow = { loopbackAddresses: true }
    await using trusting = createClient({ allow, resolve: async () => ['127.0.0.1'], tls: { ca: cert }, retry: false })
    const outcome = await httpsHandleLookup({ client: trusting, urlOf: (handle) => `https://${handle}:${port}/` })(
      'alice.example.com',
      {},
    )
    expect(outcome).toMatchObject({ outcome: 'failed', error: { code: 'CORE_CLIENT_TLS_FAILED' } })
    expect(String((outcome as { error: Error }).error.message)).toMatch(/EXPIRED/)
    await new Promise((resolve) => secure.close(resolve))
  })

  it('gives up with its caller', async () => {
    answer = () => {}
    const asking = httpsHandleLookup({ client, urlOf: () => `${origin}/did` })('a.example.com', {
      signal: AbortSignal.timeout(20),
    })
    await expect(asking).rejects.toThrow(/timeout/i)
  })

  it('reads did:web of this machine when told to, and directories', async () => {
    const { port } = new URL(origin)
    const name = `did:web:localhost%3A${port}`
    answer = (request, response) => {
      if (request.url === '/.well-known/did.json') response.end(JSON.stringify({ id: name, alsoKnownAs: [] }))
      else if (request.url === `/${did}`)
        void directory.document(did).then((document) => response.end(JSON.stringify(document)))
      else response.writeHead(request.url === `/${other}` ? 410 : 404).end('{}')
    }
    // The name localhost may lead to ::1, where nobody listens.
    await using local = createClient({
      allow: { loopbackAddresses: true },
      resolve: async () => ['127.0.0.1'],
      retry: false,
    })
    const identities = createIdentityResolver({
      ...options,
      client: local,
      plcDirectory: `${origin}/`,
      allowHttp: true,
    })
    expect((await identities.resolveDid(name)).did).toBe(name)
    expect((await identities.resolveDid(did)).signingKey).toBe(key.didKey)
    await expect(identities.resolveDid(other)).rejects.toThrow(code('ATPROTO_DID_TOMBSTONED'))
    await expect(identities.resolveDid('did:plc:bbbbbbbbbbbbbbbbbbbbbbbb')).rejects.toThrow(
      code('ATPROTO_DID_NOT_FOUND'),
    )
    reply(200, 'not json')
    await expect(identities.resolveDid('did:plc:cccccccccccccccccccccccc')).rejects.toThrow(
      code('ATPROTO_DID_UNRESOLVED'),
    )
  })

  it('closes the client that it made, and only that', async () => {
    const identities = createIdentityResolver({ ...options, client, plcDirectory: origin })
    await identities.close()
    reply(200, 'did:web:a.example.com')
    expect((await lookup()).outcome).toBe('found')
    const own = createIdentityResolver()
    await own.close()
  })
})
