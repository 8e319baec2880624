import { describe, expect, it } from 'vitest'
import { encodeCbor } from '../codec/index.ts'
import { createSigningKey } from '../crypto/index.ts'
import { buildMst } from './build-mst.ts'
import { readCommit, signCommit } from './commit.ts'

const data = buildMst([]).root
const sig = new Uint8Array(64)
const rev = '3jui7kd54zh2y'
const whole = { did: 'did:plc:example', version: 3, rev, data, prev: null, sig }

describe('a commit', () => {
  it('is read as it was signed', () => {
    const { bytes } = signCommit({ did: whole.did, rev, data }, createSigningKey('p256'))
    expect(readCommit(bytes)).toMatchObject({ did: 'did:plc:example', version: 3, rev, prev: undefined })
    expect(readCommit(encodeCbor({ ...whole, prev: data })).prev?.equals(data)).toBe(true)
    expect(readCommit(encodeCbor(without('prev'))).prev).toBeUndefined()
  })

  it('may be of version 2, without rev, when that is asked for', () => {
    const old = { ...without('rev'), version: 2 }
    expect(readCommit(encodeCbor(old), { legacy: true })).toMatchObject({ version: 2, rev: undefined })
    expect(readCommit(encodeCbor({ ...old, rev: null }), { legacy: true }).rev).toBeUndefined()
    expect(() => readCommit(encodeCbor(old))).toThrow('its version is not 3')
  })

  it.each<[string, Parameters<typeof encodeCbor>[0], string]>([
    ['a number', 7, 'its version is not 3'],
    ['nothing', null, 'its version is not 3'],
    ['another version', { ...whole, version: 4 }, 'its version is not 3'],
    ['no DID', without('did'), 'it has no DID'],
    ['a handle for a DID', { ...whole, did: 'alice.example' }, 'it has no DID'],
    ['no rev', without('rev'), 'its rev is not a TID'],
    ['a rev that is no TID', { ...whole, rev: 'now' }, 'its rev is not a TID'],
    ['no data', without('data'), 'it has no data'],
    ['data that is no link', { ...whole, data: 'x' }, 'it has no data'],
    ['a prev that is no link', { ...whole, prev: 'x' }, 'its prev is not a link'],
    ['no signature', without('sig'), 'it is not signed'],
  ])('is refused: %s', (_, value, reason) => {
    expect(() => readCommit(encodeCbor(value))).toThrow(
      expect.objectContaining({ code: 'ATPROTO_COMMIT_INVALID', message: expect.stringContaining(reason) }),
    )
  })
})

function without(field: keyof typeof whole) {
  const { [field]: _, ...rest } = whole
  return rest
}
