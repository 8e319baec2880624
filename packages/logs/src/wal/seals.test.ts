import { createSimulatedDisk, SimulatedClock } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { Sealer, sealedPlaces } from './seals.ts'
import { segmentHeaderSize } from './segment-header.ts'
import type { Segment } from './segment-log.ts'

async function world(size: number) {
  const disk = createSimulatedDisk({ clock: new SimulatedClock() })
  const path = '/000000000001.wal'
  const file = await disk.open(path, 'create')
  await file.write(
    Uint8Array.from({ length: size }, (_, index) => (index * 31) % 251),
    0,
  )
  await file.close()
  const segment: Segment = { path, firstSequence: 1, createdAt: 0, size, closed: false }
  return { disk, path, segment, sealer: new Sealer(disk) }
}

describe('seals', () => {
  it('vouch for what they cover, in one piece or many, and for nothing behind it', async () => {
    for (const size of [100, 262_144 + segmentHeaderSize, 700_000]) {
      const { disk, segment, sealer } = await world(size)
      segment.size = size - 50
      await sealer.seal(segment)
      await sealer.seal(segment)
      segment.size = size
      const isTrusted = await sealedPlaces(disk, segment)
      expect([isTrusted(segmentHeaderSize), isTrusted(size - 51), isTrusted(size - 50)]).toEqual([true, true, false])
      await sealer.seal(segment)
      expect((await sealedPlaces(disk, segment))(size - 1)).toBe(true)
    }
  })

  it('vouch for nothing in a range in which a bit was flipped', async () => {
    const { disk, path, segment, sealer } = await world(600_000)
    await sealer.seal(segment)
    disk.flipBit(path, 599_999 * 8)
    expect((await sealedPlaces(disk, segment))(segmentHeaderSize)).toBe(false)
  })

  it('vouch for nothing where the file is shorter than it was', async () => {
    const { disk, path, segment, sealer } = await world(600_000)
    const file = await disk.open(path, 'update')
    await file.truncate(1_000)
    await file.close()
    await sealer.seal(segment)
    expect((await sealedPlaces(disk, segment))(segmentHeaderSize)).toBe(false)
  })
})
