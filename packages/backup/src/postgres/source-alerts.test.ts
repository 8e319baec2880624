import { describe, expect, it } from 'vitest'
import type { ArchiverStatus } from './archive/archiver.ts'
import { decideAlerts, lateDrill } from './source-alerts.ts'

const clock = { now: () => 1_000_000, monotonic: () => 0, setTimer: () => ({ cancel() {} }) }
const slot = { active: true, status: 'reserved', kept: 1_000, unlimited: false }

function decide(
  change: Partial<ArchiverStatus & { receiverError: Error }> = {},
  state: typeof slot | undefined = slot,
  unreachable?: string,
) {
  const { receiverError, ...status } = change
  const archiver = {
    status: () => ({ archived: 1n, lastSuccess: 999_000, failure: undefined, damaged: [], ...status }),
  } as unknown as Parameters<typeof decideAlerts>[0]['archiver']
  const limits = { archiveEvery: 60_000, slotAlert: 1 << 20, position: 'streaming', receiverError }
  return decideAlerts({ name: 'db', slot: 'exprsn_db', archiver, clock, ...limits }, state, unreachable)
}

describe('alerts of a PostgreSQL source', () => {
  it('are none while all is well', () => {
    expect(decide()).toEqual([])
    expect(decide({}, undefined)).toEqual([])
    expect(decide({ lastSuccess: undefined })).toEqual([])
  })

  it.each<[string, Parameters<typeof decide>, string, string]>([
    ['no WAL comes', [{ receiverError: new Error('refused') }], 'wal:db', 'not received: refused'],
    ['the server cannot be asked', [{}, slot, 'no route'], 'wal:db', 'no route'],
    ['nothing can be stored', [{ failure: new Error('bucket gone') }], 'archive:db', 'bucket gone'],
    ['nothing was stored for long', [{ lastSuccess: 600_000 }], 'archive:db', '400 s'],
    ['a segment is damaged', [{ damaged: [{ name: '01', error: new Error('bits') }] }], 'damaged:01:db', 'bits'],
    ['the slot lost WAL', [{}, { ...slot, status: 'lost' }], 'slot:db', 'take a new base backup'],
    ['the slot keeps too much', [{}, { ...slot, kept: 3 << 20 }], 'slot:db', 'keeps 3 MiB of WAL on the server of db.'],
    [
      'and without a limit',
      [{}, { ...slot, kept: 3 << 20, unlimited: true }],
      'slot:db',
      'max_slot_wal_keep_size is -1',
    ],
  ])('fire when %s', (_, found, key, text) => {
    const alerts = decide(...found)
    expect(alerts).toHaveLength(1)
    expect(alerts[0]!.key).toBe(key)
    expect(alerts[0]!.text).toContain(text)
  })

  it('count the time since the last drill that passed', () => {
    const late = (drillAlert: number | undefined, ...drills: [number, boolean][]) =>
      lateDrill({
        ...{ name: 'db', drillAlert, since: 900_000, clock },
        drills: drills.map(([time, ok]) => ({ time: new Date(time).toISOString(), ok })),
      }).map(({ text }) => text)
    expect(late(undefined)).toEqual([])
    expect(late(100_000)).toEqual([])
    expect(late(99_999)).toEqual(['A restore of db is not proved: no drill has passed.'])
    expect(late(50_000, [960_000, true], [990_000, false])).toEqual([])
    expect(late(30_000, [960_000, true], [990_000, false])[0]).toContain('1970-01-01T00:16:00.000Z')
  })
})
