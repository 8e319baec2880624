import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { SeededRandom } from '../testing/random/seeded-random.ts'
import { createKeyring, type KeyringOptions } from './create-keyring.ts'
import type { KeyringDocument } from './keyring-document.ts'
import type { Kms } from './kms.ts'
import { localKms } from './local-kms.ts'
import { open } from './open.ts'
import { seal } from './seal.ts'
import { generateSecret } from './secret-key.ts'
import { content } from './known-keyring.fixture.ts'

const master = generateSecret({ random: new SeededRandom('master') })
const kms = localKms({ keys: [{ id: 'master', secret: master }] })
const plain = content(50)

function code(expected: string, details: object = {}) {
  return expect.objectContaining({ code: expected, details: expect.objectContaining(details) })
}

/** A saved keyring with keys `first` and `second`, and a message sealed with each. */
async function saved() {
  const keyring = createKeyring({ kms })
  keyring.rotate({ id: 'first' })
  const old = await seal(plain, { keyring })
  keyring.rotate({ id: 'second' })
  const recent = await seal(plain, { keyring })
  return { document: await keyring.export(), old, recent }
}

describe('createKeyring', () => {
  it('seals with the first of the host’s keys and opens with all', async () => {
    const [one, two] = [
      { id: 'one', secret: generateSecret() },
      { id: 'two', secret: content(32) },
    ]
    const before = await seal(plain, { keyring: createKeyring({ keys: [one] }) })
    const keyring = createKeyring({ keys: [two, one] })
    const after = await seal(plain, { keyring })
    expect(Buffer.from(after.subarray(6, 9)).toString()).toBe('two')
    expect(await open(before, { keyring })).toEqual(plain)
    expect(await open(after, { keyring })).toEqual(plain)
  })

  it('copies the host’s bytes, which the host may wipe', async () => {
    const secret = content(32)
    const keyring = createKeyring({ keys: [{ id: 'one', secret }] })
    secret.fill(0)
    const sealed = await seal(plain, { keyring })
    expect(await open(sealed, { keyring: createKeyring({ keys: [{ id: 'one', secret: content(32) }] }) })).toEqual(
      plain,
    )
  })

  it('goes through JSON and opens what it sealed before', async () => {
    const { document, old, recent } = await saved()
    const keyring = createKeyring({ keys: JSON.parse(JSON.stringify(document)) as KeyringDocument, kms })
    expect(await open(old, { keyring })).toEqual(plain)
    expect(await open(recent, { keyring })).toEqual(plain)
    expect(keyring.keys()).toEqual([
      { id: 'first', state: 'active', messages: 1, wrappedBy: 'master' },
      { id: 'second', state: 'primary', messages: 1, wrappedBy: 'master' },
    ])
    expect(await keyring.export()).toEqual(document)
  })

  it('opens messages after a rewrap under another key of the service, without touching them', async () => {
    const { document, old } = await saved()
    const both = localKms({
      keys: [
        { id: 'newer', secret: generateSecret() },
        { id: 'master', secret: master },
      ],
    })
    const keyring = createKeyring({ keys: document, kms: both })
    await keyring.rewrap()
    const rewrapped = await keyring.export()
    expect(rewrapped.keys.map(({ wrapped }) => wrapped?.kmsKey)).toEqual(['newer', 'newer'])
    expect(await open(old, { keyring: createKeyring({ keys: rewrapped, kms: both }) })).toEqual(plain)
    const withoutNewer = createKeyring({ keys: rewrapped, kms })
    await expect(open(old, { keyring: withoutNewer })).rejects.toEqual(
      code('CORE_CRYPTO_KMS_KEY_UNKNOWN', { id: 'newer' }),
    )
  })

  it('moves to another service, and stays as it was when that fails halfway', async () => {
    const { document, old } = await saved()
    const other = localKms({ keys: [{ id: 'other', secret: generateSecret() }] })
    let calls = 0
    const failing: Kms = {
      ...other,
      wrap: (key, options) => (++calls === 2 ? Promise.reject(new Error('service down')) : other.wrap(key, options)),
    }
    const keyring = createKeyring({ keys: document, kms })
    await expect(keyring.rewrap({ kms: failing })).rejects.toThrow('service down')
    expect(await keyring.export()).toEqual(document)
    await keyring.rewrap({ kms: failing })
    expect(keyring.keys().map(({ wrappedBy }) => wrappedBy)).toEqual(['other', 'other'])
    keyring.rotate({ id: 'third' })
    expect((await keyring.export()).keys[2]!.wrapped!.kmsKey).toBe('other')
    expect(await open(old, { keyring })).toEqual(plain)
  })

  it('retires a key for ever: its messages stay closed, also after saving', async () => {
    const { document, old, recent } = await saved()
    const keyring = createKeyring({ keys: document, kms })
    await open(old, { keyring })
    const held = await keyring.openingKey('first')
    keyring.retire('first')
    await expect(open(old, { keyring })).rejects.toEqual(code('CORE_CRYPTO_KEY_RETIRED', { id: 'first' }))
    expect(() => held.derive(plain, plain, 32)).toThrow(code('CORE_CRYPTO_KEY_RETIRED'))
    const after = await keyring.export()
    expect(after.keys[0]).toEqual({ id: 'first', messages: 1, wrapped: null })
    const reloaded = createKeyring({ keys: after, kms })
    await expect(open(old, { keyring: reloaded })).rejects.toEqual(code('CORE_CRYPTO_KEY_RETIRED'))
    expect(await open(recent, { keyring: reloaded })).toEqual(plain)
    expect(reloaded.keys()[0]!.state).toBe('retired')
    expect(() => keyring.retire('second')).toThrow(code('CORE_CRYPTO_KEY_IN_USE'))
    expect(() => keyring.retire('never')).toThrow(code('CORE_CRYPTO_KEY_UNKNOWN'))
    expect(() => keyring.rotate({ id: 'first' })).toThrow(code('CORE_CRYPTO_KEY_INVALID'))
  })

  it('gives up a key that is retired while the service unwraps it', async () => {
    const { document, old } = await saved()
    const keyring = createKeyring({ keys: document, kms })
    const opening = open(old, { keyring })
    opening.catch(() => {})
    await Promise.resolve()
    keyring.retire('first')
    await expect(opening).rejects.toEqual(code('CORE_CRYPTO_KEY_RETIRED'))
  })

  it('stops a key at its limit, over restarts', async () => {
    const keyring = createKeyring({ kms, messageLimit: 3 })
    keyring.rotate({ id: 'small' })
    await seal(plain, { keyring })
    await seal(plain, { keyring })
    const later = createKeyring({ keys: await keyring.export(), kms, messageLimit: 3 })
    const last = await seal(plain, { keyring: later })
    await expect(seal(plain, { keyring: later })).rejects.toEqual(code('CORE_CRYPTO_KEY_EXHAUSTED', { limit: 3 }))
    expect(await open(last, { keyring: later })).toEqual(plain)
    later.rotate()
    await seal(plain, { keyring: later })
  })

  it('makes no more messages than the limit when many are sealed at once', async () => {
    const document = (await saved()).document
    const keyring = createKeyring({ keys: document, kms, messageLimit: 5 })
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => seal(plain, { keyring })))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(4)
  })

  it('asks the service once for many messages, and again after a failure', async () => {
    const { document, old } = await saved()
    let calls = 0
    let down = true
    const flaky: Kms = {
      ...kms,
      async unwrap(wrapped, options) {
        calls++
        if (down) throw new Error('service down')
        return kms.unwrap(wrapped, options)
      },
    }
    const keyring = createKeyring({ keys: document, kms: flaky })
    expect(calls).toBe(0)
    await expect(open(old, { keyring })).rejects.toThrow('service down')
    down = false
    await Promise.all([open(old, { keyring }), open(old, { keyring }), open(old, { keyring })])
    expect(calls).toBe(2)
  })

  it('refuses wrapped keys that were exchanged', async () => {
    const { document, old } = await saved()
    const [first, second] = document.keys
    const keys = [
      { ...first!, wrapped: second!.wrapped },
      { ...second!, wrapped: first!.wrapped },
    ]
    const keyring = createKeyring({ keys: { ...document, keys }, kms })
    await expect(open(old, { keyring })).rejects.toEqual(code('CORE_CRYPTO_UNWRAP_FAILED'))
  })

  it('refuses a service that gives a key of another size', async () => {
    const { document, old } = await saved()
    const keyring = createKeyring({ keys: document, kms: { ...kms, unwrap: async () => new Uint8Array(16) } })
    await expect(open(old, { keyring })).rejects.toEqual(code('CORE_CRYPTO_UNWRAP_FAILED'))
  })

  it('is empty without keys', async () => {
    const keyring = createKeyring({ kms })
    await expect(seal(plain, { keyring })).rejects.toEqual(code('CORE_CRYPTO_KEYRING_EMPTY'))
    expect(await keyring.export()).toEqual({ version: 1, primary: null, keys: [] })
    const again = createKeyring({ keys: await keyring.export(), kms })
    await expect(seal(plain, { keyring: again })).rejects.toEqual(code('CORE_CRYPTO_KEYRING_EMPTY'))
  })

  it('needs a service to save, rewrap and open documents', async () => {
    const keyring = createKeyring({ keys: [{ id: 'one', secret: generateSecret() }] })
    await expect(keyring.export()).rejects.toEqual(code('CORE_CRYPTO_KMS_MISSING'))
    await expect(keyring.rewrap()).rejects.toEqual(code('CORE_CRYPTO_KMS_MISSING'))
    const { document } = await saved()
    expect(() => createKeyring({ keys: document })).toThrow(code('CORE_CRYPTO_KMS_MISSING'))
  })

  it('wraps the host’s own keys when it is given a service', async () => {
    const keyring = createKeyring({ keys: [{ id: 'one', secret: content(32) }], kms })
    const sealed = await seal(plain, { keyring })
    expect(await open(sealed, { keyring: createKeyring({ keys: await keyring.export(), kms }) })).toEqual(plain)
  })

  it('prints no key, however it is shown', async () => {
    const secret = content(32, 3)
    const keyring = createKeyring({ keys: [{ id: 'one', secret }], kms })
    const key = await keyring.openingKey('one')
    const shown = [keyring, key, kms, keyring.keys(), await keyring.export()].flatMap((value) => [
      inspect(value, { depth: 20, showHidden: true }),
      JSON.stringify(value),
    ])
    for (const form of [
      Buffer.from(secret).toString('hex'),
      Buffer.from(secret).toString('base64'),
      master,
      `${secret[0]}, ${secret[1]}`,
    ])
      expect(shown.join('\n')).not.toContain(form)
  })

  it('wipes its keys when closed', async () => {
    const { document } = await saved()
    const keyring = createKeyring({ keys: document, kms })
    const key = await keyring.sealingKey()
    await keyring.close()
    expect(() => key.derive(plain, plain, 32)).toThrow(code('CORE_CRYPTO_KEYRING_CLOSED'))
    await expect(keyring.sealingKey()).rejects.toEqual(code('CORE_CRYPTO_KEYRING_CLOSED'))
    await expect(keyring.openingKey('first')).rejects.toEqual(code('CORE_CRYPTO_KEYRING_CLOSED'))
    await expect(keyring.export()).rejects.toEqual(code('CORE_CRYPTO_KEYRING_CLOSED'))
    await expect(keyring.rewrap()).rejects.toEqual(code('CORE_CRYPTO_KEYRING_CLOSED'))
    expect(() => keyring.rotate()).toThrow(code('CORE_CRYPTO_KEYRING_CLOSED'))
    expect(() => keyring.retire('first')).toThrow(code('CORE_CRYPTO_KEYRING_CLOSED'))
    await keyring[Symbol.asyncDispose]()
  })

  it.each<[string, KeyringOptions, string]>([
    ['a limit of 0', { messageLimit: 0 }, 'CORE_CRYPTO_OPTION_INVALID'],
    ['a limit above 2³²', { messageLimit: 2 ** 32 + 1 }, 'CORE_CRYPTO_OPTION_INVALID'],
    ['a short key', { keys: [{ id: 'a', secret: content(31) }] }, 'CORE_CRYPTO_KEY_INVALID'],
    ['a key of zeros', { keys: [{ id: 'a', secret: new Uint8Array(32) }] }, 'CORE_CRYPTO_KEY_INVALID'],
    ['a password', { keys: [{ id: 'a', secret: 'correct horse battery' }] }, 'CORE_CRYPTO_KEY_INVALID'],
    ['a name with a space', { keys: [{ id: 'a b', secret: content(32) }] }, 'CORE_CRYPTO_KEY_INVALID'],
    ['an empty name', { keys: [{ id: '', secret: content(32) }] }, 'CORE_CRYPTO_KEY_INVALID'],
    ['a name of 65 characters', { keys: [{ id: 'a'.repeat(65), secret: content(32) }] }, 'CORE_CRYPTO_KEY_INVALID'],
    [
      'two keys of one name',
      { keys: [1, 2].map((seed) => ({ id: 'a', secret: content(32, seed) })) },
      'CORE_CRYPTO_KEY_INVALID',
    ],
  ])('refuses %s', (_, options, expected) => {
    expect(() => createKeyring(options)).toThrow(code(expected))
  })

  it.each<[string, (document: KeyringDocument) => unknown]>([
    ['version is not 1', (document) => ({ ...document, version: 2 })],
    ['keys is not a list', (document) => ({ ...document, keys: {} })],
    ['keys[0].id is not a name', ({ keys: [, ...rest], ...document }) => ({ ...document, keys: [null, ...rest] })],
    ['keys[0].messages is not a count', (document) => changed(document, { messages: -1 })],
    ['keys[0].messages is not a count', (document) => changed(document, { messages: undefined })],
    ['keys[0].wrapped.kmsKey is not a name', (document) => changed(document, { wrapped: {} })],
    ['keys[0].wrapped.kmsKey is not a name', (document) => changed(document, { wrapped: undefined })],
    ['keys[0].wrapped.bytes is not base64', (document) => changed(document, { wrapped: { kmsKey: 'm', bytes: '!' } })],
    ['the key "second" stands in it twice', (document) => changed(document, { id: 'second' })],
    ['primary names no key that can seal', (document) => ({ ...document, primary: 'third' })],
    [
      'primary names no key that can seal',
      (document) => ({ ...changed(document, { wrapped: null }), primary: 'first' }),
    ],
  ])('refuses a document: %s', async (reason, change) => {
    const { document } = await saved()
    const keys = change(document) as KeyringDocument
    expect(() => createKeyring({ keys, kms })).toThrow(code('CORE_CRYPTO_KEYRING_INVALID', { reason }))
  })

  it('stops at the signal', async () => {
    const { document } = await saved()
    const keyring = createKeyring({ keys: document, kms })
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(keyring.sealingKey({ signal })).rejects.toThrow('enough')
    await expect(keyring.rewrap({ signal })).rejects.toThrow('enough')
  })
})

function changed(document: KeyringDocument, change: object): KeyringDocument {
  const [first, ...rest] = document.keys
  return { ...document, keys: [{ ...first!, ...change }, ...rest] }
}
