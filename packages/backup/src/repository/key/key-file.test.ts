import { systemRandom } from '@exprsn/core'
import { describe, expect, it } from 'vitest'
import { sealPlain } from '../../seal/index.ts'
import { deriveKey } from './derive-key.ts'
import { decodeKeyFile, openKeyFile } from './key-file.ts'

const salt = Buffer.alloc(64, 7).toString('base64')
const cost = { N: 1_024, r: 1, p: 1 }
const file = { kdf: 'scrypt', ...cost, salt, data: 'AA==', created: '', username: '', hostname: '' }

describe('a key file', () => {
  it.each<[string, unknown]>([
    ['nothing', null],
    ['a number', 7],
    ['another derivation', { ...file, kdf: 'argon2' }],
    ['a count that is text', { ...file, N: '1024' }],
    ['no salt', { ...file, salt: undefined }],
  ])('is none: %s', (_, value) => {
    expect(decodeKeyFile(Buffer.from(JSON.stringify(value)))).toBeUndefined()
  })

  it('is none when it is no JSON', () => {
    expect(decodeKeyFile(Buffer.from('{'))).toBeUndefined()
    expect(decodeKeyFile(Buffer.from(JSON.stringify(file)))).toEqual(file)
  })

  it('opens only to a whole master key', async () => {
    const slot = await deriveKey('secret', Buffer.from(salt, 'base64'), cost)
    const sealed = (row: unknown): typeof file => {
      const data = Buffer.from(sealPlain(slot, Buffer.from(JSON.stringify(row)), systemRandom)).toString('base64')
      return { ...file, data }
    }
    const part = (length: number): string => Buffer.alloc(length, 1).toString('base64')
    const whole = { encrypt: part(32), mac: { k: part(16), r: part(16) } }
    const open = (row: unknown, password = 'secret') => openKeyFile(sealed(row) as never, password)
    expect(await open(whole)).toEqual({
      ...{ encrypt: new Uint8Array(32).fill(1), macK: new Uint8Array(16).fill(1), macR: new Uint8Array(16).fill(1) },
    })
    expect(await open({ ...whole, encrypt: part(31) })).toBeUndefined()
    expect(await open({ ...whole, mac: { k: part(15), r: part(16) } })).toBeUndefined()
    expect(await open({ ...whole, mac: { k: part(16) } })).toBeUndefined()
    expect(await open({})).toBeUndefined()
    expect(await open(whole, 'wrong')).toBeUndefined()
  })
})
