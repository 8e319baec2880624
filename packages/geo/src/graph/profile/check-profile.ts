import { graphErrors } from '../errors.ts'
import { roadClasses } from '../road-class.ts'
import type { RoadProfile, TurnRules } from './road-profile.ts'

/** The fastest that a profile may go, in km/h. */
const fastest = 400
/** The longest that a turn may take, in seconds. */
const longest = 3_600

/** @throws `GEO_PROFILE_INVALID` naming the field */
export function checkProfile(profile: RoadProfile): void {
  const {
    name,
    speeds,
    permitted = {},
    linkShare = 1,
    limitShare = 1,
    topSpeed,
    caps = {},
    vehicle = {},
    turns,
  } = profile
  if (typeof name !== 'string' || name === '') throw invalid('name', 'it is empty')
  for (const field of ['access', 'limits', 'oneway', 'barriers'] as const) checkTexts(field, profile[field] ?? [])
  for (const [field, table] of Object.entries({ speeds, permitted }))
    for (const [roadClass, speed] of Object.entries(table)) {
      if (!(roadClasses as readonly string[]).includes(roadClass))
        throw invalid(field, `there is no class "${roadClass}"`)
      checkNumber(`${field}.${roadClass}`, speed, { above: 0, most: fastest })
    }
  if (Object.keys(speeds).length === 0) throw invalid('speeds', 'no class may be used')
  checkNumber('linkShare', linkShare, { above: 0, most: 1 })
  checkNumber('limitShare', limitShare, { above: 0, most: 2 })
  checkNumber('topSpeed', topSpeed, { above: 0, most: fastest })
  for (const [key, values] of Object.entries(caps))
    for (const [value, speed] of Object.entries(values))
      checkNumber(`caps.${key}.${value}`, speed, { above: -1e-9, most: fastest })
  for (const [field, size] of Object.entries(vehicle))
    if (field !== 'hazmat' && size !== undefined)
      checkNumber(`vehicle.${field}`, size as number, { above: 0, most: 1_000 })
  if (turns !== undefined) checkTurns(turns)
}

function checkTurns({ modes, angles, uTurn, delays = {} }: TurnRules): void {
  checkTexts('turns.modes', modes)
  let before = 0
  angles.forEach(({ upTo, seconds }, index) => {
    checkNumber(`turns.angles[${index}].upTo`, upTo, { above: before, most: 180 })
    checkNumber(`turns.angles[${index}].seconds`, seconds, { above: -1e-9, most: longest })
    before = upTo
  })
  if (before !== 180) throw invalid('turns.angles', 'the last does not hold up to 180 degrees')
  checkNumber('turns.uTurn', uTurn, { above: -1e-9, most: longest })
  for (const [tag, seconds] of Object.entries(delays)) {
    if (!/^[^=]+=./.test(tag)) throw invalid('turns.delays', `"${tag}" is no key=value`)
    checkNumber(`turns.delays.${tag}`, seconds, { above: -1e-9, most: longest })
  }
}

function checkTexts(field: string, texts: readonly string[]): void {
  if (!Array.isArray(texts) || texts.some((text) => typeof text !== 'string'))
    throw invalid(field, 'it is no list of texts')
}

function checkNumber(
  field: string,
  value: number,
  { above, most }: { readonly above: number; readonly most: number },
): void {
  if (typeof value !== 'number' || !(value > above && value <= most))
    throw invalid(field, `${String(value)} is not from ${Math.max(0, Math.round(above))} to ${most}`)
}

function invalid(field: string, reason: string) {
  return graphErrors.GEO_PROFILE_INVALID({ field, reason })
}
