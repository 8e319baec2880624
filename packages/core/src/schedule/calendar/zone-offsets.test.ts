import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { zoneOffsets } from './zone-offsets.ts'

const zones = Intl.supportedValuesOf('timeZone')

function offsetByIntl(zone: string, instant: number): number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  const name = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')!.value
  const match = /^GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?$/.exec(name)!
  const seconds = Number(match[2] ?? 0) * 3_600 + Number(match[3] ?? 0) * 60 + Number(match[4] ?? 0)
  return (match[1] === '-' ? -seconds : seconds) * 1_000
}

describe('zoneOffsets', () => {
  it('knows the offset that Intl tells, for any zone and instant', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: -1e12, max: 4e12 }), (zone, instant) => {
        const { offset, from, end } = zoneOffsets(zone).spanAt(instant)
        expect(offset).toBe(offsetByIntl(zone, instant))
        expect(from <= instant && instant < end).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('ends a span at the very millisecond of a change', () => {
    const change = Date.parse('2026-03-08T07:00:00Z')
    const offsets = zoneOffsets('America/New_York')
    expect(offsets.spanAt(change - 1)).toMatchObject({ end: change, offset: -5 * 3_600_000 })
    expect(offsets.spanAt(change)).toMatchObject({
      from: change,
      start: change,
      offset: -4 * 3_600_000,
      previous: -5 * 3_600_000,
    })
  })

  it('still knows a change shortly before a chunk that is looked at first in its middle', () => {
    const change = Date.parse('2026-11-01T06:00:00Z')
    const chunk = Math.ceil(change / 2 ** 33) * 2 ** 33
    for (const zone of zones.slice(0, 40)) {
      const offsets = zoneOffsets(zone)
      const { start, previous, offset } = offsets.spanAt(chunk)
      const before = offsets.spanAt(chunk - 1)
      expect(start === before.start || previous === before.offset || offset === previous).toBe(true)
    }
  })

  it('shares what it learnt about a zone', () => {
    expect(zoneOffsets('Europe/London')).toBe(zoneOffsets('Europe/London'))
  })

  it('takes fixed offsets as zones', () => {
    expect(zoneOffsets('+05:30').spanAt(0).offset).toBe(5.5 * 3_600_000)
    expect(zoneOffsets('UTC').spanAt(0)).toMatchObject({ offset: 0, previous: 0 })
  })
})
