import { add, get, i32 } from '../../../scripts/wasm/text.ts'
import { settings, vehicleBytes, vehicleFields } from '../src/optimise/search/kernel/kernel-layout.ts'

/** Where things stand in the memory of the annealing kernel; see `kernel-layout.ts`. */

/** The address of a table, or a number that stays the same. */
export const setting = (name: (typeof settings)[number]) => `(i32.load offset=${4 * settings.indexOf(name)} ${i32(0)})`

type Field = keyof typeof vehicleFields

const isDouble = (field: Field) => /^(sum|cost|fixed)/.test(field)
/** A field of the vehicle at an address. */
export const load = (field: Field, address = get('vehicle')) =>
  `(${isDouble(field) ? 'f64' : 'i32'}.load offset=${vehicleFields[field]} ${address})`
export const store = (field: Field, value: string, address = get('vehicle')) =>
  `(${isDouble(field) ? 'f64' : 'i32'}.store offset=${vehicleFields[field]} ${address} ${value})`

/** Which vehicle stands at an address. */
export const indexOf = (address: string) =>
  `(i32.div_u (i32.sub ${address} ${setting('vehicles')}) ${i32(vehicleBytes)})`

/** The address of an entry of a table, of one of words, and of one of numbers. */
export const entryAt = (table: string, index: string, shift: 2 | 3) => add(table, `(i32.shl ${index} ${i32(shift)})`)
export const wordAt = (table: string, index: string) => entryAt(table, index, 2)
export const numberAt = (table: string, index: string) => entryAt(table, index, 3)
/** Where the nodes of a route stand, whose legs begin at an address, and one of them by its position. */
export const nodesOf = (route: string) => add(route, setting('legsBytes'))
export const nodeAt = (route: string, index: string) => wordAt(nodesOf(route), index)
export const word = (address: string) => `(i32.load ${address})`
export const number = (address: string) => `(f64.load ${address})`

export const global = (name: string) => `(global.get $${name})`
export const setGlobal = (name: string, value: string) => `(global.set $${name} ${value})`
export const both = (left: string, right: string) => `(i32.and ${left} ${right})`
/** Two numbers, of which the sum, the difference or the product is taken. */
export const plus = (left: string, right: string) => `(f64.add ${left} ${right})`
export const minus = (left: string, right: string) => `(f64.sub ${left} ${right})`
export const product = (left: string, right: string) => `(f64.mul ${left} ${right})`
export const f64 = (value: number | 'inf' | '-inf') => `(f64.const ${value})`
/** A whole number below a bound as one of 32 bits. */
export const whole = (value: string) => `(i32.trunc_f64_s ${value})`
export const double = (value: string) => `(f64.convert_i32_s ${value})`

/** The row of a vehicle's table of distances that begin at a node. */
export const rowOf = (from: string) => add(load('distances'), rowOffset(from))
export const rowOffset = (from: string) => `(i32.mul ${from} ${setting('rowBytes')})`
