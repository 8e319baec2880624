import { createSimulatedDisk, SimulatedClock, type DiskFault } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { Sealer, sealedPlaces } from './seals.ts'
import { segmentHeaderSize } from './segment-header.ts'
import { sealPath, type Segment } from './segment-log.ts'

const content = (size: number) => Uint8Array.from({ length: size }, (_, index) => (index * 31) % 251)

async function world(size: number) {
  let fault: ((name: string, path: string) => DiskFault | undefined) | undefined
  const clock = new SimulatedClock()
  const disk = createSimulatedDisk({ clock, intercept: ({ name, path }) => fault?.(name, path) })
  const path = '/000000000001.wal'
  const file = await disk.open(path, 'create')
  await file.write(content(size), 0)
  await file.close()
  const segment: Segment = { path, firstSequence: 1, createdAt: 0, size, closed: false }
  return {
    disk,
    path,
    segment,
    sealer: new Sealer(disk),
    break(how: typeof fault) {
      fault = how
    },
  }
}

describe('seals', () => {
  it.for([100, 262_144 + segmentHeaderSize, 700_000])(
    'vouch for what they cover of %i bytes, in one piece or many, and for nothing behind it',
    async (size) => {
      const { disk, segment, sealer } = await world(size)
      await sealer.seal(segment, size - 50)
      await sealer.seal(segment, size - 50)
      const isTrusted = await sealedPlaces(disk, segment)
      expect([isTrusted(segmentHeaderSize), isTrusted(size - 51), isTrusted(size - 50)]).toEqual([true, true, false])
      await sealer.seal(segment)
      expect((await sealedPlaces(disk, segment))(size - 1)).toBe(true)
      expect(disk.statSync(sealPath(segment.path)).size).toBe(2 * 12)
    },
  )

  it('vouch for nothing in a range in which a bit was flipped, and for the others', async () => {
    const { disk, path, segment, sealer } = await world(600_000)
    for (const end of [100_000, 200_000, 600_000]) await sealer.seal(segment, end)
    disk.flipBit(path, 150_000 * 8)
    const isTrusted = await sealedPlaces(disk, segment)
    expect([99_999, 100_000, 199_999, 200_000, 599_999].map(isTrusted)).toEqual([true, false, false, true, true])
  })

  it('vouch for nothing where the file is shorter than it was', async () => {
    for (const isSealedBefore of [true, false]) {
      const { disk, path, segment, sealer } = await world(600_000)
      if (isSealedBefore) await sealer.seal(segment)
      const file = await disk.open(path, 'update')
      await file.truncate(1_000)
      await file.close()
      if (!isSealedBefore) await sealer.seal(segment)
      expect((await sealedPlaces(disk, segment))(segmentHeaderSize)).toBe(false)
    }
  })

  it('vouch for nothing in what was passed over, and for what comes behind it', async () => {
    const { disk, segment, sealer } = await world(600_000)
    sealer.skip(segment, 50_000)
    expect(disk.entriesSync('/')).toHaveLength(1)
    await sealer.seal(segment, 100_000)
    sealer.skip(segment, 150_000)
    sealer.skip(segment, 200_000)
    sealer.skip(segment, 90_000)
    await sealer.seal(segment)
    const isTrusted = await sealedPlaces(disk, segment)
    const places = [segmentHeaderSize, 49_999, 50_000, 99_999, 100_000, 199_999, 200_000, 599_999]
    expect(places.map(isTrusted)).toEqual([false, false, true, true, false, false, true, true])
    expect(disk.statSync(sealPath(segment.path)).size).toBe(4 * 12)
  })

  it('that the disk refuses are written with the next, so that none is missing in between', async () => {
    const { disk, segment, sealer, break: breakWith } = await world(90_000)
    sealer.skip(segment, 5_000)
    for (const errno of ['ENOSPC', 'EIO']) {
      breakWith((name, path) => (name === 'write' && path.endsWith('.seal') ? { errno } : undefined))
      await expect(sealer.seal(segment, 20_000)).rejects.toThrow(/seal/)
    }
    breakWith(undefined)
    await sealer.seal(segment, 40_000)
    await sealer.seal(segment)
    const isTrusted = await sealedPlaces(disk, segment)
    expect([segmentHeaderSize, 5_000, 39_999, 40_000, 89_999].map(isTrusted)).toEqual([false, true, true, true, true])
  })

  it('are one range to whoever asks, when thousands of them touch', async () => {
    const { disk, segment, sealer } = await world(6_000)
    for (let end = segmentHeaderSize + 1; end <= 5_999; end++) await sealer.seal(segment, end)
    const isTrusted = await sealedPlaces(disk, segment)
    for (let at = segmentHeaderSize; at < 6_000; at++) expect(isTrusted(at)).toBe(at < 5_999)
  })
})
