import type { TravelMatrix } from '../problem/problem.ts'
import { listOf, numberOf, numbersOf, objectOf, vroomInvalid, vroomUnsupported } from './vroom-fields.ts'

/** The matrices of a file, and which of them a vehicle travels by; those of other speeds are made from them. */
export function readVroomMatrices(
  { matrices: given, matrix }: Readonly<Record<string, unknown>>,
  vehicles: readonly unknown[],
): {
  readonly matrices: ReadonlyMap<string, TravelMatrix>
  readonly profileOf: (vehicle: Readonly<Record<string, unknown>>, where: string) => string | undefined
} {
  const base = new Map<string, TravelMatrix>()
  if (given !== undefined && given !== null)
    for (const [profile, tables] of Object.entries(objectOf(given, 'matrices', Object.keys(given))))
      base.set(profile, readMatrix(tables, `matrices.${profile}`))
  // The older form: one table of seconds for everybody.
  if (base.size === 0 && matrix !== undefined && matrix !== null)
    base.set('car', tableOf({ durations: matrix }, 'matrix'))
  const matrices = new Map<string, TravelMatrix>()
  const profileOf = (vehicle: Readonly<Record<string, unknown>>, where: string): string | undefined => {
    const factor = numberOf(vehicle.speed_factor, `${where}.speed_factor`) ?? 1
    if (!(factor > 0 && factor <= 5)) throw vroomInvalid(`${where}.speed_factor is not above 0 and at most 5`)
    const profile = vehicle.profile ?? 'car'
    if (typeof profile !== 'string') throw vroomInvalid(`${where}.profile is no text`)
    if (base.size === 0) {
      if (factor !== 1) throw vroomUnsupported(`${where}.speed_factor`, 'it needs matrices, whose times it divides')
      if (profile !== 'car') throw vroomUnsupported(`${where}.profile`, 'profiles need matrices')
      return undefined
    }
    const own = base.get(profile)
    if (own === undefined) throw vroomInvalid(`there is no matrix of the profile "${profile}"`)
    const name = factor === 1 ? profile : `${profile} at ${factor}`
    if (!matrices.has(name)) matrices.set(name, factor === 1 ? own : faster(own, factor))
    return name
  }
  // Those that vehicles use, before anybody asks.
  for (const [at, vehicle] of vehicles.entries())
    if (typeof vehicle === 'object' && vehicle !== null)
      profileOf(vehicle as Readonly<Record<string, unknown>>, `vehicles[${at}]`)
  return { matrices, profileOf }
}

function faster({ durations, ...rest }: TravelMatrix, factor: number): TravelMatrix {
  return { ...rest, durations: Array.from(durations!, (seconds) => seconds / factor) }
}

function readMatrix(value: unknown, where: string): TravelMatrix {
  const tables = objectOf(value, where, ['durations', 'distances'], {
    costs: 'travel costs what its seconds and metres do',
  })
  if (tables.durations === undefined) throw vroomInvalid(`${where}.durations is missing`)
  return tableOf(tables, where)
}

function tableOf(tables: Readonly<Record<string, unknown>>, where: string): TravelMatrix {
  const durations = rowsOf(tables.durations, `${where}.durations`)
  const distances = tables.distances === undefined ? undefined : rowsOf(tables.distances, `${where}.distances`)
  const size = Math.sqrt(durations.length)
  return { rows: size, columns: size, durations, ...(distances === undefined ? {} : { distances }) }
}

function rowsOf(value: unknown, where: string): number[] {
  const rows = listOf(value, where).map((row, at) => numbersOf(row, `${where}[${at}]`) ?? [])
  const odd = rows.findIndex((row) => row.length !== rows.length)
  if (rows.length === 0 || odd >= 0) throw vroomInvalid(`${where} is not as wide as it is high`)
  return rows.flat()
}
