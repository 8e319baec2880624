import { BoundedCache } from '../../database/bounded-cache.ts'
import { scheduleErrors } from '../errors.ts'

/** A stretch of time during which a zone's clocks differ from UTC by the same amount. All values are milliseconds. */
export interface OffsetSpan {
  /** First instant for which it may be used. */
  readonly from: number
  /** When the offset began; earlier than `from` when the change lies long before, and then not exact. */
  readonly start: number
  /** First instant for which it may not be used: the offset need not change there. */
  readonly end: number
  /** Wall clock minus UTC. */
  readonly offset: number
  /** The offset before `start`. */
  readonly previous: number
}

const day = 86_400_000
/** 2³³ ms is 99.4 days: a chunk costs about a hundred looks into Intl, once. */
const chunkLength = 2 ** 33
const zones = new BoundedCache<string, ZoneOffsets>(64)

/**
 * The offsets of an IANA zone, shared by all that ask for it.
 *
 * @throws `CORE_SCHEDULE_ZONE`
 */
export function zoneOffsets(zone: string): ZoneOffsets {
  return zones.take(zone, (name) => new ZoneOffsets(name))
}

/**
 * Offsets of one zone as Intl knows them. Intl answers in microseconds and only for single instants; so a chunk of time is
 * looked at once day by day, every change in it found by bisection, and the spans between the changes are kept.
 */
export class ZoneOffsets {
  readonly #offsetFromIntl: (instant: number) => number
  readonly #chunks = new BoundedCache<number, readonly OffsetSpan[]>(256)
  #last: OffsetSpan = { from: 0, start: 0, end: 0, offset: 0, previous: 0 }

  constructor(zone: string) {
    this.#offsetFromIntl = readerOfOffsets(zone)
  }

  /** The span that an instant falls into. */
  spanAt(instant: number): OffsetSpan {
    const last = this.#last
    if (instant >= last.from && instant < last.end) return last
    const spans = this.#chunks.take(Math.floor(instant / chunkLength), (chunk) => this.#spansOf(chunk))
    let index = spans.length - 1
    while (index > 0 && instant < spans[index]!.from) index--
    return (this.#last = spans[index]!)
  }

  /** Looks two days further back than the chunk, so that a change shortly before it is known in it. */
  #spansOf(chunk: number): readonly OffsetSpan[] {
    const from = chunk * chunkLength
    const end = from + chunkLength
    const spans: OffsetSpan[] = []
    let start = from - 2 * day
    let offset = this.#offsetFromIntl(start)
    let previous = offset
    for (let probe = start; probe < end - 1;) {
      const next = Math.min(probe + day, end - 1)
      if (this.#offsetFromIntl(next) !== offset) {
        const change = this.#changeBetween(probe, next, offset)
        if (change > from) spans.push({ from: Math.max(start, from), start, end: change, offset, previous })
        previous = offset
        offset = this.#offsetFromIntl(change)
        start = change
        probe = change
      } else probe = next
    }
    spans.push({ from: Math.max(start, from), start, end, offset, previous })
    return spans
  }

  /** The first instant after `low` at which the offset is another one. */
  #changeBetween(low: number, high: number, offset: number): number {
    let before = low
    let after = high
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2)
      if (this.#offsetFromIntl(middle) === offset) before = middle
      else after = middle
    }
    return after
  }
}

function readerOfOffsets(zone: string): (instant: number) => number {
  const format = formatOf(zone)
  if (format.resolvedOptions().timeZone === 'UTC') return () => 0
  return (instant) => {
    const seconds = Math.floor(instant / 1_000) * 1_000
    const [month, date, year, hour, minute, second] = format.format(seconds).split(/\D+/).map(Number) as number[]
    return Date.UTC(year!, month! - 1, date, hour, minute, second) - seconds
  }
}

function formatOf(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch (cause) {
    throw scheduleErrors.CORE_SCHEDULE_ZONE({ zone }, { cause })
  }
}
