import { inspect } from 'node:util'
import { createKeyring, generateSecret, type Keyring } from '@exprsn/core/crypto'
import { memoryStore, type ObjectStore } from '@exprsn/core/storage'
import { SimulatedClock } from '@exprsn/core/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { importSigningKey, verifySignature } from '../../crypto/index.ts'
import { createKeyCustody, type KeyCustody } from './key-custody.ts'

const clock = new SimulatedClock({ now: Date.parse('2026-11-21T00:00:00Z') })
const message = Buffer.from('a message')
const code = (name: string) => expect.objectContaining({ code: name })
const signing = { curve: 'k256', purpose: 'signing' } as const
const rotation = { curve: 'p256', purpose: 'rotation' } as const

let store: ObjectStore
let keyring: Keyring
let custody: KeyCustody

beforeEach(() => {
  store = memoryStore()
  keyring = createKeyring({ keys: [{ id: 'main', secret: generateSecret() }] })
  custody = createKeyCustody({ store, keyring, purposes: ['signing', 'rotation'], clock })
})

const stored = async (name: string): Promise<Record<string, unknown>> =>
  JSON.parse(Buffer.from(await (await store.get(`keys/${name}`)).bytes()).toString())
const replace = (name: string, entry: object) => store.put(`keys/${name}`, Buffer.from(JSON.stringify(entry)))

describe('keeping keys', () => {
  it('signs with what it made', async () => {
    const kept = await custody.create('alice', signing)
    expect(kept).toMatchObject({ name: 'alice', curve: 'k256', purpose: 'signing', createdAt: new Date(clock.now()) })
    expect(await custody.describe('alice')).toEqual(kept)
    const signer = await custody.signer('alice')
    expect(verifySignature(signer.didKey, message, await signer.sign(message))).toBe(true)
  })

  it('keeps what was made elsewhere', async () => {
    const key = importSigningKey('p256', new Uint8Array(32).fill(3))
    expect((await custody.import('bob', { ...rotation, bytes: key.export() })).didKey).toBe(key.didKey)
    await expect(custody.import('c', { ...rotation, bytes: new Uint8Array(32) })).rejects.toThrow(
      code('ATPROTO_KEY_INVALID'),
    )
    expect(await custody.list()).toEqual(['bob'])
  })

  it('never replaces a key, also when two are made at once', async () => {
    const made = await Promise.allSettled([custody.create('alice', signing), custody.create('alice', signing)])
    expect(made.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await expect(custody.create('alice', signing)).rejects.toThrow(code('ATPROTO_KEY_EXISTS'))
  })

  it('forgets a key when its public half is said', async () => {
    const { didKey } = await custody.create('alice', signing)
    await expect(custody.remove('alice', { confirm: 'did:key:zOther' })).rejects.toThrow(code('ATPROTO_KEY_DAMAGED'))
    await custody.remove('alice', { confirm: didKey })
    await expect(custody.signer('alice')).rejects.toThrow(code('ATPROTO_KEY_UNKNOWN'))
  })

  it.each(['', '../x', 'a/b', '.hidden', 'a'.repeat(129), 'ä'])('refuses the name %j', async (name) => {
    await expect(custody.create(name, signing)).rejects.toThrow(code('ATPROTO_KEY_NAME_INVALID'))
  })

  it('seals again after the keyring was rotated', async () => {
    await custody.create('alice', signing)
    keyring.rotate({ id: 'second' })
    await custody.reseal('alice')
    keyring.retire('main')
    const signer = await custody.signer('alice')
    expect(verifySignature(signer.didKey, message, await signer.sign(message))).toBe(true)
  })
})

describe('S11: private keys stay private', () => {
  it('writes none anywhere in the clear', async () => {
    const bytes = new Uint8Array(32).fill(0xab)
    await custody.import('alice', { ...signing, bytes })
    const signer = await custody.signer('alice')
    const key = importSigningKey('k256', bytes)
    for (const shown of [await stored('alice'), custody, signer, key])
      for (const text of [JSON.stringify(shown), inspect(shown, { depth: 9, showHidden: true })]) {
        expect(text).not.toContain('abababab')
        expect(text).not.toContain('q6urq6ur')
        expect(text).not.toContain('171, 171')
      }
  })

  it('gives no rotation key to a process that may only post', async () => {
    await custody.create('root', rotation)
    const posting = createKeyCustody({ store, keyring, clock })
    await expect(posting.signer('root')).rejects.toThrow(code('ATPROTO_KEY_PURPOSE_REFUSED'))
    await expect(posting.create('more', rotation)).rejects.toThrow(code('ATPROTO_KEY_PURPOSE_REFUSED'))
    await expect(posting.reseal('root')).rejects.toThrow(code('ATPROTO_KEY_PURPOSE_REFUSED'))
    expect((await posting.describe('root')).purpose).toBe('rotation')
  })

  it('does not sign with what was relabelled, swapped or damaged in the store', async () => {
    await custody.create('root', rotation)
    await custody.create('alice', signing)
    const [root, alice] = [await stored('root'), await stored('alice')]
    const posting = createKeyCustody({ store, keyring, clock })
    for (const entry of [
      { ...root, purpose: 'signing' },
      { ...root, name: 'alice', purpose: 'signing' },
      { ...alice, sealed: root.sealed },
      { ...alice, didKey: root.didKey },
      { ...alice, curve: 'p256' },
      { ...alice, version: 2 },
      { ...alice, name: 'bob' },
      { ...alice, sealed: 'AAAA' },
      { ...alice, sealed: undefined },
      [],
      null,
    ]) {
      await replace('alice', entry ?? {})
      await expect(posting.signer('alice')).rejects.toThrow(code('ATPROTO_KEY_DAMAGED'))
    }
    await store.put('keys/alice', Buffer.from('{'))
    await expect(posting.describe('alice')).rejects.toThrow(code('ATPROTO_KEY_DAMAGED'))
  })

  it('opens nothing with another keyring', async () => {
    await custody.create('alice', signing)
    const foreign = createKeyring({ keys: [{ id: 'main', secret: generateSecret() }] })
    await expect(createKeyCustody({ store, keyring: foreign }).signer('alice')).rejects.toThrow(
      code('ATPROTO_KEY_DAMAGED'),
    )
  })
})

it('tells what the store says when the store fails', async () => {
  const broken = {
    ...store,
    put: async () => Promise.reject(new Error('disk full')),
    get: async () => Promise.reject(new Error('disk gone')),
  }
  const failing = createKeyCustody({ store: broken as never, keyring })
  await expect(failing.create('alice', signing)).rejects.toThrow('disk full')
  await expect(failing.describe('alice')).rejects.toThrow('disk gone')
})
