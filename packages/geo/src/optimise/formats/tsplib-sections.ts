import { optimiseErrors } from '../errors.ts'
import type { TravelMatrix } from '../problem/problem.ts'

/** A place in the plane. */
export type Point = readonly [x: number, y: number]

/** A file of TSPLIB's kind: fields with a colon, and sections of numbers, a line a row. */
export interface Sections {
  readonly format: string
  readonly fields: ReadonlyMap<string, string>
  readonly lists: Readonly<Record<SectionName, readonly (readonly number[])[]>>
}

const sectionNames = ['NODE_COORD_SECTION', 'DEMAND_SECTION', 'DEPOT_SECTION'] as const
type SectionName = (typeof sectionNames)[number]

/** @throws `GEO_PROBLEM_FORMAT_INVALID` */
export function readSections(text: string, format: 'CVRPLIB' | 'TSPLIB'): Sections {
  const fields = new Map<string, string>()
  const lists: Record<SectionName, number[][]> = { NODE_COORD_SECTION: [], DEMAND_SECTION: [], DEPOT_SECTION: [] }
  let section: SectionName | undefined
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (line === '' || line === 'EOF') continue
    const name = sectionNames.find((known) => line.startsWith(known))
    if (name !== undefined) section = name
    else if (/^[A-Z_]+\s*:/.test(line)) {
      const colon = line.indexOf(':')
      fields.set(line.slice(0, colon).trim(), line.slice(colon + 1).trim())
      section = undefined
    } else if (section === undefined) throw formatInvalid(format, `line ${index + 1} belongs to no section known here`)
    else {
      const numbers = line.split(/\s+/).map(Number)
      if (numbers.some((value) => !Number.isFinite(value)))
        throw formatInvalid(format, `line ${index + 1} does not hold numbers only`)
      lists[section].push(numbers)
    }
  }
  if (fields.get('EDGE_WEIGHT_TYPE') !== 'EUC_2D') throw formatInvalid(format, 'its EDGE_WEIGHT_TYPE is not EUC_2D')
  const sections = { format, fields, lists }
  const dimension = numberAt(sections, 'DIMENSION')
  const { length } = lists.NODE_COORD_SECTION
  if (length !== dimension) throw formatInvalid(format, `it has ${length} of ${dimension} places`)
  if (lists.NODE_COORD_SECTION.some((row) => row.length !== 3))
    throw formatInvalid(format, 'a place is not an id, x and y')
  if (format === 'CVRPLIB' && (lists.DEMAND_SECTION.length === 0 || lists.DEPOT_SECTION.length === 0))
    throw formatInvalid(format, 'demands or depot are missing')
  return sections
}

/** A field that is a number above 0. */
export function numberAt({ fields, format }: Pick<Sections, 'fields' | 'format'>, name: string): number {
  const value = Number(fields.get(name))
  if (!(value > 0)) throw formatInvalid(format, `its ${name} is no number above 0`)
  return value
}

/** Distances in the plane. With times, a unit of length takes a second. */
export function euclidean(
  points: readonly Point[],
  { isRounded, hasTimes }: { readonly isRounded: boolean; readonly hasTimes: boolean },
): TravelMatrix {
  const size = points.length
  const distances = new Float64Array(size * size)
  for (let from = 0; from < size; from++)
    for (let to = 0; to < size; to++) {
      const length = Math.hypot(points[from]![0] - points[to]![0], points[from]![1] - points[to]![1])
      distances[from * size + to] = isRounded ? Math.floor(length + 0.5) : length
    }
  return { rows: size, columns: size, distances, ...(hasTimes ? { durations: distances } : {}) }
}

export function formatInvalid(format: string, reason: string) {
  return optimiseErrors.GEO_PROBLEM_FORMAT_INVALID({ format, reason })
}
