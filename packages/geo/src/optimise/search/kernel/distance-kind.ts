import type { Model } from '../../model/model.ts'
import { annealWholeWasm } from './anneal-whole.wasm.ts'
import { annealWasm } from './anneal.wasm.ts'
import { arcTablesOf } from './arc-tables.ts'

/** How a kernel holds distances and legs. */
export interface DistanceKind {
  /** The kernel, see `instantiateWasm`. */
  readonly module: string
  readonly table: typeof Int32Array | typeof Float64Array
  /** The leg from the end on. */
  readonly behindEnd: number
  put(view: DataView, address: number, distance: number): void
}

const largestWhole = 2 ** 28

/** Whole numbers take half of the memory, and twice as many are looked at together. */
const whole: DistanceKind = {
  module: annealWholeWasm,
  table: Int32Array,
  // Whatever is added to it stays above all costs and within 32 bits.
  behindEnd: -(2 ** 30),
  put: (view, address, distance) => view.setInt32(address, distance, true),
}

const any: DistanceKind = {
  module: annealWasm,
  table: Float64Array,
  behindEnd: -Infinity,
  put: (view, address, distance) => view.setFloat64(address, distance, true),
}

/** The one that suits all vehicles. */
export function distanceKindOf(model: Model): DistanceKind {
  return arcTablesOf(model).every((arcs) => arcs.every((arc) => arc <= largestWhole && Number.isInteger(arc)))
    ? whole
    : any
}
