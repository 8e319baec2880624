import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DiskStat } from '../../disk/disk.ts'
import { folderEtag, modificationDate, versionName, versionTime } from './object-version.ts'

const stat = (modifiedAt: bigint, size = 5, inode = 9n) => ({ modifiedAt, size, inode }) as DiskStat

describe('versionTime', () => {
  it('is later than what it replaces, in whole microseconds, and the present where that is later', () => {
    const time = fc.integer({ min: 0, max: 2 ** 41 })
    fc.assert(
      fc.property(time, fc.nat(), fc.bigInt({ min: 0n, max: 2n ** 61n }), (now, chance, replaced) => {
        const made = versionTime(now, chance, stat(replaced))
        expect(made > replaced).toBe(true)
        expect(made % 1_000n).toBe(0n)
        if (replaced < BigInt(now) * 1_000_000n) expect(modificationDate(stat(made)).getTime()).toBe(now)
      }),
      { numRuns: 200 },
    )
  })

  it('goes on from a version that comes from the future', () => {
    expect(versionTime(1, 0, stat(5_000_000_001_234n))).toBe(5_000_000_002_000n)
  })
})

describe('the names of a version', () => {
  it('tell size and time apart, the etag the inode too', () => {
    const tags = [stat(1_000n), stat(2_000n), stat(1_000n, 6), stat(1_000n, 5, 10n)].map(folderEtag)
    expect(new Set(tags).size).toBe(4)
    expect(versionName(stat(1_000n, 5, 10n))).toBe(versionName(stat(1_999n, 5, 11n)))
    expect(versionName(stat(1_000n))).not.toBe(versionName(stat(2_000n)))
  })
})
