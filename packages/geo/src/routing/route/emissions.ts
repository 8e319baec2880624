import { invalid } from '../port/check-request.ts'

/**
 * Kilograms of CO₂ equivalent per unit of fuel, burnt in the vehicle (scope 1): UK Government greenhouse gas conversion factors
 * for the blends sold there, as the fleet toolkit of the Energy Saving Trust lists them (heavy-duty vehicle methodology). Per
 * litre; natural gas per kilogram.
 */
export const fuelFactors = { petrol: 2.1, diesel: 2.51, lpg: 1.56, cng: 2.5625, lng: 2.5819 } as const

/** What a vehicle emits: known per kilometre, or by how much fuel it takes. */
export type Emissions =
  | {
      /** Grams of CO₂ equivalent. */
      readonly gramsPerKilometre: number
    }
  | {
      readonly fuel: keyof typeof fuelFactors
      /** Litres, of natural gas kilograms, per 100 km. */
      readonly per100Kilometres: number
    }

/**
 * Grams of CO₂ equivalent per metre.
 *
 * @throws `GEO_ROUTE_INVALID`
 */
export function gramsPerMetre(emissions: Emissions): number {
  const grams =
    'fuel' in emissions
      ? (Object.hasOwn(fuelFactors, emissions.fuel) ? fuelFactors[emissions.fuel] : NaN) *
        emissions.per100Kilometres *
        10
      : emissions.gramsPerKilometre
  if (!(grams >= 0 && grams < Infinity)) throw invalid('emissions', 'that is no fuel, or no amount')
  return grams / 1_000
}
