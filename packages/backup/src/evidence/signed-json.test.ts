import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { decodeSignedJson, encodeSignedJson } from './signed-json.ts'

describe('signed JSON', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const value = { sequence: 3, names: ['a', 'ü'] }
  const bytes = encodeSignedJson('snapshot-log', value, privateKey)

  it('comes back as it was', () => {
    expect(decodeSignedJson('snapshot-log', bytes, publicKey)).toEqual(value)
  })

  it('says nothing about another purpose', () => {
    expect(decodeSignedJson('restore-drill', bytes, publicKey)).toBeUndefined()
  })

  it('says nothing to another key', () => {
    expect(decodeSignedJson('snapshot-log', bytes, generateKeyPairSync('ed25519').publicKey)).toBeUndefined()
  })

  it('shows every flipped bit, spaces and the idle bits of base64 included', () => {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Uint8Array.from(bytes)
      changed[bit >> 3]! ^= 1 << (bit & 7)
      expect(decodeSignedJson('snapshot-log', changed, publicKey), `bit ${bit}`).toBeUndefined()
    }
    expect(
      decodeSignedJson('snapshot-log', Buffer.from(` ${Buffer.from(bytes).toString()}`), publicKey),
    ).toBeUndefined()
  })

  it.each(['', 'null', '[]', '{"body":1,"signature":2}', '{"body":"{}"}', 'ÿ'])('refuses %j', (text) => {
    expect(decodeSignedJson('snapshot-log', Buffer.from(text), publicKey)).toBeUndefined()
  })
})
