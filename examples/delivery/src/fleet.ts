import type { Position } from '@exprsn/geo/coordinates'
import type { Vehicle } from '@exprsn/geo/optimize'

const hour = 3_600

/** Where goods are loaded. */
export const depot: Position = [9.52, 47.14]

/** The vans of the house: 06:30 to 17:00, under the rules of driving and rest of the EU. */
export function fleet(vans: number): Vehicle[] {
  return Array.from({ length: vans }, (_, at) => ({
    ...{ id: `van ${at + 1}`, start: depot, end: depot, capacity: [40], hours: 'eu-561' },
    window: [6.5 * hour, 17 * hour],
    costs: { fixed: 40, perMetre: 0.0006, perSecond: 0.007 },
  }))
}
