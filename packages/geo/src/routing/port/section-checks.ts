import { graphErrors } from '../../graph/errors.ts'
import { intsAreWithin } from '../../graph/file/ints-are-within.ts'
import type { SectionLookup } from '../../graph/file/section.ts'

/** @throws `GEO_GRAPH_FILE_INVALID` naming the section */
export function checkSection(holds: boolean, name: string): asserts holds {
  if (!holds) throw graphErrors.GEO_GRAPH_FILE_INVALID({ offset: 0, reason: `${name} does not fit the graph` })
}

/** A list of whole numbers. @throws `GEO_GRAPH_FILE_INVALID` */
export function intsOf(sections: SectionLookup, name: string): Int32Array {
  const section = sections.get(name)
  checkSection(section instanceof Int32Array, name)
  return section
}

/** A list of numbers from 0 to below `end`. @throws `GEO_GRAPH_FILE_INVALID` */
export function intsWithin(sections: SectionLookup, name: string, end: number): Int32Array {
  const values = intsOf(sections, name)
  checkSection(values.length === 0 || (end > 0 && intsAreWithin(values, 0, end - 1)), name)
  return values
}

/** Where rows begin: from 0, never falling. @throws `GEO_GRAPH_FILE_INVALID` */
export function rowsOf(sections: SectionLookup, name: string, count: number): Int32Array {
  const first = intsOf(sections, name)
  checkSection(first.length === count + 1 && first[0] === 0, name)
  let falls = 0
  for (let row = 0; row < count; row++) falls |= (first[row + 1]! - first[row]!) | first[row + 1]!
  checkSection(falls >= 0, name)
  return first
}
