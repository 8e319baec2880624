import type { Cell } from './cell.ts'
import { EdgeClipper } from './edge-clipper.ts'
import { EdgeTree } from './edge-tree.ts'
import { lastRun, lengthened, mayGrow, pushRuns, runOf } from './edge-run.ts'
import { isArea, type GeometryTable } from './geometry-table.ts'
import type { Grid } from './grid.ts'
import { GrowableInts } from './growable.ts'
import { InnerList } from './inner-list.ts'
import { headOf, innerIsChained, mostInnerInLeaf } from './leaf-head.ts'
import { lineEntry, treeEntry } from './outline-index.ts'

/** Words that leaves take per vertex, as seen in sets of many sizes; what is not needed is never touched. */
const wordsPerVertex = 6

/** To compare with more edges of one area takes longer than its tree does. */
const mostInCrowd = 64

/** What {@link LeafWriter.write} writes. */
export interface LeafContents {
  readonly from: number
  /** The outlines that contain the cell. */
  readonly inner: InnerList | undefined
  /** Areas with many edges in the cell are asked by a tree of all of their edges. */
  readonly isCrowded: boolean
}

/** Writes the leaves of an index. */
export class LeafWriter {
  /**
   * `[head, owner…, (entry, (run, point…)…)…]`, the head as in `leaf-head.ts`, runs as in `edge-run.ts`, points as in
   * `cell-points.ts`: one more than the run has edges, none for lines. The owners are those of outlines that contain the cell.
   * An entry is `owner * 4 + parity` of an area, `outline * 4 + lineEntry` of lines, `outline * 4 + treeEntry` without runs of
   * an area that is asked by its tree.
   */
  readonly leaves: GrowableInts
  /** Where each leaf begins. */
  readonly places = new GrowableInts()
  /** Chained lists of the owners of outlines that contain a cell: `[parent's list, count, owner…]`; 0 is the empty one. */
  readonly inner = new GrowableInts()
  /** Of the outlines with such entries. */
  readonly trees = new Map<number, EdgeTree>()
  readonly #table: GeometryTable
  readonly #clipper: EdgeClipper
  /** The entries of the leaf that is being made. */
  readonly #border = new GrowableInts()
  readonly #bare = new Map<InnerList | undefined, number>()

  constructor(grid: Grid, table: GeometryTable) {
    this.#table = table
    this.#clipper = new EdgeClipper(grid, table.vertices)
    this.leaves = new GrowableInts((table.vertices.length / 2) * wordsPerVertex + 1024)
    this.inner.reserve(2)
  }

  /**
   * Writes the leaf of a cell and returns its place.
   *
   * @param contents `[outline, parity, edges, edge…]…` from `from` to the end.
   */
  write(cell: Cell, contents: GrowableInts, { from, inner, isCrowded }: LeafContents): number {
    const { values } = contents
    const border = this.#border
    border.length = 0
    this.#clipper.begin(cell)
    let entries = 0
    let within = inner
    for (let at = from; at < contents.length; at += 3 + values[at + 2]!) {
      const outline = values[at]!
      const owner = this.#table.owners[outline]!
      const header = border.length
      if (!isArea(this.#table, outline)) {
        border.push(outline * 4 + lineEntry)
        pushRuns(border, values, at + 3, values[at + 2]!)
      } else if (isCrowded && values[at + 2]! > mostInCrowd) {
        border.push(outline * 4 + treeEntry)
        if (!this.trees.has(outline)) this.trees.set(outline, new EdgeTree(this.#table, outline))
        entries++
        continue
      } else {
        border.push(owner * 4 + values[at + 1]!)
        this.#pushClipped(values, at + 3, values[at + 2]!)
      }
      if (border.length > header + 1) entries++
      else {
        // All of its edges pass the cell by.
        border.length = header
        if (values[at + 1] === 1) within = new InnerList(within, [owner])
      }
    }
    if (entries === 0) return this.#bareLeaf(within)
    const place = this.#leafHead(within, cell.level, entries)
    this.leaves.append(border)
    return place
  }

  /** Writes edges, ascending, as runs with the points where they are cut at the cell's sides. */
  #pushClipped(edges: Int32Array, from: number, count: number): void {
    const border = this.#border
    const clipper = this.#clipper
    let run = -1
    let next = -1
    for (let index = from; index < from + count; index++) {
      const edge = edges[index]!
      if (!clipper.clip(edge)) continue
      if (run < 0 || edge !== next || !mayGrow(border.values[run]!)) {
        run = border.length
        border.push(runOf(edge))
        border.push(clipper.start)
      } else border.values[run] = lengthened(border.values[run]!)
      border.push(clipper.end)
      next = clipper.reachesEnd ? edge + 1 : -1
    }
    if (run >= 0) border.values[run] = lastRun(border.values[run]!)
  }

  /** Leaves without a border are the same for all cells with the same list. */
  #bareLeaf(inner: InnerList | undefined): number {
    let place = this.#bare.get(inner)
    if (place === undefined) {
      place = this.#leafHead(inner, 0, 0)
      this.#bare.set(inner, place)
    }
    return place
  }

  #leafHead(inner: InnerList | undefined, level: number, entries: number): number {
    const { leaves } = this
    const place = leaves.length
    this.places.push(place)
    const size = inner?.size ?? 0
    const isChained = size > mostInnerInLeaf
    leaves.push(headOf(level, isChained ? innerIsChained : size, entries))
    if (isChained) leaves.push(this.#chained(inner))
    else
      for (let list = inner; list !== undefined; list = list.parent) for (const owner of list.owners) leaves.push(owner)
    return place
  }

  /** The place of a list among those that leaves share. */
  #chained(list: InnerList | undefined): number {
    if (list === undefined) return 0
    if (list.place === 0) {
      const parent = this.#chained(list.parent)
      list.place = this.inner.reserve(2)
      this.inner.values[list.place] = parent
      this.inner.values[list.place + 1] = list.owners.length
      for (const owner of list.owners) this.inner.push(owner)
    }
    return list.place
  }
}
