import type { Position } from '../../coordinates/position.ts'
import type { Instruction, InstructionLanguage, Maneuver } from '../../routing/guidance/instruction.ts'
import { languages } from '../../routing/guidance/languages.ts'
import { wording } from '../../routing/guidance/wording.ts'
import type { RouteLeg, RouteWay } from '../../routing/port/route-request.ts'
import type { SnappedPoint } from '../../routing/port/router.ts'
import { decodePolyline } from '../polyline/decode-polyline.ts'
import type { OsrmRoute, OsrmStep } from './osrm-answer.ts'

interface WayOptions {
  /** The ends of the legs. */
  readonly places: readonly SnappedPoint[]
  readonly language: InstructionLanguage | false
  /** Grams of CO₂ equivalent per metre. */
  readonly grams: number | undefined
}

const turns: Readonly<Record<string, Maneuver>> = {
  ...{ 'sharp right': 'sharp-right', right: 'right', 'slight right': 'slight-right', straight: 'straight' },
  ...{ 'slight left': 'slight-left', left: 'left', 'sharp left': 'sharp-left', uturn: 'turn-round' },
}

/** Reads a route. */
export function wayOfRoute(route: OsrmRoute, { places, language, grams }: WayOptions): RouteWay {
  const geometry: Position[] = []
  const legs: RouteLeg[] = []
  const instructions: Instruction[] = []
  for (const [index, { distance, duration, steps }] of route.legs.entries()) {
    const first = Math.max(0, geometry.length - 1)
    const isLast = index === route.legs.length - 1
    for (const step of steps) {
      const [begin, ...others] = decodePolyline(step.geometry, 6)
      if (geometry.length === 0 && begin !== undefined) geometry.push(begin)
      const point = geometry.length - 1
      geometry.push(...others)
      if (language !== false) addInstruction(instructions, step, { point, isLast, language, geometry })
    }
    legs.push({
      distance,
      duration,
      from: places[index]!,
      to: places[index + 1]!,
      first,
      last: geometry.length - 1,
      ...(grams === undefined ? {} : { co2e: distance * grams }),
    })
  }
  return {
    distance: legs.reduce((sum, leg) => sum + leg.distance, 0),
    duration: legs.reduce((sum, leg) => sum + leg.duration, 0),
    geometry,
    legs,
    instructions,
  }
}

interface StepPlace {
  readonly point: number
  /** Whether the leg is the last one. */
  readonly isLast: boolean
  readonly language: InstructionLanguage
  readonly geometry: readonly Position[]
}

function addInstruction(instructions: Instruction[], step: OsrmStep, place: StepPlace): void {
  const maneuver = maneuverOf(step, place.isLast)
  const { distance, duration } = step
  if (maneuver === undefined) {
    const before = instructions.pop()!
    instructions.push({ ...before, distance: before.distance + distance, duration: before.duration + duration })
    return
  }
  const name = step.name || step.ref || ''
  const { exit, bearing_after: bearing = 0 } = step.maneuver
  instructions.push({
    maneuver,
    text: wording(languages[place.language], maneuver, { name, bearing, exit }),
    name,
    distance,
    duration,
    position: place.geometry[place.point]!,
    point: place.point,
    ...(exit === undefined ? {} : { exit }),
  })
}

/** Undefined where nothing is to be done that was not said before. */
function maneuverOf({ maneuver: { type, modifier = '' }, mode }: OsrmStep, isLast: boolean): Maneuver | undefined {
  if (type === 'depart') return 'depart'
  if (type === 'arrive') return isLast ? 'arrive' : 'via'
  if (type.startsWith('exit ')) return undefined
  if (mode === 'ferry') return 'ferry'
  if (type === 'roundabout' || type === 'rotary') return 'roundabout'
  if (type.endsWith(' ramp')) return modifier.includes('left') ? 'ramp-left' : 'ramp-right'
  const turn = turns[modifier]
  return turn === undefined || (turn === 'straight' && type !== 'turn') ? 'continue' : turn
}
