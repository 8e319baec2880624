import { systemRandom } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import fc from 'fast-check'
import { createDecipheriv } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { isAuthentic, openSealed, sealOverhead, sealPlain, type SealingKey } from './sealing.ts'

const random = new SeededRandom(1)
const newKey = (): SealingKey => ({ encrypt: random.bytes(32), macK: random.bytes(16), macR: random.bytes(16) })
const key = newKey()

describe('sealing', () => {
  it('gives back what was sealed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (plain) => {
        const sealed = sealPlain(key, plain, random)
        expect(sealed).toHaveLength(plain.length + sealOverhead)
        expect(Buffer.from(openSealed(key, sealed)!)).toEqual(Buffer.from(plain))
      }),
    )
  })

  it('is known to be authentic without being opened, and only as it is', () => {
    const sealed = sealPlain(key, random.bytes(40), random)
    expect(isAuthentic(key, sealed)).toBe(true)
    expect(isAuthentic(newKey(), sealed)).toBe(false)
    for (let length = 0; length < sealed.length; length++)
      expect(isAuthentic(key, sealed.subarray(0, length))).toBe(false)
    for (let at = 0; at < sealed.length; at++) {
      const damaged = sealed.slice()
      damaged[at]! ^= 1
      expect(isAuthentic(key, damaged), `byte ${at}`).toBe(false)
    }
  })

  it('is nonce, AES-256 in counter mode, authenticator', () => {
    const plain = random.bytes(150_000)
    const sealed = sealPlain(key, plain, random)
    const cipher = createDecipheriv('aes-256-ctr', key.encrypt, sealed.subarray(0, 16))
    expect(cipher.update(sealed.subarray(16, -16))).toEqual(Buffer.from(plain))
  })

  it('has another nonce each time', () => {
    const plain = Buffer.from('the same')
    expect(sealPlain(key, plain, random)).not.toEqual(sealPlain(key, plain, random))
  })

  it.each([
    ['the system', systemRandom],
    ['a seed', new SeededRandom(7)],
  ])('has another nonce for each of many messages, under whichever key, by %s', (_, source) => {
    const other = newKey()
    const nonces = Array.from({ length: 400 }, (__, count) =>
      Buffer.from(sealPlain(count % 3 === 0 ? other : key, Buffer.from('x'), source).subarray(0, 16)).toString('hex'),
    )
    expect(new Set(nonces).size).toBe(400)
  })

  it('notices every byte that was changed, and every byte that is missing', () => {
    const sealed = sealPlain(key, random.bytes(70), random)
    for (let at = 0; at < sealed.length; at++) {
      const changed = Uint8Array.from(sealed)
      changed[at]! ^= 1 << (at % 8)
      expect(openSealed(key, changed), `byte ${at}`).toBeUndefined()
      expect(openSealed(key, sealed.subarray(0, at)), `the first ${at}`).toBeUndefined()
    }
    expect(openSealed(key, Buffer.concat([sealed, Buffer.alloc(1)]))).toBeUndefined()
  })

  it('opens nothing under another key, whichever part of it differs', () => {
    const sealed = sealPlain(key, Buffer.from('secret'), random)
    const other = newKey()
    expect(openSealed(other, sealed)).toBeUndefined()
    expect(openSealed({ ...key, macK: other.macK }, sealed)).toBeUndefined()
    expect(openSealed({ ...key, macR: other.macR }, sealed)).toBeUndefined()
  })
})
