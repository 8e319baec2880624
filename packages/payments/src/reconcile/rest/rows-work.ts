import { nameLength, nameStageBytes } from './match-names.ts'
import { spanWidth } from './rest-rows.ts'
import type { RowsMemory } from './rows-memory.ts'

/** Room for some hundred lines, which a processor's cache holds. */
const stageBytes = 131_072

/** Columns for what is made of rows: one piece of memory with them, so that WebAssembly and other threads reach it all. */
export interface RowsWork extends ReturnType<typeof columnsIn> {
  readonly isOurs: Uint8Array
  /** See `RowNumbers`; of the rows as they came, and in order. */
  readonly keys: Int32Array
  readonly groups: Int32Array
  readonly keysInOrder: Int32Array
  readonly groupsInOrder: Int32Array
  readonly references: Int32Array
  readonly starts: Uint32Array
  readonly ends: Uint32Array
  /** The table that texts are looked up in. */
  readonly slots: Int32Array
  readonly order: Uint32Array
  /** See `Decisions` and `PairColumns`. */
  readonly partners: Int32Array
  readonly rules: Uint8Array
  readonly words: Int32Array
  readonly states: Uint8Array
  /** See `PairNames`. */
  readonly names: Uint8Array
  readonly nameStage: Uint8Array
  /** Where lines are written. */
  readonly stage: Uint8Array
  readonly sortKeys: BigUint64Array
}

/** A bit more than the columns of these functions take. */
export function bytesFor(rows: number, references: number): number {
  return 200 * rows + 24 * references + 4 * slotsFor(rows, references) + stageBytes + nameStageBytes
}

/** The columns that rows have as they come and in order. */
export function columnsIn(memory: RowsMemory, rows: number) {
  return {
    amounts: memory.column(Float64Array, rows),
    currencies: memory.column(Uint16Array, rows),
    days: memory.column(Int32Array, rows),
    spans: memory.column(Uint32Array, spanWidth * rows),
  }
}

/** The other ones. */
export function rowsWork(memory: RowsMemory, rows: number, references: number): RowsWork {
  const most = 2 * rows + references
  return {
    ...columnsIn(memory, rows),
    isOurs: memory.column(Uint8Array, rows),
    keys: memory.column(Int32Array, rows),
    groups: memory.column(Int32Array, rows),
    keysInOrder: memory.column(Int32Array, rows),
    groupsInOrder: memory.column(Int32Array, rows),
    references: memory.column(Int32Array, references),
    starts: memory.column(Uint32Array, most),
    ends: memory.column(Uint32Array, most),
    slots: memory.column(Int32Array, slotsFor(rows, references)),
    order: memory.column(Uint32Array, rows),
    sortKeys: memory.column(BigUint64Array, rows),
    partners: memory.column(Int32Array, rows),
    rules: memory.column(Uint8Array, rows),
    words: memory.column(Int32Array, rows),
    states: memory.column(Uint8Array, rows),
    names: memory.column(Uint8Array, nameLength * (rows >>> 1)),
    nameStage: memory.column(Uint8Array, nameStageBytes),
    stage: memory.column(Uint8Array, stageBytes),
  }
}

/** Two numbers for each slot; at most three quarters of them are taken. */
function slotsFor(rows: number, references: number): number {
  let slots = 64
  while (slots * 0.75 < 2 * rows + references) slots *= 2
  return 2 * slots
}
