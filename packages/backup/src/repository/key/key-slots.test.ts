import { createKeyring, generateSecret, type Keyring } from '@exprsn/core/crypto'
import { memoryStore, type ObjectStore } from '@exprsn/core/storage'
import { beforeEach, describe, expect, it } from 'vitest'
import { openReplica } from '../../replicate/index.ts'
import { openRepository, type OpenRepositoryOptions } from '../open-repository.ts'
import { contextOf } from '../repository-context.ts'
import type { Repository } from '../repository.ts'

const scrypt = { N: 1_024, r: 8, p: 1 }
let store: ObjectStore
beforeEach(() => {
  store = memoryStore()
})

const keyringOf = (id = 'main'): Keyring => createKeyring({ keys: [{ id, secret: generateSecret() }] })
const open = (secret: Pick<OpenRepositoryOptions, 'password' | 'keyring'>): Promise<Repository> =>
  openRepository({ store, ...secret })
const make = (secret: Pick<OpenRepositoryOptions, 'password' | 'keyring'>): Promise<Repository> =>
  openRepository({ store, scrypt, create: 'new', ...secret })
const opens = (secret: Pick<OpenRepositoryOptions, 'password' | 'keyring'>): Promise<boolean> =>
  open(secret).then(
    () => true,
    () => false,
  )
const keysBelow = async (prefix: string): Promise<string[]> => {
  const keys: string[] = []
  for await (const { key } of store.list({ prefix })) keys.push(key)
  return keys
}

describe('opening with a keyring', () => {
  it('opens what it made, and no other keyring does', async () => {
    const keyring = keyringOf()
    const made = await make({ keyring })
    const opened = await open({ keyring })
    expect(opened.id).toBe(made.id)
    expect(contextOf(opened).key).toEqual(contextOf(made).key)
    expect(await opened.keys()).toMatchObject([{ kind: 'keyring', current: true }])
    await expect(open({ keyring: keyringOf('other') })).rejects.toMatchObject({
      code: 'BACKUP_REPOSITORY_KEYRING',
      details: { tried: 1 },
    })
    await expect(open({ keyring: keyringOf('main') })).rejects.toMatchObject({ code: 'BACKUP_REPOSITORY_KEYRING' })
  })

  it('keeps the master key to itself', async () => {
    const made = await make({ keyring: keyringOf() })
    const { encrypt } = contextOf(made).key
    for (const key of await keysBelow('')) {
      const text = Buffer.from(await (await store.get(key)).bytes()).toString('latin1')
      for (const encoding of ['latin1', 'hex', 'base64'] as const)
        expect(text).not.toContain(Buffer.from(encrypt).toString(encoding))
    }
  })

  it('lets a password open it, too, once one was added', async () => {
    const keyring = keyringOf()
    await expect((await make({ keyring })).addKey('')).rejects.toMatchObject({
      code: 'BACKUP_REPOSITORY_OPTION_INVALID',
    })
    await expect(open({ password: 'on paper' })).rejects.toMatchObject({ code: 'BACKUP_REPOSITORY_NO_KEY' })
    await (await open({ keyring })).addKey('on paper', { cost: scrypt })
    const opened = await open({ password: 'on paper' })
    expect(await opened.keys()).toMatchObject([
      { kind: 'password', current: true },
      { kind: 'keyring', current: false },
    ])
  })

  it('opens with an older key of the keyring, and not once that was retired', async () => {
    const keyring = keyringOf('old')
    await make({ keyring })
    keyring.rotate({ id: 'new' })
    expect(await opens({ keyring })).toBe(true)
    const opened = await open({ keyring })
    await opened.rotateKey(keyring)
    keyring.retire('old')
    expect(await opens({ keyring })).toBe(true)
  })

  it('passes over a damaged slot', async () => {
    const keyring = keyringOf()
    const made = await make({ keyring })
    const [first] = await keysBelow('x-exprsn/keys/')
    await made.addKey(keyring)
    await store.put(first!, Buffer.from('{"data":"AAAA"}'))
    expect(await opens({ keyring })).toBe(true)
    for (const key of await keysBelow('x-exprsn/keys/')) await store.put(key, Buffer.from('no JSON'))
    expect(await opens({ keyring })).toBe(false)
  })

  it('tells of a keyring that fails, instead of calling it the wrong one', async () => {
    const keyring = keyringOf()
    await make({ keyring })
    await keyring.close()
    await expect(open({ keyring })).rejects.toMatchObject({ code: 'CORE_CRYPTO_KEYRING_CLOSED' })
  })

  it('wants a password or a keyring, not both', async () => {
    const keyring = keyringOf()
    for (const secret of [{}, { password: '' }, { password: 'secret', keyring }])
      await expect(make(secret)).rejects.toMatchObject({ code: 'BACKUP_REPOSITORY_OPTION_INVALID' })
    expect(await keysBelow('')).toEqual([])
  })

  it('begins anew after a creation that was interrupted', async () => {
    const keyring = keyringOf()
    await make({ keyring })
    await store.delete('config')
    const made = await make({ keyring })
    expect((await made.keys()).length).toBe(2)
  })

  it('opens a replica', async () => {
    const source = await make({ password: 'secret' })
    const keyring = keyringOf()
    const replica = memoryStore()
    await openReplica(source, { store: replica, keyring })
    expect((await openRepository({ store: replica, keyring })).id).toBe(source.id)
  })
})

describe('rotateKey', () => {
  it('opens with the new password, and no longer with the old one', async () => {
    const repository = await make({ password: 'first' })
    const id = await repository.rotateKey('second', { cost: scrypt })
    expect(await opens({ password: 'first' })).toBe(false)
    expect(await opens({ password: 'second' })).toBe(true)
    expect(await repository.keys()).toMatchObject([{ id, current: true }])
    await repository.rotateKey('third', { cost: scrypt })
    expect(await repository.keys()).toMatchObject([{ current: true }])
    expect(await opens({ password: 'third' })).toBe(true)
  })

  it('leaves other passwords alone', async () => {
    const repository = await make({ password: 'first' })
    await repository.addKey('on paper', { cost: scrypt })
    await repository.rotateKey('second', { cost: scrypt })
    expect(await opens({ password: 'on paper' })).toBe(true)
  })

  it('leaves both open when it ends halfway', async () => {
    const refusing: ObjectStore = {
      ...store,
      delete: async () => {
        throw new Error('the wire was cut')
      },
    }
    await make({ password: 'first' })
    const repository = await openRepository({ store: refusing, password: 'first', attempts: 1 })
    await expect(repository.rotateKey('second', { cost: scrypt })).rejects.toThrow('the wire was cut')
    expect(await opens({ password: 'first' })).toBe(true)
    expect(await opens({ password: 'second' })).toBe(true)
  })
})
