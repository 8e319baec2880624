import type { Disk } from '@exprsn/core/disk'
import { enumerateCrashPoints } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { crashWorkload } from './crash-workloads.ts'
import { works } from './crash-works.ts'

describe('a power loss at every call', () => {
  let points = 0

  it.for(Object.entries(works))(
    'of %s, the manifest gone or flipped as well',
    { timeout: 120_000 },
    async ([, work]) => {
      const report = await enumerateCrashPoints(crashWorkload(work, 'any'), { crashRecovery: false })
      expect(report.violations.slice(0, 3)).toEqual([])
      points += report.points
    },
  )

  it('was tried at hundreds of places', () => {
    expect(points).toBeGreaterThan(300)
  })

  const mistakes: Readonly<Record<string, { readonly of: string; readonly bug: (disk: Disk) => Disk }>> = {
    'segments are not made durable in their folder': { of: 'append', bug: (disk) => withoutSync(disk, '/segments') },
    'what is replaced goes before the manifest says so': {
      of: 'remove',
      bug: (disk) => ({
        ...disk,
        async rename(from, to) {
          await disk.rename(from, to)
          // The first that stands for another one.
          if (isNamed(to, '/0000000003.seg')) disk.removeFileSync('/store/segments/0000000001.seg')
        },
      }),
    },
    'lines that are handed over are not made durable': {
      of: 'handOver',
      bug: (disk) => withoutSync(disk, '/handover'),
    },
    'lines that are handed over go before a segment has them': {
      of: 'handOver',
      bug: (disk) => ({
        ...disk,
        async open(path, mode, options) {
          const file = await disk.open(path, mode, options)
          if (mode === 'read' && isNamed(path, '.lines')) disk.removeFileSync(path)
          return file
        },
      }),
    },
  }

  it.for(Object.entries(mistakes))('is found out when %s', { timeout: 120_000 }, async ([, { of, bug }]) => {
    const workload = crashWorkload(works[of]!, 'none', bug)
    const { violations } = await enumerateCrashPoints(workload, { crashRecovery: false, stopAtFirst: true })
    expect(violations).toHaveLength(1)
  })
})

function withoutSync(disk: Disk, folder: string): Disk {
  return { ...disk, fsyncFolder: async (path) => (isNamed(path, folder) ? undefined : disk.fsyncFolder(path)) }
}

function isNamed(path: string | Uint8Array, ending: string): boolean {
  return String(path).endsWith(ending)
}
