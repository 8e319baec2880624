import type { Tags } from './access.ts'
import { metresOf, tonnesOf } from './quantities.ts'
import type { VehicleSize } from './road-profile.ts'

/** What a road lets through: metres and tonnes, undefined where nothing is said. */
export interface SizeLimits {
  readonly height: number | undefined
  readonly width: number | undefined
  readonly length: number | undefined
  readonly weight: number | undefined
  readonly axleLoad: number | undefined
  /** Whether dangerous goods may pass. */
  readonly hazmat: boolean
}

/** The limits that tags speak of; undefined where they speak of none. */
export function sizeLimits(tags: Tags): SizeLimits | undefined {
  const limits = {
    height: metresOf(tags.get('maxheight') ?? tags.get('maxheight:physical')),
    width: metresOf(tags.get('maxwidth') ?? tags.get('maxwidth:physical')),
    length: metresOf(tags.get('maxlength')),
    weight: lesser(
      tonnesOf(tags.get('maxweight:hgv') ?? tags.get('maxweight')),
      tonnesOf(tags.get('maxweightrating:hgv') ?? tags.get('maxweightrating')),
    ),
    axleLoad: tonnesOf(tags.get('maxaxleload')),
    hazmat: tags.get('hazmat') !== 'no',
  }
  const isNone = Object.values(limits).every((limit) => limit === undefined || limit === true)
  return isNone ? undefined : limits
}

/** Whether a vehicle may pass. What equals a limit fits. */
export function fits(vehicle: VehicleSize, limits: SizeLimits): boolean {
  const sizes = ['height', 'width', 'length', 'weight', 'axleLoad'] as const
  return (
    sizes.every((size) => !((vehicle[size] ?? 0) > (limits[size] ?? Infinity))) &&
    (limits.hazmat || vehicle.hazmat !== true)
  )
}

function lesser(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.min(a, b)
}
