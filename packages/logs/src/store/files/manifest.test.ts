import { expect, it } from 'vitest'
import { decodeManifest, encodeManifest, type Manifest } from './manifest.ts'

const manifest: Manifest = {
  version: 1,
  generation: 7,
  segments: [
    { name: '0000000001.seg', bytes: 400, rows: 9, minTime: 1_795e9, maxTime: 1_796e9, minSequence: 1, maxSequence: 9 },
  ],
  nextSequence: 10,
  nextSegment: 2,
  walFrom: 3,
  places: { spool: 4 },
  handedOver: ['a-1.lines'],
}

it('a list of segments with any flipped bit is damaged, or says the same', () => {
  const bytes = encodeManifest(manifest)
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = Uint8Array.from(bytes)
    flipped[bit >> 3]! ^= 1 << (bit & 7)
    try {
      expect(decodeManifest('manifest.json', flipped)).toMatchObject(manifest)
    } catch (error) {
      expect({ bit, error }).toMatchObject({ bit, error: { code: 'LOGS_STORE_MANIFEST_DAMAGED' } })
    }
  }
})

it('a list of segments of a later version is not taken for a damaged one', () => {
  for (const bytes of [Buffer.from('{"version":2}'), encodeManifest({ ...manifest, version: 2 as 1 })])
    expect(() => decodeManifest('manifest.json', bytes)).toThrow(
      expect.objectContaining({ code: 'LOGS_STORE_MANIFEST_VERSION' }),
    )
})
