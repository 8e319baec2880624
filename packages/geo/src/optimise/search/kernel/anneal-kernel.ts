import { instantiateWasm } from '@exprsn/core/bytes'
import type { Model } from '../../model/model.ts'
import type { SearchTools } from '../anneal.ts'
import type { Neighbours } from '../neighbours.ts'
import type { Orders, State } from '../state.ts'
import { arrangedBy, type Arrangement } from './arrangement.ts'
import { distanceKindOf, type DistanceKind } from './distance-kind.ts'
import { endLegs, vehicleBytes, vehicleFields } from './kernel-layout.ts'
import { writeTables, type KernelAddresses } from './kernel-tables.ts'
import { suitsKernel } from './suits-kernel.ts'

interface Variable {
  value: number
}
type Variables = 'a' | 'b' | 'c' | 'counter' | 'travel' | 'absence' | 'absentCount' | 'blink' | 'version'

/** See `wasm/anneal.ts` of the package. */
interface Exports extends Readonly<Record<Variables, Variable>> {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  /** Takes over what was written of vehicles. */
  publish(): void
  run(iterations: number, temperature: number, least: number): number
}

interface Loaded {
  readonly arrangement: Arrangement
  readonly addresses: KernelAddresses
  readonly view: DataView
}

/** Versions are counted in 32 bits: long before there is no other, routes are numbered anew. So many are far from that. */
const mostVersions = 2 ** 30
const mostAtOnce = 1_000_000

/** Some iterations. */
interface KernelWork {
  readonly iterations: number
  readonly temperature: number
  /** It stops behind one that comes to less. */
  readonly least: number
}

/**
 * The iterations of an annealing in WebAssembly, for stops that ask for nothing but room on board: the same plans as `State`, `Ruin`
 * and `Recreate` come to, in about a quarter of the time.
 */
export class AnnealKernel {
  readonly #exports: Exports
  readonly #model: Model
  readonly #neighbours: Neighbours
  readonly #kind: DistanceKind
  #loaded: Loaded | undefined

  /** Undefined where it does not suit the problem, or the machine cannot run it. */
  static create(model: Model, neighbours: Neighbours, module?: string): AnnealKernel | undefined {
    if (!suitsKernel(model)) return undefined
    const kind = distanceKindOf(model)
    const exports = instantiateWasm<Exports>(module ?? kind.module)
    return exports === undefined ? undefined : new AnnealKernel(exports, kind, model, neighbours)
  }

  private constructor(exports: Exports, kind: DistanceKind, model: Model, neighbours: Neighbours) {
    this.#exports = exports
    this.#model = model
    this.#neighbours = neighbours
    this.#kind = kind
  }

  /** Takes over a state, and goes on from there: tables are arranged by its routes. */
  load(state: State): void {
    const { arrangement, addresses, view } = (this.#loaded = this.#prepare(state))
    const { nodeOf, starts, ends } = arrangement
    const { table, behindEnd, put } = this.#kind
    for (const [index, { size, tasks, legs, sums, cost }] of state.routes.entries()) {
      const address = addresses.vehicles + index * vehicleBytes
      const first = view.getInt32(address + vehicleFields.route, true)
      const putNode = (at: number, node: number): void =>
        view.setInt32(first + addresses.legsBytes + 4 * at, node, true)
      for (let at = 0; at <= size + endLegs; at++)
        put(view, first + table.BYTES_PER_ELEMENT * at, at > size ? behindEnd : legs[at]!)
      putNode(0, starts[index]!)
      for (let at = 1; at <= size; at++) {
        const node = nodeOf[tasks[at]!]!
        putNode(at, node)
        view.setInt32(addresses.vehicleOf + 4 * node, address, true)
      }
      putNode(size + 1, ends[index]!)
      view.setInt32(address + vehicleFields.size, size, true)
      view.setFloat64(address + vehicleFields.sum, sums[0]!, true)
      view.setFloat64(address + vehicleFields.cost, cost, true)
      view.setInt32(address + vehicleFields.closed, state.isClosed[index]!, true)
    }
    for (let at = 0; at < state.absentCount; at++) {
      const node = nodeOf[state.absent[at]!]!
      view.setInt32(addresses.absent + 4 * at, node, true)
      view.setInt32(addresses.vehicleOf + 4 * node, 0, true)
    }
    const { travel, absence, absentCount } = this.#exports
    travel.value = state.travel
    absence.value = state.absence
    absentCount.value = state.absentCount
    this.#numberRoutes(this.#loaded)
  }

  /** Goes on; how many iterations that were, and what the last of them came to if that is less than asked for. */
  run(
    { random, recreate: { blinks } }: Pick<SearchTools, 'random' | 'recreate'>,
    { iterations, temperature, least }: KernelWork,
  ): { readonly done: number; readonly improved: Orders | undefined } {
    const { a, b, c, counter, blink, version, travel, absence, run } = this.#exports
    if (version.value > mostVersions) this.#numberRoutes(this.#loaded!)
    ;[a.value, b.value, c.value, counter.value] = random.state
    blink.value = blinks.left
    const done = run(Math.min(iterations, mostAtOnce), temperature, least)
    random.state = [a.value, b.value, c.value, counter.value]
    blinks.left = blink.value
    return { done, improved: travel.value + absence.value < least ? this.#snapshot(this.#loaded!) : undefined }
  }

  #snapshot({ arrangement, addresses, view }: Loaded): Orders {
    const { travel, absence, absentCount } = this.#exports
    const routes = this.#model.vehicles.map((_, index) => {
      const address = addresses.vehicles + index * vehicleBytes
      const first = view.getInt32(address + vehicleFields.route, true) + addresses.legsBytes
      const size = view.getInt32(address + vehicleFields.size, true)
      const nodeAt = (at: number): number => view.getInt32(first + 4 * (at + 1), true)
      return Int32Array.from({ length: size }, (__, at) => arrangement.taskOf[nodeAt(at)]!)
    })
    return { routes, cost: travel.value + absence.value, absent: absentCount.value }
  }

  /** Numbers versions of routes from 0, and forgets what was remembered of them. */
  #numberRoutes({ addresses: { vehicles, known, knownEnd }, view }: Loaded): void {
    const { length } = this.#model.vehicles
    for (let index = 0; index < length; index++)
      view.setInt32(vehicles + index * vehicleBytes + vehicleFields.version, index, true)
    new Uint8Array(view.buffer).fill(255, known, knownEnd)
    this.#exports.version.value = length
    this.#exports.publish()
  }

  #prepare(state: State): Loaded {
    const arrangement = arrangedBy(this.#model, state)
    const { memory } = this.#exports
    const addresses = writeTables(memory, {
      ...{ model: this.#model, neighbours: this.#neighbours, kind: this.#kind },
      arrangement,
    })
    return { arrangement, addresses, view: new DataView(memory.buffer) }
  }
}
