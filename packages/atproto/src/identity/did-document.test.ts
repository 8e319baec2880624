import { readFileSync } from 'node:fs'
import { sharedData } from '@exprsn/real-servers/shared-data'
import { describe, expect, it } from 'vitest'
import { createSigningKey } from '../crypto/index.ts'
import { parseDidDocument } from './did-document.ts'
import { didWebDocument, didWebUrl } from './did-web.ts'

const did = 'did:web:alice.example.com'
const { didKey } = createSigningKey('p256')
const key = { id: `${did}#atproto`, type: 'Multikey', controller: did, publicKeyMultibase: didKey.slice(8) }
const pds = { id: '#atproto_pds', type: 'AtprotoPersonalDataServer', serviceEndpoint: 'https://pds.example.com' }
const document = { id: did, alsoKnownAs: ['at://alice.example.com'], verificationMethod: [key], service: [pds] }
const parse = (changes: object, options = {}) => parseDidDocument({ ...document, ...changes }, { did, ...options })

describe('identity documents', () => {
  it('reads what counts', () => {
    expect(parse({})).toEqual({
      did,
      handles: ['alice.example.com'],
      signingKey: didKey,
      pds: 'https://pds.example.com',
      keys: new Map([['atproto', didKey]]),
      services: [{ id: 'atproto_pds', type: 'AtprotoPersonalDataServer', endpoint: 'https://pds.example.com' }],
      problems: [],
    })
  })

  it('keeps handles in their order, in lower case, and leaves out what is none', () => {
    const alsoKnownAs = [
      'https://alice.example.com',
      'at://B.example.com',
      7,
      'at://b.example.com',
      'at://nohandle',
      'at://c.example.com/x',
      'at://a.example.com',
    ]
    expect(parse({ alsoKnownAs }).handles).toEqual(['b.example.com', 'a.example.com'])
  })

  it('takes the first key of a name, and those that it can use', () => {
    const { didKey: second } = createSigningKey('k256')
    const verificationMethod = [
      { ...key, id: '#atproto' },
      { ...key, publicKeyMultibase: second.slice(8) },
      { ...key, id: '#atproto_label', type: 'Ed25519VerificationKey2020' },
      { ...key, id: '#jwk', type: 'JsonWebKey2020', publicKeyMultibase: undefined },
      { ...key, id: 'did:web:other.example.com#stolen' },
      { ...key, id: 'nofragment' },
      'text',
      null,
    ]
    const { signingKey, keys, problems } = parse({ verificationMethod })
    expect(signingKey).toBe(didKey)
    expect([...keys.keys()]).toEqual(['atproto'])
    expect(problems).toHaveLength(2)
  })

  it.each([
    ['http://pds.example.com', undefined],
    ['https://pds.example.com/', 'https://pds.example.com'],
    ['https://pds.example.com:8443', 'https://pds.example.com:8443'],
    ['https://user@pds.example.com', undefined],
    ['https://pds.example.com/path', undefined],
    ['https://pds.example.com?query', undefined],
    ['javascript:alert(1)', undefined],
    ['nonsense', undefined],
  ])('S1: the server %s is %s', (serviceEndpoint, expected) => {
    const { pds: found, problems } = parse({ service: [{ ...pds, serviceEndpoint }] })
    expect(found).toBe(expected)
    expect(problems).toHaveLength(expected === undefined ? 1 : 0)
  })

  it('accepts http for networks of one’s own, when told to', () => {
    const service = [{ ...pds, serviceEndpoint: 'http://localhost:2583' }]
    expect(parse({ service }, { allowHttp: true }).pds).toBe('http://localhost:2583')
    expect(parse({ service: [{ ...pds, type: 'Other' }] }).pds).toBeUndefined()
  })

  it('lives with null where lists belong, and with too much of everything', () => {
    expect(parse({ alsoKnownAs: null, verificationMethod: null, service: null })).toMatchObject({
      handles: [],
      services: [],
    })
    const alsoKnownAs = Array.from({ length: 100_000 }, (_, index) => `at://a${index}.example.com`)
    expect(parse({ alsoKnownAs }).handles).toHaveLength(100)
  })

  it('refuses what is no document, and the document of another', () => {
    for (const json of [null, [], 'text', 7, {}, { ...document, id: 'did:web:mallory.example.com' }])
      expect(() => parseDidDocument(json, { did })).toThrow(
        expect.objectContaining({ code: 'ATPROTO_DID_DOCUMENT_INVALID' }),
      )
  })
})

const shared = sharedData('atproto/indigo')
describe.skipIf(shared === undefined)('recorded documents (skipped where the shared data is absent)', () => {
  it.each([
    ['identity/did_plc_doc.json', 'atproto.com'],
    ['identity/did_plc_doc_legacy.json', 'atproto.com'],
    ['identity/did_web_doc.json', undefined],
    ['greenground.didDoc.json', 'greenground.bsky.social'],
  ])('%s', (name, handle) => {
    const json = JSON.parse(readFileSync(`${shared}/${name}`, 'utf8'))
    const read = parseDidDocument(json, { did: json.id })
    expect(read.handles[0]).toBe(handle)
    expect(read.problems).toEqual([])
    expect(read.signingKey?.startsWith('did:key:zQ3s')).toBe(handle === undefined ? undefined : true)
  })
})

describe('did:web', () => {
  it.each([
    ['did:web:example.com', 'https://example.com/.well-known/did.json'],
    ['did:web:xn--nxasmq6b.example.com', 'https://xn--nxasmq6b.example.com/.well-known/did.json'],
  ])('%s lies at %s', (name, url) => {
    expect(didWebUrl(name)).toBe(url)
  })

  it.each([
    'did:web:localhost',
    'did:web:localhost%3A8080',
    'did:web:example.com:user',
    'did:web:example.com%3A8443',
    'did:web:127.0.0.1',
    'did:web:%5B::1%5D',
    'did:web:a%2Fb.example.com',
    'did:web:example',
    'did:plc:ewvi7nxzyoun6zhxrhs64oiz',
  ])('S1: refuses %s', (name) => {
    expect(() => didWebUrl(name)).toThrow(expect.objectContaining({ code: 'ATPROTO_DID_UNSUPPORTED' }))
  })

  it('takes localhost when told to', () => {
    expect(didWebUrl('did:web:localhost%3A8080', { allowHttp: true })).toBe(
      'http://localhost:8080/.well-known/did.json',
    )
    expect(didWebUrl('did:web:localhost', { allowHttp: true })).toBe('http://localhost/.well-known/did.json')
  })

  it('writes documents that it reads', () => {
    const services = { bsky_fg: { type: 'BskyFeedGenerator', endpoint: 'https://feeds.example.com' } }
    const json = didWebDocument({
      did,
      handle: 'alice.example.com',
      signingKey: didKey,
      pds: 'https://pds.example.com',
      services,
    })
    const read = parseDidDocument(JSON.parse(JSON.stringify(json)), { did })
    expect(read).toMatchObject({ handles: ['alice.example.com'], signingKey: didKey, pds: 'https://pds.example.com' })
    expect(read.services).toHaveLength(2)
    expect(parseDidDocument(didWebDocument({ did }), { did })).toMatchObject({ handles: [], signingKey: undefined })
  })
})
