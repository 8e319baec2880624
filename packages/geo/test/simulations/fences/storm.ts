import { randomBelow, randomFraction } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import type { createFences as createFencesType, FenceEvent, FenceFeature, FenceSnapshot, Fix } from '@exprsn/geo/fence'

/** Metres of error of a position, at most. */
const noise = 12
/** Metres around a border in which fixes change nothing. */
const margin = 30
const exitAfter = 2
const metre = 1 / 111_195
const seconds = 600
/** Milliseconds after the last fix. */
const ending = 60_000

interface TrueFix extends Fix {
  /** Where the object really was, in metres from the centre of the map. */
  readonly x: number
  readonly y: number
}

interface SquareFence {
  readonly id: string
  readonly x: number
  readonly y: number
  readonly half: number
}

/** What makes it hard. */
export type FenceFault = 'late' | 'twice' | 'silence' | 'restart' | 'edit'

/** What a seed came to. */
export interface SimulationResult {
  readonly events: number
  /** How often each thing happened that makes it hard. */
  readonly faults: Readonly<Record<FenceFault, number>>
  /** Empty when every promise held. */
  readonly violations: readonly string[]
}

/**
 * Objects drive through square fences near the equator and tell where they are, inexactly, twice, late, out of order, with
 * gaps; the fences are restarted from a snapshot and edited meanwhile. Where an object really was decides what has to be told.
 */
export function simulateFences(seed: number, createFences: typeof createFencesType): SimulationResult {
  const random = new SeededRandom(seed)
  // Some so small that only a way through them can be told.
  const squares = Array.from({ length: 36 }, (_, id): SquareFence => {
    const place = () => Math.round((randomFraction(random) - 0.5) * 2_400)
    const half = id < 12 ? 100 + randomBelow(random, 300) : 20 + randomBelow(random, 20)
    return { id: `fence ${id}`, x: place(), y: place(), half }
  })
  const options = {
    features: squares.map(featureOf),
    margin,
    exitAfter,
    lateness: '6s',
    dwell: '40s',
    cross: true,
  } as const
  const faults = { late: 0, twice: 0, silence: 0, restart: 0, edit: 0 }
  const tracks = Array.from({ length: 5 }, (_, id) => drive(`van ${id}`, random, faults))
  const reported: FenceEvent[] = []
  let fences = createFences(options)
  const all = arrivals(tracks.flat(), random, faults)
  for (const fix of all) {
    reported.push(...fences.update(fix))
    if (randomBelow(random, 60) === 0) {
      faults.restart++
      const state = JSON.parse(JSON.stringify(fences.snapshot())) as FenceSnapshot
      fences = createFences(options)
      reported.push(...fences.restore(state))
    }
    if (randomBelow(random, 60) === 0) {
      faults.edit++
      reported.push(...fences.put(featureOf(squares[randomBelow(random, squares.length)]!)))
    }
  }
  reported.push(...fences.advance(seconds * 1_000 + ending))
  return { events: reported.length, faults, violations: tracks.flatMap((track) => check(track, squares, reported)) }
}

function featureOf({ id, x, y, half }: SquareFence): FenceFeature {
  const corner = (signX: number, signY: number): [number, number] => [
    (x + signX * half) * metre,
    (y + signY * half) * metre,
  ]
  const ring = [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1), corner(-1, -1)]
  return { type: 'Feature', id, geometry: { type: 'Polygon', coordinates: [ring] } }
}

/** A drive that turns slowly, at up to 14 m/s, a fix a second except where the signal is lost for some. */
function drive(id: string, random: SeededRandom, faults: Record<FenceFault, number>): TrueFix[] {
  const fixes: TrueFix[] = []
  let [x, y, heading] = [randomFraction(random) * 2_000 - 1_000, randomFraction(random) * 2_000 - 1_000, 0]
  let silentUntil = 0
  for (let second = 1; second <= seconds; second++) {
    heading += (randomFraction(random) - 0.5) * 0.4
    const speed = 4 + randomFraction(random) * 10
    x = Math.max(-1_600, Math.min(1_600, x + Math.cos(heading) * speed))
    y = Math.max(-1_600, Math.min(1_600, y + Math.sin(heading) * speed))
    if (randomBelow(random, 40) === 0) silentUntil = second + randomBelow(random, 25)
    if (second < silentUntil) {
      faults.silence++
      continue
    }
    const error = () => ((randomFraction(random) * 2 - 1) * noise) / Math.SQRT2
    fixes.push({ ...{ id, x, y, time: second * 1_000 }, position: [(x + error()) * metre, (y + error()) * metre] })
  }
  return fixes
}

/** In which order the fixes come: some late by up to five seconds, some twice. */
function arrivals(
  fixes: readonly TrueFix[],
  random: SeededRandom,
  faults: Record<FenceFault, number>,
): readonly TrueFix[] {
  const arrival = (fix: TrueFix) => {
    const delay = randomBelow(random, 3) === 0 ? randomBelow(random, 5_000) : 0
    if (delay > 1_000) faults.late++
    return { fix, at: Number(fix.time) + delay }
  }
  const sent = fixes.flatMap((fix) => {
    if (randomBelow(random, 10) !== 0) return [arrival(fix)]
    faults.twice++
    return [arrival(fix), arrival(fix)]
  })
  return sent.sort((a, b) => a.at - b.at).map(({ fix }) => fix)
}

function check(track: readonly TrueFix[], squares: readonly SquareFence[], reported: readonly FenceEvent[]): string[] {
  const object = track[0]!.id
  return squares.flatMap((square) => {
    const own = reported.filter((event) => event.object === object && event.fence === square.id)
    return [
      ...checkOrder(own),
      ...checkMargin(track, square, own),
      ...checkStates(track, square, own),
      ...checkDwelling(own),
      ...checkCrossing(track, square, own),
    ]
  })
}

/** Enter and exit take turns, in order of time, and what is told lasted as long as it says. */
function checkOrder(events: readonly FenceEvent[]): string[] {
  const violations: string[] = []
  let inside = false
  let last = -Infinity
  let entered = 0
  for (const { type, time, duration } of events) {
    if (type === 'dwell' || type === 'cross') continue
    if ((type === 'enter') === inside) violations.push(`${type} twice in a row at ${time.getTime()}`)
    if (time.getTime() < last) violations.push(`${type} at ${time.getTime()} after ${last}`)
    if (type === 'exit' && duration !== time.getTime() - entered) violations.push(`a stay of ${duration} ms is wrong`)
    if (type === 'enter') entered = time.getTime()
    inside = type === 'enter'
    last = time.getTime()
  }
  return violations
}

/** Whenever a fix is surely inside, or the second in a row that is surely outside, the events say so. */
function checkStates(track: readonly TrueFix[], square: SquareFence, events: readonly FenceEvent[]): string[] {
  const violations: string[] = []
  let outside = 0
  for (const { id, x, y, time } of track) {
    const depth = depthIn(square, x, y)
    const sure = margin + noise + 1
    outside = depth < -sure ? outside + 1 : 0
    const told = stateAt(events, Number(time))
    if (depth > sure && !told) violations.push(`${id} inside ${square.id} at ${Number(time)}, not told`)
    if (outside >= exitAfter && told) violations.push(`${id} outside ${square.id} at ${Number(time)}, not told`)
  }
  return violations
}

function stateAt(events: readonly FenceEvent[], time: number): boolean {
  let inside = false
  for (const event of events)
    if ((event.type === 'enter' || event.type === 'exit') && toldAt(event) <= time) inside = event.type === 'enter'
  return inside
}

/** A change of the fence is noticed when it is changed, which other objects' fixes date. */
function toldAt({ reason, time, confirmed }: FenceEvent): number {
  return (reason === undefined ? confirmed : time).getTime()
}

/**
 * No fix near the border decides anything; an exit is told by the second fix outside, dated by the first, and nothing
 * between them is inside.
 */
function checkMargin(track: readonly TrueFix[], square: SquareFence, events: readonly FenceEvent[]): string[] {
  const clear = margin - noise - 1
  const sure = margin + noise + 1
  return events.flatMap(({ type, time, confirmed, reason }) => {
    if (reason !== undefined || (type !== 'enter' && type !== 'exit')) return []
    const first = track.findIndex((candidate) => Number(candidate.time) === time.getTime())
    const depths = track.map(({ x, y }) => depthIn(square, x, y))
    const what = `${type} at ${time.getTime()}, confirmed at ${confirmed.getTime()}`
    if (first < 0) return [`${what}: there was no such fix`]
    if (type === 'enter') return depths[first]! > clear ? [] : [`${what}: too near the border`]
    const last = track.findIndex((candidate) => Number(candidate.time) === confirmed.getTime())
    const violations: string[] = []
    if (depths[first]! >= -clear || depths[last]! >= -clear) violations.push(`${what}: too near the border`)
    if (last <= first) violations.push(`${what}: one fix decided`)
    if (depths.slice(first, last).some((depth) => depth > sure)) violations.push(`${what}: it was inside in between`)
    if (first > 0 && depths[first - 1]! < -sure) violations.push(`${what}: it was outside before`)
    return violations
  })
}

/** Every stay of 40 seconds is told once, at that moment, and no shorter one. */
function checkDwelling(events: readonly FenceEvent[]): string[] {
  const violations: string[] = []
  let entered: number | undefined
  let dwelled: number[] = []
  const settle = (until: number): void => {
    if (entered === undefined) return
    const due = until - entered >= 40_000 ? [entered + 40_000] : []
    if (dwelled.join() !== due.join())
      violations.push(`a stay from ${entered} to ${until}, dwelling told at ${dwelled.join()}`)
  }
  for (const { type, time } of events) {
    if (type === 'dwell') dwelled.push(time.getTime())
    if (type === 'enter') [entered, dwelled] = [time.getTime(), []]
    if (type === 'exit') {
      settle(time.getTime())
      entered = undefined
    }
  }
  // Whether who was last seen outside once has left is not settled.
  if (dwelled.length > 0) settle(seconds * 1_000 + ending)
  return violations
}

/** Between two fixes far outside, a straight way deep through the fence is told as a crossing. */
function checkCrossing(track: readonly TrueFix[], square: SquareFence, events: readonly FenceEvent[]): string[] {
  const violations: string[] = []
  for (let at = 1; at < track.length; at++) {
    const from = track[at - 1]!
    const to = track[at]!
    const bothOut = Math.max(depthIn(square, from.x, from.y), depthIn(square, to.x, to.y)) < -(margin + noise)
    const middle = depthIn(square, (from.x + to.x) / 2, (from.y + to.y) / 2)
    if (!bothOut || middle < noise || stateAt(events, Number(from.time))) continue
    if (!events.some(({ type, time }) => type === 'cross' && time.getTime() === Number(to.time)))
      violations.push(`a way through ${square.id} at ${Number(to.time)}, not told`)
  }
  return violations
}

/** Metres to the border: positive inside. */
function depthIn({ x, y, half }: SquareFence, atX: number, atY: number): number {
  const dx = Math.abs(atX - x) - half
  const dy = Math.abs(atY - y) - half
  return -(Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0))
}
