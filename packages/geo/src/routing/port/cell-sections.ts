import type { Section, SectionLookup } from '../../graph/file/section.ts'
import type { Roads } from '../../graph/road-graph.ts'
import type { SegmentCells } from '../snap/segment-cells.ts'
import { checkSection, intsWithin, rowsOf } from './section-checks.ts'

/** The cells of segments as lists of a graph's file. */
export function cellSections({ shape, first, segments }: SegmentCells): [string, Section][] {
  const { left, bottom, width, height, columns, rows } = shape
  return [
    ['cells.shape', Float64Array.of(left, bottom, width, height, columns, rows)],
    ['cells.first', first],
    ['cells.segments', segments],
  ]
}

/**
 * From a graph's file.
 *
 * @returns undefined where the file has none
 * @throws `GEO_GRAPH_FILE_INVALID`
 */
export function readCells({ points }: Roads, sections: SectionLookup): SegmentCells | undefined {
  if (!sections.has('cells.shape')) return undefined
  const shape = sections.get('cells.shape')
  checkSection(shape instanceof Float64Array && shape.length === 6 && shape.every(Number.isFinite), 'cells.shape')
  const [left = 0, bottom = 0, width = 0, height = 0, columns = 0, rows = 0] = shape
  checkSection(width > 0 && height > 0 && isCount(columns) && isCount(rows), 'cells.shape')
  const first = rowsOf(sections, 'cells.first', columns * rows)
  const segments = intsWithin(sections, 'cells.segments', points.length / 2 - 1)
  checkSection(first[columns * rows] === segments.length, 'cells.first')
  return { shape: { left, bottom, width, height, columns, rows }, first, segments }
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1
}
