import { createSimulatedDisk, SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HandOver, type HandedLine } from './hand-over.ts'

const anyLine: fc.Arbitrary<HandedLine> = fc.record(
  {
    bytes: fc.uint8Array({ maxLength: 40 }),
    time: fc.integer({ min: 0, max: 2e12 }),
    source: fc.constantFrom('spool-a', 'spool-b', '__proto__'),
    sequence: fc.integer({ min: 1, max: 1e9 }),
  },
  { requiredKeys: ['bytes', 'time', 'source', 'sequence'] },
)
const appended = fc.record({ bytes: fc.uint8Array({ maxLength: 40 }), time: fc.nat() })

function world() {
  const clock = new SimulatedClock()
  const disk = createSimulatedDisk({ clock })
  disk.makeFolderSync('/store/handover')
  return { clock, disk, handOver: new HandOver(disk, '/store', new SeededRandom(1)) }
}

describe('lines that are handed over', () => {
  it('are those that were given, in the order of writing', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.array(fc.oneof(anyLine, appended), { minLength: 1 })),
      async (all) => {
        const { handOver } = world()
        for (const lines of all) await handOver.write(lines)
        const found = []
        for (const name of await handOver.list()) found.push(await handOver.read(name))
        const plain = (lines: readonly HandedLine[]) => lines.map((line) => ({ ...line, bytes: [...line.bytes] }))
        expect(found.map(plain)).toEqual(all.map(plain))
      },
    )
    await fc.assert(property, { numRuns: 200 })
  })

  it('are known to be damaged when any bit is flipped or any byte is missing', async () => {
    const { handOver, disk } = world()
    await handOver.write([{ bytes: Buffer.from('one'), time: 5, source: 'spool', sequence: 1 }])
    const [name] = await handOver.list()
    const path = `${handOver.folder}/${name!}`
    const { size } = disk.statSync(path)
    for (let bit = 0; bit < size * 8; bit++) {
      disk.flipBit(path, bit)
      await expect(handOver.read(name!)).rejects.toMatchObject({ code: 'LOGS_STORE_HAND_OVER_DAMAGED' })
      disk.flipBit(path, bit)
    }
    expect(await handOver.read(name!)).toHaveLength(1)
    const file = disk.openSync(path, 'update')
    for (let length = size - 1; length >= 0; length--) {
      file.truncateSync(length)
      await expect(handOver.read(name!)).rejects.toMatchObject({ code: 'LOGS_STORE_HAND_OVER_DAMAGED' })
    }
    file.closeSync()
    await handOver.setAside(name!)
    expect(await handOver.list()).toEqual([])
    expect(disk.entriesSync(handOver.folder)).toHaveLength(1)
  })

  it('leave nothing behind: what was not finished goes when it is old', async () => {
    const { handOver, disk, clock } = world()
    const begin = (name: string): void => disk.openSync(`${handOver.folder}/.exprsn-tmp-${name}`, 'create').closeSync()
    begin('old')
    await clock.advanceBy(4_000_000)
    begin('young')
    await handOver.clean(clock)
    expect(disk.entriesSync(handOver.folder).map(({ name }) => name)).toEqual(['.exprsn-tmp-young'])
    await handOver.remove(['was-never-there.lines'])
  })

  it('may be cleaned while others write: what was begun gets its name between the listing and the look', async () => {
    const { handOver, disk, clock } = world()
    const path = `${handOver.folder}/.exprsn-tmp-begun`
    disk.openSync(path, 'create').closeSync()
    const finished: string[] = []
    const stat = disk.stat.bind(disk)
    disk.stat = async (at) => {
      finished.push(String(at))
      await disk.rename(path, `${handOver.folder}/begun.lines`)
      return stat(at)
    }
    await handOver.clean(clock)
    expect(finished).toEqual([path])
    expect(await handOver.list()).toEqual(['begun.lines'])
  })
})
